//! Parts of an export in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_shared::ids::JobId;
use jiff::Timestamp;

use super::lock;
use crate::ports::{
    Clock, FileLabel, FileSource, HandOut, PartReader, PartWriter, Parts, PartsError, Section,
};

/// Read in pieces of this size, so that readers meet more than one.
const PIECE_BYTES: usize = 64 * 1024;

type Kept = Arc<Mutex<BTreeMap<(JobId, String), Vec<u8>>>>;

/// Files that were handed out, by address, with when the address ends.
type Files = Arc<Mutex<BTreeMap<String, (Vec<u8>, Timestamp)>>>;

/// How long an address lasts.
const ADDRESS_LASTS: Duration = Duration::from_secs(300);

/// Parts in memory.
#[derive(Clone, Default)]
pub struct MemoryParts {
    kept: Kept,
    files: Files,
    hands_out_on: Option<Arc<dyn Clock>>,
}

impl MemoryParts {
    /// Nothing is kept yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with addresses for whole files that end by this clock.
    pub fn handing_out(self, clock: Arc<dyn Clock>) -> Self {
        Self {
            hands_out_on: Some(clock),
            ..self
        }
    }

    /// What a browser gets at an address; none once its time is over.
    pub fn at(&self, url: &str) -> Option<Vec<u8>> {
        let now = self.hands_out_on.as_ref()?.now();
        let files = lock(&self.files);
        let (bytes, until) = files.get(url)?;
        (now < *until).then(|| bytes.clone())
    }

    /// Names of the finished parts of a job.
    pub fn names(&self, job: &JobId) -> Vec<String> {
        let kept = lock(&self.kept);
        let of_job = kept.keys().filter(|(of, _)| of == job);
        of_job.map(|(_, name)| name.clone()).collect()
    }

    fn join(&self, job: &JobId, sections: &[Section]) -> Result<Vec<u8>, PartsError> {
        let kept = lock(&self.kept);
        let mut bytes = Vec::new();
        for section in sections {
            let section = match section {
                Section::Text(text) => Some(text),
                Section::Part(name) => kept.get(&(job.clone(), name.clone())),
            };
            bytes.extend(section.ok_or_else(|| PartsError("a part is missing".into()))?);
        }
        Ok(bytes)
    }
}

async fn read_out(reader: &mut dyn PartReader) -> Result<Vec<u8>, PartsError> {
    let mut bytes = Vec::new();
    while let Some(piece) = reader.read().await? {
        bytes.extend(piece);
    }
    Ok(bytes)
}

struct Writing {
    kept: Kept,
    key: (JobId, String),
    bytes: Vec<u8>,
}

struct Reading {
    bytes: Vec<u8>,
    at: usize,
}

#[async_trait]
impl Parts for MemoryParts {
    async fn create(&self, job: &JobId, name: &str) -> Result<Box<dyn PartWriter>, PartsError> {
        Ok(Box::new(Writing {
            kept: self.kept.clone(),
            key: (job.clone(), name.to_owned()),
            bytes: Vec::new(),
        }))
    }

    async fn open(
        &self,
        job: &JobId,
        name: &str,
    ) -> Result<Option<Box<dyn PartReader>>, PartsError> {
        let kept = lock(&self.kept);
        let bytes = kept.get(&(job.clone(), name.to_owned())).cloned();
        Ok(bytes.map(|bytes| Box::new(Reading { bytes, at: 0 }) as Box<dyn PartReader>))
    }

    fn hands_out(&self) -> bool {
        self.hands_out_on.is_some()
    }

    async fn hand_out(
        &self,
        job: &JobId,
        file: &FileLabel,
        source: FileSource<'_>,
    ) -> Result<Option<HandOut>, PartsError> {
        let Some(clock) = &self.hands_out_on else {
            return Ok(None);
        };
        let bytes = match source {
            FileSource::Sections(sections) => self.join(job, sections)?,
            FileSource::Reader(reader) => read_out(reader).await?,
        };
        let until = clock.now().saturating_add(ADDRESS_LASTS);
        let until = until.unwrap_or(Timestamp::MAX);
        let until = file.kept_until.map_or(until, |kept| kept.min(until));
        let url = format!("memory:///{job}/{}", file.name);
        lock(&self.files).insert(url.clone(), (bytes, until));
        Ok(Some(HandOut { url, until }))
    }
}

#[async_trait]
impl PartWriter for Writing {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<(), PartsError> {
        lock(&self.kept).insert(self.key, self.bytes);
        Ok(())
    }
}

#[async_trait]
impl PartReader for Reading {
    async fn read(&mut self) -> Result<Option<Vec<u8>>, PartsError> {
        let rest = &self.bytes[self.at..];
        let piece = &rest[..rest.len().min(PIECE_BYTES)];
        self.at += piece.len();
        Ok((!piece.is_empty()).then(|| piece.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;

    #[test]
    fn keeps_the_rules_of_parts() {
        block_on(crate::testing::parts::conforms(&MemoryParts::new()));
        let clock = Arc::new(crate::testing::memory::ManualClock::default());
        let handing_out = MemoryParts::new().handing_out(clock);
        block_on(crate::testing::parts::conforms(&handing_out));
    }
}
