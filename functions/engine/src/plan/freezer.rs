//! Cutting a selection into chunk rows, and its hash, piece by piece.

use bulkhead_shared::hash::{Hasher, ManifestHash};
use bulkhead_shared::ids::{ItemId, JobId};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use crate::error::Error;
use crate::ports::{Ports, Row};
use crate::records::store::{load_packed, packed_row};
use crate::records::{Back, JobRecord, Manifest, names};

/// Rows gathered before they are stored together.
const ROWS_AT_ONCE: usize = 10;

/// Cuts items into chunk rows and feeds the hash.
pub(crate) struct Freezer {
    job: JobId,
    generation: u32,
    batch: usize,
    now: Timestamp,
    hasher: Hasher,
    open: Manifest,
    rows: Vec<Row>,
    chunk: u32,
    total: u64,
}

/// A frozen selection.
pub(crate) struct Frozen {
    pub(crate) total: u64,
    pub(crate) hash: ManifestHash,
}

impl Freezer {
    pub(crate) fn new(job: &JobRecord, now: Timestamp) -> Self {
        Self {
            job: job.id.clone(),
            generation: job.generation,
            batch: job.settings.batch_size as usize,
            now,
            hasher: Hasher::new(&job.account, &job.operation, &job.settings),
            open: Manifest::default(),
            rows: Vec::new(),
            chunk: 0,
            total: 0,
        }
    }

    /// The next item; `back` with an undo only.
    pub(crate) fn add(&mut self, id: ItemId, version: u64, back: Option<Back>) {
        self.hasher.item(&id, version);
        self.open.items.push((id, version));
        self.open.back.extend(back);
        self.total += 1;
        if self.open.items.len() == self.batch {
            self.close_chunk();
        }
    }

    fn close_chunk(&mut self) {
        let manifest = std::mem::take(&mut self.open);
        let key = names::manifest(&self.job, self.generation, self.chunk);
        self.rows.push(packed_row(key, &manifest, self.now));
        self.chunk += 1;
    }

    /// Stores what has gathered, if it is worth a call. Says how many items there are so far.
    pub(crate) async fn store(&mut self, ports: &Ports) -> Result<u64, Error> {
        if self.rows.len() >= ROWS_AT_ONCE {
            ports.table.put_many(std::mem::take(&mut self.rows)).await?;
        }
        Ok(self.total)
    }

    /// Reads back what an earlier planner of this job stored before it put its work down.
    pub(crate) async fn read_back(&mut self, ports: &Ports, job: &JobRecord) -> Result<(), Error> {
        let mut chunks = stream::iter(0..job.chunks())
            .map(|chunk| load_manifest(ports, job, chunk))
            .buffered(ROWS_AT_ONCE);
        while let Some(Manifest { items, back }) = chunks.try_next().await? {
            let mut back = back.into_iter();
            for (id, version) in items {
                self.add(id, version, back.next());
            }
            // They are stored already.
            self.rows.clear();
        }
        Ok(())
    }

    /// Stores all there is, also a chunk that is not full yet, for the next planner to read back.
    /// Says how many items there are.
    pub(crate) async fn put_down(mut self, ports: &Ports) -> Result<u64, Error> {
        self.store_all(ports).await?;
        Ok(self.total)
    }

    /// Stores the rest.
    pub(crate) async fn finish(mut self, ports: &Ports) -> Result<Frozen, Error> {
        self.store_all(ports).await?;
        Ok(Frozen {
            total: self.total,
            hash: self.hasher.finish(),
        })
    }

    async fn store_all(&mut self, ports: &Ports) -> Result<(), Error> {
        if !self.open.items.is_empty() {
            self.close_chunk();
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
