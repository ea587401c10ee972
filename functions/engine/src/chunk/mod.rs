//! One chunk, from claim to stored result.
//!
//! ```text
//! claim → look (if an earlier answer never came) → prepare → store what was → (note what leaves) → perform → store what is
//! ```
//! Each arrow may be the last thing a worker does. What it left is told from the chunk's row: who
//! holds it, and whether an effect may be out there unanswered.

mod calls;
mod claim;
mod dead_letter;
mod lease;
mod ledger;
mod next;
mod perform;
mod put_off;
mod reconcile;
mod rules;

use std::sync::Arc;

use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use crate::access::account_of;
use crate::accounts;
use crate::dispatch::{enqueue_next, send};
use crate::error::Error;
use crate::jobs::settle::settle;
use crate::limits::budget;
use crate::limits::sessions::{self, Seat};
use crate::outbox;
use crate::ports::{Account, CallError, Fact, Ports};
use crate::records::store::{Stored, load_job, load_text};
use crate::records::{AccountRecord, ChunkRecord, Hold, JobRecord, names};
use crate::tasks;

use calls::Calls;
use claim::Claimed;
pub(crate) use dead_letter::dead_letter;
use lease::{ChunkLease, lane_holder};
use next::{Next, Stop};
use rules::{check_rules, stop_job};

/// Works on a chunk.
pub(crate) async fn run(
    ports: &Ports,
    job: &JobId,
    chunk: u32,
    deadline: Timestamp,
) -> Result<(), Error> {
    match claim::claim(ports, job, chunk, deadline).await? {
        Claimed::Nothing => Ok(()),
        Claimed::Held(job) => {
            let_go_of_session(ports, &job, chunk).await;
            Ok(())
        }
        Claimed::Ended(job) => {
            // Its result is stored, but the one who did may have died before passing on.
            if !enqueue_next(ports, &job, chunk).await? || job.state == State::Cancelling {
                settle(ports, &job.id).await?;
            }
            Ok(())
        }
        Claimed::Later(job, until) => {
            look_after_lane(ports, &job, chunk).await?;
            send(ports, &job, &[(chunk, until)]).await;
            Ok(())
        }
        Claimed::Stopped(job) => {
            let_go_of_session(ports, &job, chunk).await;
            settle(ports, &job.id).await.map(|_| ())
        }
        Claimed::OwnedBy(mut lease) => match work(ports, &mut lease, deadline).await {
            Ok(next) => follow_up(ports, &lease, next).await,
            // Somebody else took the chunk over, or the job ended: what they stored counts.
            Err(error) if error.is_conflict() => Ok(()),
            Err(error) => {
                lease.put_off(ports, &error).await;
                Err(error)
            }
        },
    }
}

/// Lets go of the session that the lane kept for a chunk that is not worked on now. If this fails, the row lets
/// go by itself.
async fn let_go_of_session(ports: &Ports, job: &JobRecord, chunk: u32) {
    let _ = sessions::let_go(ports, &job.account, &lane_holder(job, chunk)).await;
}

/// What a chunk's lane does while the chunk waits: it goes on if this one was tried before, and lets go of its
/// session if it waits with it.
async fn look_after_lane(ports: &Ports, job: &JobRecord, chunk: u32) -> Result<(), Error> {
    let key = names::chunk(&job.id, chunk);
    let row: Option<Stored<ChunkRecord>> = load_text(ports.table.as_ref(), &key).await?;
    if row.is_some_and(|row| row.record.attempts > 0) {
        enqueue_next(ports, job, chunk).await?;
    } else {
        let_go_of_session(ports, job, chunk).await;
    }
    Ok(())
}

/// Does what can be done now, stores it, and says what is next.
async fn work(ports: &Ports, lease: &mut ChunkLease, deadline: Timestamp) -> Result<Next, Error> {
    let account = account_of(ports.table.as_ref(), &lease.job.owner, &lease.job.account).await;
    let stop = match account {
        Ok(record) => with_session(ports, &record, lease, deadline).await?,
        // The account was deleted: nothing of this chunk can be done any more.
        Err(Error::NotFound) => {
            let gone = CallError::Refused(ItemReason::SignIn);
            Some(reconcile::before_the_look(lease, gone))
        }
        Err(error) => return Err(error),
    };
    note_waiting(ports, lease, stop.as_ref());
    let next = conclude(ports, lease, stop).await?;
    lease.store(ports, hold_for(next)).await?;
    note_worked(ports, lease, next);
    Ok(next)
}

/// Works once one of the account's sessions is free.
async fn with_session(
    ports: &Ports,
    record: &AccountRecord,
    lease: &mut ChunkLease,
    deadline: Timestamp,
) -> Result<Option<Stop>, Error> {
    let (holder, until) = lease.holder();
    let seat = sessions::take(ports, record.kind, &record.id, &holder, until).await?;
    if let Seat::Later(until) = seat {
        return Ok(Some(Stop::Pause(until)));
    }
    let mut paces = record.paces.clone();
    let stop = match accounts::open(ports, record).await {
        Ok(account) => {
            let mut calls = Calls::new(ports, deadline, &mut paces);
            let stop = act(ports, account.clone(), lease, &mut calls).await;
            lease.record.called += calls.called();
            match stop {
                Ok(stop) => accounts::remember(ports, record, &account, &paces)
                    .await
                    .map(|()| stop),
                Err(error) => Err(error),
            }
        }
        Err(Error::Provider(error)) => {
            let busy = matches!(error, CallError::Throttled { .. }) && seat == Seat::Taken;
            let again = match busy {
                true => sessions::narrow(ports, &record.id, &holder).await?,
                false => None,
            };
            Ok(Some(match again {
                Some(until) => Stop::Pause(until),
                None => reconcile::before_the_look(lease, error),
            }))
        }
        Err(error) => Err(error),
    };
    let goes_on = matches!(stop, Ok(None)) && lease.lane_goes_on();
    if seat == Seat::Taken && !goes_on {
        // If this fails, the row lets go by itself.
        let _ = sessions::let_go(ports, &record.id, &holder).await;
    }
    stop
}

/// Does with the items what the job's operation does with them.
async fn act(
    ports: &Ports,
    account: Arc<dyn Account>,
    lease: &mut ChunkLease,
    calls: &mut Calls<'_>,
) -> Result<Option<Stop>, Error> {
    match tasks::of(ports, account, &lease.job, lease.next_part()).await {
        Ok(task) => perform::perform(ports, task, lease, calls).await,
        Err(Error::Provider(error)) => Ok(Some(reconcile::before_the_look(lease, error))),
        Err(error) => Err(error),
    }
}

fn note_waiting(ports: &Ports, lease: &ChunkLease, stop: Option<&Stop>) {
    let operation = lease.job.operation.name();
    match stop {
        Some(Stop::Call(CallError::Throttled { .. })) => {
            ports.meter.note(Fact::ProviderThrottled { operation });
        }
        Some(Stop::Budget(until)) => {
            let wait = until.duration_since(ports.clock.now());
            ports.meter.note(Fact::BudgetWaited { operation, wait });
        }
        _ => {}
    }
}

fn note_worked(ports: &Ports, lease: &ChunkLease, next: Next) {
    let operation = lease.job.operation.name();
    let took = lease.stored_at.duration_since(lease.claimed_at);
    ports.meter.note(Fact::ChunkWorked { operation, took });
    if let Next::RetryAt(_) = next {
        let attempts = lease.record.attempts;
        ports.meter.note(Fact::RetryPlanned {
            operation,
            attempts,
        });
    }
}

/// Turns what stopped the work into what is next, giving outcomes to what gets no other attempt.
async fn conclude(
    ports: &Ports,
    lease: &mut ChunkLease,
    stop: Option<Stop>,
) -> Result<Next, Error> {
    let now = ports.clock.now();
    let next = match stop {
        Some(Stop::Told) => Next::Release,
        Some(Stop::Deadline) => Next::Yield,
        Some(Stop::Pause(until)) => Next::Pause(until),
        Some(Stop::Budget(until)) => Next::Wait(until),
        Some(Stop::Call(CallError::Throttled { until })) => {
            let until = budget::park(ports, &lease.job.account, until).await?;
            if lease.may_wait(until, now) {
                Next::Wait(until)
            } else {
                stop_job(ports, &lease.job.id, StateReason::PausedTooLong).await?;
                Next::Release
            }
        }
        Some(Stop::Model(until)) => match lease.may_wait(until, now) {
            true => Next::Wait(until),
            false => {
                stop_job(ports, &lease.job.id, StateReason::PausedTooLong).await?;
                Next::Release
            }
        },
        Some(Stop::Call(CallError::SignIn)) => Next::SignIn,
        Some(Stop::Call(CallError::Unavailable(_))) => lease.break_off(now, ports.random.bits()),
        Some(Stop::Call(CallError::Refused(reason))) => {
            lease.give_up(reason, now, ports.random.bits())
        }
        Some(Stop::Call(CallError::Unsupported(_))) => {
            lease.give_up(ItemReason::Refused, now, ports.random.bits())
        }
        None => lease.end_attempt(now, ports.random.bits()),
    };
    let next = if lease.has_open() { next } else { Next::Done };
    if lease.new_failures() {
        check_rules(ports, lease).await?;
    }
    Ok(next)
}

fn hold_for(next: Next) -> Hold {
    match next {
        Next::Done => Hold::Done,
        Next::RetryAt(until) | Next::Pause(until) | Next::Wait(until) => Hold::Waiting { until },
        Next::SignIn | Next::Yield | Next::Release => Hold::Free,
    }
}

/// After the result is stored: who works next, and whether the job has ended.
async fn follow_up(ports: &Ports, lease: &ChunkLease, next: Next) -> Result<(), Error> {
    let (job, chunk) = (&lease.job, lease.record.number);
    let now = ports.clock.now();
    match next {
        Next::Done => {
            let passed = lease.first_attempt && enqueue_next(ports, job, chunk).await?;
            if !passed || lease.stopped_job {
                settle(ports, &job.id).await?;
            }
        }
        Next::RetryAt(until) => {
            send(ports, job, &[(chunk, until)]).await;
            if lease.first_attempt {
                enqueue_next(ports, job, chunk).await?;
            }
        }
        Next::Pause(until) => send(ports, job, &[(chunk, until)]).await,
        Next::Wait(until) => {
            hold_job(ports, job, StateReason::WaitingForProvider { until }).await?;
            send(ports, job, &[(chunk, until)]).await;
        }
        Next::SignIn => hold_job(ports, job, StateReason::SignInNeeded).await?,
        Next::Yield => send(ports, job, &[(chunk, now)]).await,
        Next::Release => {
            settle(ports, &job.id).await?;
            // Held because another worker was asked to wait: come back when that one does.
            if let Some(until) = waits_until(ports, &job.id).await? {
                send(ports, job, &[(chunk, until)]).await;
            }
        }
    }
    Ok(())
}

async fn waits_until(ports: &Ports, job: &JobId) -> Result<Option<Timestamp>, Error> {
    let job = load_job(ports.table.as_ref(), job).await?;
    Ok(job.and_then(|job| match job.record.why {
        Some(StateReason::WaitingForProvider { until }) => Some(until),
        _ => None,
    }))
}

/// Shows on the job what its workers wait for.
async fn hold_job(ports: &Ports, job: &JobRecord, why: StateReason) -> Result<(), Error> {
    let now = ports.clock.now();
    outbox::change(ports, &job.id, now, |job| {
        let holds = job.state.may_work();
        Ok(holds.then(|| job.pause(why, now)).transpose()?)
    })
    .await?;
    Ok(())
}
