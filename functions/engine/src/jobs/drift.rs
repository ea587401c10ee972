//! What changed between freezing a selection and now.
//!
//! Frozen items that left or changed make a confirmation void until they were shown. Items that
//! came to match since are shown too, but they are not part of the job, so a mailbox that keeps
//! receiving mail can still be confirmed.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use bulkhead_shared::api::{Drift, SelectionSummary};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;

use crate::access::account_of;
use crate::accounts;
use crate::error::Error;
use crate::plan::{PAGE_ITEMS, load_except, load_manifest, parse};
use crate::ports::Ports;
use crate::records::{Entry, JobRecord, Seen};
use crate::stores::ItemStore;

/// Items named in a drift.
const SAMPLE: usize = 10;

/// What drifted in a draft, and where.
pub(crate) struct Drifted {
    /// As the person sees it.
    pub(crate) drift: Drift,
    /// For each chunk with items that left: their places in it.
    pub(crate) left_at: BTreeMap<u32, Vec<u32>>,
}

/// The drift of a draft; none if nothing left, changed or joined.
pub(crate) async fn find(ports: &Ports, job: &JobRecord) -> Result<Option<Drifted>, Error> {
    let account = account_of(ports.table.as_ref(), &job.owner, &job.account).await?;
    let store = accounts::items(ports, &account, job.kind).await?;
    // Nothing at all changed in the account: the cheap answer, and the usual one.
    if job.sync_token.is_some() && store.sync_token().await? == job.sync_token {
        return Ok(None);
    }
    let found = match &job.selection {
        SelectionSummary::Query { query, .. } => {
            by_query(ports, store.as_ref(), job, query).await?
        }
        _ => by_state(ports, store.as_ref(), job).await?,
    };
    Ok(found.into_drift())
}

#[derive(Default)]
struct Found {
    left: Vec<ItemId>,
    changed: Vec<ItemId>,
    joined: u64,
    left_at: BTreeMap<u32, Vec<u32>>,
}

impl Found {
    fn leaves(&mut self, chunk: u32, place: usize, id: ItemId) {
        self.left.push(id);
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        self.left_at.entry(chunk).or_default().push(place);
    }

    fn into_drift(self) -> Option<Drifted> {
        if self.left.is_empty() && self.changed.is_empty() && self.joined == 0 {
            return None;
        }
        // What joined is not part of the job, so it does not void what was seen.
        let mut text = String::new();
        for (kind, ids) in [("left", &self.left), ("changed", &self.changed)] {
            text.extend([kind, "\n"]);
            ids.iter().for_each(|id| text.extend([id.as_str(), "\n"]));
        }
        let drift = Drift {
            left: self.left.len() as u64,
            changed: self.changed.len() as u64,
            joined: self.joined,
            sample: self
                .left
                .iter()
                .chain(&self.changed)
                .take(SAMPLE)
                .cloned()
                .collect(),
            hash: sha256_hex(text.as_bytes()),
        };
        Some(Drifted {
            drift,
            left_at: self.left_at,
        })
    }
}

/// Runs the query again and compares. Holds 16 bytes for each match, not the ids.
async fn by_query(
    ports: &Ports,
    store: &dyn ItemStore,
    job: &JobRecord,
    query: &str,
) -> Result<Found, Error> {
    let query = parse(query)?;
    let except = load_except(ports, job).await?;
    let mut matching: HashMap<u64, u64> = HashMap::new();
    let mut cursor = None;
    loop {
        let page = store
            .matches(&query, job.created_at, cursor.as_deref(), PAGE_ITEMS)
            .await?;
        // What was searched then and cannot be searched now did not leave: it has to be looked at.
        if page
            .unsearched
            .iter()
            .any(|one| !job.unsearched.contains(one))
        {
            return by_state(ports, store, job).await;
        }
        for found in page.matches {
            if !except.contains(&found.id) {
                matching.insert(short_hash(&found.id), short_hash(&found.version));
            }
        }
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let mut found = Found::default();
    for chunk in 0..job.chunks() {
        let items = load_manifest(ports, job, chunk).await?.items;
        for (place, Entry { id, seen, .. }) in items.into_iter().enumerate() {
            match matching.remove(&short_hash(&id)) {
                None => found.leaves(chunk, place, id),
                Some(now) if now != short_hash(&seen.version()) => found.changed.push(id),
                Some(_) => {}
            }
        }
    }
    found.joined = matching.len() as u64;
    Ok(found)
}

fn short_hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Looks at each frozen item.
async fn by_state(ports: &Ports, store: &dyn ItemStore, job: &JobRecord) -> Result<Found, Error> {
    let mut found = Found::default();
    for chunk in 0..job.chunks() {
        let items = load_manifest(ports, job, chunk).await?.items;
        let mut places = items.iter().enumerate();
        for call in items.chunks(store.abilities().call_items.max(1) as usize) {
            let ids: Vec<ItemId> = call.iter().map(|entry| entry.id.clone()).collect();
            for ((place, entry), state) in places.by_ref().zip(store.states(&ids).await?) {
                match (&entry.seen, Seen::of(&state)) {
                    (Seen::At(_), Seen::Gone) => found.leaves(chunk, place, entry.id.clone()),
                    (then, now) if *then != now => found.changed.push(entry.id.clone()),
                    _ => {}
                }
            }
        }
    }
    Ok(found)
}
