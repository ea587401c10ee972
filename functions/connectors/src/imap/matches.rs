//! All mails that match, page by page, folder by folder, in the order of their UIDs.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bulkhead_engine::ports::{CallError, Match, Matches};
use bulkhead_shared::query::Query;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::folders;
use super::messages;
use super::name::item_id;
use super::search;
use super::session::{Opened, Session};

/// How far a search has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Reached {
    /// The folder.
    f: String,
    /// Its UIDVALIDITY.
    v: u32,
    /// The last UID of it that was handed out.
    u: u32,
}

/// How long the UIDs found in a folder are kept for its next page.
const KEPT_FOR: Duration = Duration::from_secs(120);

/// What the last search found in a folder: its next pages need not search again. One is kept, four
/// bytes for each message; without it a page is only slower.
#[derive(Default)]
pub(super) struct LastSearch(Mutex<Option<Kept>>);

struct Kept {
    folder: String,
    validity: u32,
    key: Vec<u8>,
    uids: Vec<u32>,
    at: Instant,
}

impl LastSearch {
    fn take(&self, opened: &Opened, key: &[u8]) -> Option<Vec<u32>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |kept: &Kept| {
            kept.folder == opened.folder
                && kept.validity == opened.validity
                && kept.key == key
                && kept.at.elapsed() < KEPT_FOR
        };
        kept.take_if(|kept| is_it(kept)).map(|kept| kept.uids)
    }

    fn keep(&self, opened: &Opened, key: Vec<u8>, uids: Vec<u32>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Kept {
            folder: opened.folder.clone(),
            validity: opened.validity,
            key,
            uids,
            at: Instant::now(),
        });
    }
}

/// A page of what matches.
pub(super) async fn matches(
    session: &mut Session,
    last: &LastSearch,
    query: &Query,
    now: Timestamp,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Matches, Fault> {
    let reached: Option<Reached> = match cursor {
        Some(text) => Some(serde_json::from_str(text).map_err(|_| {
            Fault::Call(CallError::Unsupported(
                "This page cannot be found.".to_owned(),
            ))
        })?),
        None => None,
    };
    let limit = usize::try_from(limit.max(1)).unwrap_or(1);
    let mut matches = Vec::new();
    for folder in folders::list_counted(session).await? {
        let here = reached.as_ref().filter(|reached| reached.f == folder.name);
        let is_done = reached
            .as_ref()
            .is_some_and(|reached| folder.name < reached.f);
        let Some(query) = folder.query(query) else {
            continue;
        };
        if is_done {
            continue;
        }
        let Ok(opened) = session.open(&folder.name).await? else {
            continue;
        };
        let after = match here {
            Some(reached) if reached.v == opened.validity => reached.u,
            // The folder was replaced in the middle: what it was is no longer there.
            Some(_) => continue,
            None => 0,
        };
        let key = search::key(&query, now);
        let kept = (after > 0).then(|| last.take(&opened, &key)).flatten();
        let uids = match kept {
            Some(uids) => uids,
            None => search::find(session, &query, now).await?,
        };
        let start = uids.partition_point(|uid| *uid <= after);
        let wanted = limit - matches.len();
        let page: Vec<u32> = uids.iter().skip(start).take(wanted).copied().collect();
        matches.extend(versions(session, &opened, &page).await?);
        if let Some(top) = page.last().filter(|_| start + page.len() < uids.len()) {
            let reached = Reached {
                f: opened.folder.clone(),
                v: opened.validity,
                u: *top,
            };
            last.keep(&opened, key, uids);
            return Ok(page_of(matches, Some(&reached)));
        }
        if matches.len() >= limit {
            let reached = Reached {
                f: opened.folder.clone(),
                v: opened.validity,
                u: u32::MAX,
            };
            return Ok(page_of(matches, Some(&reached)));
        }
    }
    Ok(page_of(matches, None))
}

fn page_of(matches: Vec<Match>, reached: Option<&Reached>) -> Matches {
    Matches {
        matches,
        next: reached.and_then(|reached| serde_json::to_string(reached).ok()),
    }
}

async fn versions(
    session: &mut Session,
    opened: &Opened,
    uids: &[u32],
) -> Result<Vec<Match>, Fault> {
    let items = if opened.has_modseq {
        "UID MODSEQ"
    } else {
        "UID FLAGS"
    };
    let fetched = messages::fetch(session, uids, items, "").await?;
    Ok(fetched
        .iter()
        .filter_map(|(uid, fetched)| {
            Some(Match {
                id: item_id(opened.validity, *uid, &opened.folder)?,
                version: Some(messages::version(fetched, opened).into()),
            })
        })
        .collect())
}
