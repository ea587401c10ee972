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

/// Searches that have a name of their own.
const SEARCHES: [(&str, &str); 7] = [
    ("Inbox", "in:inbox"),
    ("Archive folder", "in:archive"),
    ("Sent", "in:sent"),
    ("Drafts", "in:drafts"),
    ("Trash folder", "in:trash"),
    ("Spam folder", "in:spam"),
    ("All mail", ""),
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
            let command = Command::new(about.label, want.reform(move |()| wanted(name)));
            commands.push(match about.keys.first() {
                Some(key) => command.with_key(shown(key)),
                None => command,
            });
        }
        commands
            .push(Command::new("Select nothing", tick.reform(|()| Tick::Nothing)).with_key("Esc"));
    }
    commands.push(Command::new("Select all that match", tick.reform(|()| Tick::All)).with_key("*"));
    commands.push(Command::new("Refresh", reload.clone()).with_key("r"));
    for chip in CHIPS {
        let narrowed = chip.pressed(query);
        let word = if chip.is_in(query) {
            "No longer only"
        } else {
            "Only"
        };
        let run = search.reform(move |()| (narrowed.clone(), false));
        commands.push(Command::new(format!("{word}: {}", chip.label), run));
    }
    for (name, query) in SEARCHES {
        let run = search.reform(move |()| (query.to_owned(), false));
        commands.push(Command::new(format!("Go to {name}"), run));
    }
    commands
}
