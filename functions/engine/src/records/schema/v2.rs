//! Schema 2, in which all but manifests are written today. Versions are bytes and may be missing; a state is bytes with the number of
//! the item's kind and of that kind's own schema, and only the kind looks into it.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use serde::{Deserialize, Serialize};

use super::bytes::Bytes;
use super::numbers;
use crate::kinds::version::ItemVersion;
use crate::kinds::{self, Back as Way, ItemState, NotAState, State as Known};
use crate::records::items::{self, Ending, Seen};
use crate::records::pack::{Newer, NotStorable, Unreadable};

/// Ids that differ from the manifest's, and states, in the order of the manifest.
pub(super) type Found = Vec<Option<(Option<ItemId>, ItemState)>>;

pub(super) fn item_id(text: String) -> Result<ItemId, Unreadable> {
    text.try_into()
        .map_err(|error: bulkhead_shared::ids::NotAnId| {
            Unreadable::Damaged("an id is none", Some(error.into()))
        })
}

#[derive(Deserialize)]
pub(super) struct Manifest {
    entries: Vec<Entry>,
    back: Backs,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    id: String,
    gone: bool,
    version: Option<Bytes>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Backs {
    item_kind: u8,
    state_schema: u8,
    ways: Vec<Back>,
}

#[derive(Serialize, Deserialize)]
struct Back {
    left: Bytes,
    prior: Bytes,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Except {
    ids: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Left {
    pub(super) places: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct States {
    item_kind: u8,
    state_schema: u8,
    items: Vec<Option<State>>,
}

#[derive(Serialize, Deserialize)]
struct State {
    id: Option<String>,
    version: Option<Bytes>,
    identity: Option<u64>,
    state: Bytes,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Outcomes(Vec<Option<Outcome>>);

#[derive(Serialize, Deserialize)]
struct Outcome {
    outcome: u8,
    reason: Option<u8>,
    /// Unix milliseconds.
    at: i64,
}

impl From<&items::Entry> for Entry {
    fn from(entry: &items::Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            gone: entry.seen == Seen::Gone,
            version: stored_version(entry.seen.version()),
        }
    }
}

impl TryFrom<Entry> for items::Entry {
    type Error = Unreadable;
    fn try_from(entry: Entry) -> Result<Self, Unreadable> {
        Ok(Self {
            id: item_id(entry.id)?,
            seen: match entry.gone {
                true => Seen::Gone,
                false => Seen::At(version(entry.version)),
            },
            input: None,
        })
    }
}

impl Backs {
    pub(super) fn of(ways: &[Way]) -> Result<Self, NotStorable> {
        let kind = kind_of(ways.iter().flat_map(|way| [&way.left, &way.prior]))?;
        let ways = ways.iter().map(|way| {
            Ok(Back {
                left: stored_state(&way.left)?,
                prior: stored_state(&way.prior)?,
            })
        });
        Ok(Self {
            item_kind: numbers::of_kind(kind),
            state_schema: kinds::schema(kind),
            ways: ways.collect::<Result<_, NotStorable>>()?,
        })
    }

    pub(super) fn into_ways(self) -> Result<Vec<Way>, Unreadable> {
        let kind = numbers::kind(self.item_kind)?;
        let ways = self.ways.into_iter().map(|way| {
            Ok(Way {
                left: state(kind, self.state_schema, &way.left)?,
                prior: state(kind, self.state_schema, &way.prior)?,
            })
        });
        ways.collect()
    }
}

impl TryFrom<Manifest> for items::Manifest {
    type Error = Unreadable;
    fn try_from(Manifest { entries, back }: Manifest) -> Result<Self, Unreadable> {
        let entries = entries.into_iter().map(items::Entry::try_from);
        Ok(Self {
            items: entries.collect::<Result<_, Unreadable>>()?,
            back: back.into_ways()?,
        })
    }
}

impl From<&[ItemId]> for Except {
    fn from(ids: &[ItemId]) -> Self {
        Self {
            ids: ids.iter().map(ItemId::to_string).collect(),
        }
    }
}

impl TryFrom<Except> for Vec<ItemId> {
    type Error = Unreadable;
    fn try_from(Except { ids }: Except) -> Result<Self, Unreadable> {
        ids.into_iter().map(item_id).collect()
    }
}

impl States {
    pub(super) fn of<'a>(
        states: impl Iterator<Item = Option<(&'a Option<ItemId>, &'a ItemState)>> + Clone,
    ) -> Result<Self, NotStorable> {
        let known = states.clone().flatten();
        let kind = kind_of(known.map(|(_, state)| &state.state))?;
        let stored = states.map(|state| {
            let stored = state.map(|(id, state)| {
                Ok(State {
                    id: id.as_ref().map(ItemId::to_string),
                    version: stored_version(state.version.as_ref()),
                    identity: state.identity,
                    state: stored_state(&state.state)?,
                })
            });
            stored.transpose()
        });
        Ok(Self {
            item_kind: numbers::of_kind(kind),
            state_schema: kinds::schema(kind),
            items: stored.collect::<Result<_, NotStorable>>()?,
        })
    }

    pub(super) fn into_found(self) -> Result<Found, Unreadable> {
        let kind = numbers::kind(self.item_kind)?;
        let found = self.items.into_iter().map(|stored| {
            let found = stored.map(|stored| {
                let state = ItemState {
                    state: state(kind, self.state_schema, &stored.state)?,
                    version: version(stored.version),
                    identity: stored.identity,
                };
                Ok((stored.id.map(item_id).transpose()?, state))
            });
            found.transpose()
        });
        found.collect()
    }
}

impl Outcomes {
    pub(super) fn into_endings(self) -> Result<Vec<Option<Ending>>, Unreadable> {
        let ending = |stored: Outcome| {
            Ok(Ending {
                outcome: numbers::outcome(stored.outcome)?,
                reason: stored.reason.map(numbers::reason).transpose()?,
                at: stored.at,
                began: None,
            })
        };
        let endings = self.0.into_iter().map(|stored| stored.map(ending));
        endings.map(Option::transpose).collect()
    }
}

fn stored_version(version: Option<&ItemVersion>) -> Option<Bytes> {
    version.map(|version| Bytes(version.as_bytes().to_vec()))
}

fn version(stored: Option<Bytes>) -> Option<ItemVersion> {
    stored.map(|Bytes(bytes)| ItemVersion::new(bytes))
}

/// The kind of a row's items. Where none of them is there it says nothing, and is that of the first
/// rows that had one.
fn kind_of<'a>(states: impl Iterator<Item = &'a Known>) -> Result<Kind, NotStorable> {
    let mut kinds = states.filter_map(Known::kind);
    let first = kinds.next().unwrap_or(Kind::Mail);
    match kinds.all(|kind| kind == first) {
        true => Ok(first),
        false => Err(NotStorable::Encoding("items of two kinds in a row".into())),
    }
}

fn stored_state(state: &Known) -> Result<Bytes, NotStorable> {
    let bytes = kinds::encode(state).map_err(|error| NotStorable::Encoding(error.into()))?;
    Ok(Bytes(bytes))
}

fn state(kind: Kind, schema: u8, Bytes(bytes): &Bytes) -> Result<Known, Unreadable> {
    kinds::decode(kind, schema, bytes).map_err(|error| match error {
        NotAState::Newer(number) => Unreadable::Newer(Newer::Number {
            of: "schema of a state",
            number,
        }),
        damaged => Unreadable::Damaged("a state is none", Some(damaged.into())),
    })
}
