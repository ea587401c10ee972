//! What happened, for whoever keeps figures: counts, durations and kinds, and never an id of a
//! person or content (invariant 10).
//!
//! What a job came to is read from the outbox, so it is never lost, and noted twice if its reader died right
//! then. Every other fact is noted after the write that makes it true, and only by whose conditional write
//! that was: what is done twice because a message came twice is noted once, and a process that dies between
//! the write and the note loses the fact. Figures are for watching, the truth is in the table.

use bulkhead_shared::job::State;
use bulkhead_shared::operations::OperationName;
use bulkhead_shared::outcome::Counts;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Takes facts. Never fails and never waits: figures are no reason to stop the work.
pub trait Meter: Send + Sync {
    /// Something happened.
    fn note(&self, fact: Fact);
}

/// Something that happened once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// A job was drafted.
    JobDrafted {
        /// What it is to do. A retry has the operation that it tries again.
        operation: OperationName,
        /// How its items were named.
        selected: Selected,
    },
    /// A job reached its last state.
    JobEnded {
        /// What it did.
        operation: OperationName,
        /// That state.
        state: State,
        /// How its items ended; all zero for a draft that was never confirmed.
        counts: Counts,
        /// From its confirmation to its end; none for a draft that was never confirmed.
        took: Option<SignedDuration>,
    },
    /// The outcomes of some items were stored. Over the life of a job these add up to its counts.
    ItemsEnded {
        /// What was to be done to them.
        operation: OperationName,
        /// How many, by outcome; pending and running stay zero.
        counts: Counts,
    },
    /// A worker had a chunk and stored what came of it, done or not.
    ChunkWorked {
        /// What was done.
        operation: OperationName,
        /// From the claim to the stored result.
        took: SignedDuration,
    },
    /// A provider answered a call with "slow down".
    ProviderThrottled {
        /// What was being done.
        operation: OperationName,
    },
    /// Work waits because an account's allowance is used up, or because its provider asked another
    /// worker to wait.
    BudgetWaited {
        /// What was being done.
        operation: OperationName,
        /// For how long.
        wait: SignedDuration,
    },
    /// Items of a chunk did not work out and are tried again later.
    RetryPlanned {
        /// What was being done.
        operation: OperationName,
        /// The attempts used so far, from 1.
        attempts: u32,
    },
    /// A person's request was refused because of a limit.
    RequestRefused { limit: Limit },
}

/// How a draft's items were named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selected {
    /// Picked one by one.
    Ids,
    /// All that match a query.
    Query,
    /// What rows brought.
    Rows,
    /// What another job changed: an undo.
    Undo,
    /// What failed in another job: a retry.
    Retry,
}

impl Selected {
    /// The name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ids => "ids",
            Self::Query => "query",
            Self::Rows => "rows",
            Self::Undo => "undo",
            Self::Retry => "retry",
        }
    }
}

/// A limit that a person can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Limit {
    /// Requests per minute.
    Requests,
    /// Jobs that are open at once.
    OpenJobs,
    /// Connections that are tried.
    ConnectionTries,
    /// Requests that wait for a mail server at once.
    WaitingRequests,
}

impl Limit {
    /// The name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::OpenJobs => "open_jobs",
            Self::ConnectionTries => "connection_tries",
            Self::WaitingRequests => "waiting_requests",
        }
    }
}

/// Where nobody keeps figures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Meter for Silent {
    fn note(&self, _fact: Fact) {}
}
