//! One module for each kind of account behind the engine's connector port, and readers for mail
//! files.

mod attachments;
mod headers;
pub mod imap;
#[cfg(feature = "sandbox")]
pub mod import;
#[cfg(feature = "sandbox")]
pub mod sandbox;
