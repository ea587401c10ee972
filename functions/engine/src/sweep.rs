//! Nothing stuck (invariant 4): looks at every job whose time has come, asks again for what nobody
//! holds, ends what has ended, and expires what was never confirmed.

use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use jiff::Timestamp;

use crate::chunk;
use crate::error::Error;
use crate::jobs::control::ask_for_all;
use crate::jobs::dispatch::{claimable, send};
use crate::jobs::draft::ask_for_plan;
use crate::jobs::settle::{settle, take_away};
use crate::outbox;
use crate::ports::Ports;
use crate::records::store::{JobWithChunks, keep_job, load_job, load_job_with_chunks};
use crate::records::{Happened, Hold, JobRecord, LAPSES_MOST, SWEEP_AFTER, names};

/// Jobs looked at in one sweep; the next one goes on.
const JOBS_AT_ONCE: u32 = 100;
/// The same after a restart, when each unfinished job has to be looked at once.
const JOBS_AFTER_RESTART: u32 = 10_000;

/// What is known of those who may hold a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holders {
    /// They may be at work: a lease counts until it ends by itself.
    Alive,
    /// They are gone for sure: this process is the only one, and has just started. No lease counts,
    /// and the queue is empty.
    Gone,
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Jobs looked at.
    pub jobs: u32,
    /// Jobs that could not be looked at; the next sweep tries again.
    pub failed: u32,
}

/// Looks at the jobs that are due.
pub async fn sweep(ports: &Ports, holders: Holders) -> Result<Swept, Error> {
    let now = ports.clock.now();
    // After a restart nothing is on its way, so nothing has to be waited for.
    let (due_by, limit) = match holders {
        Holders::Gone => (Timestamp::MAX, JOBS_AFTER_RESTART),
        Holders::Alive => (now, JOBS_AT_ONCE),
    };
    let mut swept = Swept::default();
    for key in ports.table.due(due_by, limit).await? {
        let seen = if key.sort == names::NEWS {
            outbox::deliver(ports, &key).await
        } else if let Ok(id) = key.partition.parse::<JobId>() {
            swept.jobs += 1;
            look_at(ports, &id, holders).await
        } else {
            continue;
        };
        match seen {
            Ok(()) => {}
            // Somebody else works on it, which is as good.
            Err(error) if error.is_conflict() => {}
            Err(error) => {
                tracing::warn!(job.id = %key.partition, error = %error, "A job could not be swept.");
                swept.failed += 1;
            }
        }
    }
    Ok(swept)
}

async fn look_at(ports: &Ports, id: &JobId, holders: Holders) -> Result<(), Error> {
    let now = ports.clock.now();
    let Some(state) = load_job_with_chunks(ports.table.as_ref(), id).await? else {
        return Ok(());
    };
    let job = &state.job.record;
    match (job.state, job.why) {
        (State::Planning | State::Draft, _) if job.confirm_by() <= now => {
            return change(ports, id, |job| Ok(Some(job.expire(now)?))).await;
        }
        (State::Planning, _) => {
            if holders == Holders::Gone || job.planning_until.is_none_or(|until| until <= now) {
                plan_again(ports, id).await?;
            }
        }
        (State::Paused, Some(StateReason::WaitingForProvider { until }))
            if until <= now || holders == Holders::Gone =>
        {
            release_lapsed(ports, &state, holders).await?;
            if until <= now {
                change(ports, id, |job| Ok(Some(job.resume(now)?))).await?;
            }
            return ask_for_all(ports, id).await;
        }
        (State::Paused, Some(StateReason::WaitingForProvider { .. })) => {}
        (State::Paused, _) => {
            if holders == Holders::Gone {
                release_lapsed(ports, &state, holders).await?;
            }
            if job.due(now).is_some_and(|due| due <= now) {
                let why = StateReason::PausedTooLong;
                change(ports, id, |job| Ok(Some(job.stop(why, now)?))).await?;
                settle(ports, id).await?;
            }
            return Ok(());
        }
        (State::Queued | State::Running | State::Cancelling, _) => {
            release_lapsed(ports, &state, holders).await?;
            if settle(ports, id).await? {
                return Ok(());
            }
            send_again(ports, id, holders).await?;
        }
        _ => return Ok(()),
    }
    touch(ports, id).await
}

/// Lets another planner take the job.
async fn plan_again(ports: &Ports, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    let Some(mut job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(());
    };
    if job.record.state == State::Planning {
        job.record.let_go(None);
        keep_job(ports, &mut job, now).await?;
    }
    ask_for_plan(ports, &job.record).await;
    Ok(())
}

/// Takes leases away that ended, or all of them when their holders are gone. A chunk that outlived too
/// many holders is given up: a message of the sweep's is a new one to the queue, which would never count
/// to the end.
async fn release_lapsed(
    ports: &Ports,
    state: &JobWithChunks,
    holders: Holders,
) -> Result<(), Error> {
    let now = ports.clock.now();
    for chunk in &state.chunks {
        let Hold::Leased { until } = chunk.record.hold else {
            continue;
        };
        if until > now && holders == Holders::Alive {
            continue;
        }
        let job = &state.job.record.id;
        let free = take_away(ports, job, chunk).await?;
        if free && chunk.record.lapses + 1 >= LAPSES_MOST {
            give_up(ports, job, chunk.record.number).await;
        }
    }
    Ok(())
}

/// What cannot be ended now is tried again by a later sweep, and holds up nothing else of its job.
async fn give_up(ports: &Ports, job: &JobId, chunk: u32) {
    tracing::error!(job.id = %job, chunk, "Nobody ended this chunk; given up.");
    if let Err(error) = chunk::dead_letter(ports, job, chunk).await {
        tracing::warn!(job.id = %job, chunk, error = %error, "A chunk could not be ended.");
    }
}

async fn send_again(ports: &Ports, id: &JobId, holders: Holders) -> Result<(), Error> {
    let now = ports.clock.now();
    let Some(state) = load_job_with_chunks(ports.table.as_ref(), id).await? else {
        return Ok(());
    };
    let quiet_since = if holders == Holders::Gone {
        Timestamp::MAX
    } else {
        now - SWEEP_AFTER
    };
    let chunks = match state.job.record.state {
        // Only what may be out there unanswered holds the end up.
        State::Cancelling => {
            let open = state
                .chunks
                .iter()
                .filter(|chunk| chunk.record.in_flight && !chunk.record.is_leased(now));
            open.map(|chunk| (chunk.record.number, now)).collect()
        }
        _ => claimable(&state, now, quiet_since),
    };
    if !chunks.is_empty() {
        tracing::info!(job.id = %id, chunks = chunks.len(), "Nobody held these chunks; asked again.");
        send(ports, &state.job.record, &chunks).await;
    }
    Ok(())
}

async fn change(
    ports: &Ports,
    id: &JobId,
    what: impl Fn(&mut JobRecord) -> Result<Option<Happened>, Error> + Send + Sync,
) -> Result<(), Error> {
    outbox::change(ports, id, ports.clock.now(), what).await?;
    Ok(())
}

/// Writes the job back, which sets the time of the next look.
async fn touch(ports: &Ports, id: &JobId) -> Result<(), Error> {
    match load_job(ports.table.as_ref(), id).await? {
        Some(mut job) if !job.record.state.is_ended() => {
            keep_job(ports, &mut job, ports.clock.now()).await
        }
        _ => Ok(()),
    }
}
