//! Parts of an export in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bulkhead_shared::ids::JobId;

use super::lock;
use crate::ports::{PartReader, PartWriter, Parts, PartsError};

/// Read in pieces of this size, so that readers meet more than one.
const PIECE_BYTES: usize = 64 * 1024;

type Kept = Arc<Mutex<BTreeMap<(JobId, String), Vec<u8>>>>;

/// Parts in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryParts {
    kept: Kept,
}

impl MemoryParts {
    /// Nothing is kept yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Names of the finished parts of a job.
    pub fn names(&self, job: &JobId) -> Vec<String> {
        let kept = lock(&self.kept);
        let of_job = kept.keys().filter(|(of, _)| of == job);
        of_job.map(|(_, name)| name.clone()).collect()
    }
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

    async fn remove(&self, job: &JobId) -> Result<(), PartsError> {
        lock(&self.kept).retain(|(of, _), _| of != job);
        Ok(())
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
    }
}
