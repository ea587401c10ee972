//! A file that is put together of pieces.

use std::sync::Arc;

use object_store::aws::AmazonS3;
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{Attributes, MultipartId, PutMultipartOptions, PutPayload};

use super::writing::take_back;

/// A file whose pieces arrive in any order. Nobody sees it before it is finished; dropped before, its
/// pieces are taken back.
pub(super) struct Upload {
    store: Arc<AmazonS3>,
    path: Path,
    id: MultipartId,
    finished: bool,
}

impl Upload {
    pub(super) async fn begin(
        store: Arc<AmazonS3>,
        path: Path,
        attributes: Attributes,
    ) -> object_store::Result<Self> {
        let options = PutMultipartOptions::from(attributes);
        let id = store.create_multipart_opts(&path, options).await?;
        Ok(Self {
            store,
            path,
            id,
            finished: false,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn id(&self) -> &MultipartId {
        &self.id
    }

    /// Sends the piece at this place, counted from 0.
    pub(super) async fn send(
        &self,
        place: usize,
        bytes: PutPayload,
    ) -> object_store::Result<PartId> {
        let sent = self.store.put_part(&self.path, &self.id, place, bytes);
        sent.await
    }

    /// Makes a file of these pieces: all of them, in order.
    pub(super) async fn finish(mut self, pieces: Vec<PartId>) -> object_store::Result<()> {
        let whole = self.store.complete_multipart(&self.path, &self.id, pieces);
        whole.await?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        let (store, path, id) = (self.store.clone(), self.path.clone(), self.id.clone());
        take_back(async move { store.abort_multipart(&path, &id).await });
    }
}
