//! A file on its way into S3: one call if it is small, pieces side by side if it is not, so that the
//! memory it takes has a bound whatever its size.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::ports::{PartWriter, PartsError};
use object_store::aws::AmazonS3;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{Attributes, ObjectStore};
use tokio::io::AsyncWriteExt;

use super::failed::failed;

/// Bytes of a piece. S3 takes 10,000 of them, none but the last smaller than 5 MiB: 80 GiB a file.
const PIECE_BYTES: usize = 8 * 1024 * 1024;
/// Pieces on their way at a time; one more is being filled.
const SIDE_BY_SIDE: usize = 3;

/// A file being written. Nobody sees it before it is finished.
pub(super) struct Writing {
    /// None once it is finished or given up.
    file: Option<BufWriter>,
}

impl Writing {
    pub(super) fn begin(store: Arc<AmazonS3>, path: Path, attributes: Attributes) -> Self {
        let store: Arc<dyn ObjectStore> = store;
        let file = BufWriter::with_capacity(store, path, PIECE_BYTES)
            .with_max_concurrency(SIDE_BY_SIDE)
            .with_attributes(attributes);
        Self { file: Some(file) }
    }

    /// Takes back pieces that were sent already.
    fn give_up(&mut self) {
        if let Some(mut file) = self.file.take() {
            take_back(async move { file.abort().await });
        }
    }
}

#[async_trait]
impl PartWriter for Writing {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        let file = self.file.as_mut().ok_or_else(given_up)?;
        let written = file.write_all(bytes).await;
        if written.is_err() {
            self.give_up();
        }
        written.map_err(failed)
    }

    async fn finish(mut self: Box<Self>) -> Result<(), PartsError> {
        let mut file = self.file.take().ok_or_else(given_up)?;
        file.shutdown().await.map_err(failed)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.give_up();
    }
}

fn given_up() -> PartsError {
    PartsError("the file was given up at an earlier failure".into())
}

/// Takes back what was sent of a file that is given up. If the process ends first, the bucket's rule
/// does.
pub(super) fn take_back(taking: impl Future<Output = object_store::Result<()>> + Send + 'static) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(async move {
            if let Err(error) = taking.await {
                tracing::debug!(%error, "Pieces of a file are left to the bucket's rule.");
            }
        });
    }
}
