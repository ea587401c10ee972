//! Notes of what is about to leave, in S3: an object without content for each, whose name is the note. So none
//! overwrites another, and one listing reads those of a chunk. The bucket is not put back with the table.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::ports::{Ledger, LedgerError, Note};
use bulkhead_shared::ids::JobId;
use futures::TryStreamExt;
use futures::future::try_join_all;
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use tokio::time::timeout;

use super::open::{BadBucket, Store};
use crate::bounds::CALL;

/// Where notes are; the bucket's rules keep them longer than what else is in it.
const FOLDER: &str = "ledger";

/// A ledger in one bucket.
pub struct S3Ledger(Arc<AmazonS3>);

/// What was found among the notes is none.
#[derive(Debug, thiserror::Error)]
#[error("an object in the ledger is no note")]
struct NoNote;

impl S3Ledger {
    pub(crate) fn open(store: Store<'_>) -> Result<Self, BadBucket> {
        store.open().map(Self)
    }
}

fn folder(job: &JobId, chunk: u32) -> Path {
    Path::from_iter([FOLDER, job.as_str(), &format!("{chunk:06}")])
}

#[async_trait]
impl Ledger for S3Ledger {
    async fn note(&self, job: &JobId, chunk: u32, notes: &[Note]) -> Result<(), LedgerError> {
        let folder = folder(job, chunk);
        let puts = notes.iter().map(|note| {
            let path = folder.clone().join(note.to_string());
            async move { self.0.put(&path, PutPayload::new()).await }
        });
        try_join_all(puts).await.map_err(failed)?;
        Ok(())
    }

    async fn read(&self, job: &JobId, chunk: u32) -> Result<Vec<Note>, LedgerError> {
        let folder = folder(job, chunk);
        let listing = self.0.list(Some(&folder)).try_collect::<Vec<_>>();
        let listed = timeout(CALL, listing).await.map_err(failed)?;
        let notes = listed.map_err(failed)?.into_iter().map(|object| {
            let name = object.location.filename().unwrap_or_default();
            Note::read(name).ok_or_else(|| failed(NoNote))
        });
        let mut notes = notes.collect::<Result<Vec<Note>, LedgerError>>()?;
        notes.sort_unstable();
        Ok(notes)
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> LedgerError {
    LedgerError(Box::new(error))
}
