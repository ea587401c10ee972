//! Answers that are jobs. What reads every operation there is takes more room than what reads mails: it is a part of
//! the app that no list of mails waits for.

use bulkhead_shared::api::{Job, Jobs};
use wasm_split_helpers::wasm_split;

use super::Answer;
use super::said::Said;

/// Reads a job.
#[wasm_split(jobs, fallible, preload(fetch))]
pub fn one(said: Said) -> Answer<Job> {
    said.read()
}

/// Reads a page of them.
#[wasm_split(jobs, fallible)]
pub fn page(said: Said) -> Answer<Jobs> {
    said.read()
}
