//! The fields that a query may name, and the errors that say where it goes wrong.

use super::QueryError;
use crate::kinds::{Kind, mailbox};
use crate::{vcard, words};

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
    "class",
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
        Kind::Mail => (OF_MAILS, "mail"),
        Kind::Contact => (vcard::SEARCH_FIELDS, "contact"),
        Kind::Mailbox => (mailbox::search_words::FIELDS, "mailbox"),
        // They are brought, and nobody searches them.
        Kind::Recipient => (&[] as &[&str], "recipient"),
    };
    if fields.contains(&name) {
        return Ok(());
    }
    let known: Vec<String> = fields.iter().map(|field| format!("{field}:")).collect();
    let known = known.join(" ");
    Err(error(at, words::query_unknown_field(whose, name, &known)))
}

pub(super) fn error(at: usize, message: impl Into<String>) -> QueryError {
    QueryError {
        position: at,
        message: message.into(),
    }
}
