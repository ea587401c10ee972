//! Ending what a message was about that failed too often: nothing waits for ever (invariant 4).

use bulkhead_shared::api::ReasonCount;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::outcome::{ItemReason, Outcome};

use super::claim::{self, Claimed};
use super::follow_up;
use super::next::Next;
use crate::dispatch::enqueue_next;
use crate::error::Error;
use crate::jobs::forgotten;
use crate::jobs::settle::{add_reason, settle};
use crate::limits::RESERVE;
use crate::ports::{Expect, Ports, TableError, Write};
use crate::records::store::{Stored, chunk_row, load_job, load_text};
use crate::records::{ChunkRecord, Hold, names};

/// Ends what a poison message was about. Says whether there was anything to end.
pub(crate) async fn dead_letter(ports: &Ports, job: &JobId, chunk: u32) -> Result<bool, Error> {
    let now = ports.clock.now();
    match claim::claim(ports, job, chunk, now + RESERVE + RESERVE).await {
        Ok(Claimed::OwnedBy(mut lease)) => {
            // What was begun may be out there, known to the table or only to the ledger; what was not has failed.
            let forgotten = forgotten::notes(ports, &lease.job, chunk, lease.record.notes).await?;
            let may_be_gone = |place: &usize| forgotten.contains_key(place);
            for place in lease.open_items().into_iter().filter(may_be_gone) {
                lease.may_be_gone(place, None, now);
            }
            lease.leave_unknown(now);
            lease.end_open(Outcome::Failed, ItemReason::Internal, now);
            lease.store(ports, Hold::Done).await?;
            follow_up(ports, &lease, Next::Done).await?;
            Ok(true)
        }
        Ok(_) => Ok(false),
        // The poison is in the chunk's own rows.
        Err(error) if error.is_unreadable() => dead_letter_unread(ports, job, chunk).await,
        Err(error) => Err(error),
    }
}

/// How what is still open ends, where nobody can tell what was begun.
fn ending(may_be_gone: bool) -> (Outcome, ItemReason) {
    if may_be_gone {
        (Outcome::Uncertain, ItemReason::NoAnswer)
    } else {
        (Outcome::Failed, ItemReason::Internal)
    }
}

/// Ends a chunk whose items cannot be read: how many there are is all that can be told.
async fn dead_letter_unread(ports: &Ports, id: &JobId, chunk: u32) -> Result<bool, Error> {
    let (table, now) = (ports.table.as_ref(), ports.clock.now());
    let known = load_text::<ChunkRecord>(table, &names::chunk(id, chunk)).await?;
    let (Some(job), Some(Stored { record, version })) = (load_job(table, id).await?, known) else {
        return Ok(false);
    };
    let job = job.record;
    let open = u64::from(record.size).saturating_sub(record.counts.ended());
    let forgotten = forgotten::notes(ports, &job, chunk, record.notes).await?;
    let (outcome, reason) = ending(record.in_flight || !forgotten.is_empty());
    let mut ended = ChunkRecord {
        hold: Hold::Done,
        in_flight: false,
        updated_at: now,
        ..record.clone()
    };
    ended.counts.add(outcome, open);
    let count = ReasonCount {
        outcome,
        reason,
        count: open,
    };
    add_reason(&mut ended.reasons, count);
    let row = chunk_row(id, &ended, version + 1, now)?;
    match table
        .write(vec![Write::Put(row, Expect::Version(version))])
        .await
    {
        Ok(()) => {}
        // Somebody else works on it, or has ended it.
        Err(TableError::Conflict) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    if let Some(fact) = job.items_ended(ended.counts, record.counts) {
        ports.meter.note(fact);
    }
    tracing::error!(job.id = %id, chunk, "A chunk's items cannot be read; it ends without them.");
    enqueue_next(ports, &job, chunk).await?;
    settle(ports, id).await?;
    Ok(true)
}
