//! What may be said of an error in the log. A stored record or a query that cannot be read is quoted by
//! its parser, so of those only the kind is told (invariant 10).

use bulkhead_engine::error::Error;

/// The engine's error as one line without content.
pub(crate) fn of(error: &Error) -> String {
    match error {
        Error::Table(_) | Error::Queue(_) | Error::Parts(_) | Error::Seal(_) => chain(error),
        Error::Record(_) | Error::Unreadable(_) => "a stored record cannot be read".to_owned(),
        Error::Missing(_) => error.to_string(),
        Error::Provider(_) => "the provider did not do it".to_owned(),
        _ => "the job does not allow it".to_owned(),
    }
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.ends_with(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}
