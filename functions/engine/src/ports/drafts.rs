//! The folder for drafts: what a provider's module has to do where mails are prepared and never sent.

use async_trait::async_trait;
use bulkhead_shared::ids::ItemId;

use super::{CallError, Letter};
use crate::kinds::mail::{Effect, ItemState};

/// System flags of a draft that we put there: marked as one (RFC 9051, section 2.3.2), and as seen, because its owner
/// is told of it elsewhere.
pub const DRAFT_FLAGS: [&str; 2] = ["\\Draft", "\\Seen"];

/// The drafts of an open account. Every call is cut by the caller to [`DRAFTS_AT_ONCE`].
#[async_trait]
pub trait DraftStore: Send + Sync {
    /// The name under which the account signs in, which is its address with most providers; none where it has none.
    async fn user(&self) -> Result<Option<String>, CallError>;

    /// Puts letters among the drafts, each once: one that is there under its id already is what is there, whoever put
    /// it. Each effect tells the draft's id as a mail, and its state. In the order asked; an error means that none was
    /// put, except `Unavailable`: then each may be or not.
    async fn put(&self, letters: &[Letter]) -> Result<Vec<Effect>, CallError>;

    /// Looks for drafts under the ids of their letters; none where there is none. In the order asked.
    async fn find(&self, ids: &[ItemId]) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError>;

    /// Whether a copy of each of these letters is among the sent mails, whoever sent it. In the order asked.
    async fn sent(&self, ids: &[ItemId]) -> Result<Vec<bool>, CallError>;
}

/// Letters of one call: each is a few KB and a few commands, and all of a call is open after a lost answer.
pub const DRAFTS_AT_ONCE: u32 = 20;
