//! The end of a job. It follows from its chunks alone, so there is no moment in which the chunks
//! say one thing and the job another that could not be mended by looking again: whoever stores the
//! last result settles the job, and if that worker dies, the redelivered message or the sweep does.

use bulkhead_shared::api::{Called, ReasonCount, TokensSpent};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::outcome::{Counts, ItemReason, Outcome};

use crate::bounces;
use crate::error::Error;
use crate::jobs::{filing, forgotten};
use crate::outbox;
use crate::ports::{Expect, Ports, TableError, Write};
use crate::records::store::{JobWithChunks, Stored, chunk_row, job_row, load_job_with_chunks};
use crate::records::{ChunkRecord, Ended, Hold, JobRecord};

/// More than the chunk rows' versions can still grow between the last look at them and the job's
/// end: each of at most 16 workers may touch its row once. Keeps the shown version growing.
const VERSION_MARGIN: u64 = 1_000;

/// Ends the job if nothing of it is left to do. Says whether it has ended.
pub(crate) async fn settle(ports: &Ports, id: &JobId) -> Result<bool, Error> {
    loop {
        let Some(state) = load_job_with_chunks(ports.table.as_ref(), id).await? else {
            return Ok(true);
        };
        if state.job.record.state.is_ended() {
            return Ok(true);
        }
        if !take_over_lapsed(ports, &state).await? || !nothing_left(&state, ports) {
            return Ok(false);
        }
        if !forgotten::recall(ports, &state).await? {
            return Ok(false);
        }
        match end(ports, state).await {
            Ok(()) => return Ok(true),
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
    }
}

fn nothing_left(state: &JobWithChunks, ports: &Ports) -> bool {
    let job = &state.job.record;
    let now = ports.clock.now();
    match job.state {
        State::Cancelling => state
            .chunks
            .iter()
            .all(|chunk| !chunk.record.in_flight && !chunk.record.is_leased(now)),
        State::Queued | State::Running | State::Paused => {
            state.chunks.len() as u64 == u64::from(job.chunks())
                && state
                    .chunks
                    .iter()
                    .all(|chunk| chunk.record.hold == Hold::Done)
        }
        _ => false,
    }
}

/// Before a stopped job ends, leases that ran out are taken away for good: a worker that only
/// slept finds its row changed and stores, and touches, nothing more.
async fn take_over_lapsed(ports: &Ports, state: &JobWithChunks) -> Result<bool, Error> {
    if state.job.record.state != State::Cancelling {
        return Ok(true);
    }
    let now = ports.clock.now();
    for chunk in &state.chunks {
        let lapsed = matches!(chunk.record.hold, Hold::Leased { until } if until <= now);
        if lapsed
            && !chunk.record.in_flight
            && !take_away(ports, &state.job.record.id, chunk).await?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes a lease away for good. Says whether it did; if not, somebody wrote the row meanwhile.
pub(crate) async fn take_away(
    ports: &Ports,
    job: &JobId,
    chunk: &Stored<ChunkRecord>,
) -> Result<bool, Error> {
    let now = ports.clock.now();
    // The time of the last sign of life stays: the sweep tells by it what is quiet.
    let free = ChunkRecord {
        hold: Hold::Free,
        lapses: chunk.record.lapses + 1,
        ..chunk.record.clone()
    };
    let row = chunk_row(job, &free, chunk.version + 1, now)?;
    match ports
        .table
        .write(vec![Write::Put(row, Expect::Version(chunk.version))])
        .await
    {
        Ok(()) => Ok(true),
        Err(TableError::Conflict) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn end(ports: &Ports, state: JobWithChunks) -> Result<(), Error> {
    let now = ports.clock.now();
    let version = state.version() + VERSION_MARGIN;
    let JobWithChunks {
        job: Stored {
            record: mut job,
            version: read,
        },
        chunks,
    } = state;
    let (counts, reasons) = final_counts(&job, &chunks);
    let mut in_chunks = Counts::default();
    chunks
        .iter()
        .for_each(|chunk| in_chunks += chunk.record.counts);
    let done = |chunk: &&Stored<ChunkRecord>| chunk.record.hold == Hold::Done;
    let outcomes: Vec<_> = chunks
        .iter()
        .map(|chunk| &chunk.record.outcomes_hash)
        .collect();
    let ended = Ended {
        counts,
        in_chunks,
        reasons,
        tokens: tokens(chunks.iter().map(|chunk| &chunk.record)),
        chunks_done: chunks.iter().filter(done).count() as u64,
        called: called(chunks.iter().map(|chunk| &chunk.record)),
        outcomes: sha256_hex(&serde_json::to_vec(&outcomes)?),
    };
    let happened = job.end(ended, now)?;
    // Before the end is stored: whoever dies here comes to the same end again.
    bounces::begin(ports, &job, now).await?;
    let is_filed = filing::begin(ports, &job, now).await?;
    let row = Write::Put(job_row(&job, version, now)?, Expect::Version(read));
    outbox::commit(ports, &job, &happened, vec![row]).await?;
    tracing::info!(
        job.id = %job.id, job.operation = job.operation.name().as_str(), job.state = job.state.name(),
        succeeded = counts.succeeded, failed = counts.failed, skipped = counts.skipped,
        cancelled = counts.cancelled, uncertain = counts.uncertain, "A job ended."
    );
    if is_filed {
        filing::ask(ports, &job).await;
    }
    Ok(())
}

/// What the calls of these chunks cost; none where none was made.
pub(super) fn called<'a>(chunks: impl Iterator<Item = &'a ChunkRecord>) -> Option<Called> {
    let mut all = Called::default();
    chunks.for_each(|chunk| all += chunk.called);
    (all.calls > 0).then_some(all)
}

/// What asking a model took.
pub(super) fn tokens<'a>(chunks: impl Iterator<Item = &'a ChunkRecord>) -> TokensSpent {
    let mut all = TokensSpent::default();
    chunks.for_each(|chunk| all += chunk.tokens);
    all
}

/// What never started was cancelled, for the reason the job carries.
fn final_counts(job: &JobRecord, chunks: &[Stored<ChunkRecord>]) -> (Counts, Vec<ReasonCount>) {
    let mut counts = Counts::default();
    let mut reasons = Vec::new();
    for chunk in chunks {
        counts += chunk.record.counts;
        for reason in &chunk.record.reasons {
            add_reason(&mut reasons, *reason);
        }
    }
    let rest = job.total.saturating_sub(counts.ended());
    if rest > 0 {
        counts.add(Outcome::Cancelled, rest);
        add_reason(
            &mut reasons,
            ReasonCount {
                outcome: Outcome::Cancelled,
                reason: stopped_by(job.why),
                count: rest,
            },
        );
    }
    (counts, reasons)
}

/// Why items of a stopped job never started.
pub(crate) fn stopped_by(why: Option<StateReason>) -> ItemReason {
    match why {
        Some(StateReason::Brake) => ItemReason::Braked,
        Some(StateReason::StopOnError) => ItemReason::StoppedOnError,
        _ => ItemReason::Stopped,
    }
}

/// Adds to a list of reasons, most frequent first.
pub(crate) fn add_reason(reasons: &mut Vec<ReasonCount>, more: ReasonCount) {
    match reasons
        .iter_mut()
        .find(|known| (known.outcome, known.reason) == (more.outcome, more.reason))
    {
        Some(known) => known.count += more.count,
        None => reasons.push(more),
    }
    reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.count), reason.reason));
}
