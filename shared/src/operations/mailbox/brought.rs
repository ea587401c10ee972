//! What a row of a table of mailboxes brings, as it is stored with its item.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::csv::{CellFault, Layout};
use crate::kinds::mailbox::Blocker;
use crate::kinds::mailbox::rows::{self, ROW_NUMBER, Recovery, Restore};
use crate::kinds::mailbox::sheet::{Claimed, Purpose};
use crate::operations::WrongRow;
use crate::problem::Invalid;
use crate::words;

/// What a row brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// The number that it has in results.
    pub number: u64,
    /// What it says.
    #[serde(flatten)]
    pub row: MailboxRow,
    /// Its cells as they were brought, in the order of the operation's columns.
    pub cells: Vec<String>,
    /// What an earlier row of the same table has that only one may have, where that is no error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clash: Option<Blocker>,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxRow {
    /// A recovery.
    Recover(Recovery),
    /// A restore.
    Restore(Restore),
}

/// Columns of a table, most.
const COLUMNS: usize = 300;
/// Bytes of a header, most.
const HEADER_BYTES: usize = 500;

impl Brought {
    /// As it is stored.
    pub fn encode(&self) -> Vec<u8> {
        // Texts and numbers under names that are texts are always JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What [`Brought::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl MailboxRow {
    /// The recovery, if it is one.
    pub fn recovery(&self) -> Option<&Recovery> {
        match self {
            Self::Recover(row) => Some(row),
            Self::Restore(_) => None,
        }
    }

    /// The restore, if it is one.
    pub fn restore(&self) -> Option<&Restore> {
        match self {
            Self::Recover(_) => None,
            Self::Restore(row) => Some(row),
        }
    }

    /// What only one row may have of what it says.
    pub fn claimed(&self) -> Claimed<'_> {
        match self {
            Self::Recover(row) => Claimed::Recovery(row),
            Self::Restore(row) => Claimed::Restore(row),
        }
    }
}

/// The columns of a purpose, for a request that names none.
pub(super) fn standard(purpose: Purpose) -> Vec<String> {
    let columns = purpose.spec().columns.iter();
    columns.map(|column| column.name.to_owned()).collect()
}

/// Where the columns that an operation names are.
pub(super) fn layout(purpose: Purpose, columns: &[String]) -> Result<Layout, Invalid> {
    let wrong = |text: String| Invalid::new("operation.columns", text);
    if columns.len() > COLUMNS || columns.iter().any(|name| name.len() > HEADER_BYTES) {
        return Err(wrong(words::mailboxes_columns(
            &COLUMNS.to_string(),
            &HEADER_BYTES.to_string(),
        )));
    }
    purpose.spec().layout(columns).map_err(|faults| {
        let texts = faults.iter().map(ToString::to_string);
        wrong(words::mailboxes_headers(
            &texts.collect::<Vec<_>>().join("; "),
        ))
    })
}

/// What rows bring below these columns; or the first one that is wrong.
pub(super) fn read(
    purpose: Purpose,
    columns: &[String],
    rows: &[Value],
) -> Result<Vec<Brought>, WrongRow> {
    let layout = layout(purpose, columns).map_err(|invalid| WrongRow {
        index: 0,
        message: invalid.message,
    })?;
    let number = columns.iter().position(|name| name == ROW_NUMBER);
    let read = rows.iter().enumerate().map(|(index, row)| {
        let wrong = |message: String| WrongRow { index, message };
        let cells = rows::cells_of(row, columns).map_err(wrong)?;
        let told = number.map(|place| cells[place].trim().parse());
        let named = layout.cells(&cells);
        let row = match purpose {
            Purpose::Recover => rows::recovery(&named).map(|read| MailboxRow::Recover(read.row)),
            Purpose::Restore => rows::restore(&named).map(|read| MailboxRow::Restore(read.row)),
        };
        let row = row.map_err(|faults| {
            let texts = faults.iter().map(CellFault::text);
            wrong(texts.collect::<Vec<_>>().join(" "))
        })?;
        Ok(Brought {
            number: told.and_then(Result::ok).unwrap_or(index as u64 + 1),
            row,
            cells,
            clash: None,
        })
    });
    read.collect()
}
