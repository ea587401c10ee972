//! Cutting a selection into chunk rows, and its hash, piece by piece.

use bulkhead_shared::hash::{Hasher, ManifestHash};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::Illegal;
use bulkhead_shared::options::Settings;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::cut::share;
use crate::error::Error;
use crate::kinds::version::ItemVersion;
use crate::ports::{Ports, Row};
use crate::records::store::{load_packed, packed_rows};
use crate::records::{Back, Entry, Happened, JobRecord, Manifest, names};

/// Rows gathered before they are stored together.
const ROWS_AT_ONCE: usize = 10;
/// Chunks read back between two looks at the clock.
const CHUNKS_A_LOOK: u32 = 100;

/// Cuts items into chunk rows and feeds the hash.
///
/// How large the chunks are is not known before it is known whether there are enough items to fill
/// one for each lane. Until then they are held back; after that chunks are as large as may be.
pub(crate) struct Freezer {
    job: JobId,
    generation: u32,
    settings: Settings,
    /// Items in a chunk, if that is settled from the beginning.
    settled: Option<u32>,
    most: u32,
    now: Timestamp,
    hasher: Hasher,
    held: Manifest,
    rows: Vec<Row>,
    chunk: u32,
    total: u64,
}

/// A frozen selection.
pub(crate) struct Frozen {
    total: u64,
    chunk_items: u32,
    hash: ManifestHash,
}

impl Frozen {
    /// Gives a job what was frozen for it.
    pub(crate) fn into_job(self, job: &mut JobRecord, now: Timestamp) -> Result<Happened, Illegal> {
        job.freeze(self.total, self.chunk_items, self.hash, now)
    }
}

impl Freezer {
    pub(crate) fn new(job: &JobRecord, now: Timestamp) -> Self {
        Self {
            job: job.id.clone(),
            generation: job.generation,
            settings: job.settings.clone(),
            // Begun by a version that cut by batches, and to be gone on with in the same way.
            settled: job.chunk_items.is_none().then(|| job.full_chunk()),
            most: job.full_chunk(),
            now,
            hasher: Hasher::new(&job.account, &job.operation, &job.settings),
            held: Manifest::default(),
            rows: Vec::new(),
            chunk: 0,
            total: 0,
        }
    }

    /// The next item; `back` with an undo only.
    pub(crate) fn add(&mut self, entry: Entry, back: Option<Back>) -> Result<(), Error> {
        let version = entry.seen.version().map(ItemVersion::as_bytes);
        self.hasher.item(&entry.id, version);
        if let Some(input) = &entry.input {
            self.hasher.input(input);
        }
        self.held.items.push(entry);
        self.held.back.extend(back);
        self.total += 1;
        if self.held.items.len() > self.room() {
            self.close_chunk(self.most as usize)?;
        }
        Ok(())
    }

    /// Items that are held back.
    fn room(&self) -> usize {
        let lanes = match self.settled {
            Some(_) => 1,
            None => self.settings.parallel_chunks,
        };
        (lanes * self.most) as usize
    }

    /// Makes a row of the first items that are held.
    fn close_chunk(&mut self, items: usize) -> Result<(), Error> {
        let Manifest { items: held, back } = &mut self.held;
        let manifest = Manifest {
            back: back.drain(..items.min(back.len())).collect(),
            items: held.drain(..items.min(held.len())).collect(),
        };
        let key = names::manifest(&self.job, self.generation, self.chunk);
        let rows = packed_rows(key, &manifest, self.now)?;
        self.rows.extend(rows.into_rows());
        self.chunk += 1;
        Ok(())
    }

    /// Stores what has gathered, if it is worth a call. Says how many items there are so far.
    pub(crate) async fn store(&mut self, ports: &Ports) -> Result<u64, Error> {
        if self.rows.len() >= ROWS_AT_ONCE {
            ports.table.put_many(std::mem::take(&mut self.rows)).await?;
        }
        Ok(self.total)
    }

    /// Reads back what an earlier planner of this job stored before it put its work down. Says
    /// whether that was all; if not, it is late.
    pub(crate) async fn read_back(
        &mut self,
        ports: &Ports,
        job: &JobRecord,
        stop_at: Timestamp,
    ) -> Result<bool, Error> {
        let mut read = 0;
        let mut chunks = stream::iter(0..job.chunks())
            .map(|chunk| load_manifest(ports, job, chunk))
            .buffered(ROWS_AT_ONCE);
        while let Some(Manifest { items, back }) = chunks.try_next().await? {
            let mut back = back.into_iter();
            for entry in items {
                self.add(entry, back.next())?;
            }
            // They are stored already.
            self.rows.clear();
            read += 1;
            if read % CHUNKS_A_LOOK == 0 && ports.clock.now() > stop_at {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Stores all there is, also a chunk that is not full yet, for the next planner to read back.
    /// Says how many items there are.
    pub(crate) async fn put_down(mut self, ports: &Ports) -> Result<u64, Error> {
        self.store_all(ports, self.most).await?;
        Ok(self.total)
    }

    /// Stores the rest.
    pub(crate) async fn finish(mut self, ports: &Ports) -> Result<Frozen, Error> {
        let chunk_items = match self.settled {
            Some(settled) => settled,
            None => share(self.total, &self.settings, self.most),
        };
        self.store_all(ports, chunk_items).await?;
        Ok(Frozen {
            total: self.total,
            chunk_items,
            hash: self.hasher.finish(),
        })
    }

    async fn store_all(&mut self, ports: &Ports, chunk_items: u32) -> Result<(), Error> {
        while !self.held.items.is_empty() {
            self.close_chunk(chunk_items as usize)?;
        }
        if !self.rows.is_empty() {
            ports.table.put_many(std::mem::take(&mut self.rows)).await?;
        }
        Ok(())
    }
}

/// Reads a frozen chunk.
pub(crate) async fn load_manifest(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
) -> Result<Manifest, Error> {
    let key = names::manifest(&job.id, job.generation, chunk);
    load_packed(ports.table.as_ref(), key)
        .await?
        .ok_or(Error::Missing("manifest"))
}
