//! The answer to whoever asks a function that may only look for more.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::outcome::ItemReason;

/// Refuses the call, and says so in the log.
pub(super) fn refuse<T>(call: &'static str) -> Result<T, CallError> {
    tracing::error!(call, "A function that may only look asked for more.");
    Err(CallError::Refused(ItemReason::Internal))
}
