//! Bulkhead's rules: freezing a selection, working through it in chunks, retry, undo, progress,
//! sweep. All of it speaks to the world through the ports in [`ports`]: no AWS, no network, no
//! clock and no randomness of its own, so that it runs natively, in WebAssembly and in tests that
//! crash it after each single write.
//!
//! For a person: [`accounts`], [`draft`], [`preview`], [`control`], [`children`], [`progress`], [`results`],
//! [`download`], [`audit`] and [`requests`]. For a worker: [`work`] and [`sweep`].

pub mod access;
pub mod accounts;
pub mod audit;
mod budget;
pub mod children;
mod chunk;
pub mod control;
mod dispatch;
pub mod download;
pub mod draft;
mod drift;
pub mod error;
mod facts;
mod idempotency;
pub mod mail;
mod mbox;
mod open_jobs;
pub mod pack;
mod plan;
pub mod ports;
pub mod preview;
pub mod progress;
pub mod records;
pub mod requests;
pub mod results;
pub mod retry;
mod settle;
pub mod store;
pub mod sweep;
#[cfg(feature = "testing")]
pub mod testing;
mod tokens;
pub mod work;
