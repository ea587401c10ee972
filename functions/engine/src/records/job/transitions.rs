//! What may happen to a job: one method for each, and no other way to change its state. Whether it may
//! happen now is decided by [`bulkhead_shared::job::next`] alone.

use bulkhead_shared::api::{Called, OfRule, ReasonCount, Relation, SelectionSummary, TokensSpent};
use bulkhead_shared::hash::ManifestHash;
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::job::{Event, Illegal, State, StateReason, next};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::options::Settings;
use bulkhead_shared::outcome::{Counts, ItemReason, Outcome};
use jiff::Timestamp;

use super::{
    EarlierRows, Guard, Happened, JobEvent, JobFields, JobRecord, ModelAt, SCHEMA_OF_MODEL,
    UnreadableWhy,
};
use crate::ports::Selected;

/// What is known of a job when it is drafted.
pub(crate) struct JobDraft {
    pub(crate) id: JobId,
    pub(crate) owner: UserId,
    pub(crate) account: AccountId,
    pub(crate) kind: Kind,
    pub(crate) operation: Operation,
    pub(crate) selection: SelectionSummary,
    pub(crate) settings: Settings,
    /// Items in a chunk at the most.
    pub(crate) chunk_items: u32,
    /// Whether what it does can be taken back.
    pub(crate) reversible: bool,
    /// What keeps protected mails out of it, if anything does.
    pub(crate) guard: Option<Guard>,
    /// The rule whose run it is, if it is one.
    pub(crate) rule: Option<OfRule>,
    /// The model somewhere else that its items are sent to, if they are.
    pub(crate) model: Option<ModelAt>,
    /// The job it descends from, and how.
    pub(crate) descends: Option<(JobId, Relation)>,
}

/// How the items of a job ended.
pub(crate) struct Ended {
    /// All of them.
    pub(crate) counts: Counts,
    /// Those that are in a chunk's row.
    pub(crate) in_chunks: Counts,
    pub(crate) reasons: Vec<ReasonCount>,
    /// What asking a model took.
    pub(crate) tokens: TokensSpent,
    pub(crate) chunks_done: u64,
    pub(crate) called: Option<Called>,
    /// A digest over the outcome of every item.
    pub(crate) outcomes: String,
}

impl JobRecord {
    /// A job whose selection is still to be frozen.
    pub(crate) fn new(draft: JobDraft, now: Timestamp) -> (Self, Happened) {
        let (parent, relation) = draft.descends.unzip();
        let job = Self(JobFields {
            id: draft.id,
            owner: draft.owner,
            account: draft.account,
            kind: draft.kind,
            operation: draft.operation,
            selection: draft.selection,
            settings: draft.settings,
            state: State::Planning,
            why: None,
            total: 0,
            chunk_items: Some(draft.chunk_items),
            generation: 0,
            earlier: Vec::new(),
            schema: match draft.model {
                Some(_) => SCHEMA_OF_MODEL,
                None => 0,
            },
            planning_until: None,
            plan_attempts: 0,
            plan_troubles: 0,
            put_down: None,
            manifest_hash: None,
            sync_token: None,
            drift: None,
            check: None,
            drifted: None,
            undo_preview: None,
            groups: None,
            unreadable: 0,
            unreadable_why: UnreadableWhy::default(),
            suppressed: 0,
            unsearched: Vec::new(),
            folders: Vec::new(),
            elsewhere: 0,
            summary: None,
            guard: draft.guard,
            rule: draft.rule,
            model: draft.model,
            tokens: TokensSpent::default(),
            parent,
            relation,
            children: Vec::new(),
            reversible: draft.reversible,
            created_at: now,
            confirmed_at: None,
            started_at: None,
            paused_at: None,
            ended_at: None,
            counts: None,
            chunks_done: 0,
            called: None,
            reasons: Vec::new(),
            left_as_is: Vec::new(),
        });
        let drafted = JobEvent::JobDrafted {
            operation: job.operation.name(),
            selected: job.selected(),
            relation: job.relation,
            parent: job.parent.clone(),
        };
        (job, Happened::of([drafted]))
    }

    fn selected(&self) -> Selected {
        match (&self.selection, self.relation) {
            (_, Some(Relation::Undo)) => Selected::Undo,
            (_, Some(Relation::Retry | Relation::Rest)) => Selected::Retry,
            (_, Some(Relation::Proposed)) => Selected::Ids,
            (SelectionSummary::Query { .. }, None) => Selected::Query,
            (SelectionSummary::Rows { .. }, None) => Selected::Rows,
            (SelectionSummary::Ids { .. } | SelectionSummary::Parent {}, None) => Selected::Ids,
        }
    }

    pub(super) fn take(&mut self, event: Event, now: Timestamp) -> Result<(), Illegal> {
        let job = &mut self.0;
        (job.state, job.why) = next(job.state, job.why, event)?;
        let is_draft = matches!(job.state, State::Planning | State::Draft | State::Checking);
        if let Some(summary) = job.summary.as_mut().filter(|_| !is_draft) {
            summary.keep_sums();
        }
        job.paused_at = (job.state == State::Paused).then(|| job.paused_at.unwrap_or(now));
        if job.state.is_ended() {
            job.ended_at = Some(now);
        }
        Ok(())
    }

    /// A person leaves as they are all items that ended so. Says whether there are any.
    pub(crate) fn leave(&mut self, outcome: Outcome, reason: ItemReason) -> bool {
        let missed = matches!(outcome, Outcome::Failed | Outcome::Uncertain);
        let is_it = |of: &&ReasonCount| of.outcome == outcome && of.reason == reason;
        let Some(count) = self
            .0
            .reasons
            .iter()
            .find(is_it)
            .copied()
            .filter(|_| missed)
        else {
            return false;
        };
        if !self.is_left_as_is(outcome, Some(reason)) {
            self.0.left_as_is.push(count);
        }
        true
    }

    /// Its selection is frozen.
    pub(crate) fn freeze(
        &mut self,
        total: u64,
        chunk_items: u32,
        generation: u32,
        earlier: Vec<EarlierRows>,
        hash: ManifestHash,
        now: Timestamp,
    ) -> Result<Happened, Illegal> {
        self.take(Event::Frozen, now)?;
        self.0.planning_until = None;
        self.0.put_down = None;
        self.0.generation = generation;
        self.0.rows_are(earlier);
        self.0.total = total;
        self.0.chunk_items = Some(chunk_items);
        self.0.manifest_hash = Some(hash);
        if let Some(summary) = &mut self.0.summary {
            summary.settle();
        }
        Ok(Happened::of([JobEvent::JobFrozen { total }]))
    }

    /// Its selection cannot be frozen.
    pub(crate) fn fail_to_plan(
        &mut self,
        why: StateReason,
        now: Timestamp,
    ) -> Result<Happened, Illegal> {
        self.take(Event::PlanFailed(why), now)?;
        self.0.planning_until = None;
        Ok(Happened::of([self.ended(Counts::default(), None)]))
    }

    /// The time for a confirmation has passed.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Result<Happened, Illegal> {
        self.take(Event::Expired, now)?;
        Ok(Happened::of([self.ended(Counts::default(), None)]))
    }

    /// A person said yes to exactly this. `drift` names what has left meanwhile, and is to be skipped.
    pub(crate) fn confirm(
        &mut self,
        drift: Option<String>,
        now: Timestamp,
    ) -> Result<Happened, Illegal> {
        self.take(Event::Confirmed, now)?;
        self.0.confirmed_at = Some(now);
        self.0.drift = drift;
        self.0.drifted = None;
        Ok(Happened::of([JobEvent::JobConfirmed {
            total: self.total,
            manifest_hash: self.manifest_hash.clone(),
            settings: self.settings.clone(),
        }]))
    }

    /// A worker begins the first chunk.
    pub(crate) fn start(&mut self, now: Timestamp) -> Result<Happened, Illegal> {
        self.take(Event::Started, now)?;
        self.0.started_at = Some(now);
        Ok(Happened::of([JobEvent::JobStarted {}]))
    }

    /// It is held for a reason.
    pub(crate) fn pause(&mut self, why: StateReason, now: Timestamp) -> Result<Happened, Illegal> {
        self.take(Event::Paused(why), now)?;
        Ok(Happened::of([JobEvent::JobPaused {
            state: self.state,
            reason: why,
        }]))
    }

    /// It goes on.
    pub(crate) fn resume(&mut self, now: Timestamp) -> Result<Happened, Illegal> {
        self.take(Event::Resumed, now)?;
        self.0.started_at = self.started_at.or(Some(now));
        Ok(Happened::of([JobEvent::JobResumed { state: self.state }]))
    }

    /// It is to stop; of a draft nothing is left to do then.
    pub(crate) fn stop(&mut self, why: StateReason, now: Timestamp) -> Result<Happened, Illegal> {
        self.take(Event::Stopped(why), now)?;
        let stopped = JobEvent::JobStopped {
            state: self.state,
            reason: why,
        };
        let ended = self.state.is_ended();
        let ended = ended.then(|| self.ended(Counts::default(), None));
        Ok(Happened::of([stopped].into_iter().chain(ended)))
    }

    /// Every item has an outcome.
    pub(crate) fn end(&mut self, ended: Ended, now: Timestamp) -> Result<Happened, Illegal> {
        let Ended { counts, .. } = ended;
        let finished = Event::Finished {
            succeeded: counts.succeeded,
            failed: counts.failed,
            uncertain: counts.uncertain,
        };
        self.take(finished, now)?;
        self.0.counts = Some(counts);
        self.0.reasons = ended.reasons;
        self.0.tokens = ended.tokens;
        self.0.chunks_done = ended.chunks_done;
        self.0.called = ended.called;
        let mut never_started = Counts::default();
        for outcome in Outcome::ALL {
            let rest = counts
                .of(outcome)
                .saturating_sub(ended.in_chunks.of(outcome));
            never_started.add(outcome, rest);
        }
        let event = self.ended(never_started, Some(ended.outcomes));
        Ok(Happened::of([event]))
    }

    fn ended(&self, never_started: Counts, outcomes: Option<String>) -> JobEvent {
        let took = self.confirmed_at.zip(self.ended_at);
        JobEvent::JobEnded {
            operation: self.operation.name(),
            state: self.state,
            reason: self.why,
            counts: self.counts.unwrap_or_default(),
            never_started,
            reasons: self.reasons.clone(),
            took: took.map(|(began, ended)| ended.duration_since(began)),
            outcomes,
        }
    }

    /// A job descends from it. That is no change of its state, and the child tells of it.
    pub(crate) fn name_child(&mut self, child: JobId) {
        self.0.children.push(child);
    }
}
