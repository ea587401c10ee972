//! What is in a directory of mailboxes.

use serde::{Deserialize, Serialize};

use crate::kinds::mailbox::{ConflictRule, Mailbox};

/// A page of mailboxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mailboxes {
    /// By name.
    pub mailboxes: Vec<Mailbox>,
    /// All that match.
    pub total: u64,
    /// The rules that this directory can restore by.
    pub rules: Vec<ConflictRule>,
}

/// The rows of a workbook: `POST /workbooks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workbook {
    /// The sheet that was read: the first one that is shown and has any rows.
    pub sheet: String,
    /// Sheets in the workbook.
    pub sheets: u32,
    /// Its rows that are not empty, headers first.
    pub rows: Vec<WorkbookRow>,
}

/// A row of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkbookRow {
    /// Its number in the sheet, counted from 1.
    pub line: u64,
    /// Its cells from the first column on, as text: numbers without an exponent, dates as ISO 8601.
    pub cells: Vec<String>,
}
