//! Requests that make a job and say yes to it.

use serde::{Deserialize, Serialize};

use crate::hash::ManifestHash;
use crate::ids::AccountId;
use crate::kinds::Kind;
use crate::limits;
use crate::operations::Operation;
use crate::options::{JobOptions, Protected};
use crate::problem::Invalid;
use crate::selection::Selection;
use crate::words;

/// `POST /jobs`: draft a job. Nothing is touched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewJob {
    pub account: AccountId,
    /// What to do.
    pub operation: Operation,
    /// To what.
    pub selection: Selection,
    #[serde(default)]
    pub options: JobOptions,
    /// When it may begin without a second request. Left out: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<ConfirmBy>,
}

/// When a draft is confirmed by the request that makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ConfirmBy {
    /// Where it is picked items, up to 50 of them, that come back exactly, and nothing speaks against it.
    /// Anything else stays a draft.
    IfReversible,
}

impl NewJob {
    /// A job as a person wants it who said no more: where mails that a search finds go out of sight, protected ones
    /// are kept out.
    pub fn with_care(account: AccountId, operation: Operation, selection: Selection) -> Self {
        let is_search = matches!(selection, Selection::Query { .. });
        let options = JobOptions {
            protected: (is_search && operation.hides()).then_some(Protected::KeepOut),
            ..JobOptions::default()
        };
        Self {
            account,
            operation,
            selection,
            options,
            confirm: None,
        }
    }

    /// Everything that can be checked without looking at the account.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.operation.validate()?;
        let kind = self.operation.about().kind;
        self.selection.validate_for(kind.unwrap_or(Kind::Mail))?;
        match kind {
            Some(kind) => self.options.validate_for(kind)?,
            None => self.options.validate()?,
        }
        let is_search = matches!(self.selection, Selection::Query { .. });
        if self.options.protected.is_some() && !(is_search && kind == Some(Kind::Mail)) {
            return Err(Invalid::new("options.protected", words::draft_protected()));
        }
        self.inputs().map(drop)
    }

    /// What the rows bring, in their order; none where items are picked. Rows are for operations that make
    /// items, and nothing else is.
    pub fn inputs(&self) -> Result<Vec<Vec<u8>>, Invalid> {
        let rows = match (&self.selection, self.operation.makes_items()) {
            (Selection::Rows { rows }, true) => rows,
            (Selection::Rows { .. }, false) => {
                return Err(Invalid::new("selection.rows", words::draft_no_rows()));
            }
            (_, true) => return Err(Invalid::new("selection", words::draft_rows())),
            (_, false) => return Ok(Vec::new()),
        };
        let wrong =
            |index: usize, text: String| Invalid::new(format!("selection.rows[{index}]"), text);
        let inputs = self.operation.inputs(rows);
        let inputs = inputs.map_err(|row| wrong(row.index, row.message))?;
        let too_long = inputs
            .iter()
            .position(|input| input.len() > limits::INPUT_BYTES);
        match too_long {
            Some(index) => {
                let text = words::draft_row_bytes(&limits::INPUT_BYTES.to_string());
                Err(wrong(index, text))
            }
            None => Ok(inputs),
        }
    }
}

/// `POST /jobs/{job}/confirm`: yes to exactly this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Confirm {
    /// The hash the preview showed.
    pub manifest_hash: ManifestHash,
    /// The hash of the drift that was shown, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift_hash: Option<String>,
}
