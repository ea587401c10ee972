//! The IMAP connector against a real Dovecot, seen from outside by a plain IMAP client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod bulk;
mod conformance;
mod lost;
mod odd;
mod proxy;
mod servers;
mod support;
