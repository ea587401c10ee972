//! Looking at the mails that a job would send, before there is a job.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::LeftOutRow;
use crate::attached_file::AttachedFile;
use crate::ids::AccountId;
use crate::limits;
use crate::operations::BulkSend;
use crate::problem::Invalid;
use crate::words;

/// `POST /letters`: the mails that this would send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookAtLetters {
    /// From whom, and of what templates.
    pub operation: BulkSend,
    /// To whom: an object of columns for each.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Value>))]
    pub rows: Vec<Value>,
    /// The account that would send them. Left out: it is not told who is on its list of those who get no mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The rows whose mails are shown, counted from 1. Left out: the first three, the longest, and the first
    /// ones that need a fallback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<Vec<u32>>,
}

/// The mails that would be sent, and what stands in the way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LettersSeen {
    /// Rows.
    pub total: u32,
    /// Those whose mails can be sent.
    pub good: u32,
    /// What stands in the way, in the order of the rows: the first thousand.
    pub faults: Vec<LetterFault>,
    /// How many of those there are.
    pub faults_total: u32,
    /// Rows that would be left out, because their addresses are on the account's list of those who get no mail: the
    /// first thousand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutRow>,
    /// How many of those there are.
    #[serde(default, skip_serializing_if = "crate::omitted::zero")]
    pub left_out_total: u32,
    /// The columns that the rows have, each once.
    pub columns: Vec<String>,
    /// The row with the longest mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<u32>,
    /// Rows in which a fallback stands in for an empty cell.
    pub with_fallback: u32,
    /// The first thousand of those rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallback_rows: Vec<u32>,
    /// Some of the mails.
    pub letters: Vec<SeenLetter>,
}

/// What stands in the way of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LetterFault {
    /// The row, counted from 1; none where it is the template's fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The column, where it is one cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What it is, as a sentence.
    #[serde(deserialize_with = "crate::prose::read")]
    pub message: String,
    /// What the template calls a column that there is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The column that was probably meant by that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

/// One mail as it would be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeenLetter {
    /// The row, counted from 1.
    pub row: u32,
    /// Name and address.
    pub to: String,
    pub subject: String,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The files that go along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
    /// All of it as it travels, with an id that is not yet its own, and without what is in its files.
    pub source: String,
}

impl LookAtLetters {
    /// Everything that can be checked without a template at work.
    pub fn validate(&self) -> Result<(), Invalid> {
        use crate::operations::OperationSpec;
        self.operation.validate()?;
        if self.rows.len() > limits::ROWS_PER_REQUEST {
            let text = words::selection_too_many_rows(&limits::ROWS_PER_REQUEST.to_string());
            return Err(Invalid::new("rows", text));
        }
        let show = self.show.as_deref().unwrap_or_default();
        if show.len() > limits::LETTERS_SHOWN {
            let text = words::letters_too_many(&limits::LETTERS_SHOWN.to_string());
            return Err(Invalid::new("show", text));
        }
        let is_there = |row: &u32| *row >= 1 && (*row as usize) <= self.rows.len();
        match show.iter().all(is_there) {
            true => Ok(()),
            false => Err(Invalid::new("show", words::letters_no_row())),
        }
    }
}
