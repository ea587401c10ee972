//! What a person said of a mail that may have arrived or not.

use bulkhead_shared::ids::{ItemId, JobId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was said of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidRecord {
    /// Of which.
    pub item: ItemId,
    /// When.
    pub at: Timestamp,
    /// The job that sends it once more; none: it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<JobId>,
    /// How many drafts that were to send it again were made and came to nothing.
    #[serde(default, skip_serializing_if = "bulkhead_shared::omitted::zero")]
    pub dropped: u32,
}
