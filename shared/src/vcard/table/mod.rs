//! Contacts as rows of CSV: what Google, Outlook, Thunderbird and people's own tables look like, as cards and back.
//!
//! A column that is not known is named to the person, never dropped in silence; a cell that is not
//! understood is an error of its row.

use crate::words;

mod columns;
mod export;
mod german;
mod row;

#[cfg(test)]
mod tests;

pub use export::{HEADER, record};
pub use row::{CELL_BYTES, RowError};

use columns::Column;

use super::{CARDS_PER_FILE, Card};
use crate::csv::{Grid, GridError, Limits, Recognised, Row, unguard};

/// Why a table cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// It is no table.
    #[error(transparent)]
    NoTable(#[from] GridError),
    /// No column is known.
    #[error("{}", words::vcard_table_no_columns())]
    NoColumns,
}

/// A table, read.
#[derive(Debug, Clone)]
pub struct Table {
    /// Headers that no field of a contact is known for; what is below them is not taken over.
    pub unknown: Vec<String>,
    /// What the file was recognised as.
    pub recognised: Recognised,
    headers: Vec<String>,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

impl Table {
    /// Reads a file, whatever a spreadsheet saved it as.
    pub fn read(bytes: &[u8]) -> Result<Self, TableError> {
        let limits = Limits {
            rows: CARDS_PER_FILE,
            ..Limits::default()
        };
        let Grid {
            headers,
            rows,
            recognised,
        } = Grid::read(bytes, limits)?;
        let columns = columns::of(&headers);
        if !columns.iter().any(|column| *column != Column::Unknown) {
            return Err(TableError::NoColumns);
        }
        let named = headers.iter().zip(&columns);
        let unknown =
            named.filter(|(name, column)| **column == Column::Unknown && !name.is_empty());
        Ok(Self {
            unknown: unknown.map(|(name, _)| name.clone()).collect(),
            recognised,
            headers,
            columns,
            rows,
        })
    }

    /// How many rows there are: one at least.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The card of a row, in version 3.0 and without an id; none if there is no such row.
    pub fn card_without_id(&self, index: usize) -> Option<Result<Card, RowError>> {
        Some(self.card(index, "")?.map(without_id))
    }

    /// The card of a row, in version 3.0 and with this id; none if there is no such row.
    pub fn card(&self, index: usize, uid: &str) -> Option<Result<Card, RowError>> {
        let row = self.rows.get(index)?;
        Some(row::card(&self.headers, &self.columns, &row.cells, uid))
    }
}

/// A card that was made without an id of its own.
fn without_id(mut card: Card) -> Card {
    card.lines.retain(|line| {
        !line
            .property
            .as_ref()
            .is_some_and(|property| property.is("UID"))
    });
    card
}

/// The card of one row by itself, of cells with their headers: in version 3.0 and without an id.
pub fn card(cells: &[(String, String)]) -> Result<Card, RowError> {
    let headers: Vec<String> = cells.iter().map(|(header, _)| header.clone()).collect();
    let columns = columns::of(&headers);
    let unknown = headers.iter().zip(&columns);
    let mut unknown = unknown.filter(|(_, column)| **column == Column::Unknown);
    if let Some((header, _)) = unknown.next() {
        return Err(RowError::Unknown(header.clone()));
    }
    let cells = cells
        .iter()
        .map(|(_, cell)| unguard(cell.trim()).to_owned());
    let record: Vec<String> = cells.collect();
    row::card(&headers, &columns, &record, "").map(without_id)
}
