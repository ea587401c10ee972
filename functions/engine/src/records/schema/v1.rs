//! Schema 1: rows of form 1, as the first release wrote them. Versions are numbers, 0 for an item that
//! was gone; states are mails'. Read, never written.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::v2::{Found, item_id};
use crate::kinds::mail::Place;
use crate::kinds::version::ItemVersion;
use crate::kinds::{Back, ItemState, State as Known};
use crate::records::items::{self, Entry, Seen};
use crate::records::pack::Unreadable;

#[derive(Deserialize)]
pub(super) struct Manifest {
    items: Vec<(String, u64)>,
    back: Vec<(Mail, Mail)>,
}

/// Where a mail was and how marked.
#[derive(Deserialize)]
struct Mail {
    folder: String,
    flags: BTreeSet<String>,
}

#[derive(Deserialize)]
pub(super) struct States(Vec<Option<State>>);

#[derive(Deserialize)]
struct State {
    id: Option<String>,
    mail: Mail,
    version: u64,
    identity: Option<u64>,
}

impl From<Mail> for Known {
    fn from(Mail { folder, flags }: Mail) -> Self {
        Self::Mail(Place { folder, flags })
    }
}

impl TryFrom<Manifest> for items::Manifest {
    type Error = Unreadable;
    fn try_from(stored: Manifest) -> Result<Self, Unreadable> {
        let items = stored.items.into_iter().map(|(id, version)| {
            let seen = match version {
                0 => Seen::Gone,
                version => Seen::At(Some(ItemVersion::from(version))),
            };
            let id = item_id(id)?;
            Ok(Entry {
                id,
                seen,
                input: None,
            })
        });
        let back = stored.back.into_iter().map(|(left, prior)| Back {
            left: left.into(),
            prior: prior.into(),
        });
        Ok(Self {
            items: items.collect::<Result<_, Unreadable>>()?,
            back: back.collect(),
        })
    }
}

impl States {
    pub(super) fn into_found(self) -> Result<Found, Unreadable> {
        let found = self.0.into_iter().map(|state| state.map(State::into_found));
        found.map(Option::transpose).collect()
    }
}

impl State {
    fn into_found(self) -> Result<(Option<bulkhead_shared::ids::ItemId>, ItemState), Unreadable> {
        let state = ItemState {
            state: self.mail.into(),
            version: Some(ItemVersion::from(self.version)),
            identity: self.identity,
        };
        Ok((self.id.map(item_id).transpose()?, state))
    }
}
