//! The end of a job. It follows from its chunks alone, so there is no moment in which the chunks
//! say one thing and the job another that could not be mended by looking again: whoever stores the
//! last result settles the job, and if that worker dies, the redelivered message or the sweep does.

use bulkhead_shared::api::ReasonCount;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{Event, State, StateReason};
use bulkhead_shared::outcome::{Counts, ItemReason, Outcome};
use serde_json::json;

use crate::audit::{self, Fact};
use crate::error::Error;
use crate::ports::{Expect, Ports, TableError, Write};
use crate::records::store::{JobWithChunks, Stored, chunk_row, job_row, load_job_with_chunks};
use crate::records::{ChunkRecord, Hold, JobRecord};

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
    let mut known = Counts::default();
    chunks.iter().for_each(|chunk| known += chunk.record.counts);
    let finished = Event::Finished {
        total: job.total,
        succeeded: counts.succeeded,
        failed: counts.failed + counts.uncertain,
    };
    job.apply(finished, now)?;
    job.counts = Some(counts);
    job.reasons = reasons;
    job.chunks_done = chunks
        .iter()
        .filter(|chunk| chunk.record.hold == Hold::Done)
        .count() as u64;
    let row = job_row(&job, version, now)?;
    ports
        .table
        .write(vec![Write::Put(row, Expect::Version(read))])
        .await?;
    // The chunks' workers noted theirs; this is what never started.
    let rest = job.items_ended(counts, known);
    let facts = rest.into_iter().chain(job.ended());
    facts.for_each(|fact| ports.meter.note(fact));
    let outcomes: Vec<_> = chunks
        .iter()
        .map(|chunk| &chunk.record.outcomes_hash)
        .collect();
    let digest = bulkhead_shared::hash::sha256_hex(&serde_json::to_vec(&outcomes)?);
    tracing::info!(
        job.id = %job.id, job.operation = job.operation.name().as_str(), job.state = job.state.name(),
        succeeded = counts.succeeded, failed = counts.failed, skipped = counts.skipped,
        cancelled = counts.cancelled, uncertain = counts.uncertain, "A job ended."
    );
    let fact = Fact {
        event: "job_ended",
        job: Some(&job.id),
        account: Some(&job.account),
        // The digest covers the outcome of every item.
        facts: json!({ "state": job.state, "counts": counts, "reasons": job.reasons, "outcomes": digest }),
    };
    audit::record(ports, &job.owner, fact).await
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
