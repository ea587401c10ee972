//! What is done as a mailbox's owner, in whose name the administrator signs in: marks as read, which each
//! user has for themselves.

use std::collections::BTreeSet;

use bulkhead_engine::ports::CallError;

use super::names::{Place, User};
use crate::imap::fault::Fault;
use crate::imap::pool::Pool;
use crate::imap::session::Session;
use crate::imap::{folders, messages, uids, utf7};

const SEEN: &str = "\\Seen";

/// Opens a folder of the owner's; whether that is possible and it is still the same folder.
pub(super) async fn open(session: &mut Session, name: &str, validity: u32) -> Result<bool, Fault> {
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

/// A session as somebody else; none where the server does not let the administrator act for others.
pub(super) async fn acting_as(pool: &Pool, user: &User) -> Result<Option<Session>, Fault> {
    match pool.acting_as(&user.to_string()).await {
        Ok(session) => Ok(Some(session)),
        Err(Fault::Call(CallError::SignIn | CallError::Unsupported(_))) => Ok(None),
        Err(fault) => Err(fault),
    }
}
