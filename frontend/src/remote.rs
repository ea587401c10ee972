//! Something that lives on the server and may not be here yet. Every view matches all four cases.

use crate::api::CallError;

/// A value that has to be fetched.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Remote<T> {
    /// Nobody asked for it, or there is nothing to ask for.
    #[default]
    NotAsked,
    /// Asked; no answer yet.
    Loading,
    /// Here.
    Ready(T),
    /// Asked, and it did not come.
    Failed(CallError),
}

impl<T> Remote<T> {
    /// The value, if it is here.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::NotAsked | Self::Loading | Self::Failed(_) => None,
        }
    }
}

impl<T> From<Result<T, CallError>> for Remote<T> {
    fn from(result: Result<T, CallError>) -> Self {
        match result {
            Ok(value) => Self::Ready(value),
            Err(error) => Self::Failed(error),
        }
    }
}
