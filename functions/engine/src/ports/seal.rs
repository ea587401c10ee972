//! Sealing credentials.

use async_trait::async_trait;
use bulkhead_shared::ids::{AccountId, UserId};

/// Credentials were not sealed or unsealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The seal is broken, or the key is another one: they are lost, and have to be entered again.
    #[error("the credentials cannot be unsealed")]
    Broken,
    /// The keeper of the key is asked too much, unreachable, or at fault for now.
    #[error("the keeper of the key is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Whose credentials they are, and for which account. Sealed for one they open for no other, so that
/// nobody who can write rows can use somebody else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedFor<'a> {
    /// The person.
    pub owner: &'a UserId,
    /// The account.
    pub account: &'a AccountId,
}

/// Keeps credentials unreadable at rest.
#[async_trait]
pub trait Sealer: Send + Sync {
    /// Seals bytes.
    async fn seal(&self, whose: SealedFor<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError>;
    /// Opens what [`Sealer::seal`] made for the same owner and account.
    async fn unseal(&self, whose: SealedFor<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError>;
}
