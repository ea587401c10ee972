//! Parts of exports as files: a folder for each job, a file for each part.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bulkhead_engine::ports::{PartReader, PartWriter, Parts, PartsError};
use bulkhead_shared::ids::JobId;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufWriter};

use crate::private;

/// Ends the name of a part that is not finished.
const UNFINISHED: &str = "unfinished";
const BUFFER_BYTES: usize = 256 * 1024;
const CLEAN_UP_EVERY: Duration = Duration::from_secs(3600);
/// How long files stay: the longest pause (7 days), the day in which results can be read, and two
/// days more. What may be read is decided by the job's own times.
const KEPT: Duration = Duration::from_secs(10 * 24 * 3600);

/// Parts below one folder.
pub(crate) struct FileParts {
    folder: PathBuf,
    written: AtomicU64,
}

impl FileParts {
    /// Keeps parts in this folder. What an earlier process left unfinished is removed.
    pub(crate) fn open(folder: PathBuf) -> std::io::Result<Self> {
        private::make(&folder)?;
        for job in std::fs::read_dir(&folder)? {
            let job = job?.path();
            if job.is_dir() {
                remove_unfinished(&job)?;
            }
        }
        Ok(Self {
            folder,
            written: AtomicU64::new(0),
        })
    }

    /// Removes what was last written before this time. Answers how many jobs' folders.
    pub(crate) fn remove_older(&self, before: SystemTime) -> std::io::Result<u32> {
        let mut removed = 0;
        for job in std::fs::read_dir(&self.folder)? {
            let job = job?;
            let kind = job.file_type()?;
            if kind.is_dir() && job.metadata()?.modified()? < before {
                std::fs::remove_dir_all(job.path())?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn job_folder(&self, job: &JobId) -> PathBuf {
        self.folder.join(job.as_str())
    }

    fn path(&self, job: &JobId, name: &str) -> Result<PathBuf, PartsError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(PartsError("a part's name that is no file name".into()));
        }
        Ok(self.job_folder(job).join(name))
    }
}

/// Removes, now and each hour, what nobody may read any more, as the bucket's rules do on AWS.
pub(crate) async fn clean_up(parts: Arc<FileParts>) {
    let mut every = tokio::time::interval(CLEAN_UP_EVERY);
    loop {
        every.tick().await;
        let Some(before) = SystemTime::now().checked_sub(KEPT) else {
            return;
        };
        let parts = parts.clone();
        match tokio::task::spawn_blocking(move || parts.remove_older(before)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(jobs)) => tracing::info!(jobs, "Removed files of exports whose time is over."),
            Ok(Err(error)) => tracing::warn!(%error, "Files of exports could not be cleaned up."),
            Err(error) => tracing::warn!(%error, "The clean-up of exports was cut off."),
        }
    }
}

fn remove_unfinished(job: &Path) -> std::io::Result<()> {
    for part in std::fs::read_dir(job)? {
        let part = part?.path();
        if part.extension().is_some_and(|end| end == UNFINISHED) {
            std::fs::remove_file(part)?;
        }
    }
    Ok(())
}

#[async_trait]
impl Parts for FileParts {
    async fn create(&self, job: &JobId, name: &str) -> Result<Box<dyn PartWriter>, PartsError> {
        let path = self.path(job, name)?;
        private::make(&self.job_folder(job)).map_err(failed)?;
        // Two workers may write the same part: each has a file of its own until it is finished.
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let unfinished = self
            .job_folder(job)
            .join(format!("{name}.{number}.{UNFINISHED}"));
        let options = private::file().create_new(true).clone();
        let file = fs::OpenOptions::from(options).open(&unfinished).await;
        let file = file.map_err(failed)?;
        Ok(Box::new(Writing {
            file: BufWriter::with_capacity(BUFFER_BYTES, file),
            unfinished: Unfinished(unfinished),
            path,
        }))
    }

    async fn open(
        &self,
        job: &JobId,
        name: &str,
    ) -> Result<Option<Box<dyn PartReader>>, PartsError> {
        match File::open(self.path(job, name)?).await {
            Ok(file) => Ok(Some(Box::new(Reading { file }))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }
}

/// A file that goes away with this value, unless it was renamed by then.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Renamed, or removed at the next start: nothing to do about a failure here.
        let _ = std::fs::remove_file(&self.0);
    }
}

struct Writing {
    file: BufWriter<File>,
    unfinished: Unfinished,
    path: PathBuf,
}

#[async_trait]
impl PartWriter for Writing {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        self.file.write_all(bytes).await.map_err(failed)
    }

    async fn finish(mut self: Box<Self>) -> Result<(), PartsError> {
        self.file.flush().await.map_err(failed)?;
        // The chunk is reported done after this, so it has to survive a power cut.
        self.file.get_ref().sync_all().await.map_err(failed)?;
        fs::rename(&self.unfinished.0, &self.path)
            .await
            .map_err(failed)
    }
}

struct Reading {
    file: File,
}

#[async_trait]
impl PartReader for Reading {
    async fn read(&mut self) -> Result<Option<Vec<u8>>, PartsError> {
        let mut piece = vec![0; BUFFER_BYTES];
        let read = self.file.read(&mut piece).await.map_err(failed)?;
        piece.truncate(read);
        Ok((read > 0).then_some(piece))
    }
}

fn failed(error: std::io::Error) -> PartsError {
    PartsError(Box::new(error))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::Timestamp;

    fn job() -> JobId {
        JobId::new("exp", Timestamp::UNIX_EPOCH, 1)
    }

    #[tokio::test]
    async fn keeps_the_rules_of_parts() {
        let folder = tempfile::tempdir().unwrap();
        let parts = FileParts::open(folder.path().join("exports")).unwrap();
        bulkhead_engine::testing::parts::conforms(&parts).await;
    }

    #[tokio::test]
    async fn no_name_leaves_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let parts = FileParts::open(folder.path().to_owned()).unwrap();
        for name in ["", "..", "../x", "a/b", ".hidden"] {
            assert!(parts.create(&job(), name).await.is_err(), "{name}");
            assert!(parts.open(&job(), name).await.is_err(), "{name}");
        }
    }

    #[tokio::test]
    async fn only_what_is_old_is_cleaned_up() {
        let folder = tempfile::tempdir().unwrap();
        let parts = FileParts::open(folder.path().to_owned()).unwrap();
        let part = parts.create(&job(), "0").await.unwrap();
        part.finish().await.unwrap();
        let now = SystemTime::now();
        let hour = Duration::from_secs(3600);
        assert_eq!(parts.remove_older(now - hour).unwrap(), 0);
        assert!(parts.open(&job(), "0").await.unwrap().is_some());
        assert_eq!(parts.remove_older(now + hour).unwrap(), 1);
        assert!(parts.open(&job(), "0").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_was_left_unfinished_is_gone_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let parts = FileParts::open(folder.path().to_owned()).unwrap();
        let mut part = parts.create(&job(), "0").await.unwrap();
        part.write(b"half").await.unwrap();
        std::mem::forget(part);
        let files = || {
            let files = std::fs::read_dir(folder.path().join(job().as_str()));
            files.unwrap().count()
        };
        assert_eq!(files(), 1);
        FileParts::open(folder.path().to_owned()).unwrap();
        assert_eq!(files(), 0);
    }
}
