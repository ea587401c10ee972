//! The fields that a query may name, and the errors that say where it goes wrong.

use super::QueryError;

/// Fields in the order a person is told about them.
const FIELDS: [&str; 13] = [
    "from",
    "to",
    "subject",
    "in",
    "label",
    "is",
    "has",
    "larger",
    "smaller",
    "before",
    "after",
    "older_than",
    "newer_than",
];

/// Refuses a field nobody knows, and names those there are.
pub(super) fn check_field(name: &str, at: usize) -> Result<(), QueryError> {
    if FIELDS.contains(&name) {
        return Ok(());
    }
    let known = FIELDS.map(|field| format!("{field}:")).join(" ");
    Err(error(
        at,
        format!(
            "“{name}:” is not known. Known are {known}. To look for the text itself, quote it."
        ),
    ))
}

pub(super) fn error(at: usize, message: impl Into<String>) -> QueryError {
    QueryError {
        position: at,
        message: message.into(),
    }
}
