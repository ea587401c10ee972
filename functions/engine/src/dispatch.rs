//! Which chunks are asked for, and when.
//!
//! A job runs in as many lanes as it has chunks side by side. Lane `k` of `n` works on the chunks
//! `k`, `k + n`, `k + 2n` …, one after the other: whoever has stored the result of a chunk's first
//! attempt sends the message for the next one of its lane, and only then lets go of its own. So the
//! number of chunks side by side is kept without counting, a pause between batches is a delay of
//! that message, and a paused job has nothing in the queue. Further attempts run beside the lane.

use std::collections::BTreeMap;

use bulkhead_shared::ids::{JobId, UserId};
use jiff::{SignedDuration, Timestamp};

use crate::error::Error;
use crate::ports::{Message, Outgoing, Ports};
use crate::records::store::{JobWithChunks, Stored, load_job_with_chunks};
use crate::records::{ChunkRecord, Hold, JobRecord, names};

/// The chunk that follows this one in its lane.
pub(crate) fn successor(job: &JobRecord, chunk: u32) -> Option<u32> {
    let next = chunk.checked_add(job.settings.parallel_chunks)?;
    (next < job.chunks()).then_some(next)
}

/// The chunks that nobody holds and that should be asked for, with the earliest time for each.
///
/// `quiet_since` keeps out what changed after it: a message for that is probably on its way. A
/// message too many does no harm; it finds its chunk held or done.
pub(crate) fn claimable(
    state: &JobWithChunks,
    now: Timestamp,
    quiet_since: Timestamp,
) -> Vec<(u32, Timestamp)> {
    let job = &state.job.record;
    let known: BTreeMap<u32, &Stored<ChunkRecord>> =
        state.chunks.iter().map(|c| (c.record.number, c)).collect();
    let mut wanted = Vec::new();
    for lane in 0..job.settings.parallel_chunks.min(job.chunks()) {
        let mut chunk = Some(lane);
        while let Some(number) = chunk {
            match known.get(&number).map(|stored| &stored.record) {
                None => {
                    // The front of the lane: the one before it has ended, or is asked for itself.
                    if lane_is_quiet(job, &known, number, quiet_since) {
                        wanted.push((number, now));
                    }
                    break;
                }
                Some(record) => {
                    if record.is_leased(now) {
                        break;
                    }
                    if record.hold != Hold::Done {
                        // A message for what waits is on its way until then.
                        if record.updated_at.max(waits_until(record)) <= quiet_since {
                            wanted.push((number, waits_until(record).max(now)));
                        }
                        // Its first attempt has not ended, so it still passes the lane on itself.
                        if record.attempts == 0 {
                            break;
                        }
                    }
                }
            }
            chunk = successor(job, number);
        }
    }
    wanted
}

fn waits_until(record: &ChunkRecord) -> Timestamp {
    match record.hold {
        Hold::Waiting { until } => until,
        _ => Timestamp::MIN,
    }
}

fn lane_is_quiet(
    job: &JobRecord,
    known: &BTreeMap<u32, &Stored<ChunkRecord>>,
    front: u32,
    quiet_since: Timestamp,
) -> bool {
    let before = front
        .checked_sub(job.settings.parallel_chunks)
        .and_then(|number| known.get(&number));
    let last = before.map_or(job.begins_at(), |stored| Some(stored.record.updated_at));
    // A pause between batches keeps the front waiting on purpose.
    last.is_none_or(|last| last + pause_between(job) <= quiet_since)
}

/// The pause between two batches of a lane.
pub(crate) fn pause_between(job: &JobRecord) -> SignedDuration {
    SignedDuration::try_from_secs_f64(job.settings.delay_between_batches)
        .unwrap_or(SignedDuration::ZERO)
}

/// Asks for chunks. What the queue does not take, the sweep asks for again.
pub(crate) async fn send(ports: &Ports, job: &JobRecord, chunks: &[(u32, Timestamp)]) {
    let now = ports.clock.now();
    let messages = chunks.iter().map(|&(chunk, at)| Outgoing {
        message: Message::Chunk {
            job: job.id.clone(),
            chunk,
        },
        delay: at
            .duration_since(now)
            .max(SignedDuration::ZERO)
            .unsigned_abs(),
    });
    if let Err(error) = ports
        .queue
        .send(job.owner.as_str(), messages.collect())
        .await
    {
        tracing::warn!(job.id = %job.id, error = %error, "Messages were not taken; the sweep sends them again.");
    }
}

/// Sends one message about a job of `owner`. Not taken is not lost: the sweep sends it again.
pub(crate) async fn send_one(
    ports: &Ports,
    owner: &UserId,
    message: Message,
    delay: SignedDuration,
) {
    let delay = delay.max(SignedDuration::ZERO).unsigned_abs();
    if let Err(error) = ports
        .queue
        .send(owner.as_str(), vec![Outgoing { message, delay }])
        .await
    {
        tracing::warn!(error = %error, "A message was not taken; the sweep sends it again.");
    }
}

/// Passes the lane on: asks for the chunk after this one, unless somebody has begun it. Says
/// whether there is one.
pub(crate) async fn enqueue_next(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
) -> Result<bool, Error> {
    let Some(next) = successor(job, chunk) else {
        return Ok(false);
    };
    if ports
        .table
        .get(&names::chunk(&job.id, next))
        .await?
        .is_none()
    {
        send(
            ports,
            job,
            &[(next, ports.clock.now() + pause_between(job))],
        )
        .await;
    }
    Ok(true)
}

/// Asks for every chunk that can be worked on now.
pub(crate) async fn ask_for_all(ports: &Ports, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    if let Some(state) = load_job_with_chunks(ports.table.as_ref(), id).await? {
        send(
            ports,
            &state.job.record,
            &claimable(&state, now, Timestamp::MAX),
        )
        .await;
    }
    Ok(())
}
