//! What is stored of lists that were asked to write no more.

use bulkhead_shared::ids::JobId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A list that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsubscribedRecord {
    /// The id of the list, or the address of who writes it.
    pub list: String,
    /// What a person knows it by.
    pub name: String,
    /// The host or the address that was asked.
    pub to: String,
    pub at: Timestamp,
    /// Whether that was answered with yes.
    pub answered: bool,
    /// The job that asked.
    pub job: JobId,
}
