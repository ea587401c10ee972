//! Files that an export makes, part by part, and how they are handed out.

use async_trait::async_trait;
use bulkhead_shared::ids::JobId;
use jiff::Timestamp;

/// A part cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[error("an export's part cannot be kept")]
pub struct PartsError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Where the parts of an export are kept until they are downloaded, one for each chunk and attempt.
/// What may be read is decided by the job's times; the adapter drops what is long past them.
#[async_trait]
pub trait Parts: Send + Sync {
    /// Begins a part; what an earlier attempt left under this name is replaced once it is finished.
    async fn create(&self, job: &JobId, name: &str) -> Result<Box<dyn PartWriter>, PartsError>;
    /// Opens a part for reading; none if there is none.
    async fn open(
        &self,
        job: &JobId,
        name: &str,
    ) -> Result<Option<Box<dyn PartReader>>, PartsError>;

    /// Whether files are handed out.
    fn hands_out(&self) -> bool {
        false
    }

    /// An address from which a browser gets a whole file of this job, for a short while. None where
    /// there is no such thing: then nothing was read, and whoever asked streams it.
    async fn hand_out(
        &self,
        _job: &JobId,
        _file: &FileLabel,
        _source: FileSource<'_>,
    ) -> Result<Option<HandOut>, PartsError> {
        Ok(None)
    }
}

/// What a file is made of.
pub enum FileSource<'a> {
    /// One section after the other: a store may join what it has without reading it out.
    Sections(&'a [Section]),
    /// Bytes that come to be while they are read, to the end.
    Reader(&'a mut dyn PartReader),
}

/// A stretch of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    /// A few bytes between parts.
    Text(Vec<u8>),
    /// All of a part of the same job, by its name.
    Part(String),
}

/// What a file is called where it is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLabel {
    /// Its name: ASCII letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// It is not kept longer: the address must not work after this. None if that is not known yet.
    pub kept_until: Option<Timestamp>,
}

/// A file that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOut {
    /// Where a browser gets it. Whoever knows the address gets it: it goes into no log.
    pub url: String,
    pub until: Timestamp,
}

/// A part being written. Dropped without `finish`, it never was.
#[async_trait]
pub trait PartWriter: Send {
    /// Adds bytes.
    async fn write(&mut self, bytes: &[u8]) -> Result<(), PartsError>;
    /// Makes the part readable.
    async fn finish(self: Box<Self>) -> Result<(), PartsError>;
}

/// A part being read.
#[async_trait]
pub trait PartReader: Send {
    /// The next bytes; none at the end.
    async fn read(&mut self) -> Result<Option<Vec<u8>>, PartsError>;
}
