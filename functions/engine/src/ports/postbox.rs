//! Where things are handed to somebody else: what a provider's module has to do that delivers.

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;
use jiff::SignedDuration;

use super::CallError;

/// Something on its way out, finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id, given by us: the same however often the same is tried.
    pub id: ItemId,
    pub envelope: Envelope,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// From whom to whom something goes, whatever is written in it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// Who hears of it if it cannot be delivered.
    pub from: String,
    /// Who gets it.
    pub to: String,
}

impl std::fmt::Debug for Envelope {
    /// Neither from whom nor to whom (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope").finish_non_exhaustive()
    }
}

/// What became of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Handed over.
    Done,
    /// Handed over; whoever took it put an id of their own in the place of ours, and this is it.
    DoneAs(ItemId),
    /// Not handed over, and not worth another attempt.
    Refused(ItemReason),
    /// Not handed over, for a reason that passes.
    Unavailable,
    /// Not handed over: the server wants to be asked again after so long.
    Deferred(SignedDuration),
    /// It may be handed over or not.
    Unknown,
}

/// What looking for a letter finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SentCopy {
    /// Nothing, which proves nothing.
    NotFound,
    /// A copy that we kept after it was handed over; its SHA-256.
    Ours([u8; 32]),
    /// A copy that the provider made, and may have added to.
    Theirs,
}

/// What an open account delivers through. Every call is cut by the caller to what
/// [`Abilities::call_items`] allows.
#[async_trait]
pub trait Postbox: Send + Sync {
    /// What can be sent, and how much at once.
    fn abilities(&self) -> &Abilities;

    /// What the provider allows at this moment; none where it names no limit.
    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        Ok(self.abilities().allowance)
    }

    /// What it delivers through, where other accounts do too: then they have one allowance together.
    fn outlet(&self) -> Option<&'static str> {
        None
    }

    /// The name under which the account signs in, which is its address with most providers; none where it has none.
    fn user(&self) -> Option<&str> {
        None
    }

    /// Why nothing is sent like this from here, for a person; none if nothing speaks against it.
    fn objection(&self, _operation: &Operation) -> Option<String> {
        None
    }

    /// Makes sure that somebody takes what is handed over next. Hands nothing over: who cannot be reached is
    /// found out before anything may be out there.
    async fn ready(&self) -> Result<(), CallError> {
        Ok(())
    }

    /// Hands letters over, each once. In the order asked. An error means that none was, except
    /// `Unavailable`: then each may be or not.
    async fn deliver(&self, letters: &[Letter]) -> Result<Vec<Delivery>, CallError>;

    /// Looks for letters that may be handed over, by their ids. In the order asked.
    async fn find(&self, ids: &[ItemId]) -> Result<Vec<SentCopy>, CallError>;

    /// Ids of all letters that were handed over, as far as copies of them are kept, whose ids begin with this. Costs
    /// about as much however many they are; none where nothing can be told.
    async fn sent(&self, _beginning: &str) -> Result<Vec<ItemId>, CallError> {
        Ok(Vec::new())
    }
}

/// A way out that belongs to a deployment and to no account: letters of several accounts go through it.
#[async_trait]
pub trait Outlet: Send + Sync {
    /// What people call it.
    fn name(&self) -> &'static str;

    /// Whether whoever signs in under this name at this mail server sends through it.
    fn serves(&self, mail_server: &str, user: &str) -> bool;

    /// What it takes at this moment of all accounts together; none where that is not known.
    async fn allowance(&self) -> Option<Allowance> {
        None
    }

    /// Hands a letter over, once. An error means that it was not, except `Unavailable`: then it may be or not.
    async fn hand_over(&self, letter: &Letter) -> Result<Delivery, CallError>;
}
