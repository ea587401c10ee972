//! What a person does with Bulkhead, from the outside: one story per file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a broken expectation has to end the test"
)]

mod advice;
mod audit;
mod bad_input;
mod batch;
mod brake;
mod browser;
mod cancel;
mod contacts;
mod export;
mod functions;
mod imap;
mod import;
mod large;
mod mailboxes;
mod main_job;
mod model;
mod outgoing;
mod outgoing_deaths;
mod outgoing_files;
mod outgoing_put_back;
mod pause;
mod replies;
mod retry;
mod rules;
mod steps;
mod template;
mod trouble;
mod unsubscribing;
