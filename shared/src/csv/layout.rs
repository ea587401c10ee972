//! Columns of a table by their names.

use bulkhead_words::Says;

use super::Grid;
use crate::words;

/// A column that a table may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name: lower case, with `_` for a blank.
    pub name: &'static str,
    /// Other names that it is known by, spelled the same way.
    pub also: &'static [&'static str],
    /// Whether a table has to have it.
    pub required: bool,
    /// What is in it, in a sentence for a person.
    pub about: Says,
    /// What a template shows below it.
    pub example: &'static str,
}

/// The columns of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// In the order of a template.
    pub columns: &'static [Column],
}

/// What is wrong with the headers of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderFault {
    /// A column that has to be there is not.
    #[error("{}", missing(.name, .found))]
    Missing {
        name: &'static str,
        /// The headers that nothing is known of.
        found: Vec<String>,
    },
    /// Two headers that mean the same column.
    #[error("{}", words::csv_header_twice(.first, .second))]
    Twice { first: String, second: String },
}

fn missing(name: &str, found: &[String]) -> String {
    match found {
        [] => words::csv_header_missing(name),
        found => words::csv_header_missing_known(name, &found.join(", ")),
    }
}

/// Where each column of a [`Spec`] is in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    spec: Spec,
    /// For each column of the spec its place in a row.
    places: Vec<Option<usize>>,
    /// Places of the columns that nothing is known of.
    pub unknown: Vec<usize>,
}

/// A row, read by the names of its columns.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    layout: &'a Layout,
    cells: &'a [String],
}

/// What is wrong with a cell, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// The column's name in its [`Spec`].
    pub column: &'static str,
    /// What is in the cell.
    pub value: String,
    /// A sentence for a person that goes on behind the value: “has 31 digits; …”.
    pub message: String,
}

impl CellFault {
    /// As a sentence: `source_guid “7.39E+07” is a number that a spreadsheet made of an id…`
    pub fn text(&self) -> String {
        /// Characters of a value that are shown.
        const SHOWN: usize = 60;
        let mut value: String = self.value.chars().take(SHOWN).collect();
        if value.len() < self.value.len() {
            value.push('…');
        }
        match value.trim().is_empty() {
            true => format!("{} {}.", self.column, self.message),
            false => words::csv_cell_fault(self.column, &value, &self.message),
        }
    }
}

/// The same for all spellings of a header: lower case, without what is between words.
fn key(header: &str) -> String {
    let is_between = |letter: char| matches!(letter, ' ' | '-' | '.' | '_' | '\u{a0}' | '/');
    header.trim().replace(is_between, "").to_lowercase()
}

impl Spec {
    /// Where its columns are below these headers; or all that is wrong with them.
    pub fn layout(self, headers: &[String]) -> Result<Layout, Vec<HeaderFault>> {
        let mut faults = Vec::new();
        let mut places: Vec<Option<usize>> = vec![None; self.columns.len()];
        let mut unknown = Vec::new();
        for (place, header) in headers.iter().enumerate() {
            let Some(column) = self.find(header) else {
                unknown.push(place);
                continue;
            };
            match places[column] {
                None => places[column] = Some(place),
                Some(first) => faults.push(HeaderFault::Twice {
                    first: headers[first].clone(),
                    second: header.clone(),
                }),
            }
        }
        let names = unknown.iter().map(|place| &headers[*place]);
        let names: Vec<String> = names.filter(|name| !name.is_empty()).cloned().collect();
        for (column, place) in self.columns.iter().zip(&places) {
            if column.required && place.is_none() {
                faults.push(HeaderFault::Missing {
                    name: column.name,
                    found: names.clone(),
                });
            }
        }
        match faults.is_empty() {
            true => Ok(Layout {
                spec: self,
                places,
                unknown,
            }),
            false => Err(faults),
        }
    }

    /// The number of the column that a header names.
    fn find(self, header: &str) -> Option<usize> {
        let wanted = key(header);
        self.columns.iter().position(|column| {
            key(column.name) == wanted || column.also.iter().any(|name| key(name) == wanted)
        })
    }

    /// A file with its columns and one row of examples.
    pub fn template(self) -> Vec<u8> {
        // Spreadsheets take a file without the mark for Windows-1252.
        let mut out = b"\xef\xbb\xbf".to_vec();
        super::write_row(
            &mut out,
            self.columns.iter().map(|column| column.name.into()),
        );
        super::write_row(
            &mut out,
            self.columns.iter().map(|column| column.example.into()),
        );
        out
    }
}

impl Layout {
    /// A row, by the names of its columns.
    pub fn cells<'a>(&'a self, cells: &'a [String]) -> Cells<'a> {
        Cells {
            layout: self,
            cells,
        }
    }

    /// Where a column is in a row; none where the table does not have it.
    pub fn place(&self, name: &str) -> Option<usize> {
        let column = self
            .spec
            .columns
            .iter()
            .position(|column| column.name == name)?;
        self.places[column]
    }

    /// The column that is at this place of a row; none where nothing is known of it.
    pub fn column(&self, place: usize) -> Option<&'static Column> {
        let column = self.places.iter().position(|known| *known == Some(place))?;
        self.spec.columns.get(column)
    }

    /// The headers that nothing is known of, in their order.
    pub fn unknown_headers<'a>(&'a self, grid: &'a Grid) -> impl Iterator<Item = &'a str> {
        let names = self
            .unknown
            .iter()
            .filter_map(|place| grid.headers.get(*place));
        names.map(String::as_str).filter(|name| !name.is_empty())
    }
}

impl<'a> Cells<'a> {
    /// What is in a column, without blanks around it; empty where the table does not have it.
    pub fn get(&self, name: &str) -> &'a str {
        let place = self.layout.place(name);
        let cell = place.and_then(|place| self.cells.get(place));
        cell.map_or("", |cell| cell.trim())
    }

    /// What is wrong with a column's cell.
    pub fn fault(&self, name: &'static str, message: impl ToString) -> CellFault {
        CellFault {
            column: name,
            value: self.get(name).to_owned(),
            message: message.to_string(),
        }
    }
}
