//! Typed access to the table: records in, records out, each with the version that conditions need.

use bulkhead_shared::ids::JobId;
use bulkhead_shared::limits;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ports::{ATOMIC_WRITES_MOST, Expect, Key, Listing, Ports, Row, Span, Table, Write};
use crate::records::pack::{Newer, Packed, Unreadable, continued, pack, unpack};
use crate::records::schema::Packable;
use crate::records::{ChunkRecord, JobRecord, names, status_span};

/// A record with the version of its row.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored<T> {
    pub record: T,
    /// The row's version when it was read or written.
    pub version: u64,
}

/// When packed rows and chunk rows may be dropped.
pub fn content_expiry(now: Timestamp) -> Timestamp {
    now + SignedDuration::from_hours(24 * limits::CONTENT_DAYS)
}

/// A packed record as rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedRows {
    /// The row that is read first.
    pub head: Row,
    /// Those in which the record goes on, mostly none. Nobody reads them before the head is stored, so
    /// they are stored before it.
    pub pieces: Vec<Row>,
}

impl PackedRows {
    /// All of them.
    pub fn into_rows(self) -> impl Iterator<Item = Row> {
        self.pieces.into_iter().chain([self.head])
    }
}

/// The rows of a packed record.
pub fn packed_rows<T: Packable>(key: Key, record: &T, now: Timestamp) -> Result<PackedRows, Error> {
    let Packed {
        head,
        pieces,
        stamp,
    } = pack(record)?;
    let row = |key, body| Row {
        key,
        version: 1,
        body,
        expires: Some(content_expiry(now)),
        listing: None,
        due: None,
    };
    let pieces = (1..=u8::MAX).zip(pieces);
    let pieces = pieces.map(|(piece, body)| row(names::piece(&key, &stamp, piece), body));
    Ok(PackedRows {
        pieces: pieces.collect(),
        head: row(key, head),
    })
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

/// Removes every row of a partition.
pub(crate) async fn erase(table: &dyn Table, partition: String) -> Result<(), Error> {
    let span = Span {
        partition,
        from: " ".to_owned(),
        to: "~".to_owned(),
        reverse: false,
        limit: None,
    };
    let rows = table.range(&span).await?;
    for some in rows.chunks(ATOMIC_WRITES_MOST) {
        let gone = some
            .iter()
            .map(|row| Write::Delete(row.key.clone(), Expect::Anything));
        table.write(gone.collect()).await?;
    }
    Ok(())
}

/// Reads a packed record; none if there is no such row.
pub async fn load_packed<T: Packable>(table: &dyn Table, key: Key) -> Result<Option<T>, Error> {
    let stored = load_packed_row(table, key).await?;
    Ok(stored.map(|stored| stored.record))
}

/// The same with the version of its row.
pub async fn load_packed_row<T: Packable>(
    table: &dyn Table,
    key: Key,
) -> Result<Option<Stored<T>>, Error> {
    let Some(row) = table.get(&key).await? else {
        return Ok(None);
    };
    let (count, stamp) = continued(&row.body);
    let mut pieces = Vec::new();
    if count > 0 {
        let span = Span {
            from: names::piece(&key, &stamp, 1).sort,
            to: names::piece(&key, &stamp, count).sort,
            partition: key.partition,
            reverse: false,
            limit: None,
        };
        pieces.extend(table.range(&span).await?.into_iter().map(|row| row.body));
    }
    Ok(Some(Stored {
        record: unpack(&row.body, &pieces)?,
        version: row.version,
    }))
}

/// Reads a small record.
pub async fn load_text<T: DeserializeOwned>(
    table: &dyn Table,
    key: &Key,
) -> Result<Option<Stored<T>>, Error> {
    table.get(key).await?.map(|row| read_text(&row)).transpose()
}

/// The schema of texts that this program writes and reads. Fields may be added within it; whatever an
/// older program must not read, because it would misread it or lose it when it writes the record back,
/// is stored with a `schema` above it.
const TEXT_SCHEMA: u32 = 3;

/// What a record says of its schema; those of the first say nothing.
#[derive(Deserialize)]
struct TextSchema {
    #[serde(default)]
    schema: u32,
}

/// The record in a row.
pub fn read_text<T: DeserializeOwned>(row: &Row) -> Result<Stored<T>, Error> {
    let TextSchema { schema } = serde_json::from_slice(&row.body)?;
    if schema > TEXT_SCHEMA {
        return Err(Unreadable::Newer(Newer::Text(schema)).into());
    }
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

/// Writes a job back whose state is as it was, under the condition that nobody else did since it was read.
/// What happens to a job is stored by [`crate::outbox`].
pub(crate) async fn keep_job(
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
    Ok(())
}

#[cfg(test)]
mod tests;
