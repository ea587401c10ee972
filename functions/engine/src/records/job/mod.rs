//! A job as it is stored.

mod check;
mod checking;
mod event;
mod planning;
mod summary;
mod transitions;

use std::ops::Deref;

use bulkhead_shared::api::{
    Called, Drift, OfRule, ReasonCount, Relation, SelectionSummary, TokensSpent, TouchedFolder,
    UndoPreview,
};
use bulkhead_shared::hash::{HashSoFar, ManifestHash};
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Gathering, Operation, Task};
use bulkhead_shared::options::Settings;
use bulkhead_shared::outcome::{Counts, ItemReason, Outcome};
use bulkhead_shared::unsearched::Unsearched;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ModelAt;

pub use check::{Check, CheckStep, Reached};
pub(crate) use checking::CheckTaken;
pub(crate) use event::Happened;
pub use event::JobEvent;
pub(crate) use planning::{Found, Gathered, Taken};
pub use summary::{Guard, SENDERS_REMEMBERED, SummaryRecord};
pub(crate) use transitions::{Ended, JobDraft};

/// The schema of jobs that name a model: a program that knows no such would ask another one.
const SCHEMA_OF_MODEL: u32 = 3;

/// How long nothing may happen to a working job before the sweep looks at it.
pub const SWEEP_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// A job as it is stored. Everybody may read its fields; nobody changes them but by what may happen to a
/// job, in [`transitions`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobRecord(JobFields);

impl Deref for JobRecord {
    type Target = JobFields;

    fn deref(&self) -> &JobFields {
        &self.0
    }
}

/// The fields of a job's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobFields {
    pub id: JobId,
    pub owner: UserId,
    pub account: AccountId,
    /// What its items are.
    #[serde(default = "mail")]
    pub kind: Kind,
    pub operation: Operation,
    pub selection: SelectionSummary,
    pub settings: Settings,
    /// Where it is.
    pub state: State,
    /// Why it is held, stops or failed.
    pub why: Option<StateReason>,
    /// Items frozen (so far).
    pub total: u64,
    /// Items in a chunk: while the selection is frozen at the most, afterwards exactly. None in a
    /// record of before chunks were cut apart from batches: there a batch was a chunk.
    #[serde(default)]
    pub chunk_items: Option<u32>,
    /// Which planner's rows count; grows with each attempt to plan.
    pub generation: u32,
    /// Where rows of planners count that died: those of its first chunks, one after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierRows>,
    /// Above the first one where a program that only knows that would look for rows where they are not.
    #[serde(default, skip_serializing_if = "is_first")]
    pub schema: u32,
    /// A planner works until then, or the provider asked to wait: nobody else plans before.
    pub planning_until: Option<Timestamp>,
    /// How many planners began anew, but for those that trouble of the moment stopped.
    #[serde(default)]
    pub plan_attempts: u32,
    /// How often in a row the provider could not be reached.
    #[serde(default)]
    pub plan_troubles: u32,
    /// Where the next planner goes on, if the last one put its work down in order.
    #[serde(default)]
    pub put_down: Option<PutDown>,
    /// Set once frozen.
    pub manifest_hash: Option<ManifestHash>,
    /// The connector's sync token when the selection was frozen.
    #[serde(rename = "mark")]
    pub sync_token: Option<String>,
    /// The drift that was seen when the draft was confirmed, if items had left: those are skipped.
    #[serde(default)]
    pub drift: Option<String>,
    /// The last look at what drifted, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// What that look found that the person had not seen, while they are asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drifted: Option<Drift>,
    /// For an undo: what the planner found.
    pub undo_preview: Option<UndoPreview>,
    /// For a merge of duplicates: in how many groups its items are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<u64>,
    /// For an undo or a retry: items that belong to it and whose records cannot be read. They are
    /// left out, so they are no part of the total.
    #[serde(default)]
    pub unreadable: u64,
    /// Why some of those cannot be read; of the others the records are damaged.
    #[serde(default)]
    pub unreadable_why: UnreadableWhy,
    /// Rows that were left out because their addresses get no mail; they are no part of the total.
    #[serde(default, skip_serializing_if = "bulkhead_shared::omitted::zero")]
    pub suppressed: u64,
    /// What the search could not look at when the selection was frozen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsearched: Vec<Unsearched>,
    /// The folders of the frozen items, the first ones in the manifest's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<TouchedFolder>,
    /// Items in further folders.
    #[serde(default)]
    pub elsewhere: u64,
    /// What is in its mails, as far as that was told when they were frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<SummaryRecord>,
    /// What keeps protected mails out of it, and how many; none where they are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Guard>,
    /// The rule whose run it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<OfRule>,
    /// The model somewhere else that tells what its mails are about; none where nothing is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelAt>,
    /// What asking it took, once the job has ended.
    #[serde(default, skip_serializing_if = "TokensSpent::is_none")]
    pub tokens: TokensSpent,
    /// The job this one descends from.
    pub parent: Option<JobId>,
    pub relation: Option<Relation>,
    /// Jobs that descend from this one.
    pub children: Vec<JobId>,
    /// Whether what it does can be taken back.
    pub reversible: bool,
    /// When it was drafted; relative times of its query count from here.
    pub created_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When the first worker began.
    pub started_at: Option<Timestamp>,
    /// When it was last held, while it is.
    pub paused_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// The final counts, once it has ended.
    pub counts: Option<Counts>,
    /// Chunks that ended, once it has ended.
    pub chunks_done: u64,
    /// What all of its calls cost, once it has ended; none of a job from before that was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<Called>,
    /// The final reasons, once it has ended.
    pub reasons: Vec<ReasonCount>,
    /// Of those, the ones whose items a person leaves as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_as_is: Vec<ReasonCount>,
}

impl JobFields {
    /// Whether a model is asked about its items.
    pub fn asks_a_model(&self) -> bool {
        asks_a_model(self.kind, &self.operation)
    }

    /// Whether only those items are part of it that say the same as another one.
    pub fn takes_duplicates(&self) -> bool {
        self.operation.gathers() == Some(Gathering::Duplicates)
    }

    /// Whether its items stand for the lists that they came by: each is asked as it was frozen, whatever becomes of the
    /// mail.
    pub fn takes_lists(&self) -> bool {
        self.operation.gathers() == Some(Gathering::Lists)
    }

    /// Items that a retry would try again.
    pub fn retryable(&self) -> u64 {
        let task = self.operation.about().task;
        let all = task.retryable(self.counts.unwrap_or_default());
        all.saturating_sub(self.left_of(&self.reasons))
    }

    /// How many of these a retry leaves out, because a person leaves them as they are.
    pub fn left_of(&self, reasons: &[ReasonCount]) -> u64 {
        let task = self.operation.about().task;
        let left = reasons.iter().filter(|of| {
            task.may_retry(of.outcome) && self.is_left_as_is(of.outcome, Some(of.reason))
        });
        left.map(|of| of.count).sum()
    }

    /// Whether a person leaves items as they are that ended so.
    pub fn is_left_as_is(&self, outcome: Outcome, reason: Option<ItemReason>) -> bool {
        let mut left = self.left_as_is.iter();
        left.any(|left| left.outcome == outcome && Some(left.reason) == reason)
    }

    /// Whether it is a draft, or becomes one, that can still be confirmed and was not.
    pub fn is_open_draft(&self, now: Timestamp) -> bool {
        match self.state {
            State::Planning | State::Draft => self.confirm_by() > now,
            State::Checking => true,
            _ => false,
        }
    }

    /// Items in each chunk but the last.
    pub fn full_chunk(&self) -> u32 {
        self.chunk_items.unwrap_or(self.settings.batch_size).max(1)
    }

    /// The generation that the row of a chunk is of.
    pub fn generation_of(&self, chunk: u32) -> u32 {
        let earlier = self.earlier.iter().find(|rows| chunk < rows.before);
        earlier.map_or(self.generation, |rows| rows.generation)
    }

    /// Number of chunks.
    pub fn chunks(&self) -> u32 {
        u32::try_from(self.total.div_ceil(u64::from(self.full_chunk()))).unwrap_or(u32::MAX)
    }

    /// Items in a chunk.
    pub fn chunk_size(&self, chunk: u32) -> u32 {
        let full = u64::from(self.full_chunk());
        let rest = self.total.saturating_sub(u64::from(chunk) * full);
        u32::try_from(rest.min(full)).unwrap_or(u32::MAX)
    }

    /// Number of batches: no batch goes beyond its chunk.
    pub fn batches(&self) -> u64 {
        let (full, total) = (u64::from(self.full_chunk()), self.total);
        total / full * self.batches_of(full) + self.batches_of(total % full)
    }

    /// Number of batches that so many items of one chunk make.
    pub fn batches_of(&self, items: u64) -> u64 {
        items.div_ceil(u64::from(self.settings.batch_size.max(1)))
    }

    /// A draft that is not confirmed by then is gone.
    pub fn confirm_by(&self) -> Timestamp {
        self.created_at + SignedDuration::from_hours(limits::DRAFT_HOURS)
    }

    /// When work on it begins; none before it is confirmed. Until then it can be stopped whole.
    pub fn begins_at(&self) -> Option<Timestamp> {
        Some(self.operation.begins(self.confirmed_at?))
    }

    /// Until then it can be undone; none where it cannot (yet).
    pub fn undo_until(&self) -> Option<Timestamp> {
        let days = i64::from(self.settings.undo_days);
        let counts = self.counts.as_ref();
        let changed = counts.is_none_or(|counts| counts.succeeded + counts.uncertain > 0);
        let ended = self
            .ended_at
            .filter(|_| self.reversible && changed && self.confirmed_at.is_some())?;
        Some(ended + SignedDuration::from_hours(24 * days))
    }

    /// Until then the outcome of each item can be read.
    pub fn results_until(&self) -> Option<Timestamp> {
        Some(self.ended_at? + SignedDuration::from_hours(limits::RESULT_HOURS))
    }

    /// When the sweep has to look at it next; never once it has ended.
    pub fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let soon = now + SWEEP_AFTER;
        match (self.state, self.why) {
            (State::Draft, _) => Some(self.confirm_by()),
            (State::Paused, Some(StateReason::WaitingForProvider { until })) => {
                Some(until.max(soon))
            }
            (State::Paused, _) => Some(
                self.paused_at.unwrap_or(now) + SignedDuration::from_hours(24 * limits::PAUSE_DAYS),
            ),
            (state, _) if state.is_ended() => None,
            (State::Queued, _) => Some(self.begins_at().map_or(soon, |begins| begins.max(soon))),
            _ => Some(soon),
        }
    }
}

/// Whether a model is asked about items of this kind for that.
pub fn asks_a_model(kind: Kind, operation: &Operation) -> bool {
    kind == Kind::Mail && (operation.about().task == Task::Compute || is_written(operation))
}

/// Whether a model writes replies.
pub fn is_written(operation: &Operation) -> bool {
    matches!(operation, Operation::DraftReply(reply) if reply.instruction.is_some())
}

/// Of the items whose records cannot be read: how many for another reason than damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UnreadableWhy {
    /// A later version of this program stored them.
    pub newer: u64,
    /// They are no longer where they have to be.
    pub missing: u64,
}

impl std::ops::AddAssign for UnreadableWhy {
    fn add_assign(&mut self, other: Self) {
        self.newer += other.newer;
        self.missing += other.missing;
    }
}

/// What the items were of jobs that do not say it: there was nothing else.
fn mail() -> Kind {
    Kind::Mail
}

/// Rows of full chunks that a planner stored before it died. Nobody writes them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierRows {
    pub generation: u32,
    /// They end before this chunk.
    pub before: u32,
}

fn is_first(schema: &u32) -> bool {
    *schema == 0
}

/// How far a planner came. The items it had are stored, the job's total of them; the next one reads
/// back those that may be cut otherwise yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PutDown {
    /// The page that comes next; none for the first.
    pub cursor: Option<String>,
    /// The generation of the rows they are in; none where it is the job's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u32>,
    /// The hash over them; none where it was not kept yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<ManifestHash>,
    /// From there the hash goes on; none where it was not kept yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash_so_far: Option<HashSoFar>,
    /// A planner has it, or died with it: it was not put down in order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken: bool,
}

#[cfg(test)]
mod tests;
