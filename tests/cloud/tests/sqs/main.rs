//! What SQS does, in one suite: against our own server and against moto, which others wrote.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;
mod moto;
mod ours;
mod suite;
