//! Who tells what mails are about.

use async_trait::async_trait;
use bulkhead_shared::outcome::{ItemReason, ItemResult};

use super::CallError;

/// A model: a program on this machine, or a service.
#[async_trait]
pub trait Model: Send + Sync {
    /// Bytes of a message that it reads, from its beginning.
    fn message_bytes(&self) -> usize;

    /// What each of these mails is about, told from its beginning; or why that cannot be told. In the order
    /// asked, one for each. The class of a result is one of [`bulkhead_shared::class::Class`], and nothing that
    /// stands in a mail has any other effect.
    async fn classify(
        &self,
        beginnings: &[Vec<u8>],
    ) -> Result<Vec<Result<ItemResult, ItemReason>>, CallError>;
}
