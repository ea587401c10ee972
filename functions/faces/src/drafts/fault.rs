//! What keeps a draft from being made or executed.

use bulkhead_engine::error::Error;

/// Why something is not done.
#[derive(Debug)]
pub enum Fault {
    /// No account has such items; what to connect, as a sentence.
    NotConnected(&'static str),
    /// As every other route would say it.
    Engine(Error),
}

impl<E: Into<Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Engine(error.into())
    }
}
