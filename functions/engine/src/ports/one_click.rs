//! Where lists are asked by one request to write no more: what a provider's module has to do that reaches them.

use async_trait::async_trait;

use super::{CallError, Delivery};

/// Asks lists on behalf of an account.
#[async_trait]
pub trait OneClick: Send + Sync {
    /// Makes the one request that RFC 8058 knows, to this page and to no other. An error means that none was made,
    /// except `Unavailable`: then it may be or not.
    async fn ask(&self, url: &str) -> Result<Delivery, CallError>;
}
