//! The batch API: mails are named by UUIDs, classified or processed up to a hundred at a time, and watched by
//! polling.

mod words;

pub use words::{Counted, counted, state};
