//! Hands a file to a browser past the function, whose answers are small and short: the file is put
//! together in the bucket once, and the browser gets an address that S3 honours for a few minutes.

use std::time::Duration;

use bulkhead_engine::ports::{FileLabel, FileSource, HandOut, PartWriter, PartsError};
use bulkhead_shared::ids::JobId;
use http::Method;
use jiff::SignedDuration;
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{Attribute, Attributes, ObjectStoreExt};

use super::writing::Writing;
use super::{S3Parts, failed};

/// Long enough to begin a download; one that has begun goes on.
const WORKS_FOR: SignedDuration = SignedDuration::from_mins(5);

impl S3Parts {
    pub(super) async fn hand_out_file(
        &self,
        job: &JobId,
        file: &FileLabel,
        source: FileSource<'_>,
    ) -> Result<HandOut, PartsError> {
        let path = Path::from_iter(["jobs", job.as_str(), "files", &file.name]);
        // What is not at its end yet may have changed since.
        let settled = file.kept_until.is_some();
        if !(settled && self.exists(&path).await?) {
            self.put_together(job, path.clone(), file, source).await?;
        }
        let now = self.clock.now();
        let end = now + WORKS_FOR;
        let until = file.kept_until.map_or(end, |kept| kept.min(end));
        let works_for = Duration::try_from(until.duration_since(now)).unwrap_or_default();
        let url = self.store.signed_url(Method::GET, &path, works_for).await;
        Ok(HandOut {
            url: url.map_err(failed)?.into(),
            until,
        })
    }

    async fn exists(&self, path: &Path) -> Result<bool, PartsError> {
        match self.store.head(path).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    async fn put_together(
        &self,
        job: &JobId,
        path: Path,
        file: &FileLabel,
        source: FileSource<'_>,
    ) -> Result<(), PartsError> {
        let saved_as = format!("attachment; filename=\"{}\"", file.name);
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, file.media_type.to_owned()),
            (Attribute::ContentDisposition, saved_as),
        ]);
        match source {
            FileSource::Sections(sections) => self.join(job, path, attributes, sections).await,
            FileSource::Reader(reader) => {
                let store = self.store.clone();
                let mut writing = Box::new(Writing::begin(store, path, attributes));
                while let Some(piece) = reader.read().await? {
                    writing.write(&piece).await?;
                }
                writing.finish().await
            }
        }
    }
}
