//! Notes of what is about to leave, as files beside the database: a folder for each job, a file for each chunk, a
//! line for each note. Whoever puts back an older database leaves them as they are.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bulkhead_engine::ports::{Ledger, LedgerError, Note};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::limits::CONTENT_DAYS;
use jiff::Timestamp;

use crate::private;

const CLEAN_UP_EVERY: Duration = Duration::from_secs(3600);
/// As long as a table that was put back has the items of a job: without them it sends nothing.
const KEPT: Duration = Duration::from_secs(CONTENT_DAYS.unsigned_abs() * 24 * 3600);

/// A ledger in one folder.
pub(crate) struct FileLedger {
    folder: PathBuf,
    opened: Timestamp,
    /// Chunks that something was noted of since then.
    noted: Mutex<BTreeSet<(JobId, u32)>>,
}

impl FileLedger {
    /// Keeps notes in this folder.
    pub(crate) fn open(folder: PathBuf, now: Timestamp) -> io::Result<Self> {
        private::make(&folder)?;
        Ok(Self {
            folder,
            opened: now,
            noted: Mutex::default(),
        })
    }

    fn path(&self, job: &JobId, chunk: u32) -> PathBuf {
        self.folder.join(job.as_str()).join(format!("{chunk:06}"))
    }

    /// Removes what was last written before this time. Answers how many jobs' folders.
    fn remove_older(&self, before: SystemTime) -> io::Result<u32> {
        let mut removed = 0;
        for job in fs::read_dir(&self.folder)? {
            let job = job?.path();
            if job.is_dir() && newest(&job)? < before {
                fs::remove_dir_all(job)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// When a folder or a file in it was last written.
fn newest(folder: &Path) -> io::Result<SystemTime> {
    let mut newest = fs::metadata(folder)?.modified()?;
    for file in fs::read_dir(folder)? {
        newest = newest.max(file?.metadata()?.modified()?);
    }
    Ok(newest)
}

/// Removes, now and each hour, what no table can ask for any more.
pub(crate) async fn clean_up(ledger: Arc<FileLedger>) {
    let mut every = tokio::time::interval(CLEAN_UP_EVERY);
    loop {
        every.tick().await;
        let Some(before) = SystemTime::now().checked_sub(KEPT) else {
            return;
        };
        let ledger = ledger.clone();
        match tokio::task::spawn_blocking(move || ledger.remove_older(before)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "The ledger could not be cleaned up."),
            Err(error) => tracing::warn!(%error, "The clean-up of the ledger was cut off."),
        }
    }
}

/// Adds lines to a file, for good. Each begins on a line of its own, whatever an earlier write left half done when
/// the power went.
fn append(path: &Path, notes: &[Note]) -> io::Result<()> {
    let mut lines = String::new();
    for note in notes {
        lines.push_str(&format!("\n{note}\n"));
    }
    let mut options = private::file();
    let mut file = match options.create(false).append(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => create(path)?,
        opened => opened?,
    };
    file.write_all(lines.as_bytes())?;
    file.sync_data()
}

/// A new file, in a folder that keeps it.
fn create(path: &Path) -> io::Result<File> {
    let folder = path.parent().unwrap_or(path);
    private::make(folder)?;
    let file = private::file().append(true).open(path)?;
    sync(folder)?;
    sync(folder.parent().unwrap_or(folder))?;
    Ok(file)
}

/// Keeps what is in a folder, where the system has to be asked for that.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// What is in a file. A line that is shorter than a note was cut off by the end of the power, before whatever it
/// was about could leave.
fn read(path: &Path) -> io::Result<Vec<Note>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    let whole = text.lines().filter(|line| line.len() >= Note::CHARS);
    let damaged = || io::Error::new(ErrorKind::InvalidData, "a line of the ledger is damaged");
    let notes = whole.map(|line| Note::read(line).ok_or_else(damaged));
    let mut notes = notes.collect::<io::Result<Vec<Note>>>()?;
    notes.sort_unstable();
    Ok(notes)
}

#[async_trait]
impl Ledger for FileLedger {
    async fn note(&self, job: &JobId, chunk: u32, notes: &[Note]) -> Result<(), LedgerError> {
        let (path, notes) = (self.path(job, chunk), notes.to_vec());
        let noting = tokio::task::spawn_blocking(move || append(&path, &notes));
        noting.await.map_err(failed)?.map_err(failed)?;
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.insert((job.clone(), chunk));
        Ok(())
    }

    async fn read(&self, job: &JobId, chunk: u32) -> Result<Vec<Note>, LedgerError> {
        let path = self.path(job, chunk);
        let reading = tokio::task::spawn_blocking(move || read(&path));
        reading.await.map_err(failed)?.map_err(failed)
    }

    /// Who copies the whole folder, or the machine, copies both. What this process itself noted it knows.
    fn may_lack(&self, job: &JobId, chunk: u32, began: Timestamp) -> bool {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        began < self.opened && !noted.contains(&(job.clone(), chunk))
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> LedgerError {
    LedgerError(error.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_engine::testing::ledger::{conforms, note};

    fn job() -> JobId {
        JobId::new("snd", Timestamp::UNIX_EPOCH, 1)
    }

    fn ledger(folder: &tempfile::TempDir) -> FileLedger {
        let now = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(9);
        FileLedger::open(folder.path().join("ledger"), now).unwrap()
    }

    #[tokio::test]
    async fn keeps_the_rules_of_ledgers() {
        let folder = tempfile::tempdir().unwrap();
        conforms(&ledger(&folder)).await;
    }

    #[tokio::test]
    async fn a_line_that_was_cut_off_spoils_no_other_and_a_damaged_one_is_never_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(&folder);
        ledger.note(&job(), 0, &[note(1, 0)]).await.unwrap();
        let path = ledger.path(&job(), 0);
        let cut = |bytes: &str| {
            let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
            file.write_all(bytes.as_bytes()).unwrap();
        };
        cut("\n000000000002-0000");
        ledger.note(&job(), 0, &[note(3, 1)]).await.unwrap();
        assert_eq!(
            ledger.read(&job(), 0).await.unwrap(),
            [note(1, 0), note(3, 1)]
        );
        cut(&format!("\n{}\n", "x".repeat(Note::CHARS)));
        assert!(ledger.read(&job(), 0).await.is_err());
    }

    #[tokio::test]
    async fn only_what_no_table_can_ask_for_is_cleaned_up() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(&folder);
        ledger.note(&job(), 0, &[note(1, 0)]).await.unwrap();
        let (now, hour) = (SystemTime::now(), Duration::from_secs(3600));
        assert_eq!(ledger.remove_older(now - hour).unwrap(), 0);
        assert_eq!(ledger.read(&job(), 0).await.unwrap().len(), 1);
        assert_eq!(ledger.remove_older(now + hour).unwrap(), 1);
        assert_eq!(ledger.read(&job(), 0).await.unwrap().len(), 0);
    }

    #[tokio::test]
    async fn it_vouches_for_what_began_or_was_noted_after_it_was_opened() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(&folder);
        let lacks =
            |chunk, began| ledger.may_lack(&job(), chunk, Timestamp::from_second(began).unwrap());
        assert!(lacks(0, 8));
        assert!(!lacks(0, 9), "it began since then");
        ledger.note(&job(), 0, &[note(1, 0)]).await.unwrap();
        assert!(!lacks(0, 8));
        assert!(lacks(1, 8), "chunks are apart");
    }
}
