//! What was done, in order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Job;
use crate::ids::{AccountId, ItemId, JobId};
use crate::outcome::{ItemReason, Outcome};

/// A fact that is never changed: who did what, when, with which result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// Counts from 1 without gaps, for each user.
    pub sequence: u64,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// What happened (`job_confirmed`).
    pub event: String,
    /// Which job, if it is about one.
    pub job: Option<JobId>,
    /// Which account, if it is about one.
    pub account: Option<AccountId>,
    /// Figures that belong to the event.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub facts: serde_json::Value,
    /// The hash of the event before; 64 zeros for the first.
    pub previous: String,
    /// SHA-256 over this event and the hash before it.
    pub hash: String,
}

/// A page of the audit trail, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvents {
    pub events: Vec<AuditEvent>,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// All that is on record of one job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditBundle {
    pub job: Job,
    /// Its events of the trail, the oldest first.
    pub events: Vec<AuditEvent>,
    /// Its items in the order of the manifest.
    pub items: Vec<AuditedItem>,
}

/// How an item ended, without what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditedItem {
    /// The number of its row where rows have numbers, or else its place, counted from 1.
    pub number: u64,
    pub id: ItemId,
    /// None while it has not ended.
    pub outcome: Option<Outcome>,
    /// Why, where it did not succeed.
    pub reason: Option<ItemReason>,
    /// When the call began that did it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub started_at: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub at: Option<Timestamp>,
    /// What was found of it, in a word, where something is computed.
    pub result: Option<String>,
}
