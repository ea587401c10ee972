//! What is stored of replies that were drafted.

use bulkhead_shared::ids::{ItemId, JobId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A reply that is among the drafts, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepliedRecord {
    /// The mail that it answers, under the id that it had then.
    pub mail: ItemId,
    /// The id of the letter: its Message-ID, which it keeps wherever it is brought.
    pub letter: ItemId,
    /// The job that drafted it.
    pub job: JobId,
    pub at: Timestamp,
}
