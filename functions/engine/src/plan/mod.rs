//! Freezing a selection: to exact items, in order, with a hash.
//!
//! Ids are collected in full before anything is touched, so that the work itself never shrinks
//! the set it walks through. Rows are written chunk by chunk, so memory stays flat however many
//! items match.

mod descend;
mod freezer;

use std::collections::HashSet;

use bulkhead_shared::api::{Relation, SelectionSummary};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::job::{Event, State, Why};
use bulkhead_shared::limits;
use bulkhead_shared::query::Query;
use jiff::SignedDuration;

use descend::{freeze_retry, freeze_undo};
pub(crate) use freezer::{Freezer, load_manifest};

use crate::access::account_of;
use crate::accounts;
use crate::dispatch::send_one;
use crate::error::Error;
use crate::ports::{CallError, Connector, Message, Ports};
use crate::records::{JobRecord, names};
use crate::retry;
use crate::store::{Stored, load_job, load_packed, save_job, update_job};

/// How long a planner may take between two signs of life.
const PLANNING_LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Attempts before the plan is given up.
const ATTEMPTS: u32 = 5;

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
