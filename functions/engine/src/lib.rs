//! Bulkhead's rules: freezing a selection, working through it in chunks, retry, undo, progress,
//! sweep. All of it speaks to the world through the ports in [`ports`]: no AWS, no network, no
//! clock and no randomness of its own, so that it runs natively, in WebAssembly and in tests that
//! crash it after each single write.
//!
//! For a person: [`accounts`], [`jobs`], [`advice`], [`review`], [`rules`], [`audit`] and [`limits::requests`]. For a worker: [`work`] and [`sweep`].

pub mod access;
pub mod accounts;
pub mod advice;
pub mod attached;
pub mod audit;
mod background;
pub mod bounces;
mod chunk;
pub mod classes;
mod dispatch;
pub mod error;
pub mod header;
pub mod jobs;
pub mod kinds;
pub mod letters;
pub mod limits;
pub mod log_redaction;
pub mod models;
pub mod outbox;
mod people;
mod plan;
pub mod ports;
pub mod reading;
pub mod records;
pub mod replies;
pub mod review;
pub mod rules;
pub mod scan;
mod stores;
pub mod suppression;
pub mod sweep;
mod tasks;
pub mod templates;
#[cfg(feature = "testing")]
pub mod testing;
mod unreadable;
pub mod unsubscribe;
pub mod work;
pub mod written;
