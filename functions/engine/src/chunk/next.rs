//! Why a worker stops, and what is next for the chunk.

use jiff::Timestamp;

use crate::limits::backoff;
use crate::ports::CallError;

/// Why a worker puts a chunk down, and so what happens with it next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Every item has an outcome.
    Done,
    /// Another attempt, not before this time.
    RetryAt(Timestamp),
    /// The next batch, not before this time: no attempt is used.
    Pause(Timestamp),
    /// The provider asked to wait: no attempt is used.
    Wait(Timestamp),
    /// The provider wants a new sign-in.
    SignIn,
    /// Out of time: somebody goes on at once.
    Yield,
    /// The job was held or stopped.
    Release,
}

/// What made a worker stop before all was done.
#[derive(Debug)]
pub(super) enum Stop {
    /// A call failed as a whole.
    Call(CallError),
    /// The budget is used up until then, or the provider asked somebody else to wait.
    Budget(Timestamp),
    /// A model asked to wait until then.
    Model(Timestamp),
    /// A batch is done, and the next one begins then.
    Pause(Timestamp),
    /// Too close to the deadline.
    Deadline,
    /// The job was held or stopped.
    Told,
}

/// The time of the next attempt after so many.
pub(super) fn next_attempt(attempts: u32, now: Timestamp, random: u128) -> Timestamp {
    now + backoff::delay(attempts, random)
}
