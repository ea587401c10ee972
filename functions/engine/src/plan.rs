//! Freezing a selection: to exact items, in order, with a hash.
//!
//! Ids are collected in full before anything is touched, so that the work itself never shrinks
//! the set it walks through. Rows are written chunk by chunk, so memory stays flat however many
//! items match.

use std::collections::{HashSet, VecDeque};

use bulkhead_shared::api::{Relation, SelectionSummary, UndoPreview};
use bulkhead_shared::hash::{Hasher, ManifestHash};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::job::{Event, State, Why};
use bulkhead_shared::limits;
use bulkhead_shared::outcome::Outcome;
use bulkhead_shared::query::Query;
use jiff::{SignedDuration, Timestamp};

use crate::access::account_of;
use crate::accounts;
use crate::dispatch::send_one;
use crate::error::Error;
use crate::ports::{CallError, Connector, Message, Ports, Row};
use crate::records::{After, Back, Ending, JobRecord, Manifest, Prior, names};
use crate::retry;
use crate::store::{Stored, load_job, load_packed, packed_row, save_job, update_job};

/// How long a planner may take between two signs of life.
const PLANNING_LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Rows gathered before they are stored together.
const ROWS_AT_ONCE: usize = 10;
/// Attempts before the plan is given up.
const ATTEMPTS: u32 = 5;

/// Cuts items into chunk rows and feeds the hash.
pub(crate) struct Freezer {
    job: JobId,
    generation: u32,
    batch: usize,
    now: Timestamp,
    hasher: Hasher,
    open: Manifest,
    rows: Vec<Row>,
    chunk: u32,
    total: u64,
}

/// A frozen selection.
pub(crate) struct Frozen {
    pub(crate) total: u64,
    pub(crate) hash: ManifestHash,
}

impl Freezer {
    pub(crate) fn new(job: &JobRecord, now: Timestamp) -> Self {
        Self {
            job: job.id.clone(),
            generation: job.generation,
            batch: job.settings.batch_size as usize,
            now,
            hasher: Hasher::new(&job.account, &job.operation, &job.settings),
            open: Manifest::default(),
            rows: Vec::new(),
            chunk: 0,
            total: 0,
        }
    }

    /// The next item; `back` with an undo only.
    pub(crate) fn add(&mut self, id: ItemId, version: u64, back: Option<Back>) {
        self.hasher.item(&id, version);
        self.open.items.push((id, version));
        self.open.back.extend(back);
        self.total += 1;
        if self.open.items.len() == self.batch {
            self.close_chunk();
        }
    }

    fn close_chunk(&mut self) {
        let manifest = std::mem::take(&mut self.open);
        let key = names::manifest(&self.job, self.generation, self.chunk);
        self.rows.push(packed_row(key, &manifest, self.now));
        self.chunk += 1;
    }

    /// Stores what has gathered, if it is worth a call. Says how many items there are so far.
    pub(crate) async fn store(&mut self, ports: &Ports) -> Result<u64, Error> {
        if self.rows.len() >= ROWS_AT_ONCE {
            ports.table.put_many(std::mem::take(&mut self.rows)).await?;
        }
        Ok(self.total)
    }

    /// Stores the rest.
    pub(crate) async fn finish(mut self, ports: &Ports) -> Result<Frozen, Error> {
        if !self.open.items.is_empty() {
            self.close_chunk();
        }
        if !self.rows.is_empty() {
            ports.table.put_many(self.rows).await?;
        }
        Ok(Frozen {
            total: self.total,
            hash: self.hasher.finish(),
        })
    }
}

/// Reads a frozen chunk.
pub(crate) async fn load_manifest(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
) -> Result<Manifest, Error> {
    let key = names::manifest(&job.id, job.generation, chunk);
    load_packed(ports.table.as_ref(), key)
        .await?
        .ok_or(Error::Missing("manifest"))
}

/// Freezes a job's selection, if nobody else is at it.
pub(crate) async fn plan(ports: &Ports, id: &JobId) -> Result<(), Error> {
    let Some(job) = claim(ports, id).await? else {
        return Ok(());
    };
    let id = job.record.id.clone();
    match freeze(ports, job).await {
        Ok(()) => Ok(()),
        // Cancelled or taken over meanwhile: whoever did that goes on.
        Err(error) if error.is_conflict() => Ok(()),
        Err(error) => give_up_or_wait(ports, &id, error).await,
    }
}

/// Takes the job for planning: a generation of its own, and a lease.
async fn claim(ports: &Ports, id: &JobId) -> Result<Option<Stored<JobRecord>>, Error> {
    let now = ports.clock.now();
    let Some(mut job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(None);
    };
    let taken = job.record.planning_until.is_some_and(|until| until > now);
    if job.record.state != State::Planning || taken {
        return Ok(None);
    }
    job.record.generation += 1;
    job.record.total = 0;
    job.record.planning_until = Some(now + PLANNING_LEASE);
    match save_job(ports.table.as_ref(), &mut job, now).await {
        Ok(()) => Ok(Some(job)),
        Err(error) if error.is_conflict() => Ok(None),
        Err(error) => Err(error),
    }
}

async fn freeze(ports: &Ports, mut job: Stored<JobRecord>) -> Result<(), Error> {
    let account = account_of(ports.table.as_ref(), &job.record.owner, &job.record.account).await?;
    let connector = accounts::open(ports, &account).await?;
    job.record.mark = connector.mark().await?;
    let mut freezer = Freezer::new(&job.record, ports.clock.now());
    match (&job.record.selection.clone(), job.record.relation) {
        (SelectionSummary::Query { query, .. }, _) => {
            freeze_query(ports, connector.as_ref(), &mut job, &mut freezer, query).await?;
        }
        (_, Some(Relation::Undo)) => {
            freeze_undo(ports, connector.as_ref(), &mut job, &mut freezer).await?
        }
        (_, Some(Relation::Retry)) => {
            freeze_retry(ports, connector.as_ref(), &mut job, &mut freezer).await?
        }
        (SelectionSummary::Ids { .. } | SelectionSummary::Parent {}, None) => {
            return Err(Error::Missing("selection"));
        }
    }
    let frozen = freezer.finish(ports).await?;
    let now = ports.clock.now();
    job.record.total = frozen.total;
    job.record.manifest_hash = Some(frozen.hash);
    job.record.planning_until = None;
    job.record.apply(Event::Frozen, now)?;
    save_job(ports.table.as_ref(), &mut job, now).await
}

async fn freeze_query(
    ports: &Ports,
    connector: &dyn Connector,
    job: &mut Stored<JobRecord>,
    freezer: &mut Freezer,
    query: &str,
) -> Result<(), Error> {
    let query = parse(query)?;
    let except = load_except(ports, &job.record).await?;
    let asked_at = job.record.created_at;
    let mut cursor = None;
    loop {
        let page = connector
            .matches(
                &query,
                asked_at,
                cursor.as_deref(),
                *limits::BATCH_SIZE.end() * 10,
            )
            .await?;
        for found in page.matches {
            if !except.contains(&found.id) {
                freezer.add(found.id, found.version, None);
            }
        }
        let total = freezer.store(ports).await?;
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(()),
        }
        show_progress(ports, job, total).await?;
    }
}

/// The stored query was checked when it was drafted.
pub(crate) fn parse(query: &str) -> Result<Query, Error> {
    Query::parse(query).map_err(|error| {
        bulkhead_shared::problem::Invalid::new("selection.query", error.to_string()).into()
    })
}

/// The items a query's selection leaves out.
pub(crate) async fn load_except(ports: &Ports, job: &JobRecord) -> Result<HashSet<ItemId>, Error> {
    let SelectionSummary::Query { except, .. } = job.selection else {
        return Ok(HashSet::new());
    };
    let batch = *limits::BATCH_SIZE.end();
    let mut ids = HashSet::new();
    for part in 0..u32::try_from(except.div_ceil(u64::from(batch))).unwrap_or(u32::MAX) {
        let key = names::except(&job.id, part);
        let some: Vec<ItemId> = load_packed(ports.table.as_ref(), key)
            .await?
            .ok_or(Error::Missing("exceptions"))?;
        ids.extend(some);
    }
    Ok(ids)
}

/// Shows how many were found so far, and that this planner lives.
async fn show_progress(
    ports: &Ports,
    job: &mut Stored<JobRecord>,
    total: u64,
) -> Result<(), Error> {
    let now = ports.clock.now();
    job.record.total = total;
    job.record.planning_until = Some(now + PLANNING_LEASE);
    save_job(ports.table.as_ref(), job, now).await
}

/// What a parent's chunk left behind.
struct Left {
    manifest: Manifest,
    endings: Vec<Option<Ending>>,
    prior: Vec<Option<Prior>>,
    after: Vec<Option<After>>,
}

async fn load_left(ports: &Ports, parent: &JobRecord, chunk: u32) -> Result<Left, Error> {
    let table = ports.table.as_ref();
    let (manifest, endings, prior, after) = futures::join!(
        load_manifest(ports, parent, chunk),
        load_packed(table, names::outcomes(&parent.id, chunk)),
        load_packed(table, names::prior(&parent.id, chunk)),
        load_packed(table, names::after(&parent.id, chunk)),
    );
    Ok(Left {
        manifest: manifest?,
        endings: endings?.unwrap_or_default(),
        prior: prior?.unwrap_or_default(),
        after: after?.unwrap_or_default(),
    })
}

async fn load_parent(ports: &Ports, job: &JobRecord) -> Result<JobRecord, Error> {
    let id = job.parent.as_ref().ok_or(Error::Missing("parent"))?;
    Ok(load_job(ports.table.as_ref(), id)
        .await?
        .ok_or(Error::Missing("parent"))?
        .record)
}

/// Everything the parent changed, with the way back. Looks at each item, so that the preview can
/// say what can go back, what somebody changed since, and what is gone (invariant 9).
async fn freeze_undo(
    ports: &Ports,
    connector: &dyn Connector,
    job: &mut Stored<JobRecord>,
    freezer: &mut Freezer,
) -> Result<(), Error> {
    let parent = load_parent(ports, &job.record).await?;
    let mut preview = UndoPreview::default();
    for chunk in 0..parent.chunks() {
        let left = load_left(ports, &parent, chunk).await?;
        let mut ways: VecDeque<(ItemId, Back)> = VecDeque::new();
        for ((item, prior), after) in left
            .manifest
            .items
            .into_iter()
            .zip(left.prior)
            .zip(left.after)
        {
            if let (Some(prior), Some(after)) = (prior, after) {
                let back = Back {
                    left: after.state.place,
                    prior: prior.state.place,
                };
                ways.push_back((after.id.unwrap_or(item.0), back));
            }
        }
        let ids: Vec<ItemId> = ways.iter().map(|(id, _)| id.clone()).collect();
        for call in ids.chunks(connector.abilities().call_items.max(1) as usize) {
            for state in connector.states(call).await? {
                let Some((id, back)) = ways.pop_front() else {
                    break;
                };
                match &state {
                    None => preview.gone += 1,
                    Some(state) if state.place == back.left => preview.can_go_back += 1,
                    Some(_) => preview.changed_since += 1,
                }
                freezer.add(id, state.map_or(0, |state| state.version), Some(back));
            }
        }
        let total = freezer.store(ports).await?;
        job.record.undo_preview = Some(preview);
        show_progress(ports, job, total).await?;
    }
    job.record.undo_preview = Some(preview);
    Ok(())
}

/// Everything that failed or stayed uncertain in the parent.
async fn freeze_retry(
    ports: &Ports,
    connector: &dyn Connector,
    job: &mut Stored<JobRecord>,
    freezer: &mut Freezer,
) -> Result<(), Error> {
    let parent = load_parent(ports, &job.record).await?;
    for chunk in 0..parent.chunks() {
        let left = load_left(ports, &parent, chunk).await?;
        let mut backs = left
            .manifest
            .back
            .into_iter()
            .map(Some)
            .chain(std::iter::repeat(None));
        let mut again = Vec::new();
        for ((id, version), ending) in left.manifest.items.into_iter().zip(left.endings) {
            let back = backs.next().flatten();
            if ending.is_some_and(|e| matches!(e.outcome, Outcome::Failed | Outcome::Uncertain)) {
                again.push((id, version, back));
            }
        }
        // Fresh versions, so that drift is told from now on and not from the parent's preview.
        for call in again.chunks(connector.abilities().call_items.max(1) as usize) {
            let ids: Vec<ItemId> = call.iter().map(|(id, ..)| id.clone()).collect();
            for ((id, version, back), state) in call.iter().zip(connector.states(&ids).await?) {
                freezer.add(
                    id.clone(),
                    state.map_or(*version, |state| state.version),
                    back.clone(),
                );
            }
        }
        let total = freezer.store(ports).await?;
        show_progress(ports, job, total).await?;
    }
    Ok(())
}

/// What cannot be planned fails with a reason; what may pass is tried again later.
async fn give_up_or_wait(ports: &Ports, id: &JobId, error: Error) -> Result<(), Error> {
    let now = ports.clock.now();
    let why = match &error {
        Error::Provider(CallError::Unsupported(_)) => Some(Why::CannotSearch),
        Error::Provider(CallError::SignIn) => Some(Why::SignInNeeded),
        Error::NotFound
        | Error::Invalid(_)
        | Error::Missing(_)
        | Error::Unreadable(_)
        | Error::Seal(_) => Some(Why::PlanFailed),
        _ => None,
    };
    let job = update_job(ports.table.as_ref(), id, now, |job| {
        if job.state != State::Planning {
            return Ok(false);
        }
        job.planning_until = None;
        let why = why.or((job.generation >= ATTEMPTS).then_some(Why::PlanFailed));
        if let Some(why) = why {
            job.apply(Event::PlanFailed(why), now)?;
        }
        Ok(true)
    })
    .await?;
    if job.record.state == State::Planning {
        let until = match error {
            Error::Provider(CallError::Throttled { until: Some(until) }) => until,
            _ => now + retry::delay(job.record.generation, ports.random.bits()),
        };
        send_one(
            ports,
            Message::Plan { job: id.clone() },
            until.duration_since(now),
        )
        .await;
    } else {
        tracing::warn!(job.id = %id, job.why = ?job.record.why, "A selection could not be frozen.");
    }
    Ok(())
}

/// Gives up a plan whose message was delivered too often.
pub(crate) async fn bury(ports: &Ports, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    update_job(ports.table.as_ref(), id, now, |job| {
        let planning = job.state == State::Planning;
        if planning {
            job.apply(Event::PlanFailed(Why::PlanFailed), now)?;
        }
        Ok(planning)
    })
    .await?;
    Ok(())
}
