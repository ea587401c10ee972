//! Cutting a selection into chunk rows, and its hash, piece by piece.

use bulkhead_shared::hash::{Hasher, ManifestHash};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::Illegal;
use bulkhead_shared::options::Settings;
use futures::{StreamExt, stream};
use jiff::Timestamp;

use super::cut::share;
use crate::error::Error;
use crate::kinds::version::ItemVersion;
use crate::ports::{Ports, Row};
use crate::records::store::{load_packed, packed_rows};
use crate::records::{
    Back, EarlierRows, Entry, Gathered, Happened, JobRecord, Manifest, PutDown, names,
};

/// Rows gathered before they are stored together.
const ROWS_AT_ONCE: usize = 10;
/// Chunks read back between two looks at the clock.
const CHUNKS_A_LOOK: u32 = 100;

/// Cuts items into chunk rows and feeds the hash.
///
/// How large the chunks are is not known before it is known whether there are enough items to fill
/// one for each lane. Until then they are held back; after that chunks are as large as may be. What is held
/// back can be kept for whoever goes on, in chunks as large as may be too: cut otherwise in the end, it gets
/// rows of another generation, so that nobody reads a mixture of both.
pub(crate) struct Freezer {
    job: JobId,
    generation: u32,
    /// Where the rows of the first chunks are of planners that died.
    earlier: Vec<EarlierRows>,
    settings: Settings,
    /// Items in a chunk, if that is settled from the beginning.
    settled: Option<u32>,
    most: u32,
    now: Timestamp,
    hasher: Hasher,
    held: Manifest,
    rows: Vec<Row>,
    chunk: u32,
    /// Full chunks that are stored, from the first one on, also of what is held back. None if nothing was kept.
    kept: Option<u32>,
    total: u64,
}

/// A frozen selection.
pub(crate) struct Frozen {
    total: u64,
    chunk_items: u32,
    generation: u32,
    earlier: Vec<EarlierRows>,
    hash: ManifestHash,
}

impl Frozen {
    /// Gives a job what was frozen for it.
    pub(crate) fn into_job(self, job: &mut JobRecord, now: Timestamp) -> Result<Happened, Illegal> {
        job.freeze(
            self.total,
            self.chunk_items,
            self.generation,
            self.earlier,
            self.hash,
            now,
        )
    }
}

/// The hash of a job before its first item.
fn hasher(job: &JobRecord) -> Hasher {
    let mut hasher = Hasher::new(&job.account, &job.operation, &job.settings);
    if let Some(at) = &job.model {
        hasher.model(&format!("{}\n{}", at.url, at.model));
    }
    hasher
}

impl Freezer {
    pub(crate) fn new(job: &JobRecord, now: Timestamp) -> Self {
        Self {
            job: job.id.clone(),
            generation: job.generation,
            earlier: Vec::new(),
            settings: job.settings.clone(),
            // Begun by a version that cut by batches, and to be gone on with in the same way.
            settled: job.chunk_items.is_none().then(|| job.full_chunk()),
            most: job.full_chunk(),
            now,
            hasher: hasher(job),
            held: Manifest::default(),
            rows: Vec::new(),
            chunk: 0,
            kept: None,
            total: 0,
        }
    }

    /// For what is made of all that a planner gathered.
    pub(crate) fn after(job: &JobRecord, now: Timestamp) -> Self {
        let generation = job.generation + 1;
        Self {
            generation,
            ..Self::new(job, now)
        }
    }

    /// The next item; `back` with an undo only.
    pub(crate) fn add(&mut self, entry: Entry, back: Option<Back>) -> Result<(), Error> {
        let version = entry.seen.version().map(ItemVersion::as_bytes);
        self.hasher.item(&entry.id, version);
        if let Some(input) = &entry.input {
            self.hasher.input(input);
        }
        self.hold(entry, back)
    }

    /// The next item, which is in the hash already.
    fn hold(&mut self, entry: Entry, back: Option<Back>) -> Result<(), Error> {
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

    /// Takes the first items that are held as a chunk, and makes a row of it unless it is stored.
    fn close_chunk(&mut self, items: usize) -> Result<(), Error> {
        let Manifest { items: held, back } = &mut self.held;
        let manifest = Manifest {
            back: back.drain(..items.min(back.len())).collect(),
            items: held.drain(..items.min(held.len())).collect(),
        };
        let full = manifest.items.len() == self.most as usize;
        let is_kept = full && self.kept.is_some_and(|kept| self.chunk < kept);
        if !is_kept {
            self.gather(self.chunk, &manifest)?;
        }
        self.chunk += 1;
        Ok(())
    }

    fn gather(&mut self, chunk: u32, manifest: &Manifest) -> Result<(), Error> {
        let key = names::manifest(&self.job, self.generation, chunk);
        let rows = packed_rows(key, manifest, self.now)?;
        self.rows.extend(rows.into_rows());
        Ok(())
    }

    /// Items so far.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// What there is, once all of it is stored.
    pub(crate) fn gathered(&self) -> Gathered {
        Gathered {
            total: self.total,
            hash: self.hasher.clone().finish(),
            hash_so_far: self.hasher.so_far(),
            earlier: self.earlier.clone(),
        }
    }

    /// Stores what has gathered, if it is worth a call.
    pub(crate) async fn store(&mut self, ports: &Ports) -> Result<(), Error> {
        if self.rows.len() >= ROWS_AT_ONCE {
            self.store_rows(ports).await?;
        }
        Ok(())
    }

    async fn store_rows(&mut self, ports: &Ports) -> Result<(), Error> {
        if !self.rows.is_empty() {
            ports.table.put_many(std::mem::take(&mut self.rows)).await?;
        }
        Ok(())
    }

    /// Stores all there is, also a chunk that is not full yet, for another planner to read back. This one may
    /// go on.
    pub(crate) async fn keep(&mut self, ports: &Ports) -> Result<(), Error> {
        let most = self.most as usize;
        let mut kept = self.kept.unwrap_or_default().max(self.chunk);
        let Manifest { items, back } = std::mem::take(&mut self.held);
        for chunk in kept.. {
            let held = (chunk - self.chunk) as usize * most..;
            let Some(rest) = items.get(held.clone()).filter(|rest| !rest.is_empty()) else {
                break;
            };
            let manifest = Manifest {
                items: rest.iter().take(most).cloned().collect(),
                back: back
                    .get(held)
                    .unwrap_or_default()
                    .iter()
                    .take(most)
                    .cloned()
                    .collect(),
            };
            if manifest.items.len() == most {
                kept = chunk + 1;
            }
            self.gather(chunk, &manifest)?;
        }
        self.held = Manifest { items, back };
        self.kept = Some(kept);
        self.store_rows(ports).await
    }

    /// Goes on with what an earlier planner of this job kept. Full chunks of a list that is long enough to be cut
    /// into nothing else stay as they are, and only what follows them is read, so this costs the same however long
    /// the list is.
    pub(crate) async fn read_back(
        &mut self,
        ports: &Ports,
        job: &JobRecord,
        put_down: &PutDown,
        stop_at: Timestamp,
    ) -> Result<ReadBack, Error> {
        let generation = put_down.generation.unwrap_or(job.generation);
        let Some(hasher) = self.resumed_hash(job, put_down) else {
            return self.read_back_all(ports, job, put_down, stop_at).await;
        };
        self.hasher = hasher;
        let full = self.full_chunks(job);
        (self.chunk, self.kept) = (full, Some(full));
        self.total = u64::from(full) * u64::from(self.most);
        self.earlier.clone_from(&job.earlier);
        let known = self.earlier.last().map_or(0, |rows| rows.before);
        if generation != self.generation && known < full {
            self.earlier.push(EarlierRows {
                generation,
                before: full,
            });
        }
        if full < job.chunks() {
            let rest = load_rows(ports, job, generation, full).await;
            let Manifest { items, back } = match rest {
                Err(error) if error.is_unreadable() => return Ok(ReadBack::Other),
                rest => rest?,
            };
            // Whoever wrote it may have gone on.
            let mut back = back.into_iter();
            for entry in items.into_iter().take(job.chunk_size(full) as usize) {
                self.hold(entry, back.next())?;
            }
        }
        match self.total == job.total {
            true => Ok(ReadBack::All),
            false => Ok(ReadBack::Other),
        }
    }

    /// The hash over what was put down, if that is to be gone on with as it is cut.
    fn resumed_hash(&self, job: &JobRecord, put_down: &PutDown) -> Option<Hasher> {
        let stays = job.total > self.room() as u64;
        let so_far = put_down.hash_so_far.as_ref().filter(|_| stays)?;
        Hasher::resume(so_far, put_down.hash.as_ref()?)
    }

    fn full_chunks(&self, job: &JobRecord) -> u32 {
        let full = job.total / u64::from(self.most.max(1));
        u32::try_from(full).unwrap_or(u32::MAX)
    }

    /// Reads all of it back. Rows of another generation than this planner's are stored again in its own: whoever
    /// wrote those may write still.
    async fn read_back_all(
        &mut self,
        ports: &Ports,
        job: &JobRecord,
        put_down: &PutDown,
        stop_at: Timestamp,
    ) -> Result<ReadBack, Error> {
        let last = put_down.generation.unwrap_or(job.generation);
        let own = last == self.generation && job.earlier.is_empty();
        if own {
            self.kept = Some(self.full_chunks(job));
        }
        let generation_of = |chunk| {
            let earlier = job.earlier.iter().find(|rows| chunk < rows.before);
            earlier.map_or(last, |rows| rows.generation)
        };
        let mut chunks = stream::iter(0..job.chunks())
            .map(|chunk| load_rows(ports, job, generation_of(chunk), chunk))
            .buffered(ROWS_AT_ONCE);
        for chunk in 0..job.chunks() {
            let Some(read) = chunks.next().await else {
                break;
            };
            let Manifest { items, back } = match read {
                Err(error) if error.is_unreadable() => return Ok(ReadBack::Other),
                read => read?,
            };
            // Whoever wrote it may have gone on.
            let mut back = back.into_iter();
            for entry in items.into_iter().take(job.chunk_size(chunk) as usize) {
                self.add(entry, back.next())?;
            }
            self.store(ports).await?;
            if (chunk + 1) % CHUNKS_A_LOOK == 0 && ports.clock.now() > stop_at {
                return Ok(ReadBack::Late);
            }
        }
        let hash = put_down.hash.as_ref();
        if self.total != job.total || hash.is_some_and(|hash| *hash != self.gathered().hash) {
            return Ok(ReadBack::Other);
        }
        if !own {
            self.keep(ports).await?;
        }
        Ok(ReadBack::All)
    }

    /// Stores the rest.
    pub(crate) async fn finish(mut self, ports: &Ports) -> Result<Frozen, Error> {
        let chunk_items = match self.settled {
            Some(settled) => settled,
            None => share(self.total, &self.settings, self.most),
        };
        if self.kept.is_some() && chunk_items != self.most {
            // Then all is still held back.
            self.kept = None;
            self.generation += 1;
        }
        while !self.held.items.is_empty() {
            self.close_chunk(chunk_items as usize)?;
        }
        self.store_rows(ports).await?;
        Ok(Frozen {
            total: self.total,
            chunk_items,
            generation: self.generation,
            earlier: self.earlier,
            hash: self.hasher.finish(),
        })
    }
}

/// What came of reading back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadBack {
    /// It goes on after it.
    All,
    /// There was not enough time.
    Late,
    /// It is not what was put down, or cannot be read.
    Other,
}

/// Reads a frozen chunk.
pub(crate) async fn load_manifest(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
) -> Result<Manifest, Error> {
    load_rows(ports, job, job.generation_of(chunk), chunk).await
}

async fn load_rows(
    ports: &Ports,
    job: &JobRecord,
    generation: u32,
    chunk: u32,
) -> Result<Manifest, Error> {
    let key = names::manifest(&job.id, generation, chunk);
    load_packed(ports.table.as_ref(), key)
        .await?
        .ok_or(Error::Missing("manifest"))
}
