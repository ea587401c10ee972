//! What is stored of mails that wait for a person: which they are, what is proposed for each, and what became of it.

use std::collections::BTreeMap;

use bulkhead_shared::api::Why;
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::operations::{Certainty, Then};
use bulkhead_shared::proposal::Proposal;
use serde::{Deserialize, Serialize};

/// That what a job found is to be kept, and what it proposed to be put before its owner; and how far that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilingRecord {
    pub owner: UserId,
    pub account: AccountId,
    pub job: JobId,
    /// It proposed something, and did not only tell what mails are about.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub proposes: bool,
    /// The first chunk of the job of which it is not kept yet what its mails are about.
    #[serde(default, skip_serializing_if = "is_none")]
    pub told: u32,
    /// The first chunk of the job that was not looked at yet.
    pub next: u32,
    /// Mails of which a proposal is sure enough to be done, as far as chunks were looked at.
    #[serde(default)]
    pub sure: BTreeMap<Proposal, u64>,
    /// How often the sweep asked for it again.
    #[serde(default)]
    pub tries: u32,
    /// Nothing of it is left to do.
    #[serde(default)]
    pub done: bool,
}

fn yes() -> bool {
    true
}

fn is_yes(is: &bool) -> bool {
    *is
}

fn is_none(number: &u32) -> bool {
    *number == 0
}

/// How sure a proposal has to be for this person, and what becomes of those that are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialRecord {
    pub certainty: Certainty,
    pub then: Then,
}

/// The mails of one chunk of a job that wait for a person, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingChunk {
    /// The job that proposed something for them.
    pub job: JobId,
    /// When it ended, in Unix seconds.
    pub at: i64,
    pub mails: Vec<WaitingMail>,
}

/// A mail that waits for a person, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingMail {
    pub id: ItemId,
    /// None where that could not be told.
    pub class: Option<Class>,
    /// How sure that is.
    pub percent: u8,
    /// What would be done with it if that were sure enough.
    pub proposal: Proposal,
    /// Why it waits.
    pub why: Why,
    /// Why the model says so, in words.
    pub because: String,
    /// What became of it; none as long as it waits.
    pub settled: Option<Settled>,
}

/// What became of a mail that waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Nothing was to be done with it, and a person agreed.
    Left,
    /// A person does not want what was proposed.
    Dismissed,
    /// It was not there any more when something was to be done with it.
    Gone,
    /// It was handed to this job, which may come to nothing or be taken back.
    Given(JobId),
}
