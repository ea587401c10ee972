//! What may happen how often: requests, tries and open jobs of a person, calls to a provider, further
//! attempts.
//! Each limit is a row of the table that all processes share.

pub mod backoff;
pub(crate) mod budget;
pub(crate) mod idempotency;
pub(crate) mod open_jobs;
pub mod requests;
pub(crate) mod sessions;
mod token_bucket;
pub(crate) mod tries;
pub mod waiting;
