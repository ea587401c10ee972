//! Sealing credentials.

use async_trait::async_trait;

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

/// Keeps credentials unreadable at rest.
#[async_trait]
pub trait Sealer: Send + Sync {
    /// Seals bytes; `context` has to be the same when they are unsealed (the account's id).
    async fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealError>;
    /// Opens what [`Sealer::seal`] made.
    async fn unseal(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError>;
}
