//! Mails handed over to a real Exim, whose log tells what it took, with copies kept on a real Dovecot.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod copies;
mod cuts;
mod lists;
mod refusals;
mod support;
mod tokens;
mod ways_in;
