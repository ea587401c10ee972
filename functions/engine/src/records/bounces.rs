//! What is stored of mails that came back: how far the looking for reports is, until when it goes on, and what was
//! found.

use bulkhead_shared::api::BounceKind;
use bulkhead_shared::ids::{AccountId, ItemId, UserId};
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Standing;

/// How far a look for reports in an account's mailbox is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BounceLookRecord {
    /// Its problem is also what kept a look that is done from being whole.
    #[serde(flatten)]
    pub standing: Standing,
    /// Mails that looked like reports and were read by this look.
    pub read: u64,
    /// When this look was asked for.
    pub begun_at: Timestamp,
    /// Where its search goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// All that came before this time was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_until: Option<Timestamp>,
    /// Hashes of the ids of mails that were read, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<String>,
}

/// Until when reports are looked for by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BounceWatchRecord {
    pub owner: UserId,
    pub account: AccountId,
    pub until: Timestamp,
    /// When that is done next.
    pub next_at: Timestamp,
}

/// A mail that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BounceRecord {
    /// The place of its item in the job, from 0.
    pub number: u64,
    pub item: ItemId,
    pub kind: BounceKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ItemReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// When its report was found.
    pub at: Timestamp,
}
