//! A connected account as it is stored.

use std::collections::BTreeMap;

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::kinds::Kind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::SealedFor;
use crate::records::pace::Paces;

/// A connected account as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountRecord {
    pub id: AccountId,
    pub owner: UserId,
    /// What the person calls it.
    pub name: String,
    /// Where it is, for recognising it when it is connected again. A hash: addresses stay sealed.
    pub place: String,
    /// What kind it is.
    pub kind: bulkhead_shared::api::AccountKind,
    /// The connection with its credentials, sealed.
    pub sealed: Vec<u8>,
    /// When it was connected.
    pub created_at: Timestamp,
    /// What can be done with the items of each kind, as it was when the account was last opened for
    /// more than reading. None for accounts that were not, since this is kept.
    #[serde(default)]
    pub stores: BTreeMap<Kind, Abilities>,
    /// How many items its provider manages in a call, as far as that was learned.
    #[serde(default, skip_serializing_if = "Paces::is_empty")]
    pub paces: Paces,
}

impl AccountRecord {
    /// Whom its credentials are sealed for.
    pub fn sealed_for(&self) -> SealedFor<'_> {
        SealedFor {
            owner: &self.owner,
            account: &self.id,
        }
    }
}

/// The account that was made of a place, so that two connects at the same time cannot make two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtPlace {
    pub account: AccountId,
}
