//! The CardDAV store against a real Cyrus and a real Radicale, seen from outside by a plain client,
//! and against answers that no real server gives when it is asked to.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod conformance;
mod cyrus;
mod fake;
mod jobs;
mod lossy;
mod odd;
mod radicale;
mod support;
