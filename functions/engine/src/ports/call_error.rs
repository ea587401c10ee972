//! How a call to a provider fails.

use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

/// A call to a provider failed as a whole.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Asked to wait. Nothing was done.
    #[error("the provider asks to wait")]
    Throttled {
        /// Until when, if it said.
        until: Option<Timestamp>,
    },
    /// The sign-in is refused. Nothing was done.
    #[error("the provider refuses the sign-in")]
    SignIn,
    /// Not reachable, or broken off. What was being changed may be done or not.
    #[error("the provider cannot be reached: {0}")]
    Unavailable(String),
    /// The account cannot do or search this. For a person.
    #[error("{0}")]
    Unsupported(String),
    /// Will not work at another try either. Nothing was done.
    #[error("the provider refuses: {}", .0.text())]
    Refused(ItemReason),
}
