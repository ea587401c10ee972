//! Mails that are taken in from files.

use serde::{Deserialize, Serialize};

/// What came of a file: `POST /accounts/{account}/import`. Sentences for a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Mails that are in the mailbox now.
    pub imported: u64,
    /// Mails, and files that may be some, that were left out.
    pub left_out: u64,
    /// What the file turned out to be, a sentence for each form.
    #[serde(deserialize_with = "crate::prose::read_all")]
    pub recognised: Vec<String>,
    /// What is kept otherwise than it was: labels.
    #[serde(deserialize_with = "crate::prose::read_all")]
    pub changed: Vec<String>,
    /// What was left out and why, with its place as far as there are not too many.
    #[serde(deserialize_with = "crate::prose::read_all")]
    pub problems: Vec<String>,
}
