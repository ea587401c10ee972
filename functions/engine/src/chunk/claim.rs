//! Taking a chunk: at most one worker has it at a time, and nobody takes one of a job that is
//! held or stopped.

use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use jiff::Timestamp;

use super::lease::ChunkLease;
use super::put_off::put_off;
use crate::error::Error;
use crate::limits::{LEASE_MARGIN, budget};
use crate::outbox;
use crate::ports::{Expect, Ports, TableError, Write};
use crate::records::store::{Stored, chunk_row, load_job, load_text};
use crate::records::{ChunkRecord, Hold, JobRecord, names};

/// What came of the attempt to take a chunk.
pub(super) enum Claimed {
    /// It is ours.
    OwnedBy(Box<ChunkLease>),
    /// There is nothing to do: somebody holds it, or the job is gone.
    Nothing,
    /// Nobody works on the job: it is held, or has ended.
    Held(Box<JobRecord>),
    /// It already has all its outcomes.
    Ended(Box<JobRecord>),
    /// Not before this time.
    Later(Box<JobRecord>, Timestamp),
    /// The job is being stopped, and this chunk holds nothing up.
    Stopped(Box<JobRecord>),
}

/// Takes a chunk until `deadline` and a margin.
pub(super) async fn claim(
    ports: &Ports,
    id: &JobId,
    chunk: u32,
    deadline: Timestamp,
) -> Result<Claimed, Error> {
    let table = ports.table.as_ref();
    let key = names::chunk(id, chunk);
    let (job, known) = futures::join!(load_job(table, id), load_text::<ChunkRecord>(table, &key));
    let (Some(job), known) = (job?, known?) else {
        return Ok(Claimed::Nothing);
    };
    let now = ports.clock.now();
    let begins = job.record.begins_at().filter(|begins| *begins > now);
    if let (State::Queued, Some(begins)) = (job.record.state, begins) {
        return Ok(Claimed::Later(Box::new(job.record), begins));
    }
    let job = match go_on_after_wait(ports, job, now).await? {
        Ok(job) => job,
        Err(until) => return Ok(Claimed::Later(Box::new(until.0), until.1)),
    };
    if chunk >= job.chunks() {
        return Ok(Claimed::Nothing);
    }
    if job.state.is_ended() {
        return Ok(Claimed::Held(Box::new(job)));
    }
    if let Some(answer) = refuse(&job, known.as_ref(), now) {
        return Ok(answer);
    }
    if job.state != State::Cancelling
        && let Some(until) = budget::waits(ports, &job.account).await?
    {
        return Ok(Claimed::Later(Box::new(job), until));
    }
    take(ports, job, known, chunk, deadline).await
}

/// A job that waited for its provider goes on once the time has come; a queued one begins.
async fn go_on_after_wait(
    ports: &Ports,
    job: Stored<JobRecord>,
    now: Timestamp,
) -> Result<Result<JobRecord, (JobRecord, Timestamp)>, Error> {
    match (job.record.state, job.record.why) {
        (State::Paused, Some(StateReason::WaitingForProvider { until })) if until > now => {
            Ok(Err((job.record, until)))
        }
        (State::Paused, Some(StateReason::WaitingForProvider { .. })) => {
            let job = outbox::change(ports, &job.record.id, now, |job| {
                let waits =
                    matches!(job.why, Some(StateReason::WaitingForProvider { until }) if until <= now);
                Ok(waits.then(|| job.resume(now)).transpose()?)
            })
            .await?;
            Ok(Ok(job.record))
        }
        (State::Queued, _) => {
            let job = outbox::change(ports, &job.record.id, now, |job| {
                let queued = job.state == State::Queued;
                Ok(queued.then(|| job.start(now)).transpose()?)
            })
            .await?;
            Ok(Ok(job.record))
        }
        _ => Ok(Ok(job.record)),
    }
}

/// Why this chunk is not to be taken; none if it may be.
fn refuse(job: &JobRecord, known: Option<&Stored<ChunkRecord>>, now: Timestamp) -> Option<Claimed> {
    let in_flight = known.is_some_and(|stored| stored.record.in_flight);
    match known.map(|stored| stored.record.hold) {
        Some(Hold::Done) => return Some(Claimed::Ended(Box::new(job.clone()))),
        Some(Hold::Leased { until }) if until > now => return Some(Claimed::Nothing),
        _ => {}
    }
    match job.state {
        State::Running | State::Queued => {}
        // Only to find out what became of an unanswered call; nothing new is begun.
        State::Cancelling if in_flight => return None,
        State::Cancelling => return Some(Claimed::Stopped(Box::new(job.clone()))),
        _ => return Some(Claimed::Held(Box::new(job.clone()))),
    }
    match known.map(|stored| stored.record.hold) {
        Some(Hold::Waiting { until }) if until > now => {
            Some(Claimed::Later(Box::new(job.clone()), until))
        }
        _ => None,
    }
}

async fn take(
    ports: &Ports,
    job: JobRecord,
    known: Option<Stored<ChunkRecord>>,
    chunk: u32,
    deadline: Timestamp,
) -> Result<Claimed, Error> {
    let now = ports.clock.now();
    let (record, version, expect) = match known {
        Some(stored) => (
            stored.record,
            stored.version,
            Expect::Version(stored.version),
        ),
        None => (
            ChunkRecord::new(chunk, job.chunk_size(chunk), now),
            0,
            Expect::Absent,
        ),
    };
    let is_left = matches!(record.hold, Hold::Leased { .. }) || record.lapses > 0;
    let was_left = record.in_flight && is_left;
    let record = ChunkRecord {
        hold: Hold::Leased {
            until: deadline + LEASE_MARGIN,
        },
        updated_at: now,
        ..record
    };
    let row = chunk_row(&job.id, &record, version + 1, now)?;
    let claimed = ports.table.write(vec![Write::Put(row, expect)]).await;
    let opened = match claimed {
        Ok(()) => {
            let version = version + 1;
            ChunkLease::open(ports, job.clone(), Stored { record, version }).await
        }
        Err(TableError::Conflict) => return Ok(Claimed::Nothing),
        Err(error) => Err(error.into()),
    };
    match opened {
        Ok(mut lease) => {
            lease.was_left = was_left;
            Ok(Claimed::OwnedBy(Box::new(lease)))
        }
        Err(error) => {
            let until = deadline + LEASE_MARGIN;
            put_off(ports, &job, chunk, until, version + 1, &error).await;
            Err(error)
        }
    }
}
