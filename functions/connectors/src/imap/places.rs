//! Where a search looks: which folders, with what is left of it in each, and what becomes of those
//! that cannot be opened. What is refused for now is tried again and is then an error; what is refused
//! for good is named. A search is whole, or says what it lacks.

use std::time::Duration;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::Role;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::{Query, is_anywhere, role_word};
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};

use super::fault::{Fault, Refusal};
use super::folder::Listed;
use super::folders::{self, Listing};
use super::session::{Opened, Session};

/// How long to wait before a folder is tried again that the server does not open for now.
const AGAIN_AFTER: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(1_200)];
/// What a folder is called whose name cannot be read.
const NAMELESS: &str = "a folder whose name cannot be read";

/// Where a search looks.
pub(super) struct Places {
    /// Folders in the order of their names, each with the query inside it.
    pub(super) folders: Vec<(Listed, Query)>,
    /// What is known already not to be searched.
    pub(super) unsearched: Vec<Unsearched>,
}

/// Where a query looks in this account.
pub(super) async fn of(session: &mut Session, query: &Query) -> Result<Places, Fault> {
    let listing = folders::list_all(session).await?;
    Ok(within(listing, query))
}

pub(super) fn within(listing: Listing, query: &Query) -> Places {
    let Listing { folders, odd } = listing;
    let mut unsearched = Vec::new();
    let is_folder = |value: &str| folders.iter().any(|one| is_named(value, one, &folders));
    for value in query.names_nothing(&is_folder) {
        unsearched.push(Unsearched::folder(value, UnsearchedWhy::NoSuchFolder));
    }
    let looks_in = query.looks_in();
    let everywhere = looks_in.is_empty() || looks_in.iter().any(|value| is_anywhere(value));
    if everywhere && odd > 0 {
        unsearched.push(Unsearched::folder(NAMELESS, UnsearchedWhy::NotUnderstood));
    }
    let inside = |folder: &Listed| {
        let named = |value: &str| is_named(value, folder, &folders);
        let hidden = match folder.foreign {
            // What is not one's own is looked at only where it is named.
            true => !looks_in.iter().any(|value| named(value)),
            false => looks_in.is_empty() && (folder.view || hidden_role(folder).is_some()),
        };
        if hidden || folder.counts.get("MESSAGES") == Some(0) {
            return None;
        }
        let has_role = |value: &str| {
            let role = hidden_role(folder).or(folder.role);
            !folder.foreign && role.is_some_and(|role| role_word(role) == value.to_lowercase())
        };
        query.where_in(&|value| {
            is_anywhere(value) && !folder.foreign || has_role(value) || named(value)
        })
    };
    let folders = folders
        .iter()
        .filter_map(|folder| Some((folder.clone(), inside(folder)?)))
        .collect();
    Places {
        folders,
        unsearched,
    }
}

/// The role that keeps a folder out of searches.
fn hidden_role(folder: &Listed) -> Option<Role> {
    let is_hidden = |role: &Role| matches!(role, Role::Trash | Role::Spam);
    folder.role.filter(is_hidden).or(folder.within)
}

/// Whether the value of an `in:` is this folder's name. The case of letters counts only where two
/// folders differ in nothing else.
fn is_named(value: &str, folder: &Listed, all: &[Listed]) -> bool {
    if folder.is_called(value) {
        return true;
    }
    let lower = value.to_lowercase();
    let is_it = folder.name.to_lowercase() == lower || folder.shown.to_lowercase() == lower;
    is_it && !all.iter().any(|other| other.is_called(value))
}

/// Opens a folder that is to be searched; why it cannot be, if the server refuses for good.
pub(super) async fn open(
    session: &mut Session,
    folder: &Listed,
) -> Result<Result<Opened, UnsearchedWhy>, Fault> {
    let mut waits = AGAIN_AFTER.iter();
    loop {
        let refusal = match session.open(&folder.name).await? {
            Ok(opened) => return Ok(Ok(opened)),
            Err(refusal) => refusal,
        };
        let wait = waits.next();
        match refusal {
            Refusal::Final(ItemReason::Forbidden) => return Ok(Err(UnsearchedWhy::Forbidden)),
            // A plain NO does not say how long it holds.
            Refusal::Passing | Refusal::Final(ItemReason::Refused) if wait.is_some() => {
                tokio::time::sleep(wait.copied().unwrap_or_default()).await;
            }
            Refusal::Final(_) => return Ok(Err(UnsearchedWhy::Refused)),
            // It was listed a moment ago.
            Refusal::NoFolder | Refusal::NotUnderstood => {
                return Ok(Err(UnsearchedWhy::NotUnderstood));
            }
            other => return Err(Fault::Call(other.as_call())),
        }
    }
}

/// An error, if the server opened none of several folders, the inbox among them: then it refuses the
/// account, not folders, and "nothing found" would be no answer.
pub(super) fn check_some_opened(places: &Places, refused: &[Unsearched]) -> Result<(), Fault> {
    let all = places.folders.len() > 1 && refused.len() == places.folders.len();
    let inbox = refused.iter().any(|one| one.folder == "INBOX");
    if all && inbox {
        return Err(Fault::Call(CallError::Refused(ItemReason::Refused)));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn listed(name: &str) -> Listed {
        Listed {
            name: name.to_owned(),
            shown: name.to_owned(),
            separator: Some('/'),
            ..Listed::default()
        }
    }

    fn account() -> Vec<Listed> {
        vec![
            Listed {
                role: Some(Role::Inbox),
                ..listed("INBOX")
            },
            Listed {
                role: Some(Role::Trash),
                ..listed("Papierkorb")
            },
            Listed {
                within: Some(Role::Trash),
                ..listed("Papierkorb/Alt")
            },
            Listed {
                foreign: true,
                ..listed("Public/Team")
            },
            listed("Work"),
            listed("work"),
        ]
    }

    fn looked_in(query: &str) -> Vec<String> {
        let listing = Listing {
            folders: account(),
            odd: 0,
        };
        let places = within(listing, &Query::parse(query).unwrap());
        let mut named: Vec<String> = places.folders.into_iter().map(|(f, _)| f.name).collect();
        named.extend(
            places
                .unsearched
                .into_iter()
                .map(|one| format!("! {}", one.folder)),
        );
        named
    }

    #[test]
    fn a_search_looks_where_it_says() {
        assert_eq!(looked_in(""), ["INBOX", "Work", "work"]);
        assert_eq!(looked_in("in:trash"), ["Papierkorb", "Papierkorb/Alt"]);
        assert_eq!(
            looked_in("in:anywhere"),
            ["INBOX", "Papierkorb", "Papierkorb/Alt", "Work", "work"]
        );
        assert_eq!(looked_in("in:public/team"), ["Public/Team"]);
        assert_eq!(looked_in("in:Work"), ["Work"]);
        assert_eq!(looked_in("in:WORK"), ["Work", "work"]);
        assert_eq!(looked_in("-in:Work"), ["INBOX", "work"]);
        assert_eq!(looked_in("in:Wrok"), ["! Wrok"]);
        assert_eq!(looked_in("-in:Wrok in:work"), ["work", "! Wrok"]);
        assert!(looked_in("in:archive").is_empty());
        assert_eq!(
            looked_in("in:inbox OR in:Public/Team"),
            ["INBOX", "Public/Team"]
        );
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_missing_where_all_is_asked_for() {
        let odd = |query: &str| {
            let listing = Listing {
                folders: account(),
                odd: 1,
            };
            within(listing, &Query::parse(query).unwrap())
                .unsearched
                .len()
        };
        assert_eq!([odd(""), odd("in:anywhere"), odd("in:work")], [1, 1, 0]);
    }
}
