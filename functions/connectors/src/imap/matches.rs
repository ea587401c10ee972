//! All mails that match, page by page, folder by folder, in the order of their UIDs.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bulkhead_engine::ports::{CallError, Facts, FromWhom, HeaderPlace, Match, Matches};
use bulkhead_shared::query::Query;
use bulkhead_shared::unsearched::Unsearched;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::exact;
use super::fault::Fault;
use super::fetched::Fetched;
use super::folder::Listed;
use super::listed::Counts;
use super::matching;
use super::messages::{self, Messages};
use super::name::item_id;
use super::places::{self, Places};
use super::search;
use super::session::{Opened, Session};
use crate::headers::{self, Sender};

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

/// A page is told after about so long, with what was found by then: whoever freezes can put down what was found.
const SEARCHED_FOR: Duration = Duration::from_secs(10);
/// What is asked for of mails besides their versions and flags, which cost nothing more.
const DETAILS: &str = "RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM)]";
/// Mails of the first page that are asked for in detail. Measured with 20,000 mails on Dovecot 2.3: flags and versions
/// of all take 40 ms; details take 280 ms, and over a second where it has to open each mail for them.
const DETAILED: usize = 1_000;
/// How long the UIDs found in a folder are kept for its next page.
const KEPT_FOR: Duration = Duration::from_secs(120);

/// What the last search found in a folder: its next pages need not search again. One is kept, four
/// bytes for each message; without it a page is only slower.
#[derive(Default)]
pub(super) struct LastSearch(Mutex<Option<Kept>>);

struct Kept {
    folder: String,
    validity: u32,
    key: String,
    uids: Vec<u32>,
    at: Instant,
}

impl LastSearch {
    fn take(&self, opened: &Opened, key: &str) -> Option<Vec<u32>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |kept: &Kept| {
            kept.folder == opened.folder
                && kept.validity == opened.validity
                && kept.key == key
                && kept.at.elapsed() < KEPT_FOR
        };
        kept.take_if(|kept| is_it(kept)).map(|kept| kept.uids)
    }

    fn keep(&self, opened: &Opened, key: String, uids: Vec<u32>) {
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
    let places = places::of(session, query).await?;
    let mut page = Page {
        matches: Vec::new(),
        detailed: if reached.is_none() { DETAILED } else { 0 },
        refused: Vec::new(),
        untold: Vec::new(),
    };
    for (folder, query) in &places.folders {
        if let Some(reached) = &reached
            && folder.name < reached.f
        {
            continue;
        }
        let here = reached.as_ref().filter(|reached| reached.f == folder.name);
        let opened = match places::open(session, folder).await? {
            Ok(opened) => opened,
            Err(why) => {
                page.refused.push(Unsearched::folder(&folder.shown, why));
                continue;
            }
        };
        if here.is_some_and(|reached| reached.v != opened.validity) {
            // The folder was replaced in the middle: what was found of it means nothing any more.
            return Err(Fault::Call(CallError::Unavailable(
                "a folder was replaced while it was read".to_owned(),
            )));
        }
        let after = here.map_or(0, |reached| reached.u);
        let wanted = limit - page.matches.len();
        let reached = page
            .add(session, last, (folder, &opened), query, now, after, wanted)
            .await?;
        if reached.is_some() {
            return page.finish(places, reached);
        }
    }
    page.finish(places, None)
}

/// A page that is being gathered.
struct Page {
    matches: Vec<Match>,
    /// So many of them are asked for in detail.
    detailed: usize,
    refused: Vec<Unsearched>,
    untold: Vec<Unsearched>,
}

impl Page {
    /// Adds what a folder has after a UID; how far that came, if the page is full now.
    #[allow(clippy::too_many_arguments, reason = "a step of the loop above")]
    async fn add(
        &mut self,
        session: &mut Session,
        last: &LastSearch,
        (folder, opened): (&Listed, &Opened),
        query: &Query,
        now: Timestamp,
        after: u32,
        wanted: usize,
    ) -> Result<Option<Reached>, Fault> {
        let key = search::key(query, now);
        let kept = (after > 0).then(|| last.take(opened, &key)).flatten();
        let (uids, up_to) = match kept {
            Some(uids) => (uids, None),
            None => {
                let searched = matching::find_after(session, query, now, after, SEARCHED_FOR);
                let (found, up_to) = searched.await?;
                self.untold.extend(found.untold.of(&folder.shown));
                (found.uids, up_to)
            }
        };
        let start = uids.partition_point(|uid| *uid <= after);
        let page: Vec<u32> = uids.iter().skip(start).take(wanted).copied().collect();
        let detailed = self.detailed.saturating_sub(self.matches.len());
        self.matches
            .extend(found(session, opened, folder, &page, detailed).await?);
        let reached = |uid| Reached {
            f: opened.folder.clone(),
            v: opened.validity,
            u: uid,
        };
        if let Some(top) = page.last().filter(|_| start + page.len() < uids.len()) {
            let reached = reached(*top);
            if up_to.is_none() {
                last.keep(opened, key, uids);
            }
            return Ok(Some(reached));
        }
        if let Some(up_to) = up_to {
            return Ok(Some(reached(up_to)));
        }
        Ok((page.len() >= wanted).then(|| reached(u32::MAX)))
    }

    fn finish(self, places: Places, reached: Option<Reached>) -> Result<Matches, Fault> {
        places::check_some_opened(&places, &self.refused)?;
        let mut unsearched = places.unsearched;
        unsearched.extend(self.refused);
        unsearched.extend(self.untold);
        Ok(Matches {
            matches: self.matches,
            next: reached.and_then(|reached| serde_json::to_string(&reached).ok()),
            unsearched,
        })
    }
}

/// Versions of these messages, with what is told of them in the same breath; of the first ones in detail.
async fn found(
    session: &mut Session,
    opened: &Opened,
    folder: &Listed,
    uids: &[u32],
    detailed: usize,
) -> Result<Vec<Match>, Fault> {
    let items = messages::version_items(opened);
    let (first, others) = uids.split_at(uids.len().min(detailed));
    let mut fetched = Messages::new();
    if !first.is_empty() {
        let items = format!("{items} {DETAILS}");
        fetched.extend(messages::fetch(session, first, &items, "").await?);
    }
    if !others.is_empty() {
        fetched.extend(messages::fetch(session, others, items, "").await?);
    }
    exact::all_told(session, uids, &fetched).await?;
    fetched
        .iter()
        .map(|(uid, fetched)| {
            Ok(Match {
                id: item_id(opened.validity, *uid, &opened.folder)?,
                version: Some(messages::version(fetched, opened).into()),
                folder: Some(folder.shown.clone()),
                facts: Some(facts(fetched)),
                header: Some(HeaderPlace {
                    folder: folder.name.clone(),
                    key: u64::from(*uid),
                    marked: Counts::written_validity(opened.validity),
                }),
            })
        })
        .collect()
}

fn facts(fetched: &Fetched) -> Facts {
    let sender = fetched.header.as_deref().map(headers::sender);
    let marks = fetched.flags.as_ref().map(Facts::of_flags);
    Facts {
        received: fetched.received,
        size: fetched.size,
        sender: sender.map(|Sender { address, name, .. }| FromWhom { address, name }),
        ..marks.unwrap_or_default()
    }
}
