//! What happened to a job, as it is told: in the audit trail and in the outbox.

use bulkhead_shared::api::{ReasonCount, Relation};
use bulkhead_shared::hash::ManifestHash;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::OperationName;
use bulkhead_shared::options::Settings;
use bulkhead_shared::outcome::Counts;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::ports::Selected;

/// Something that happened to a job. It is stored by these names, which never change; ids and figures,
/// never content (invariant 10).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum JobEvent {
    /// It was drafted.
    JobDrafted {
        /// What it is to do. A retry has the operation that it tries again.
        operation: OperationName,
        /// How its items were named.
        selected: Selected,
        /// How it descends from its parent, if it has one.
        relation: Option<Relation>,
        /// The job it descends from.
        parent: Option<JobId>,
    },
    /// Its selection was frozen.
    JobFrozen {
        /// Items.
        total: u64,
    },
    /// A person said yes, and what changed since it was frozen is looked at.
    JobChecking {
        /// Items.
        total: u64,
    },
    /// Something changed that they have not seen: they are asked again.
    JobDrifted {
        /// Items that left.
        left: u64,
        /// Items that somebody changed.
        changed: u64,
        /// Items that came to match.
        joined: u64,
    },
    /// What changed cannot be told: they are asked again.
    JobUnchecked {
        /// Why.
        reason: StateReason,
    },
    /// A person said yes to exactly this.
    JobConfirmed {
        /// Items.
        total: u64,
        /// The hash that was confirmed.
        manifest_hash: Option<ManifestHash>,
        /// What it runs with.
        settings: Settings,
    },
    /// A worker began the first chunk.
    JobStarted {},
    /// It is held.
    JobPaused {
        /// Where it is now.
        state: State,
        /// Why it is held.
        reason: StateReason,
    },
    /// It goes on.
    JobResumed {
        /// Where it is now.
        state: State,
    },
    /// It is to stop.
    JobStopped {
        /// Where it is now.
        state: State,
        reason: StateReason,
    },
    /// Nothing will happen to it any more.
    JobEnded {
        /// What it did.
        operation: OperationName,
        /// Its last state.
        state: State,
        /// Why it ended so, where the state does not say it.
        reason: Option<StateReason>,
        /// How its items ended; all zero for a draft that was never confirmed.
        counts: Counts,
        /// Of those, the ones that no worker ever began.
        never_started: Counts,
        /// Why items did not succeed.
        reasons: Vec<ReasonCount>,
        /// From its confirmation to its end; none for a draft that was never confirmed.
        took: Option<SignedDuration>,
        /// A digest over the outcome of every item, if there are any.
        outcomes: Option<String>,
    },
}

/// What a transition has to tell. It is stored in one write with the job's record, so that neither is
/// ever without the other.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a change of a job is stored with what it has to tell"]
pub(crate) struct Happened(Vec<JobEvent>);

impl Happened {
    /// One after the other.
    pub(super) fn of(events: impl IntoIterator<Item = JobEvent>) -> Self {
        Self(events.into_iter().collect())
    }

    /// This, and then that.
    pub(crate) fn then(mut self, later: Self) -> Self {
        self.0.extend(later.0);
        self
    }

    /// In their order.
    pub(crate) fn events(&self) -> &[JobEvent] {
        &self.0
    }
}
