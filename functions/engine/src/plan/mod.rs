//! Freezing a selection: to exact items, in order, with a hash.
//!
//! Ids are collected in full before anything is touched, so that the work itself never shrinks
//! the set it walks through. Rows are written chunk by chunk, so memory stays flat however many
//! items match. A planner that runs out of time, or is asked to wait, puts its work down between
//! two pages, and the next one goes on there.

mod cut;
mod descend;
mod duplicates;
mod freezer;
mod page;
mod rows;
mod source;
mod unanswered;

use bulkhead_shared::api::SelectionSummary;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use jiff::{SignedDuration, Timestamp};

pub(crate) use cut::{CHUNK_BYTES, CHUNK_ITEMS, chunk_items};
pub(crate) use duplicates::{Duplicates, duplicates, noted};
pub(crate) use freezer::{Freezer, load_manifest};
pub(crate) use rows::freeze_rows;
pub(crate) use source::{EXCEPT_ITEMS, PAGE_ITEMS, load_except, parse};

use crate::access::account_of;
use crate::accounts;
use crate::dispatch::send_one;
use crate::error::Error;
use crate::limits::{LEASE_MARGIN, RESERVE, backoff, budget};
use crate::outbox;
use crate::ports::{CallError, Fact, Message, Ports};
use crate::records::store::{Stored, keep_job, load_job};
use crate::records::{JobRecord, Taken};
use crate::stores;
use duplicates::only_duplicates;
use source::Source;

/// A job in a planner's hands. Between two pages `freezer` holds exactly what comes before `cursor`.
struct Plan {
    job: Stored<JobRecord>,
    freezer: Freezer,
    cursor: Option<String>,
}

/// Freezes a job's selection, if nobody else is at it. What is not done by `deadline` is put down
/// and asked for again.
pub(crate) async fn plan(ports: &Ports, id: &JobId, deadline: Timestamp) -> Result<(), Error> {
    let Some(mut plan) = claim(ports, id, deadline).await? else {
        return Ok(());
    };
    let done = match freeze(ports, &mut plan, deadline).await {
        Ok(Frozen::All) => finish(ports, plan).await,
        Ok(Frozen::OutOfTime) => put_down(ports, plan, None).await,
        Ok(Frozen::HasToWait(until)) => put_down(ports, plan, Some(until)).await,
        // Waiting is not failing (invariant 8).
        Err(Error::Provider(CallError::Throttled { until })) => {
            let operation = plan.job.record.operation.name();
            ports.meter.note(Fact::ProviderThrottled { operation });
            let until = budget::park(ports, &plan.job.record.account, until).await?;
            put_down(ports, plan, Some(until)).await
        }
        Err(error) => give_up_or_wait(ports, plan, error).await,
    };
    match done {
        // Cancelled or taken over meanwhile: whoever did that goes on.
        Err(error) if error.is_conflict() => Ok(()),
        done => done,
    }
}

/// Takes the job for planning, with a lease. Who begins anew has a generation of rows of its own,
/// because a planner that only slept may still write; who put its work down writes no more.
async fn claim(ports: &Ports, id: &JobId, deadline: Timestamp) -> Result<Option<Plan>, Error> {
    let now = ports.clock.now();
    let Some(mut job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(None);
    };
    let put_down = match job.record.take_for_planning(deadline + LEASE_MARGIN, now) {
        Taken::No(None) => return Ok(None),
        Taken::No(Some(until)) => {
            // Whoever is at it may be gone.
            ask_again(ports, &job.record, until.duration_since(now)).await;
            return Ok(None);
        }
        Taken::TooOften => {
            give_up(ports, id).await?;
            return Ok(None);
        }
        Taken::At(put_down) => put_down,
    };
    match keep_job(ports, &mut job, now).await {
        Ok(()) => {}
        Err(error) if error.is_conflict() => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut freezer = Freezer::new(&job.record, now);
    let cursor = put_down.and_then(|put_down| put_down.cursor);
    match freezer
        .read_back(ports, &job.record, deadline - RESERVE)
        .await
    {
        Ok(true) => Ok(Some(Plan {
            job,
            freezer,
            cursor,
        })),
        // What is put down stays as it is.
        Ok(false) => {
            let total = job.record.total;
            job.record.put_down(total, cursor);
            if job.record.plan_trouble() {
                give_up(ports, id).await?;
            } else {
                go_on(ports, job, None).await?;
            }
            Ok(None)
        }
        Err(error) if error.is_passing() => {
            let total = job.record.total;
            job.record.put_down(total, cursor);
            job.record.let_go(None);
            let _ = keep_job(ports, &mut job, now).await;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

/// How far a planner came.
enum Frozen {
    All,
    /// The deadline is near.
    OutOfTime,
    /// The provider asked another one to wait.
    HasToWait(Timestamp),
}

/// Reads page after page.
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
    let source = Source::of(ports, &job.record).await?;
    if cursor.is_none() {
        // Taken before anything is read: a change in between then shows as drift, not as nothing.
        job.record.read_from(store.sync_token().await?);
    }
    loop {
        let began = ports.clock.now();
        let page = source
            .page(ports, store.as_ref(), cursor.as_deref())
            .await?;
        for (entry, back) in page.entries {
            freezer.add(entry, back)?;
        }
        job.record.found(page.found);
        let total = freezer.store(ports).await?;
        if page.next.is_none() {
            // What was never answered is not among what is counted as done.
            let seen = job.record.undo_preview.unwrap_or_default();
            let counted = total.saturating_sub(seen.unanswered);
            job.record
                .leave_out(source.counted().saturating_sub(counted));
            return Ok(Frozen::All);
        }
        *cursor = page.next;
        let now = ports.clock.now();
        if now + now.duration_since(began) + RESERVE > deadline {
            return Ok(Frozen::OutOfTime);
        }
        // Shows how many were found so far.
        job.record.planned(total);
        keep_job(ports, job, now).await?;
        if let Some(until) = budget::waits(ports, &job.record.account).await? {
            return Ok(Frozen::HasToWait(until));
        }
    }
}

async fn finish(ports: &Ports, plan: Plan) -> Result<(), Error> {
    let Plan {
        mut job, freezer, ..
    } = plan;
    let freezer = match &job.record.selection {
        SelectionSummary::Query { .. } if job.record.takes_duplicates() => {
            only_duplicates(ports, &mut job.record, freezer).await?
        }
        _ => freezer,
    };
    let frozen = freezer.finish(ports).await?;
    let now = ports.clock.now();
    let frozen = frozen.into_job(&mut job.record, now)?;
    outbox::save(ports, &mut job, &frozen, now).await
}

/// Stores what there is and asks for somebody to go on, not before `until`.
async fn put_down(ports: &Ports, plan: Plan, until: Option<Timestamp>) -> Result<(), Error> {
    let Plan {
        mut job,
        freezer,
        cursor,
    } = plan;
    job.record.put_down(freezer.put_down(ports).await?, cursor);
    go_on(ports, job, until).await
}

async fn go_on(
    ports: &Ports,
    mut job: Stored<JobRecord>,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    let now = ports.clock.now();
    job.record.let_go(until);
    keep_job(ports, &mut job, now).await?;
    let delay = until.map_or(SignedDuration::ZERO, |until| until.duration_since(now));
    ask_again(ports, &job.record, delay).await;
    Ok(())
}

async fn ask_again(ports: &Ports, job: &JobRecord, delay: SignedDuration) {
    let message = Message::Plan {
        job: job.id.clone(),
    };
    send_one(ports, &job.owner, message, delay).await;
}

/// What cannot be planned fails with a reason; what may pass is tried again later.
async fn give_up_or_wait(ports: &Ports, mut plan: Plan, error: Error) -> Result<(), Error> {
    if error.is_conflict() {
        return Err(error);
    }
    if error.is_passing() {
        // Let go, if that can be stored: the message comes again.
        plan.job.record.plan_interrupted();
        let _ = keep_job(ports, &mut plan.job, ports.clock.now()).await;
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
        return put_down(ports, plan, Some(now + wait)).await;
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

async fn give_up(ports: &Ports, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    outbox::change(ports, id, now, |job| {
        let planning = job.state == State::Planning;
        let failed = planning.then(|| job.fail_to_plan(StateReason::PlanFailed, now));
        Ok(failed.transpose()?)
    })
    .await?;
    Ok(())
}
