//! What an item is: its state, and how two states are told apart.
//!
//! To add a kind: a module here with its state, what its operations make of one, and how it is stored; and
//! a line in [`State`], [`Goal`] and `stored`.

pub mod contact;
pub mod duplicate;
mod goal;
pub mod mail;
pub mod mbox;
mod not_a_state;
mod state;
mod stored;
pub mod version;

pub use goal::{Back, Goal};
pub use not_a_state::NotAState;
pub use state::{Change, Effect, Found, ItemState, State};
pub use stored::{decode, encode, schema};
