//! Freezing duplicates: first what each item says is noted, then all but one of each group are kept.

use std::collections::{HashMap, HashSet};

use bulkhead_shared::ids::ItemId;

use super::freezer::{Freezer, load_manifest};
use crate::error::Error;
use crate::kinds::ItemState;
use crate::kinds::duplicate::Said;
use crate::ports::Ports;
use crate::records::{Entry, JobRecord, Seen};
use crate::stores::{self, ItemStore};

/// The items of which there is another, with what each has to give way to.
pub(crate) struct Duplicates {
    /// In the order in which they were found.
    pub(crate) entries: Vec<Entry>,
    /// How many groups they are in. One more of each stays.
    pub(crate) groups: u64,
}

/// An item with what it says; none where that cannot be told.
pub(crate) fn noted(id: &ItemId, state: &ItemState) -> Option<Entry> {
    let said = Said::of(&state.state)?;
    Some(Entry {
        id: id.clone(),
        seen: Seen::of(state),
        input: Some(said.encode()),
    })
}

/// These items, each with what it says, as far as that can be told.
pub(super) async fn note(store: &dyn ItemStore, ids: &[ItemId]) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::with_capacity(ids.len());
    for call in stores::calls(store, ids) {
        let states = store.states(call).await?;
        let states = call.iter().zip(&states);
        entries.extend(states.filter_map(|(id, state)| noted(id, state)));
    }
    Ok(entries)
}

/// All but the oldest of each group, of items that were [`noted`].
pub(crate) fn duplicates(noted: Vec<Entry>) -> Result<Duplicates, Error> {
    let said = noted.iter().map(|entry| {
        let said = entry.input.as_deref().and_then(Said::decode);
        said.ok_or(Error::Missing("what an item says"))
    });
    let said: Vec<Said> = said.collect::<Result<_, Error>>()?;
    let mut oldest: HashMap<_, usize> = HashMap::new();
    for (place, (entry, own)) in noted.iter().zip(&said).enumerate() {
        let first = oldest.entry(own.group(&entry.id)).or_insert(place);
        if own.is_before(&entry.id, &said[*first], &noted[*first].id) {
            *first = place;
        }
    }
    let mut groups = HashSet::new();
    let mut entries = Vec::new();
    for (entry, own) in noted.iter().zip(&said) {
        let Some(&first) = oldest.get(&own.group(&entry.id)) else {
            continue;
        };
        let stays = &noted[first].id;
        if *stays != entry.id {
            groups.insert(first);
            let input = Some(own.kept(stays).encode());
            entries.push(Entry {
                input,
                ..entry.clone()
            });
        }
    }
    Ok(Duplicates {
        entries,
        groups: groups.len() as u64,
    })
}

/// What a planner gathered, without all that is no duplicate. It has rows of its own: a planner that comes after a
/// death goes on with what was gathered.
pub(super) async fn only_duplicates(
    ports: &Ports,
    job: &mut JobRecord,
    mut gathered: Freezer,
) -> Result<Freezer, Error> {
    gathered.keep(ports).await?;
    job.reached(gathered.gathered(), None);
    let mut noted = Vec::new();
    for chunk in 0..job.chunks() {
        noted.extend(load_manifest(ports, job, chunk).await?.items);
    }
    let Duplicates { entries, groups } = duplicates(noted)?;
    job.grouped(groups);
    let mut freezer = Freezer::after(job, ports.clock.now());
    for entry in entries {
        freezer.add(entry, None)?;
        freezer.store(ports).await?;
    }
    Ok(freezer)
}
