//! Opens a bucket.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use bulkhead_engine::ports::Clock;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::HttpClient;
use object_store::{BackoffConfig, RetryConfig};

use super::S3Parts;
use super::connector::Connector;
use crate::bounds::{ATTEMPTS, CALL};

/// The bucket cannot be addressed; nothing was asked yet.
#[derive(Debug, thiserror::Error)]
#[error("the bucket {bucket} cannot be addressed")]
pub struct BadBucket {
    bucket: String,
    #[source]
    cause: object_store::Error,
}

/// A bucket, and the way to it.
pub(crate) struct Store<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) region: &'a str,
    /// Somewhere else than AWS; then the bucket stands in the path.
    pub(crate) endpoint: Option<String>,
    pub(crate) credentials: &'a Credentials,
    pub(crate) connector: SharedHttpConnector,
}

impl Store<'_> {
    pub(super) fn open(self) -> Result<Arc<AmazonS3>, BadBucket> {
        let credentials = self.credentials;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(self.bucket)
            .with_region(self.region)
            .with_access_key_id(credentials.access_key_id())
            .with_secret_access_key(credentials.secret_access_key())
            .with_http_connector(Connector(self.connector))
            .with_retry(retries())
            .with_virtual_hosted_style_request(self.endpoint.is_none());
        if let Some(token) = credentials.session_token() {
            builder = builder.with_token(token);
        }
        if let Some(endpoint) = self.endpoint {
            let plain = endpoint.starts_with("http://");
            builder = builder.with_endpoint(endpoint).with_allow_http(plain);
        }
        let opened = builder.build().map(Arc::new);
        opened.map_err(|cause| BadBucket {
            bucket: self.bucket.to_owned(),
            cause,
        })
    }
}

impl S3Parts {
    pub(crate) fn open(store: Store<'_>, clock: Arc<dyn Clock>) -> Result<Self, BadBucket> {
        let bucket = store.bucket.to_owned();
        let http = HttpClient::new(Connector(store.connector.clone()));
        Ok(Self {
            store: store.open()?,
            http,
            bucket,
            clock,
        })
    }
}

/// As often and as long as the SDK's clients.
fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(5),
            base: 2.0,
        },
        max_retries: ATTEMPTS as usize - 1,
        retry_timeout: CALL,
    }
}
