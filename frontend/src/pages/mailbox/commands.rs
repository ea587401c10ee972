//! What the mailbox offers by name.

use bulkhead_shared::api::Account;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::OperationName;
use yew::prelude::*;

use crate::appearance::Says;
use crate::components::palette::Command;
use crate::components::toolbar::{Wanted, wanted};
use crate::copy::keys::shown;
use crate::hooks::picking::Tick;
use crate::state::chips::CHIPS;
use crate::state::picks::Picks;
use crate::words;

/// Searches that one can go to by name.
const SEARCHES: [(Says, &str); 7] = [
    (words::mailbox_go_to_inbox, "in:inbox"),
    (words::mailbox_go_to_archive, "in:archive"),
    (words::mailbox_go_to_sent, "in:sent"),
    (words::mailbox_go_to_drafts, "in:drafts"),
    (words::mailbox_go_to_trash, "in:trash"),
    (words::mailbox_go_to_spam, "in:spam"),
    (words::mailbox_go_to_all, ""),
];

/// Everything: with the selection first, then with the list, then where to go.
pub fn here(
    account: &Account,
    query: &str,
    picks: &Picks,
    want: &Callback<Wanted>,
    tick: &Callback<Tick>,
    reload: &Callback<()>,
    search: &Callback<(String, bool)>,
) -> Vec<Command> {
    let mut commands = Vec::new();
    if !picks.is_empty() {
        let able = |name: &OperationName| {
            let abilities = account.abilities(Kind::Mail);
            abilities.is_some_and(|abilities| abilities.of(*name).is_some())
        };
        for name in OperationName::offered_for(Kind::Mail).filter(able) {
            let about = name.about();
            let command = Command::new(about.label.say(), want.reform(move |()| wanted(name)));
            commands.push(match about.keys.first() {
                Some(key) => command.with_key(shown(key)),
                None => command,
            });
        }
        let nothing = tick.reform(|()| Tick::Nothing);
        commands.push(Command::new(words::mailbox_select_nothing(), nothing).with_key("Esc"));
    }
    let all = tick.reform(|()| Tick::All);
    commands.push(Command::new(words::mailbox_select_all(), all).with_key("*"));
    commands.push(Command::new(words::refresh(), reload.clone()).with_key("r"));
    for chip in CHIPS {
        let narrowed = chip.pressed(query);
        let name = match chip.is_in(query) {
            true => words::mailbox_no_longer_only((chip.label)()),
            false => words::mailbox_only((chip.label)()),
        };
        let run = search.reform(move |()| (narrowed.clone(), false));
        commands.push(Command::new(name, run));
    }
    for (name, query) in SEARCHES {
        let run = search.reform(move |()| (query.to_owned(), false));
        commands.push(Command::new(name(), run));
    }
    commands
}
