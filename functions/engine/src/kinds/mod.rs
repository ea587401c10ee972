//! What an item is: its state, and how two states are told apart.

pub mod contact;
pub mod mail;
pub mod mbox;
pub mod version;
