//! What a ledger knows of a job that the table does not: the table was put back from a backup, and what was noted
//! since may have left.

use std::collections::BTreeMap;

use bulkhead_shared::job::State;
use bulkhead_shared::operations::Task;
use futures::{StreamExt, TryStreamExt, stream};

use crate::dispatch::send;
use crate::error::Error;
use crate::ports::{Expect, LedgerError, Note, Ports, TableError, Write};
use crate::records::store::{JobWithChunks, chunk_row};
use crate::records::{ChunkRecord, Hold, JobRecord};

/// Chunks whose notes are read at the same time.
const READ_AT_ONCE: usize = 16;

/// Notes of a chunk of which the table counts so many, that the table has forgotten, by their items' places. Of
/// several of one item the last one counts. Of a job that hands nothing over there are none.
pub(crate) async fn notes(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
    counted: u64,
) -> Result<BTreeMap<usize, Note>, LedgerError> {
    if job.operation.about().task != Task::Deliver {
        return Ok(BTreeMap::new());
    }
    let notes = ports.ledger.read(&job.id, chunk).await?.into_iter();
    let forgotten = notes.filter(|note| note.number > counted);
    Ok(forgotten.map(|note| (note.place as usize, note)).collect())
}

/// Before a stopped job ends that hands something over: has each chunk looked at of which something may have left
/// that the table has forgotten. Says whether there was none.
pub(crate) async fn recall(ports: &Ports, state: &JobWithChunks) -> Result<bool, Error> {
    let job = &state.job.record;
    if job.state != State::Cancelling || job.operation.about().task != Task::Deliver {
        return Ok(true);
    }
    let known: BTreeMap<u32, _> = state
        .chunks
        .iter()
        .map(|chunk| (chunk.record.number, chunk))
        .collect();
    let counted = |chunk: &u32| known.get(chunk).map_or(0, |row| row.record.notes);
    let is_open = |chunk: &u32| {
        let row = known.get(chunk);
        row.is_none_or(|row| row.record.hold != Hold::Done)
    };
    let open: Vec<(u32, u64)> = (0..job.chunks())
        .filter(is_open)
        .map(|chunk| (chunk, counted(&chunk)))
        .collect();
    let reading = stream::iter(open).map(|(chunk, counted)| async move {
        let forgotten = notes(ports, job, chunk, counted).await?;
        Ok::<_, LedgerError>((!forgotten.is_empty()).then_some(chunk))
    });
    let reading = reading.buffer_unordered(READ_AT_ONCE);
    let forgotten: Vec<u32> = reading
        .try_filter_map(async |it| Ok(it))
        .try_collect()
        .await?;

    let now = ports.clock.now();
    for &chunk in &forgotten {
        let (record, version, expect) = match known.get(&chunk) {
            Some(row) => (
                row.record.clone(),
                row.version,
                Expect::Version(row.version),
            ),
            None => (
                ChunkRecord::new(chunk, job.chunk_size(chunk), now),
                0,
                Expect::Absent,
            ),
        };
        let unanswered = ChunkRecord {
            hold: Hold::Free,
            in_flight: true,
            updated_at: now,
            ..record
        };
        let row = chunk_row(&job.id, &unanswered, version + 1, now)?;
        match ports.table.write(vec![Write::Put(row, expect)]).await {
            // Whoever else wrote the row settles the job once more.
            Ok(()) | Err(TableError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        send(ports, job, &[(chunk, now)]).await;
    }
    Ok(forgotten.is_empty())
}
