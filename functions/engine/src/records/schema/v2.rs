//! Schema 2, written today. Versions are bytes and may be missing; a state is bytes with the number of
//! the item's kind and of that kind's own schema, and only the kind looks into it.

use bulkhead_shared::ids::ItemId;
use serde::{Deserialize, Serialize};

use super::bytes::Bytes;
use super::item_id;
use super::numbers::{self, MAIL};
use crate::kinds::mail::{self, ItemState, NotAState, Place};
use crate::kinds::version::ItemVersion;
use crate::records::items::{self, Back as Way, Ending, Seen};
use crate::records::pack::{Newer, NotStorable, Unreadable};

/// Ids that differ from the manifest's, and states, in the order of the manifest.
pub(super) type Found = Vec<Option<(Option<ItemId>, ItemState)>>;

#[derive(Serialize, Deserialize)]
pub(super) struct Manifest {
    entries: Vec<Entry>,
    back: Backs,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    id: String,
    gone: bool,
    version: Option<Bytes>,
}

#[derive(Serialize, Deserialize)]
struct Backs {
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

impl TryFrom<&items::Manifest> for Manifest {
    type Error = NotStorable;
    fn try_from(manifest: &items::Manifest) -> Result<Self, NotStorable> {
        let entries = manifest.items.iter().map(|entry| Entry {
            id: entry.id.to_string(),
            gone: entry.seen == Seen::Gone,
            version: stored_version(entry.seen.version()),
        });
        let ways = manifest.back.iter().map(|way| {
            Ok(Back {
                left: stored_state(&way.left)?,
                prior: stored_state(&way.prior)?,
            })
        });
        Ok(Self {
            entries: entries.collect(),
            back: Backs {
                item_kind: MAIL,
                state_schema: mail::STATE_SCHEMA,
                ways: ways.collect::<Result<_, NotStorable>>()?,
            },
        })
    }
}

impl TryFrom<Manifest> for items::Manifest {
    type Error = Unreadable;
    fn try_from(Manifest { entries, back }: Manifest) -> Result<Self, Unreadable> {
        let Backs {
            item_kind,
            state_schema,
            ways,
        } = back;
        numbers::check_item_kind(item_kind)?;
        let entries = entries.into_iter().map(|entry| {
            let seen = match entry.gone {
                true => Seen::Gone,
                false => Seen::At(version(entry.version)),
            };
            let id = item_id(entry.id)?;
            Ok(items::Entry { id, seen })
        });
        let ways = ways.into_iter().map(|way| {
            Ok(Way {
                left: place(state_schema, &way.left)?,
                prior: place(state_schema, &way.prior)?,
            })
        });
        Ok(Self {
            items: entries.collect::<Result<_, Unreadable>>()?,
            back: ways.collect::<Result<_, Unreadable>>()?,
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
        states: impl Iterator<Item = Option<(&'a Option<ItemId>, &'a ItemState)>>,
    ) -> Result<Self, NotStorable> {
        let stored = states.map(|state| {
            let stored = state.map(|(id, state)| {
                Ok(State {
                    id: id.as_ref().map(ItemId::to_string),
                    version: stored_version(state.version.as_ref()),
                    identity: state.identity,
                    state: stored_state(&state.place)?,
                })
            });
            stored.transpose()
        });
        Ok(Self {
            item_kind: MAIL,
            state_schema: mail::STATE_SCHEMA,
            items: stored.collect::<Result<_, NotStorable>>()?,
        })
    }

    pub(super) fn into_found(self) -> Result<Found, Unreadable> {
        numbers::check_item_kind(self.item_kind)?;
        let found = self.items.into_iter().map(|stored| {
            let found = stored.map(|stored| {
                let state = ItemState {
                    place: place(self.state_schema, &stored.state)?,
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

impl From<&[Option<Ending>]> for Outcomes {
    fn from(endings: &[Option<Ending>]) -> Self {
        let stored = |ending: &Ending| Outcome {
            outcome: numbers::of_outcome(ending.outcome),
            reason: ending.reason.map(numbers::of_reason),
            at: ending.at,
        };
        Self(endings.iter().map(|it| it.as_ref().map(stored)).collect())
    }
}

impl Outcomes {
    pub(super) fn into_endings(self) -> Result<Vec<Option<Ending>>, Unreadable> {
        let ending = |stored: Outcome| {
            Ok(Ending {
                outcome: numbers::outcome(stored.outcome)?,
                reason: stored.reason.map(numbers::reason).transpose()?,
                at: stored.at,
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

fn stored_state(place: &Place) -> Result<Bytes, NotStorable> {
    let bytes = mail::encode_state(place).map_err(|error| NotStorable::Encoding(error.into()))?;
    Ok(Bytes(bytes))
}

fn place(schema: u8, Bytes(bytes): &Bytes) -> Result<Place, Unreadable> {
    mail::decode_state(schema, bytes).map_err(|error| match error {
        NotAState::Newer(number) => Unreadable::Newer(Newer::Number {
            of: "schema of a mail",
            number,
        }),
        damaged => Unreadable::Damaged("a state is none", Some(damaged.into())),
    })
}
