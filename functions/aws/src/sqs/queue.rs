//! A queue by its address.

use aws_sdk_sqs::Client;

/// Puts work into an SQS queue.
#[derive(Debug)]
pub struct SqsQueue {
    pub(super) client: Client,
    pub(super) url: String,
}

impl SqsQueue {
    /// The queue at this URL.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self {
            client,
            url: url.into(),
        }
    }
}
