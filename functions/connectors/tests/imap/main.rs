//! The IMAP connector against a real Dovecot, seen from outside by a plain IMAP client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod between;
mod bulk;
mod conformance;
mod identity;
mod lost;
mod odd;
mod proxy;
mod servers;
mod support;
mod whole;
