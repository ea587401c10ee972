//! A job's life, from its draft to what is read of it long after its end. Everything here is asked for by a
//! person, except [`settle`], which workers call after each chunk.

pub(crate) mod at_once;
pub(crate) mod became;
mod bundle;
pub(crate) mod check;
pub mod children;
pub mod control;
pub mod download;
pub mod draft;
pub(crate) mod drift;
pub(crate) mod endings;
mod evidence;
pub(crate) mod filing;
pub(crate) mod forgotten;
pub mod history;
pub mod leaving;
mod measurements;
pub mod open_mails;
mod outcome_rows;
pub mod preview;
pub mod progress;
pub mod results;
mod row_results;
pub mod rows;
pub(crate) mod settle;
pub mod sign_in;
mod summary;
