//! Typed access to the table: records in, records out, each with the version that conditions need.

use bulkhead_shared::ids::JobId;
use bulkhead_shared::limits;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::ports::{Expect, Key, Listing, Ports, Row, Table, Write};
use crate::records::pack::{pack, unpack};
use crate::records::{ChunkRecord, JobRecord, names, status_span};

/// A record with the version of its row.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored<T> {
    /// The record.
    pub record: T,
    /// The row's version when it was read or written.
    pub version: u64,
}

/// When packed rows and chunk rows may be dropped.
pub fn content_expiry(now: Timestamp) -> Timestamp {
    now + SignedDuration::from_hours(24 * limits::CONTENT_DAYS)
}

/// A row that holds packed data.
pub fn packed_row<T: Serialize>(key: Key, value: &T, now: Timestamp) -> Row {
    Row {
        key,
        version: 1,
        body: pack(value),
        expires: Some(content_expiry(now)),
        listing: None,
        due: None,
    }
}

/// A row that holds a small record as JSON: readable in any console, and fields may be added.
pub fn text_row<T: Serialize>(
    key: Key,
    version: u64,
    value: &T,
    expires: Option<Timestamp>,
) -> Result<Row, Error> {
    Ok(Row {
        key,
        version,
        body: serde_json::to_vec(value)?,
        expires,
        listing: None,
        due: None,
    })
}

/// The row of a job.
pub fn job_row(job: &JobRecord, version: u64, now: Timestamp) -> Result<Row, Error> {
    let expires = now + SignedDuration::from_hours(24 * limits::HISTORY_DAYS);
    let row = text_row(names::job(&job.id), version, job, Some(expires))?;
    Ok(Row {
        listing: Some(Listing {
            owner: job.owner.to_string(),
            place: job.id.by_time().to_owned(),
        }),
        due: job.due(now),
        ..row
    })
}

/// The row of a chunk.
pub fn chunk_row(
    job: &JobId,
    chunk: &ChunkRecord,
    version: u64,
    now: Timestamp,
) -> Result<Row, Error> {
    text_row(
        names::chunk(job, chunk.number),
        version,
        chunk,
        Some(content_expiry(now)),
    )
}

/// Reads packed data.
pub async fn load_packed<T: DeserializeOwned>(
    table: &dyn Table,
    key: Key,
) -> Result<Option<T>, Error> {
    match table.get(&key).await? {
        Some(row) => Ok(Some(unpack(&row.body)?)),
        None => Ok(None),
    }
}

/// Reads a small record.
pub async fn load_text<T: DeserializeOwned>(
    table: &dyn Table,
    key: &Key,
) -> Result<Option<Stored<T>>, Error> {
    table.get(key).await?.map(|row| read_text(&row)).transpose()
}

/// The record in a row.
pub fn read_text<T: DeserializeOwned>(row: &Row) -> Result<Stored<T>, Error> {
    Ok(Stored {
        record: serde_json::from_slice(&row.body)?,
        version: row.version,
    })
}

/// Reads a job.
pub async fn load_job(table: &dyn Table, job: &JobId) -> Result<Option<Stored<JobRecord>>, Error> {
    load_text(table, &names::job(job)).await
}

/// A job with all its chunks that were ever begun: one read.
#[derive(Debug, Clone, PartialEq)]
pub struct JobWithChunks {
    /// The job.
    pub job: Stored<JobRecord>,
    /// Its chunks, by number. Those nobody ever began have no row.
    pub chunks: Vec<Stored<ChunkRecord>>,
}

impl JobWithChunks {
    /// Grows with every change of the job or of one of its chunks. While it works it is the sum
    /// of the rows' versions; `crate::jobs::settle` makes the job's own version larger than any sum
    /// before.
    pub fn version(&self) -> u64 {
        if self.job.record.state.is_ended() {
            return self.job.version;
        }
        self.job.version + self.chunks.iter().map(|chunk| chunk.version).sum::<u64>()
    }
}

/// Reads a job with its chunks.
pub async fn load_job_with_chunks(
    table: &dyn Table,
    job: &JobId,
) -> Result<Option<JobWithChunks>, Error> {
    let mut rows = table.range(&status_span(job)).await?;
    match rows.pop() {
        Some(last) if last.key.sort == names::JOB => Ok(Some(JobWithChunks {
            job: read_text(&last)?,
            chunks: rows.iter().map(read_text).collect::<Result<_, _>>()?,
        })),
        _ => Ok(None),
    }
}

/// Writes a job back under the condition that nobody else did since it was read. If it has ended now,
/// it has ended by this write: an ended job is only ever written again to name a child.
pub async fn save_job(
    ports: &Ports,
    job: &mut Stored<JobRecord>,
    now: Timestamp,
) -> Result<(), Error> {
    let version = job.version + 1;
    let row = job_row(&job.record, version, now)?;
    ports
        .table
        .write(vec![Write::Put(row, Expect::Version(job.version))])
        .await?;
    job.version = version;
    if let Some(ended) = job.record.ended() {
        ports.meter.note(ended);
    }
    Ok(())
}

/// Reads a job, changes it and writes it back; again if somebody else was faster. `change` says
/// whether there is anything to write.
pub async fn update_job(
    ports: &Ports,
    id: &JobId,
    now: Timestamp,
    change: impl Fn(&mut JobRecord) -> Result<bool, Error> + Send + Sync,
) -> Result<Stored<JobRecord>, Error> {
    loop {
        let table = ports.table.as_ref();
        let mut job = load_job(table, id).await?.ok_or(Error::NotFound)?;
        if !change(&mut job.record)? {
            return Ok(job);
        }
        match save_job(ports, &mut job, now).await {
            Ok(()) => return Ok(job),
            // Each conflict means that somebody else's write went through, so this ends.
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
    }
}
