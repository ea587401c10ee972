//! The model that a person chose, as it is stored, and where their mails may be sent.

use bulkhead_shared::api::{NamedModel, host_of};
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::SealedFor;

/// Where a model is, and which: what a person agrees to, and what is confirmed with a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelAt {
    /// Where its API begins.
    pub url: String,
    /// What it is called there.
    pub model: String,
}

impl ModelAt {
    /// As it is named to a person.
    pub fn named(&self) -> NamedModel {
        NamedModel {
            model: self.model.clone(),
            host: host_of(&self.url).unwrap_or_default().to_owned(),
        }
    }
}

/// Whom a job's mails are told by, for a person.
pub fn model_name(at: Option<&ModelAt>) -> String {
    NamedModel::or_built_in(at.map(ModelAt::named).as_ref())
}

/// An endpoint that a person chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// What its key is sealed for: made anew with each key.
    pub seal: AccountId,
    #[serde(flatten)]
    pub at: ModelAt,
    /// The key, sealed; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Vec<u8>>,
    pub requests_per_minute: u32,
    pub side_by_side: u32,
    pub mails_per_request: u32,
    pub chosen_at: Timestamp,
}

impl ModelRecord {
    /// Whom its key is sealed for.
    pub fn sealed_for<'a>(&'a self, owner: &'a UserId) -> SealedFor<'a> {
        SealedFor {
            owner,
            account: &self.seal,
        }
    }
}

/// That beginnings of an account's mails may be sent to a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedRecord {
    pub account: AccountId,
    /// That one, and no other.
    #[serde(flatten)]
    pub to: ModelAt,
    pub at: Timestamp,
}
