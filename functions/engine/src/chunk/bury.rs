//! Ending what a message was about that failed too often: nothing waits for ever (invariant 4).

use bulkhead_shared::api::ReasonCount;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::outcome::{Outcome, Reason};

use super::claim::{self, Claimed};
use super::{Next, RESERVE, follow_up};
use crate::dispatch::pass_on;
use crate::error::Error;
use crate::ports::{Expect, Ports, TableError, Write};
use crate::records::{ChunkRecord, Hold, names};
use crate::settle::{add_reason, settle};
use crate::store::{Stored, chunk_row, load_job, load_text};

/// Ends what a poison message was about.
pub(crate) async fn bury(ports: &Ports, job: &JobId, chunk: u32) -> Result<(), Error> {
    let now = ports.clock.now();
    match claim::claim(ports, job, chunk, now + RESERVE + RESERVE).await {
        Ok(Claimed::Mine(mut hand)) => {
            let (outcome, reason) = ending(&hand.record);
            hand.end_open(outcome, reason, now);
            hand.store(ports, Hold::Done).await?;
            follow_up(ports, &hand, Next::Done).await
        }
        Ok(_) => Ok(()),
        // The poison is in the chunk's own rows.
        Err(error) if error.is_unreadable() => bury_unread(ports, job, chunk).await,
        Err(error) => Err(error),
    }
}

/// How what is still open ends.
fn ending(chunk: &ChunkRecord) -> (Outcome, Reason) {
    if chunk.in_flight {
        (Outcome::Uncertain, Reason::NoAnswer)
    } else {
        (Outcome::Failed, Reason::Internal)
    }
}

/// Ends a chunk whose items cannot be read: how many there are is all that can be told.
async fn bury_unread(ports: &Ports, id: &JobId, chunk: u32) -> Result<(), Error> {
    let (table, now) = (ports.table.as_ref(), ports.clock.now());
    let known = load_text::<ChunkRecord>(table, &names::chunk(id, chunk)).await?;
    let (Some(job), Some(Stored { record, version })) = (load_job(table, id).await?, known) else {
        return Ok(());
    };
    let job = job.record;
    let open = u64::from(record.size).saturating_sub(record.counts.ended());
    let (outcome, reason) = ending(&record);
    let mut buried = ChunkRecord {
        hold: Hold::Done,
        in_flight: false,
        updated_at: now,
        ..record.clone()
    };
    buried.counts.add(outcome, open);
    let count = ReasonCount {
        outcome,
        reason,
        count: open,
    };
    add_reason(&mut buried.reasons, count);
    let row = chunk_row(id, &buried, version + 1, now)?;
    match table
        .write(vec![Write::Put(row, Expect::Version(version))])
        .await
    {
        Ok(()) => {}
        // Somebody else works on it, or has buried it.
        Err(TableError::Conflict) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    if let Some(fact) = job.items_ended(buried.counts, record.counts) {
        ports.meter.note(fact);
    }
    tracing::error!(job.id = %id, chunk, "A chunk's items cannot be read; it ends without them.");
    pass_on(ports, &job, chunk).await?;
    settle(ports, id).await?;
    Ok(())
}
