//! Freezing a selection: to exact items, in order, with a hash.
//!
//! Ids are collected in full before anything is touched, so that the work itself never shrinks
//! the set it walks through. Rows are written chunk by chunk, so memory stays flat however many
//! items match. After each page all there is is stored: whoever comes after a planner that ran out of time,
//! was asked to wait, or died, goes on there.

mod claim;
mod cut;
mod descend;
mod duplicates;
mod freezer;
mod gather;
mod headers;
mod held;
mod keeper;
mod left_out;
mod lists;
mod page;
mod proposed;
mod rows;
mod source;
mod unanswered;

use bulkhead_shared::api::SelectionSummary;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use jiff::Timestamp;

#[cfg(feature = "testing")]
pub(crate) use cut::CHUNK_BYTES;
pub(crate) use cut::{CHUNK_ITEMS, chunk_items};
pub(crate) use duplicates::noted;
pub(crate) use freezer::{Freezer, load_manifest};
pub(crate) use gather::{gather, note};
pub(crate) use keeper::Keeper;
pub(crate) use left_out::load_left_out;
pub(crate) use rows::freeze_rows;
pub(crate) use source::{EXCEPT_ITEMS, load_except, searched};

use crate::access::account_of;
use crate::accounts;
use crate::error::Error;
use crate::limits::{LEASE_MARGIN, RESERVE, backoff, budget};
use crate::outbox;
use crate::ports::{CallError, Fact, Ports};
use crate::records::JobRecord;
use crate::records::store::{Stored, keep_job, load_job};
use crate::stores;
use claim::claim;
use gather::gather_noted;
use held::{Plan, give_up, put_down};
use source::{Source, token};

/// Freezes a job's selection, if nobody else is at it. What is not done by `deadline` is put down
/// and asked for again.
pub(crate) async fn plan(ports: &Ports, id: &JobId, deadline: Timestamp) -> Result<(), Error> {
    let until = deadline + LEASE_MARGIN;
    let done = match claim(ports, id, deadline, until).await {
        Ok(None) => return Ok(()),
        Ok(Some(plan)) => go_as_far_as_it_comes(ports, plan, deadline).await,
        Err(error) => Err(error),
    };
    match done {
        // Cancelled or taken over meanwhile: whoever did that goes on.
        Err(error) if error.is_conflict() => Ok(()),
        Err(error) => {
            if error.is_passing() {
                interrupted(ports, id, until).await;
            }
            Err(error)
        }
        Ok(()) => Ok(()),
    }
}

async fn go_as_far_as_it_comes(
    ports: &Ports,
    mut plan: Plan,
    deadline: Timestamp,
) -> Result<(), Error> {
    match freeze(ports, &mut plan, deadline).await {
        Ok(Frozen::All(noted)) => finish(ports, plan, *noted).await,
        Ok(Frozen::OutOfTime) => put_down(ports, plan.job, None).await,
        Ok(Frozen::HasToWait(until)) => put_down(ports, plan.job, Some(until)).await,
        // Waiting is not failing (invariant 8).
        Err(Error::Provider(CallError::Throttled { until })) => {
            let operation = plan.job.record.operation.name();
            ports.meter.note(Fact::ProviderThrottled { operation });
            let until = budget::park(ports, &plan.job.record.account, until).await?;
            put_down(ports, plan.job, Some(until)).await
        }
        Err(error) => give_up_or_wait(ports, plan, error).await,
    }
}

/// Trouble of the moment stopped the planner whose lease ends then: lets go of the job as it was after the last
/// page, if that can be stored. The message comes again.
async fn interrupted(ports: &Ports, id: &JobId, until: Timestamp) {
    let Ok(Some(mut job)) = load_job(ports.table.as_ref(), id).await else {
        return;
    };
    if job.record.planning_until == Some(until) {
        job.record.plan_interrupted();
        let _ = keep_job(ports, &mut job, ports.clock.now()).await;
    }
}

/// How far a planner came.
enum Frozen {
    /// The job with all that is known of it now.
    All(Box<JobRecord>),
    /// The deadline is near.
    OutOfTime,
    /// The provider asked another one to wait.
    HasToWait(Timestamp),
}

/// Reads page after page, and stores each.
async fn freeze(ports: &Ports, plan: &mut Plan, deadline: Timestamp) -> Result<Frozen, Error> {
    let Plan {
        job,
        freezer,
        cursor,
    } = plan;
    let account = account_of(ports.table.as_ref(), &job.record.owner, &job.record.account).await?;
    if let Some(until) = budget::waits(ports, &job.record.account).await? {
        return Ok(Frozen::HasToWait(until));
    }
    let open = accounts::open(ports, &account).await?;
    accounts::refresh(ports, &account, &open).await?;
    let store = stores::of(open, job.record.kind)?;
    if cursor.is_none() {
        // Taken before anything is read: a change in between then shows as drift, not as nothing.
        job.record
            .read_from(token(store.as_ref(), &job.record).await?);
    }
    let source = Source::of(ports, store.as_ref(), &job.record).await?;
    loop {
        let began = ports.clock.now();
        let page = source
            .page(ports, store.as_ref(), cursor.as_deref())
            .await?;
        for (entry, back) in page.entries {
            freezer.add(entry, back)?;
        }
        // Only what is stored is noted in the job itself: whoever goes on after an error reads this page again.
        let mut noted = job.record.clone();
        noted.found(page.found);
        let Some(next) = page.next else {
            // What was never answered is not among what is counted as done.
            let seen = noted.undo_preview.unwrap_or_default();
            let counted = freezer.total().saturating_sub(seen.unanswered);
            noted.leave_out(source.counted().saturating_sub(counted));
            if let (Some(by), SelectionSummary::Query { .. }) =
                (noted.operation.gathers(), &noted.selection)
            {
                gather_noted(ports, store.as_ref(), &mut noted, by, freezer).await?;
            }
            return Ok(Frozen::All(Box::new(noted)));
        };
        freezer.keep(ports).await?;
        noted.reached(freezer.gathered(), Some(next.clone()));
        *cursor = Some(next);
        let now = ports.clock.now();
        if now + now.duration_since(began) + RESERVE > deadline {
            job.record = noted;
            return Ok(Frozen::OutOfTime);
        }
        // Shows how many were found so far.
        keep(ports, job, noted, now).await?;
        if let Some(until) = budget::waits(ports, &job.record.account).await? {
            return Ok(Frozen::HasToWait(until));
        }
    }
}

/// Stores the job as it is noted here.
async fn keep(
    ports: &Ports,
    job: &mut Stored<JobRecord>,
    noted: JobRecord,
    now: Timestamp,
) -> Result<(), Error> {
    let mut stored = Stored {
        record: noted,
        version: job.version,
    };
    keep_job(ports, &mut stored, now).await?;
    *job = stored;
    Ok(())
}

/// Makes a draft of all that was found.
async fn finish(ports: &Ports, plan: Plan, noted: JobRecord) -> Result<(), Error> {
    let Plan { job, freezer, .. } = plan;
    let mut job = Stored {
        record: noted,
        ..job
    };
    let frozen = freezer.finish(ports).await?;
    let now = ports.clock.now();
    let frozen = frozen.into_job(&mut job.record, now)?;
    outbox::save(ports, &mut job, &frozen, now).await
}

/// What cannot be planned fails with a reason; what may pass is tried again later.
async fn give_up_or_wait(ports: &Ports, mut plan: Plan, error: Error) -> Result<(), Error> {
    if error.is_conflict() || error.is_passing() {
        return Err(error);
    }
    let now = ports.clock.now();
    let lasting = match &error {
        Error::Provider(CallError::Unsupported(_)) => Some(StateReason::CannotSearch),
        Error::Provider(CallError::SignIn) => Some(StateReason::SignInNeeded),
        Error::NotFound
        | Error::Invalid(_)
        | Error::Missing(_)
        | Error::Unreadable(_)
        | Error::NotStorable(_)
        | Error::Seal(_) => Some(StateReason::PlanFailed),
        _ => {
            let too_often = plan.job.record.plan_trouble();
            too_often.then_some(StateReason::PlanFailed)
        }
    };
    let Some(why) = lasting else {
        let wait = backoff::delay(plan.job.record.plan_troubles, ports.random.bits());
        return put_down(ports, plan.job, Some(now + wait)).await;
    };
    let mut job = plan.job;
    let failed = job.record.fail_to_plan(why, now)?;
    tracing::warn!(job.id = %job.record.id, job.why = ?why, "A selection could not be frozen.");
    outbox::save(ports, &mut job, &failed, now).await
}

/// Gives up a plan whose message was delivered too often. Says whether there was one.
pub(crate) async fn dead_letter(ports: &Ports, id: &JobId) -> Result<bool, Error> {
    match load_job(ports.table.as_ref(), id).await? {
        Some(job) if job.record.state == State::Planning => {
            give_up(ports, id).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}
