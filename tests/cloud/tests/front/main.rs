//! The front over HTTP: who calls is known, noted and held to their policies; what goes wrong on
//! demand does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;
mod moto;
mod rows_and_queues;
