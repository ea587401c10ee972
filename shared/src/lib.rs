//! What browser and server agree on: ids, operations, selections, the job's states, limits,
//! the selection's hash and the messages of the API.
//!
//! Everything here is data and pure functions. There is no I/O, no clock and no randomness, so
//! the same rules run in the browser, in the worker and in tests, on WebAssembly and natively.

pub mod abilities;
pub mod address;
pub mod advice;
pub mod api;
pub mod attached_file;
pub mod class;
pub mod csv;
pub mod hash;
pub mod ids;
pub mod job;
pub mod kinds;
pub mod labels;
pub mod limits;
mod moment;
pub mod omitted;
pub mod operations;
pub mod options;
pub mod outcome;
pub mod problem;
pub mod proposal;
mod prose;
pub mod query;
pub mod rules;
pub mod selection;
pub mod suppression;
pub mod tokens;
pub mod unsearched;
pub mod unsubscribe;
pub mod utf7;
pub mod vcard;
pub mod vocabulary;
mod words;

pub use jiff::Timestamp;
