//! Headers of whole folders, for counting who fills a mailbox.

use bulkhead_engine::ports::{CallError, Header, HeaderFolder, Headers, ListMail};
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::fault::{Fault, Refusal};
use super::fetched::Fetched;
use super::folders;
use super::messages;
use super::places;
use super::search;
use super::session::Session;
use crate::headers::{FIELDS, sender};

/// Folders that a search without `in:` looks into, each with what changes whenever anything in it does.
pub(super) async fn folders(session: &mut Session) -> Result<Vec<HeaderFolder>, Fault> {
    let listing = folders::list_marked(session).await?;
    let places = places::within(listing, &Query::All(Vec::new()));
    let mut found = Vec::new();
    for (folder, _) in places.folders {
        let mut counts = folder.counts;
        if counts.is_empty() {
            counts = folders::mark(session, &folder.name).await?;
        }
        let can_tell = counts
            .get("HIGHESTMODSEQ")
            .is_some_and(|highest| highest > 0);
        found.push(HeaderFolder {
            mark: can_tell.then(|| counts.written()),
            mails: counts.get("MESSAGES"),
            name: folder.name,
        });
    }
    Ok(found)
}

/// The headers of a folder's mails with the next UIDs. One that cannot be opened has none.
pub(super) async fn headers(
    session: &mut Session,
    folder: &str,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Headers, Fault> {
    let opened = match folders::open(session, folder).await? {
        Ok(opened) => opened,
        Err(Refusal::NoFolder | Refusal::Final(_)) => return Ok(Headers::default()),
        Err(refusal) => return Err(Fault::Call(refusal.as_call())),
    };
    let after = match cursor {
        Some(cursor) => read_cursor(cursor, opened.validity)?,
        None => 0,
    };
    let all = Query::All(Vec::new());
    // What is now is of no matter where no time is asked for.
    let uids = search::wide(session, &all, Timestamp::UNIX_EPOCH).await?;
    let rest = uids.get(uids.partition_point(|uid| *uid <= after)..);
    let rest = rest.unwrap_or_default();
    let page = rest.get(..limit as usize).unwrap_or(rest);
    let items = format!("UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({FIELDS})]");
    let fetched = messages::fetch(session, page, &items, "").await?;
    let last = page.last().filter(|_| page.len() < rest.len());
    Ok(Headers {
        headers: fetched.into_iter().map(|(uid, it)| read(uid, it)).collect(),
        next: last.map(|uid| format!("{}.{uid}", opened.validity)),
    })
}

/// The last UID of the page before. Where the folder was replaced meanwhile, its UIDs mean nothing any more.
fn read_cursor(cursor: &str, validity: u32) -> Result<u32, Fault> {
    let (of, uid) = cursor.split_once('.').unwrap_or_default();
    match (of.parse::<u32>(), uid.parse::<u32>()) {
        (Ok(of), Ok(uid)) if validity == of => Ok(uid),
        _ => Err(Fault::Call(CallError::Unavailable(
            "a folder was replaced while it was read".to_owned(),
        ))),
    }
}

fn read(uid: u32, fetched: Fetched) -> Header {
    let flags = fetched.flags.unwrap_or_default();
    let sender = sender(&fetched.header.unwrap_or_default());
    let unsubscribe = sender.unsubscribe;
    Header {
        key: u64::from(uid),
        address: sender.address,
        name: sender.name,
        list: sender.list.map(|id| ListMail { id, unsubscribe }),
        automatic: sender.automatic,
        received: fetched.received.unwrap_or(Timestamp::UNIX_EPOCH),
        size: fetched.size.unwrap_or(0),
        unread: !flags.contains(bulkhead_engine::kinds::mail::SEEN),
        starred: flags.contains(bulkhead_engine::kinds::mail::FLAGGED),
        answered: flags.contains("\\Answered"),
    }
}
