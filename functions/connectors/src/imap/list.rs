//! Pages of mails for a screen: of one folder, or of several merged by the time of arrival.

use std::cmp::Reverse;
use std::collections::HashMap;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{Item, Items};
use bulkhead_shared::query::Query;
use bulkhead_shared::unsearched::Unsearched;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::exact;
use super::fault::Fault;
use super::items;
use super::matching;
use super::messages;
use super::places::{self, Places};
use super::session::{Opened, Session};

/// How far a listing has come in one folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Shown {
    /// The folder.
    f: String,
    /// Its UIDVALIDITY.
    v: u32,
    /// Mails shown.
    n: usize,
    /// The last of them.
    u: u32,
}

/// A folder's part of a page.
struct Candidates {
    /// What was shown of it before.
    shown: Shown,
    /// The next ones, newest first.
    next: std::collections::VecDeque<(u32, Item)>,
    /// Whether there are more after those.
    more: bool,
    /// All that match there.
    total: usize,
    /// Left out, because what is asked for cannot be told of them.
    untold: exact::Untold,
}

/// What was found in folders, by their names and validities, newest first.
type Searched = HashMap<(String, u32), exact::Exact>;

/// A page, newest first.
pub(super) async fn list(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Items, Fault> {
    let before: Vec<Shown> = match cursor {
        Some(text) => serde_json::from_str(text).map_err(|_| {
            Fault::Call(CallError::Unsupported(
                "This page cannot be found.".to_owned(),
            ))
        })?,
        None => Vec::new(),
    };
    page(session, query, now, &before, limit).await
}

/// The page from a place on. In one folder that is where the search found it; of several the times of
/// arrival are asked for, to see how many of each come before.
pub(super) async fn list_at(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
    place: u64,
    limit: u32,
) -> Result<Items, Fault> {
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    if place == 0 {
        return page(session, query, now, &[], limit).await;
    }
    let places = places::of(session, query).await?;
    let several = places.folders.len() > 1;
    let mut before = Vec::new();
    let mut arrived = Vec::new();
    let mut searched = Searched::new();
    for (folder, query) in &places.folders {
        // Why a folder cannot be opened is told with the page itself.
        let Ok(opened) = places::open(session, folder).await? else {
            continue;
        };
        let found = matching::find_newest_first(session, query, now).await?;
        let first = found.uids.get(..place).unwrap_or(&found.uids);
        if several {
            let dates = messages::fetch(session, first, "UID INTERNALDATE", "").await?;
            let dated = first.iter().filter_map(|uid| dates.get(uid)?.received);
            arrived.extend(dated.map(|at| (Reverse(at), before.len())));
        }
        before.push(Shown {
            f: opened.folder.clone(),
            v: opened.validity,
            n: if several { 0 } else { first.len() },
            // No mail has this number: going by how many were shown is what is wanted.
            u: 0,
        });
        searched.insert((opened.folder, opened.validity), found);
    }
    arrived.sort_unstable();
    for (_, folder) in arrived.into_iter().take(place) {
        if let Some(shown) = before.get_mut(folder) {
            shown.n += 1;
        }
    }
    page_of(session, places, searched, now, &before, limit).await
}

/// The page after what was shown.
async fn page(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
    before: &[Shown],
    limit: u32,
) -> Result<Items, Fault> {
    let places = places::of(session, query).await?;
    page_of(session, places, Searched::new(), now, before, limit).await
}

/// The same of these places, of which some may have been searched in this moment.
async fn page_of(
    session: &mut Session,
    places: Places,
    mut searched: Searched,
    now: Timestamp,
    before: &[Shown],
    limit: u32,
) -> Result<Items, Fault> {
    let limit = usize::try_from(limit.max(1)).unwrap_or(1);
    let mut total = 0;
    let mut folders = Vec::new();
    let mut refused = Vec::new();
    let mut untold = Vec::new();
    for (folder, query) in &places.folders {
        let opened = match places::open(session, folder).await? {
            Ok(opened) => opened,
            Err(why) => {
                refused.push(Unsearched::folder(&folder.shown, why));
                continue;
            }
        };
        let shown = before.iter().find(|shown| shown.f == folder.name);
        let found = match searched.remove(&(opened.folder.clone(), opened.validity)) {
            Some(found) => found,
            None => matching::find_newest_first(session, query, now).await?,
        };
        let candidates = candidates(session, &opened, shown, found, limit).await?;
        total += candidates.total;
        untold.extend(candidates.untold.of(&folder.shown));
        folders.push(candidates);
    }
    places::check_some_opened(&places, &refused)?;
    let mut unsearched = places.unsearched;
    unsearched.extend(refused);
    unsearched.extend(untold);
    let items = merge(&mut folders, limit);
    let more = folders
        .iter()
        .any(|folder| folder.more || !folder.next.is_empty());
    let shown: Vec<Shown> = folders.into_iter().map(|folder| folder.shown).collect();
    Ok(Items {
        items,
        next_cursor: more.then(|| serde_json::to_string(&shown).ok()).flatten(),
        total: Some(total as u64),
        unsearched,
    })
}

/// The next mails of the open folder, of those that were found there.
async fn candidates(
    session: &mut Session,
    opened: &Opened,
    before: Option<&Shown>,
    found: exact::Exact,
    limit: usize,
) -> Result<Candidates, Fault> {
    let exact::Exact {
        uids: found,
        untold,
    } = found;
    let shown = before.filter(|shown| shown.v == opened.validity);
    // After the last one shown; if that is gone meanwhile, after as many as were shown.
    let start = shown.map_or(0, |shown| {
        let last = found.iter().position(|uid| *uid == shown.u);
        last.map_or(shown.n, |at| at + 1).min(found.len())
    });
    let page: Vec<u32> = found.iter().skip(start).take(limit).copied().collect();
    let mut loaded = items::load(session, opened, &page).await?;
    loaded.sort_by_key(|(uid, _)| page.iter().position(|this| this == uid));
    let shown = Shown {
        f: opened.folder.clone(),
        v: opened.validity,
        n: start,
        u: shown.map_or(0, |shown| shown.u),
    };
    Ok(Candidates {
        shown,
        next: loaded.into(),
        more: found.len() > start + page.len(),
        total: found.len(),
        untold,
    })
}

/// Takes the newest of all folders until the page is full.
fn merge(folders: &mut [Candidates], limit: usize) -> Vec<Item> {
    let mut items = Vec::new();
    while items.len() < limit {
        let newest = folders
            .iter_mut()
            .filter(|folder| !folder.next.is_empty())
            .max_by_key(|folder| folder.next.front().map(|(_, item)| item.date));
        let Some(folder) = newest else { break };
        if let Some((uid, item)) = folder.next.pop_front() {
            folder.shown.n += 1;
            folder.shown.u = uid;
            items.push(item);
        }
    }
    items
}
