//! What is stored of those who get no mail.

use bulkhead_shared::ids::JobId;
use bulkhead_shared::suppression::Suppression;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An address on an account's list of those who get no mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppressedRecord {
    /// As it was written when it came onto the list.
    pub address: String,
    pub why: Suppression,
    pub at: Timestamp,
    /// What its server said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The job whose mail came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
}

/// Rows that were left out when a job was drafted: some of them, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutRecord {
    pub rows: Vec<LeftOut>,
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Counted from 1.
    pub row: u32,
    pub address: String,
    pub why: Suppression,
    /// What it brought, so that a draft can be written anew.
    pub input: String,
}
