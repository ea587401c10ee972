//! Jobs over contacts, in memory: what a person does with them, and a death at every moment of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod book;
mod checks;
mod creates;
mod deaths;
mod exports;
mod merges;
mod undo;
mod updates;
mod world;
