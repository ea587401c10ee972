//! Where things are handed to somebody else: what a provider's module has to do that delivers.

use async_trait::async_trait;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;

use super::CallError;

/// Something on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id, given by us: the same however often the same is tried.
    pub id: ItemId,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// What is to become a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterSource<'a> {
    /// The id that the letter is to have.
    pub id: ItemId,
    /// The item it is made of.
    pub item: ItemId,
    /// What the operation brings for it.
    pub input: Option<&'a [u8]>,
}

/// What became of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Handed over.
    Done,
    /// Not handed over, and not worth another attempt.
    Refused(ItemReason),
    /// Not handed over, for a reason that passes.
    Unavailable,
    /// It may be handed over or not.
    Unknown,
}

/// What an open account delivers through. Every call is cut by the caller to
/// [`Postbox::call_items`].
#[async_trait]
pub trait Postbox: Send + Sync {
    /// How many letters the next call should hold.
    fn call_items(&self) -> u32;

    /// The finished bytes of letters, the same for the same draft; or why there can be none. In the order
    /// asked. Hands nothing over.
    async fn finish(
        &self,
        operation: &Operation,
        drafts: &[LetterSource<'_>],
    ) -> Result<Vec<Result<Letter, ItemReason>>, CallError>;

    /// Hands letters over, each once. In the order asked. An error means that none was, except
    /// `Unavailable`: then each may be or not.
    async fn deliver(&self, letters: &[Letter]) -> Result<Vec<Delivery>, CallError>;

    /// The SHA-256 of letters that are known to be handed over, by their ids; none where one is not found,
    /// which proves nothing. In the order asked.
    async fn find(&self, ids: &[ItemId]) -> Result<Vec<Option<[u8; 32]>>, CallError>;
}
