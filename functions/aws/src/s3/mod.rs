//! Files of exports in S3: `jobs/<job>/parts/<name>` as the chunks make them, `jobs/<job>/files/<name>`
//! put together for a browser. The bucket's own rules drop both when their time is over, and what was
//! begun and never finished. In a folder of its own, [`ledger`], is what is about to leave.

mod connector;
mod copying;
mod failed;
mod hand_out;
mod joining;
mod ledger;
mod open;
mod plan;
mod reading;
mod upload;
mod writing;

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::ports::{
    Clock, FileLabel, FileSource, HandOut, PartReader, PartWriter, Parts, PartsError,
};
use bulkhead_shared::ids::JobId;
use object_store::aws::AmazonS3;
use object_store::client::HttpClient;
use object_store::path::Path;
use object_store::{Attributes, ObjectStoreExt};

pub(crate) use connector::Connector;
pub use ledger::S3Ledger;
pub use open::BadBucket;
pub(crate) use open::Store;

use failed::failed;
use reading::Reading;
use writing::Writing;

/// Files in one bucket.
pub struct S3Parts {
    store: Arc<AmazonS3>,
    /// For what the store has no call for.
    http: HttpClient,
    bucket: String,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Parts for S3Parts {
    async fn create(&self, job: &JobId, name: &str) -> Result<Box<dyn PartWriter>, PartsError> {
        let path = folder_of_parts(job).join(name);
        let part = Writing::begin(self.store.clone(), path, Attributes::new());
        Ok(Box::new(part))
    }

    async fn open(
        &self,
        job: &JobId,
        name: &str,
    ) -> Result<Option<Box<dyn PartReader>>, PartsError> {
        let path = folder_of_parts(job).join(name);
        match self.store.get(&path).await {
            Ok(part) => Ok(Some(Box::new(Reading::of(part)))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    fn hands_out(&self) -> bool {
        true
    }

    async fn hand_out(
        &self,
        job: &JobId,
        file: &FileLabel,
        source: FileSource<'_>,
    ) -> Result<Option<HandOut>, PartsError> {
        self.hand_out_file(job, file, source).await.map(Some)
    }
}

fn folder_of_parts(job: &JobId) -> Path {
    Path::from_iter(["jobs", job.as_str(), "parts"])
}
