//! Freezing duplicates: first what each item says is noted, then all but one of each group are kept.

use std::collections::{HashMap, HashSet};

use bulkhead_shared::ids::ItemId;

use crate::error::Error;
use crate::kinds::ItemState;
use crate::kinds::duplicate::Said;
use crate::records::{Entry, Seen};
use crate::stores::{self, ItemStore};

/// The items of which there is another, with what each has to give way to.
pub(super) struct Duplicates {
    /// In the order in which they were found.
    pub(super) entries: Vec<Entry>,
    /// How many groups they are in. One more of each stays.
    pub(super) groups: u64,
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
pub(super) fn duplicates(noted: Vec<Entry>) -> Result<Duplicates, Error> {
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
