//! What is stored of a file that goes along with mails.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A file that is kept; its bytes are in rows of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its size.
    pub bytes: u64,
    /// Until when it may be read.
    pub until: Timestamp,
}
