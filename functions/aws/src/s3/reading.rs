//! A file on its way out of S3.

use async_trait::async_trait;
use bulkhead_engine::ports::{PartReader, PartsError};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::GetResult;

use super::failed::failed;
use crate::bounds::CALL;

/// A file being read. What breaks off is asked for again from there on, by the library.
pub(super) struct Reading(BoxStream<'static, object_store::Result<Bytes>>);

impl Reading {
    pub(super) fn of(file: GetResult) -> Self {
        Self(file.into_stream())
    }
}

#[async_trait]
impl PartReader for Reading {
    async fn read(&mut self) -> Result<Option<Vec<u8>>, PartsError> {
        let next = tokio::time::timeout(CALL, self.0.next());
        let piece = next.await.map_err(failed)?;
        let piece = piece.transpose().map_err(failed)?;
        Ok(piece.map(Vec::from))
    }
}
