//! What may be said of an error in the log. A stored record or a query that cannot be read is quoted by
//! its parser, so of those only the kind is told (invariant 10).

use crate::error::{Error, chain};

/// The engine's error as one line without content.
pub fn of(error: &Error) -> String {
    match error {
        Error::Table(_) | Error::Queue(_) | Error::Parts(_) | Error::Ledger(_) | Error::Seal(_) => {
            chain(error)
        }
        Error::Record(_) => "a stored record cannot be read".to_owned(),
        // Without their causes, which may quote what was read.
        Error::Unreadable(_) | Error::NotStorable(_) | Error::Missing(_) => error.to_string(),
        Error::Provider(_) => "the provider did not do it".to_owned(),
        _ => "the job does not allow it".to_owned(),
    }
}
