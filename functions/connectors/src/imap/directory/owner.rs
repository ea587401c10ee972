//! What is done as a mailbox's owner, in whose name the administrator signs in: marks as read, which each
//! user has for themselves, and mails that make room, which go to the owner's own trash.

use std::collections::BTreeSet;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::Role;

use super::journal::Replaced;
use super::names::{Place, User};
use crate::imap::fault::Fault;
use crate::imap::moves::transfer;
use crate::imap::pool::Pool;
use crate::imap::session::Session;
use crate::imap::{folders, messages, search, targets, uids, utf7};

const SEEN: &str = "\\Seen";

/// Opens a folder of the owner's; whether that is possible and it is still the same folder.
async fn open(session: &mut Session, name: &str, validity: u32) -> Result<bool, Fault> {
    let opened = session.open(name).await?;
    Ok(opened.is_ok_and(|opened| opened.validity == validity && !opened.read_only))
}

/// What the owner calls a folder of theirs.
pub(super) async fn name(
    session: &mut Session,
    place: &Place,
    separator: char,
) -> Result<String, Fault> {
    if place.is_root() {
        return Ok("INBOX".to_owned());
    }
    let namespaces = folders::namespaces(session).await?;
    let mut name = namespaces.personal.first().cloned().unwrap_or_default();
    let path = place.folder.join(&separator.to_string());
    name.extend_from_slice(path.as_bytes());
    Ok(utf7::name(&name))
}

/// Marks these mails as read.
pub(super) async fn mark_read(
    session: &mut Session,
    folder: &str,
    validity: u32,
    read: &[u32],
) -> Result<(), Fault> {
    if read.is_empty() || !open(session, folder, validity).await? {
        return Ok(());
    }
    let seen = BTreeSet::from([SEEN.to_owned()]);
    for (set, _) in uids::sets(read) {
        messages::store(session, &set, '+', &seen, None).await?;
    }
    Ok(())
}

/// Moves mails of the owner's to their trash; where they are then, or none if that is not possible.
pub(super) async fn make_room(
    session: &mut Session,
    folder: &str,
    validity: u32,
    replaced: &[u32],
) -> Result<Option<Vec<Replaced>>, Fault> {
    let trash = targets::for_role(session, Role::Trash).await?;
    let Ok(opened) = session.open(&trash).await? else {
        return Ok(None);
    };
    if !open(session, folder, validity).await? {
        return Ok(None);
    }
    let mut moved = Vec::new();
    for (_, uids) in uids::sets(replaced) {
        let arrived = transfer(session, "MOVE", &trash, uids.iter()).await?;
        if arrived.refusal.is_some() {
            return Ok(None);
        }
        let uids: Vec<u32> = arrived.arrived.into_values().collect();
        moved.push(Replaced {
            folder: trash.clone(),
            validity: opened.validity,
            uids: uids::set(&uids),
        });
    }
    Ok(Some(moved))
}

/// Moves mails that made room back to where they were; those that are still where they went to.
pub(super) async fn move_back(
    session: &mut Session,
    replaced: &[Replaced],
    folder: &str,
) -> Result<(), Fault> {
    for moved in replaced {
        if !open(session, &moved.folder, moved.validity).await? {
            continue;
        }
        let there = search::among_uids(session, &moved.uids).await?;
        for (_, uids) in uids::sets(&there) {
            transfer(session, "MOVE", folder, uids.iter()).await?;
        }
    }
    Ok(())
}

/// A session as somebody else; none where the server does not let the administrator act for others.
pub(super) async fn acting_as(pool: &Pool, user: &User) -> Result<Option<Session>, Fault> {
    match pool.acting_as(&user.to_string()).await {
        Ok(session) => Ok(Some(session)),
        Err(Fault::Call(CallError::SignIn | CallError::Unsupported(_))) => Ok(None),
        Err(fault) => Err(fault),
    }
}
