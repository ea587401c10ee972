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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{CallError, TableError};
    use crate::unreadable::{NotStorable, Unreadable};

    #[test]
    fn what_a_parser_quotes_and_what_a_provider_says_is_not_told() {
        let quoting = serde_json::from_str::<u8>("\"secret\"").unwrap_err();
        let told: [(Error, &str); 7] = [
            (
                TableError::Unavailable("busy".into()).into(),
                "the table is not available: busy",
            ),
            (Error::Record(quoting), "a stored record cannot be read"),
            (Error::Missing("target"), "the record target is missing"),
            (
                Unreadable::Damaged("cut off", Some("secret".into())).into(),
                "a stored record is damaged: cut off",
            ),
            (
                NotStorable::Encoding("secret".into()).into(),
                "a record cannot be put into bytes",
            ),
            (
                CallError::Unavailable("secret".to_owned()).into(),
                "the provider did not do it",
            ),
            (Error::NotFound, "the job does not allow it"),
        ];
        for (error, expected) in told {
            assert_eq!(of(&error), expected);
        }
    }
}
