//! Puts a file together of an export's parts where they are: only what is too small for S3 to copy
//! comes through here.

use std::collections::BTreeMap;

use bulkhead_engine::ports::{PartsError, Section};
use bulkhead_shared::ids::JobId;
use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};
use object_store::multipart::PartId;
use object_store::path::Path;
use object_store::{Attributes, ObjectStore, ObjectStoreExt, PutOptions, PutPayload};

use super::plan::{self, Part, Piece, Snippet, Source, Stretch};
use super::upload::Upload;
use super::{S3Parts, failed, folder_of_parts};
use crate::bounds::CALL;

/// Pieces on their way at a time. Those that are sent have 5 MiB each.
const PIECES_SIDE_BY_SIDE: usize = 16;
/// Parts read at a time for one piece.
const READS_SIDE_BY_SIDE: usize = 4;

impl S3Parts {
    /// Makes a file of these sections, in order.
    pub(super) async fn join(
        &self,
        job: &JobId,
        path: Path,
        attributes: Attributes,
        sections: &[Section],
    ) -> Result<(), PartsError> {
        let sources = self.sources(job, sections).await?;
        let pieces = plan::pieces(&sources);
        let bytes = match pieces.as_slice() {
            [] => PutPayload::new(),
            [Piece::Sent(snippets)] => self.read(snippets).await?,
            _ => return self.upload(path, attributes, &pieces).await,
        };
        let options = PutOptions::from(attributes);
        let put = self.store.put_opts(&path, bytes, options).await;
        put.map(drop).map_err(failed)
    }

    /// Asks for the lengths of all parts at once.
    async fn sources(&self, job: &JobId, sections: &[Section]) -> Result<Vec<Source>, PartsError> {
        let folder = folder_of_parts(job);
        let parts = self.store.list(Some(&folder));
        let parts = parts.map_ok(|part| (part.location, part.size));
        let lengths: BTreeMap<Path, u64> = parts.try_collect().await.map_err(failed)?;
        let source = |section: &Section| match section {
            Section::Text(text) => Ok(Source::Text(text.clone().into())),
            Section::Part(name) => {
                let path = folder.clone().join(name.as_str());
                let bytes = *lengths.get(&path).ok_or_else(missing)?;
                Ok(Source::Part(Part { path, bytes }))
            }
        };
        sections.iter().map(source).collect()
    }

    async fn upload(
        &self,
        path: Path,
        attributes: Attributes,
        pieces: &[Piece<'_>],
    ) -> Result<(), PartsError> {
        let begun = Upload::begin(self.store.clone(), path, attributes);
        let upload = begun.await.map_err(failed)?;
        let pieces = pieces.iter().enumerate();
        let moving = pieces.map(|(place, piece)| self.move_piece(&upload, place, piece));
        let moved = in_order(moving.collect(), PIECES_SIDE_BY_SIDE).await?;
        upload.finish(moved).await.map_err(failed)
    }

    async fn move_piece(
        &self,
        upload: &Upload,
        place: usize,
        piece: &Piece<'_>,
    ) -> Result<PartId, PartsError> {
        match piece {
            Piece::Sent(snippets) => {
                let bytes = self.read(snippets).await?;
                upload.send(place, bytes).await.map_err(failed)
            }
            Piece::Copied(stretch) => self.copy(upload, place, stretch).await.map_err(failed),
        }
    }

    async fn read(&self, snippets: &[Snippet<'_>]) -> Result<PutPayload, PartsError> {
        let reading = snippets.iter().map(|snippet| self.read_one(snippet));
        let read = in_order(reading.collect(), READS_SIDE_BY_SIDE).await?;
        Ok(PutPayload::from_iter(read))
    }

    async fn read_one(&self, snippet: &Snippet<'_>) -> Result<Bytes, PartsError> {
        match snippet {
            Snippet::Text(text) => Ok(text.clone()),
            Snippet::Part(Stretch { part, bytes }) => {
                let read = self.store.get_range(&part.path, bytes.clone());
                let read = tokio::time::timeout(CALL, read).await.map_err(failed)?;
                read.map_err(failed)
            }
        }
    }
}

/// Lets so many go on at a time, and gives what came of them in their order.
async fn in_order<T>(
    all: Vec<impl Future<Output = Result<T, PartsError>>>,
    at_a_time: usize,
) -> Result<Vec<T>, PartsError> {
    let going = stream::iter(all).buffered(at_a_time);
    going.try_collect().await
}

fn missing() -> PartsError {
    PartsError("a part of the file is not there".into())
}
