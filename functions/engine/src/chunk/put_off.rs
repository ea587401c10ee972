//! Letting go of a chunk after an error that passes by itself.

use jiff::Timestamp;

use crate::dispatch::send;
use crate::error::Error;
use crate::ports::{Expect, Ports, TableError, Write};
use crate::records::store::{chunk_row, load_text};
use crate::records::{ChunkRecord, Hold, JobRecord, names};

/// After an error that passes by itself, lets go of a chunk, so that whoever gets its message next finds it
/// free: waiting is not failing, and counts as no lapse (invariant 8). `until` and `version` tell our lease
/// from another's: the version is the last that we may have written, for a write that was not answered may
/// be stored all the same. If nothing can be stored, the chunk is asked for when its lease ends.
pub(super) async fn put_off(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
    until: Timestamp,
    version: u64,
    error: &Error,
) {
    if !error.is_passing() {
        return;
    }
    if let Err(error) = let_go(ports, job, chunk, until, version).await {
        tracing::info!(job.id = %job.id, chunk, error = %error, "A chunk waits for the end of its lease.");
        send(ports, job, &[(chunk, until)]).await;
    }
}

async fn let_go(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
    until: Timestamp,
    version: u64,
) -> Result<(), Error> {
    let key = names::chunk(&job.id, chunk);
    let Some(stored) = load_text::<ChunkRecord>(ports.table.as_ref(), &key).await? else {
        return Ok(());
    };
    if stored.record.hold != (Hold::Leased { until }) || stored.version > version {
        return Ok(());
    }
    let free = ChunkRecord {
        hold: Hold::Free,
        ..stored.record
    };
    let row = chunk_row(&job.id, &free, stored.version + 1, ports.clock.now())?;
    let write = Write::Put(row, Expect::Version(stored.version));
    match ports.table.write(vec![write]).await {
        // Somebody took it over, which is as good.
        Ok(()) | Err(TableError::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
