//! What an item is: its state, and how two states are told apart.
//!
//! To add a kind: a file here with what its operations make of a state, and one below it with the state itself
//! and how that is stored; a variant of [`State`], which the compiler follows through `state.rs`, and one of
//! [`Goal`].

mod change;
pub mod contact;
pub mod duplicate;
mod goal;
pub mod mail;
pub mod mailbox;
pub mod mbox;
mod not_a_state;
mod state;
pub mod version;

pub use change::{Change, Effect, Found, ItemState};
pub use goal::{Back, Goal};
pub use not_a_state::NotAState;
pub use state::{OfKind, State, decode, encode, schema};
