//! The fields that a query may name, and the errors that say where it goes wrong.

use super::QueryError;
use crate::kinds::{Kind, mailbox};
use crate::vcard;

/// Fields of mails in the order a person is told about them.
const OF_MAILS: &[&str] = &[
    "from",
    "to",
    "subject",
    "list",
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

/// Refuses a field that items of this kind do not have, and names those they have.
pub(super) fn check_field(kind: Kind, name: &str, at: usize) -> Result<(), QueryError> {
    let (fields, whose) = match kind {
        Kind::Mail => (OF_MAILS, ""),
        Kind::Contact => (vcard::SEARCH_FIELDS, " of contacts"),
        Kind::Mailbox => (mailbox::search_words::FIELDS, " of mailboxes"),
        // They are brought, and nobody searches them.
        Kind::Recipient => (&[] as &[&str], " of recipients"),
    };
    if fields.contains(&name) {
        return Ok(());
    }
    let known: Vec<String> = fields.iter().map(|field| format!("{field}:")).collect();
    let known = known.join(" ");
    Err(error(
        at,
        format!(
            "“{name}:” is not known{whose}. Known are {known}. To look for the text itself, quote it."
        ),
    ))
}

pub(super) fn error(at: usize, message: impl Into<String>) -> QueryError {
    QueryError {
        position: at,
        message: message.into(),
    }
}
