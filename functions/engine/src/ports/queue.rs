//! Messages about work, delivered at least once.

use std::time::Duration;

use async_trait::async_trait;
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use serde::{Deserialize, Serialize};

/// A piece of work. Ids only: never content (invariant 10).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Freeze the job's selection.
    Plan { job: JobId },
    /// Look whether something changed since the selection was frozen, and confirm the job if not.
    Check { job: JobId },
    /// Work on a chunk.
    Chunk {
        job: JobId,
        /// The chunk's number, from 0.
        chunk: u32,
    },
    /// Read the headers of an account's mails.
    Scan {
        /// Whose account.
        owner: UserId,
        account: AccountId,
    },
    /// Look for reports of mails that came back to an account.
    Bounces {
        /// Whose account.
        owner: UserId,
        account: AccountId,
    },
    /// Weigh the senders and lists of an account.
    Advise {
        /// Whose account.
        owner: UserId,
        account: AccountId,
    },
    /// Look through an account's mails for one of its rules.
    Rule {
        /// Whose account.
        owner: UserId,
        account: AccountId,
    },
    /// Put before its owner what a job proposed.
    Review {
        /// Whose account.
        owner: UserId,
        account: AccountId,
        job: JobId,
    },
}

impl Message {
    /// The id of what it is about.
    pub fn about(&self) -> &str {
        match self {
            Self::Plan { job }
            | Self::Check { job }
            | Self::Chunk { job, .. }
            | Self::Review { job, .. } => job.as_str(),
            Self::Scan { account, .. }
            | Self::Advise { account, .. }
            | Self::Rule { account, .. }
            | Self::Bounces { account, .. } => account.as_str(),
        }
    }

    /// The job it is about, if it is about one.
    pub fn job(&self) -> Option<&JobId> {
        match self {
            Self::Plan { job }
            | Self::Check { job }
            | Self::Chunk { job, .. }
            | Self::Review { job, .. } => Some(job),
            Self::Scan { .. } | Self::Advise { .. } | Self::Rule { .. } | Self::Bounces { .. } => {
                None
            }
        }
    }

    /// The chunk it is about, if it is about one.
    pub fn chunk(&self) -> Option<u32> {
        match self {
            Self::Plan { .. }
            | Self::Check { .. }
            | Self::Scan { .. }
            | Self::Advise { .. }
            | Self::Rule { .. }
            | Self::Bounces { .. }
            | Self::Review { .. } => None,
            Self::Chunk { chunk, .. } => Some(*chunk),
        }
    }
}

/// A message with the time it is to wait before anybody gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The work.
    pub message: Message,
    /// Not before so much time has passed. Beyond [`QUEUE_DELAY_MOST`] the adapter sends at that
    /// limit, and whoever receives it finds it is too early.
    pub delay: Duration,
}

/// The longest a message can wait in the queue (SQS DelaySeconds).
pub const QUEUE_DELAY_MOST: Duration = Duration::from_secs(900);

/// The queue did not take all of it.
#[derive(Debug, thiserror::Error)]
#[error("the queue did not take {} of the messages", failed.len())]
pub struct QueueError {
    /// Those that were not taken.
    pub failed: Vec<Outgoing>,
    /// Why, for the first of them.
    #[source]
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

/// Where work is put. Delivery is at least once, in no order.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Sends all, in as few calls as the queue allows. `group` keeps one tenant's flood from
    /// starving the others (SQS fair queues).
    async fn send(&self, group: &str, messages: Vec<Outgoing>) -> Result<(), QueueError>;
}
