//! Contacts as rows of CSV: what Google, Outlook and people's own tables look like, as cards and back.
//!
//! A column that is not known is named to the person, never dropped in silence; a cell that is not
//! understood is an error of its row.

mod columns;
mod export;
mod row;

#[cfg(test)]
mod tests;

pub use export::{HEADER, record};
pub use row::{CELL_BYTES, RowError};

use columns::Column;

use super::{CARDS_PER_FILE, Card};

/// Columns, most. Outlook writes 92.
pub const COLUMNS: usize = 300;

/// Why a table cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Not UTF-8.
    #[error("the file is not in UTF-8; save it as “CSV UTF-8”")]
    NotUtf8,
    /// Quotes that do not close and the like.
    #[error("line {0} is no CSV")]
    NotCsv(u64),
    /// No column is known.
    #[error(
        "the first line names no column of a contact, such as Name, First Name, E-mail or Phone"
    )]
    NoColumns,
    /// More than [`COLUMNS`].
    #[error("a table of contacts has at most 300 columns")]
    TooManyColumns,
    /// More rows than [`CARDS_PER_FILE`].
    #[error("the file has more than 10,000 rows")]
    TooManyRows,
}

/// A table, read.
#[derive(Debug, Clone)]
pub struct Table {
    /// Headers that no field of a contact is known for; what is below them is not taken over.
    pub unknown: Vec<String>,
    headers: Vec<String>,
    columns: Vec<Column>,
    rows: Vec<::csv::StringRecord>,
}

impl Table {
    /// Reads a file. Its separator is whichever of comma, semicolon and tab the first line has most of.
    pub fn read(bytes: &[u8]) -> Result<Self, TableError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if std::str::from_utf8(bytes).is_err() {
            return Err(TableError::NotUtf8);
        }
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(separator(bytes))
            .flexible(true)
            .from_reader(bytes);
        let headers = reader.headers().map_err(|error| not_csv(&error))?;
        let headers: Vec<String> = headers.iter().map(|name| name.trim().to_owned()).collect();
        if headers.len() > COLUMNS {
            return Err(TableError::TooManyColumns);
        }
        let columns = columns::of(&headers);
        if !columns.iter().any(|column| *column != Column::Unknown) {
            return Err(TableError::NoColumns);
        }
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|error| not_csv(&error))?;
            if rows.len() == CARDS_PER_FILE {
                return Err(TableError::TooManyRows);
            }
            // Spreadsheets end in lines of nothing but separators.
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                rows.push(row);
            }
        }
        let named = headers.iter().zip(&columns);
        let unknown =
            named.filter(|(name, column)| **column == Column::Unknown && !name.is_empty());
        Ok(Self {
            unknown: unknown.map(|(name, _)| name.clone()).collect(),
            headers,
            columns,
            rows,
        })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The card of a row, in version 3.0 and without an id; none if there is no such row.
    pub fn card_without_id(&self, index: usize) -> Option<Result<Card, RowError>> {
        Some(self.card(index, "")?.map(without_id))
    }

    /// The card of a row, in version 3.0 and with this id; none if there is no such row.
    pub fn card(&self, index: usize, uid: &str) -> Option<Result<Card, RowError>> {
        let row = self.rows.get(index)?;
        Some(row::card(&self.headers, &self.columns, row, uid))
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
    let record: ::csv::StringRecord = cells.iter().map(|(_, cell)| cell.as_str()).collect();
    row::card(&headers, &columns, &record, "").map(without_id)
}

fn not_csv(error: &::csv::Error) -> TableError {
    TableError::NotCsv(error.position().map_or(1, ::csv::Position::line))
}

fn separator(bytes: &[u8]) -> u8 {
    let header = bytes
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |separator: u8| header.iter().filter(|&&byte| byte == separator).count();
    let mut separators = [b',', b';', b'\t'];
    // The first of those that are there most often.
    separators.sort_by_key(|&separator| std::cmp::Reverse(count(separator)));
    separators[0]
}
