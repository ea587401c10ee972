//! Messages recognised by their identity: after a move, after a lost answer, or after somebody moved
//! them away and back, which gives them another UID.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_engine::kinds::mail::{ItemState, same_flags};
use bulkhead_shared::ids::ItemId;

use super::fault::{Fault, Refusal};
use super::fetched::Fetched;
use super::folders;
use super::messages::{self, Messages};
use super::name::{Name, item_id, names};
use super::session::{Opened, Session};

/// Messages of a folder, the last to arrive first, among which one is looked for.
const SCAN_MOST: u32 = 50_000;
/// Messages read at once.
const BLOCK: u32 = 5_000;

/// Messages of the open folder by identity, from the last that arrived backwards, until there are as
/// many of each as are wanted.
pub(super) async fn scan(
    session: &mut Session,
    opened: &Opened,
    wanted: &BTreeMap<u64, usize>,
    skip: impl Fn(u32) -> bool,
) -> Result<BTreeMap<u64, Vec<Fetched>>, Fault> {
    let mut found: BTreeMap<u64, Vec<Fetched>> = BTreeMap::new();
    let mut last = Messages::new();
    messages::fetch_set(session, "*", "UID", "", &mut last).await?;
    let Some(top) = last.keys().next_back().copied() else {
        return Ok(found);
    };
    let items = messages::state_items(session.can, opened);
    let lowest = top.saturating_sub(SCAN_MOST).max(1);
    let mut high = top;
    loop {
        let low = high.saturating_sub(BLOCK - 1).max(lowest);
        let mut block = Messages::new();
        messages::fetch_set(session, &format!("{low}:{high}"), &items, "", &mut block).await?;
        for (uid, fetched) in block {
            let identity = messages::identity(&fetched).filter(|i| wanted.contains_key(i));
            if let Some(identity) = identity.filter(|_| !skip(uid)) {
                found.entry(identity).or_default().push(fetched);
            }
        }
        let enough = |(identity, count): (&u64, &usize)| {
            found
                .get(identity)
                .is_some_and(|found| found.len() >= *count)
        };
        if low == lowest || wanted.iter().all(enough) {
            return Ok(found);
        }
        high = low - 1;
    }
}

/// Takes one message out of several with the same identity: one with these flags, if there is one.
pub(super) fn take_alike(found: &mut Vec<Fetched>, flags: &BTreeSet<String>) -> Option<Fetched> {
    let is_alike = |fetched: &Fetched| {
        let has = fetched.flags.as_ref();
        has.is_some_and(|has| same_flags(has, flags))
    };
    let place = found.iter().position(is_alike).unwrap_or(0);
    (place < found.len()).then(|| found.remove(place))
}

/// Looks for messages that are gone under their ids, each in the folder where it was in this state.
/// `others` are known under theirs. None where one is not there, or cannot be told from another.
pub(super) async fn follow(
    session: &mut Session,
    lost: &[ItemState],
    others: &[ItemId],
) -> Result<Vec<Option<(ItemId, ItemState)>>, Fault> {
    let others = names(session, others.iter()).await?;
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, state) in lost.iter().enumerate() {
        folders.entry(&state.state.folder).or_default().push(place);
    }
    let mut followed = vec![None; lost.len()];
    for (folder, places) in folders {
        let opened = match folders::open(session, folder).await? {
            Ok(opened) => opened,
            Err(Refusal::NoFolder) => continue,
            Err(refusal) => return Err(Fault::Call(refusal.as_call())),
        };
        let mut wanted: BTreeMap<u64, usize> = BTreeMap::new();
        let of = |place: &usize| lost.get(*place).and_then(|state| state.identity);
        for identity in places.iter().filter_map(of) {
            *wanted.entry(identity).or_default() += 1;
        }
        let known = |uid: u32| {
            let is_it = |name: &Name| name.folder == folder && name.uid == uid;
            others.iter().flatten().any(is_it)
        };
        let mut found = scan(session, &opened, &wanted, known).await?;
        // As many as are looked for, or it cannot be told which is which.
        found.retain(|identity, found| wanted.get(identity) == Some(&found.len()));
        for place in places {
            let Some(state) = lost.get(place) else {
                continue;
            };
            let same = state.identity.and_then(|identity| found.get_mut(&identity));
            let fetched = same.and_then(|same| take_alike(same, &state.state.flags));
            if let (Some(fetched), Some(slot)) = (fetched, followed.get_mut(place)) {
                let id = item_id(opened.validity, fetched.uid, &opened.folder)?;
                *slot = Some((id, messages::state(&fetched, &opened)));
            }
        }
    }
    Ok(followed)
}
