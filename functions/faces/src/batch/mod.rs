//! The batch API: mails are named by UUIDs, classified or processed up to a hundred at a time, and watched by
//! polling.
//!
//! A batch is a job for each account that it has mails of, under a name of this API's own form. What is kept
//! of it is a small row: its name, its jobs, when it was accepted. Counts, states and failures are read from
//! the jobs, so that they cannot differ from ours.

mod accept;
mod address;
mod claims;
mod directory;
mod list;
mod permutation;
mod record;
mod status;
mod words;

pub use accept::accept;
pub use list::list;
pub use status::status;
pub use words::Work;
