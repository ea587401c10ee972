//! Fetches a small public document over the connections that the calls to AWS use, so that a function
//! that starts reads the system's roots once.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use http_body_util::{BodyExt, Limited};

/// Why nothing came, or nothing that may be read.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Something else than a document was answered; redirections are not followed.
#[derive(Debug, thiserror::Error)]
#[error("answered with {0}")]
struct Status(u16);

/// Fetches documents.
#[derive(Debug, Clone)]
pub struct Fetch(pub(crate) SharedHttpConnector);

impl Fetch {
    /// The document at this address, of at most so many bytes, fetched within this time.
    pub async fn get(
        &self,
        address: &str,
        most: usize,
        within: Duration,
    ) -> Result<Vec<u8>, Cause> {
        tokio::time::timeout(within, self.document(address, most)).await?
    }

    async fn document(&self, address: &str, most: usize) -> Result<Vec<u8>, Cause> {
        let request = http::Request::get(address).body(SdkBody::empty())?;
        let answer = self.0.call(HttpRequest::try_from(request)?).await?;
        let answer = answer.try_into_http1x()?;
        if !answer.status().is_success() {
            return Err(Status(answer.status().as_u16()).into());
        }
        let body = Limited::new(answer.into_body(), most).collect().await?;
        Ok(body.to_bytes().into())
    }
}
