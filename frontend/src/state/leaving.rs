//! Which lists an item leaves when something is done to it, so that its row can go before the server says so.

use bulkhead_shared::operations::{ContactTarget, MailTarget, Operation, Target};
use bulkhead_shared::query::{Query, Term, role_word};

/// Whether what this operation changes is no longer found by this search afterwards. Only what is
/// certain is said: a row that stays too long is better than one that vanished and comes back.
pub fn leaves(operation: &Operation, query: &str) -> bool {
    let Ok(query) = Query::parse(query) else {
        return false;
    };
    match operation.target() {
        Some(Target::Mail(MailTarget::Into(role))) => match looks_in(&query) {
            Some(folder) => !folder.eq_ignore_ascii_case(role_word(role)) && !is_anywhere(folder),
            None => is_hidden(role_word(role)) && !names_folders(&query),
        },
        Some(Target::Mail(MailTarget::IntoFolder { name, .. })) => {
            looks_in(&query).is_some_and(|folder| {
                !is_anywhere(folder) && folder.to_lowercase() != name.to_lowercase()
            })
        }
        Some(Target::Contact(ContactTarget::Gone)) => true,
        _ => false,
    }
}

/// The one folder that a search is about.
fn looks_in(query: &Query) -> Option<&str> {
    match query {
        Query::Term(Term::In(folder)) => Some(folder),
        Query::All(all) => {
            let mut folders = all.iter().filter_map(looks_in);
            folders.next().filter(|_| folders.next().is_none())
        }
        Query::Term(_) | Query::Any(_) | Query::Not(_) => None,
    }
}

fn names_folders(query: &Query) -> bool {
    match query {
        Query::Term(term) => matches!(term, Term::In(_)),
        Query::Not(query) => names_folders(query),
        Query::All(queries) | Query::Any(queries) => queries.iter().any(names_folders),
    }
}

/// What a search that names no folder leaves out.
fn is_hidden(role: &str) -> bool {
    matches!(role, "trash" | "spam")
}

fn is_anywhere(folder: &str) -> bool {
    bulkhead_shared::query::is_anywhere(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_shared::operations::{Archive, MarkRead, Move, Trash};

    #[test]
    fn a_mail_leaves_the_folder_that_is_looked_at() {
        let archive = Operation::Archive(Archive {});
        assert!(leaves(&archive, "in:inbox is:unread"));
        assert!(!leaves(&archive, "in:archive"));
        assert!(!leaves(&archive, "in:anywhere from:ann"));
        assert!(!leaves(&archive, "from:ann"), "the archive is searched too");
        assert!(!leaves(&archive, "in:inbox OR in:archive"));
        let trash = Operation::Trash(Trash {});
        assert!(leaves(&trash, "from:ann"), "the trash is not searched");
        assert!(!leaves(&trash, "in:trash"));
        let to_work = Operation::Move(Move::into_folder("Work"));
        assert!(leaves(&to_work, "in:inbox"));
        assert!(!leaves(&to_work, "in:work"));
        assert!(!leaves(
            &Operation::MarkRead(MarkRead {}),
            "in:inbox is:unread"
        ));
        assert!(!leaves(&archive, "in:\"unclosed"));
    }
}
