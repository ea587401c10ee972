//! How work in the background stands, as each row of such work says it.

use bulkhead_shared::api::ScanState;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How work in the background stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub state: ScanState,
    /// How often in a row the provider could not be reached.
    #[serde(default)]
    pub tries: u32,
    /// Until when somebody works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
    /// When this row was written.
    pub updated_at: Timestamp,
    /// Why it was given up, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Standing {
    /// Asked for at this moment.
    pub fn asked(now: Timestamp) -> Self {
        Self {
            state: ScanState::Running,
            tries: 0,
            held_until: None,
            updated_at: now,
            problem: None,
        }
    }
}
