//! What the mailbox offers by name.

use bulkhead_shared::api::Account;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::OperationName;
use yew::prelude::*;

use crate::components::palette::Command;
use crate::components::toolbar::{Wanted, wanted};
use crate::copy::keys::shown;
use crate::hooks::picking::Tick;
use crate::state::chips::CHIPS;
use crate::state::picks::Picks;
use crate::words;
use bulkhead_words::Says;

/// Searches that one can go to by name.
const SEARCHES: [(Says, &str); 7] = [
    (Says(words::mailbox_go_to_inbox), "in:inbox"),
    (Says(words::mailbox_go_to_archive), "in:archive"),
    (Says(words::mailbox_go_to_sent), "in:sent"),
    (Says(words::mailbox_go_to_drafts), "in:drafts"),
    (Says(words::mailbox_go_to_trash), "in:trash"),
    (Says(words::mailbox_go_to_spam), "in:spam"),
    (Says(words::mailbox_go_to_all), ""),
];

/// Everything: with what is meant first, then with the list, then where to go.
pub fn here(
    account: &Account,
    query: &str,
    picks: &Picks,
    want: Option<&Callback<Wanted>>,
    tick: &Callback<Tick>,
    reload: &Callback<()>,
    search: &Callback<(String, bool)>,
) -> Vec<Command> {
    let mut commands = Vec::new();
    if let Some(want) = want {
        let able = |name: &OperationName| {
            let abilities = account.abilities(Kind::Mail);
            abilities.is_some_and(|abilities| abilities.of(*name).is_some())
        };
        let offered = OperationName::offered_for(Kind::Mail);
        for name in offered.filter(able) {
            let about = name.about();
            let command = Command::new(about.label.say(), want.reform(move |()| wanted(name)));
            commands.push(match about.keys.first() {
                Some(key) => command.with_key(shown(key)),
                None => command,
            });
        }
    }
    if !picks.is_empty() {
        let nothing = tick.reform(|()| Tick::Nothing);
        commands.push(Command::new(words::mailbox_select_nothing(), nothing).with_key("Esc"));
    }
    let all = tick.reform(|()| Tick::All);
    commands.push(Command::new(words::mailbox_select_all(), all).with_key("*"));
    commands.push(Command::new(words::refresh(), reload.clone()).with_key("r"));
    for chip in CHIPS {
        let narrowed = chip.pressed(query);
        let name = match chip.is_in(query) {
            true => words::mailbox_no_longer_only(chip.label.say()),
            false => words::mailbox_only(chip.label.say()),
        };
        let run = search.reform(move |()| (narrowed.clone(), false));
        commands.push(Command::new(name, run));
    }
    for (name, query) in SEARCHES {
        let run = search.reform(move |()| (query.to_owned(), false));
        commands.push(Command::new(name.say(), run));
    }
    commands
}
