//! The IMAP connector against a real Dovecot, seen from outside by a plain IMAP client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod answers;
mod between;
mod bulk;
mod conformance;
mod directory;
mod directory_cuts;
mod directory_doubled;
mod directory_suite;
mod field;
mod hostile;
mod identity;
mod jobs;
mod lost;
mod meddler;
mod odd;
mod odd_flags;
mod proxy;
mod refusals;
mod reported;
mod servers;
mod support;
mod tokens;
mod versions;
mod whole;
