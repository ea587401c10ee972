//! A deleted user's mailbox under a name again, and back: RENAME of each folder out of DELETED and into it.
//!
//! Nothing is copied, so nothing in it changes: UIDs, flags, dates and annotations stay, and whoever died
//! half-way goes on where things are now. Taking it back gives the folders the very names they had, with the
//! time of their deletion in them: what is kept for how long does not begin anew, as it would by DELETE.

use std::collections::BTreeMap;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::outcome::ItemReason;

use super::names::{Naming, Place, Stamp, User};
use super::rights;
use super::scan::{locate, scan};
use crate::imap::fault::{Fault, Refusal};
use crate::imap::session::Session;
use crate::imap::words::Words;

/// A user's mailbox and the name it is recovered under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recovery {
    /// What the server calls the inbox for good.
    pub(super) unique: String,
    /// Whose it was.
    pub(super) source: User,
    /// When it was deleted.
    pub(super) deleted: Stamp,
    /// The same of folders of it that were deleted a moment later, by what the server calls them for good.
    pub(super) later: BTreeMap<String, Stamp>,
    /// What whoever is to have it might do in its folders before, by the same.
    pub(super) had: BTreeMap<String, String>,
    /// Whose it is to be.
    pub(super) target: User,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Became {
    /// All of it is where it was to be.
    Done,
    /// Nothing was done: there is another mailbox under that name.
    Taken,
    /// Nothing was done: the mailbox is nowhere.
    Gone,
    /// The server refuses. Part of it may be done.
    Refused(ItemReason),
}

/// Recovers a mailbox, or what is left of it to be recovered.
pub(super) async fn recover(
    session: &mut Session,
    naming: Naming,
    what: &Recovery,
) -> Result<Became, Fault> {
    let root = naming.name(&Place::active(&what.target, &[]));
    let there = locate(session, &root).await?;
    if there.as_ref().is_some_and(|unique| *unique != what.unique) {
        return Ok(Became::Taken);
    }
    let folders = scan(session, naming, &naming.patterns(&what.source)).await?;
    let members = folders.deleted_with(&what.source, what.deleted);
    if there.is_none()
        && members
            .first()
            .is_none_or(|first| first.unique != what.unique)
    {
        return Ok(Became::Gone);
    }
    for folder in &members {
        // Above before below: Cyrus makes a folder that is missing above another one.
        let to = naming.name(&Place::active(&what.target, &folder.place.folder));
        if let Some(reason) = rename(session, &folder.name, &to).await? {
            return Ok(Became::Refused(reason));
        }
        if locate(session, &to).await?.as_ref() != Some(&folder.unique) {
            return Err(Fault::Senseless);
        }
    }
    let (from, to) = (what.source.to_string(), what.target.to_string());
    for folder in theirs(session, naming, what).await? {
        rights::hand_over(session, &folder, &from, &to).await?;
    }
    Ok(Became::Done)
}

/// Names of all folders that the recovered mailbox has now.
async fn theirs(
    session: &mut Session,
    naming: Naming,
    what: &Recovery,
) -> Result<Vec<String>, Fault> {
    let folders = scan(session, naming, &naming.patterns(&what.target)).await?;
    let root = folders.called(&what.unique).ok_or(Fault::Senseless)?;
    let folders = folders.of(&root.place.user);
    Ok(folders
        .into_iter()
        .map(|folder| folder.name.clone())
        .collect())
}

/// Puts a recovered mailbox back among the deleted ones, or what is left of it to be put back. The caller
/// has looked whether somebody used it meanwhile.
pub(super) async fn put_back(
    session: &mut Session,
    naming: Naming,
    what: &Recovery,
) -> Result<Became, Fault> {
    let mut patterns = naming.patterns(&what.source);
    patterns.extend(naming.patterns(&what.target));
    patterns.sort();
    patterns.dedup();
    let folders = scan(session, naming, &patterns).await?;
    let Some(root) = folders.called(&what.unique) else {
        return Ok(Became::Gone);
    };
    if root.place.deleted.is_none() {
        let theirs = folders.of(&root.place.user);
        // Below before above: the inbox would take along whatever lies under it, to names of its own.
        for folder in theirs.iter().rev() {
            let deleted = what.later.get(&folder.unique).copied();
            let deleted = deleted.unwrap_or(what.deleted);
            let place = Place::deleted(&what.source, &folder.place.folder, deleted);
            let to = naming.name(&place);
            if let Some(reason) = rename(session, &folder.name, &to).await? {
                return Ok(Became::Refused(reason));
            }
            if locate(session, &to).await?.as_ref() != Some(&folder.unique) {
                return Err(Fault::Senseless);
            }
        }
    }
    let folders = scan(session, naming, &naming.patterns(&what.source)).await?;
    let (from, to) = (what.target.to_string(), what.source.to_string());
    for folder in folders.deleted_with(&what.source, what.deleted) {
        let had = what.had.get(&folder.unique).map_or("", String::as_str);
        rights::hand_back(session, &folder.name, (&from, had), &to).await?;
    }
    Ok(Became::Done)
}

/// Renames a folder; why the server refuses for good, if it does. Its answer says neither that nothing was
/// done nor that all was: the caller looks.
async fn rename(session: &mut Session, from: &str, to: &str) -> Result<Option<ItemReason>, Fault> {
    let words = Words::new("RENAME ").text(from).plain(" ").text(to);
    let end = session.write(words, &mut |_| {}).await?;
    match end.refusal() {
        None => Ok(None),
        Some(refusal @ (Refusal::Throttled(_) | Refusal::Passing)) => {
            Err(Fault::Call(refusal.as_call()))
        }
        Some(refusal) => Ok(Some(reason(refusal))),
    }
}

/// What a refusal means for the mailbox it was about.
pub(super) fn reason(refusal: Refusal) -> ItemReason {
    match refusal.as_call() {
        CallError::Refused(reason) => reason,
        _ => ItemReason::Refused,
    }
}
