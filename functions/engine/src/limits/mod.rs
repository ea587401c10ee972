//! What may happen how often: requests, tries and open jobs of a person, calls to a provider, further
//! attempts.
//! Each limit is a row of the table that all processes share.

pub mod backoff;
pub(crate) mod budget;
pub(crate) mod idempotency;
pub(crate) mod model_turns;
pub(crate) mod open_jobs;
pub mod requests;
pub(crate) mod sessions;
mod token_bucket;
pub(crate) mod tries;
pub mod waiting;

use jiff::SignedDuration;

/// How much before its deadline a worker begins nothing new, besides what it knows to take longer: room for
/// one provider call and for storing its result.
pub(crate) const RESERVE: SignedDuration = SignedDuration::from_secs(5);
/// How much longer than its deadline a worker's lease lasts.
pub(crate) const LEASE_MARGIN: SignedDuration = SignedDuration::from_secs(5);

#[cfg(test)]
mod tests;
