//! One module for each kind of account behind the engine's connector port, and readers for mail
//! files.

pub mod imap;
pub mod import;
pub mod sandbox;
