//! What end-to-end stories stand on: real servers, the `bulkhead` process, a browser.
//!
//! The stories themselves are in `stories/`. They speak HTTP and know `bulkhead-shared` only.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this crate is test code: a broken expectation has to end the test"
)]

pub mod api;
pub mod axe;
pub mod browser;
pub mod driver;
pub mod functions;
pub mod large_job;
mod ports;
pub mod servers;
pub mod tour;
pub mod workbook;
