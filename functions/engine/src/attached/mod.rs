//! Files that go along with mails: kept for an account under the hash of their bytes until the mails are sent, and
//! read again right before each mail goes out.
//!
//! An operation names them by that hash, so they are part of what is frozen and confirmed.

mod keep;
mod shelf;

pub(crate) use keep::check_kept;
pub use keep::keep;
pub(crate) use shelf::Shelf;

#[cfg(all(test, feature = "testing"))]
mod tests;
