//! A job as it stands, and lists of them.

use std::ops::AddAssign;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::JobModel;
use super::summary::TopSender;
use crate::hash::ManifestHash;
use crate::ids::{AccountId, JobId};
use crate::job::{State, StateReason};
use crate::kinds::Kind;
use crate::operations::Operation;
use crate::options::Settings;
use crate::outcome::{Counts, ItemReason, Outcome};
use crate::unsearched::Unsearched;

/// A job as it stands: the answer to every call that is about one job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// Its id; the first three letters name the operation.
    pub id: JobId,
    pub account: AccountId,
    pub operation: Operation,
    /// So many of the files that a column of it can name are not listed in it here. All are told of a draft, asked for
    /// alone.
    #[serde(default, skip_serializing_if = "crate::omitted::zero")]
    pub files_not_listed: usize,
    /// What it is done to.
    pub kind: Kind,
    /// The selection in words, as it was asked for.
    pub selection: SelectionSummary,
    /// Where it is.
    pub state: State,
    /// Why it is held, stops or failed.
    pub reason: Option<StateReason>,
    /// While it is checked whether something changed since it was frozen: how far that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checking: Option<Checking>,
    /// Items; while planning, those found so far.
    pub total: u64,
    /// They add up to the total, always.
    pub counts: Counts,
    /// Only grows.
    pub version: u64,
    /// Chunks.
    pub chunks: Chunks,
    /// Batches.
    #[serde(default)]
    pub batches: Batches,
    /// Items a second, lately; none until it can be told.
    pub rate_per_second: Option<f64>,
    /// When it may end; none until it can be told.
    pub eta: Option<Eta>,
    /// The settings it runs with.
    pub settings: Settings,
    /// When it was drafted.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub created_at: Timestamp,
    /// When it was confirmed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub confirmed_at: Option<Timestamp>,
    /// When work begins that is held back after the confirmation: until then all of it can be stopped.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub begins_at: Option<Timestamp>,
    /// When the first worker began.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub started_at: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub ended_at: Option<Timestamp>,
    /// A draft that is not confirmed by then is gone.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub confirm_by: Option<Timestamp>,
    /// Until then it can be undone; none where it cannot.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub undo_until: Option<Timestamp>,
    /// Until then the outcome of each item can be read.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub results_until: Option<Timestamp>,
    /// The rule whose run it is, as it was called then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<OfRule>,
    /// The job this one undoes or retries.
    pub parent: Option<JobId>,
    /// How it descends from its parent.
    pub relation: Option<Relation>,
    /// Jobs that undo or retry this one.
    pub children: Vec<JobId>,
    /// Set once the selection is frozen.
    pub manifest_hash: Option<ManifestHash>,
    /// Failures, skips and uncertain items by reason, most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// Who sent most of its mails, at most three, as far as that was told when they were frozen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub senders: Vec<TopSender>,
    /// What it cost so far; none before the first call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<Called>,
    /// Of those, the ones whose items are left as they are: no retry tries them again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_as_is: Vec<ReasonCount>,
    /// What its search could not look at: nothing of it is part of the job.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsearched: Vec<Unsearched>,
    /// Who tells what its mails are about; none where nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<JobModel>,
}

/// The rule behind a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfRule {
    pub id: String,
    /// What its owner called it.
    pub name: String,
    /// It ran by itself, and not because a person said so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_itself: bool,
}

/// What work on items cost at the provider. A call that its worker did not outlive is not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Called {
    /// Calls: to read what items are, to change them, to look what became of them. A call is about many items, and
    /// may be several commands of the provider's protocol.
    pub calls: u64,
    /// Milliseconds in them, all workers together.
    pub milliseconds: u64,
}

impl AddAssign for Called {
    fn add_assign(&mut self, more: Self) {
        self.calls = self.calls.saturating_add(more.calls);
        self.milliseconds = self.milliseconds.saturating_add(more.milliseconds);
    }
}

/// How far the look is at what changed between preview and confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checking {
    /// Items that the search has found so far, run again.
    pub searched: u64,
    /// Frozen items that were compared with that.
    pub compared: u64,
}

/// How a child job descends from its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Relation {
    /// It takes back what the parent did.
    Undo,
    /// It tries again what failed in the parent.
    Retry,
    /// It does what the parent was stopped before.
    Rest,
    /// It does what the parent proposed.
    Proposed,
}

/// What was asked for, kept with the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SelectionSummary {
    /// Items picked one by one.
    Ids { count: u64 },
    /// All that matched.
    Query {
        /// The query as typed.
        query: String,
        /// How many were left out by hand.
        except: u64,
    },
    /// What each row brought.
    Rows { count: u64 },
    /// What another job left or did.
    Parent {},
}

/// How far a job is, in chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chunks {
    /// Ended.
    pub done: u64,
    /// The highest one begun, counted from 1; 0 before the first. Once the job has ended, as many as ended.
    pub current: u64,
    /// All.
    pub total: u64,
}

/// How far a job is, in batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Batches {
    /// Begun, going by the items that have an outcome; 0 before the first.
    pub current: u64,
    /// All.
    pub total: u64,
}

/// When a job may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Eta {
    /// If all goes as well as lately.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub earliest: Timestamp,
    /// If it goes noticeably worse.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub latest: Timestamp,
}

/// How many items ended for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReasonCount {
    /// How they ended.
    pub outcome: Outcome,
    pub reason: ItemReason,
    pub count: u64,
}

/// `POST /jobs/{job}/leave`: which items are left as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveAsIs {
    /// How they ended: `failed` or `uncertain`.
    pub outcome: Outcome,
    /// Why.
    pub reason: ItemReason,
}

/// A page of the history, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jobs {
    pub jobs: Vec<Job>,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_called_adds_up_and_stays_a_number() {
        let of = |calls, milliseconds| Called {
            calls,
            milliseconds,
        };
        let mut called = of(2, 300);
        called += of(3, 40);
        assert_eq!(called, of(5, 340));
        called += of(u64::MAX, u64::MAX);
        assert_eq!(called, of(u64::MAX, u64::MAX));
    }
}
