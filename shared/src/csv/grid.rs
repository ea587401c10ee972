//! A file as rows of cells.

use std::fmt;

use super::lines::{self, LineEnd, Lines};
use super::text::{self, Encoding, NotText};
use super::unguard;
use crate::words;

/// A table: its headers and its rows, without empty ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The cells of the first row that has any, without blanks around them.
    pub headers: Vec<String>,
    /// The rows below, each of as many cells as there are headers, or of more: see [`Grid::faults`].
    pub rows: Vec<Row>,
    /// What the file was recognised as.
    pub recognised: Recognised,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file that it begins in, counted from 1.
    pub line: u64,
    /// Its cells, each without the one apostrophe that guards it.
    pub cells: Vec<String>,
}

/// What a file was recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised {
    /// What its characters are in; none where it is a workbook or was pasted.
    pub encoding: Option<Encoding>,
    /// What separates cells; none where they were taken apart already.
    pub separator: Option<char>,
    /// Whether a line `sep=` named it.
    pub named: bool,
    /// What ends lines; none where there is one line only.
    pub line_end: Option<LineEnd>,
    /// Empty rows that were skipped.
    pub empty_rows: u64,
}

/// How large a table may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Rows below the headers.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
}

/// Characters of a cell, most.
pub const CELL_CHARS: usize = 10_000;

impl Default for Limits {
    /// 10 MB, 50,000 rows, 300 columns.
    fn default() -> Self {
        Self {
            bytes: 10 * 1024 * 1024,
            rows: 50_000,
            columns: 300,
        }
    }
}

/// What is wrong with a row, whatever its columns mean.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// It has something below no header.
    #[error("{}", too_many_cells(*.cells, *.headers, *.separator))]
    TooManyCells {
        cells: usize,
        headers: usize,
        separator: Option<char>,
    },
    /// A cell longer than [`CELL_CHARS`].
    #[error("{}", words::csv_long_cell(.column, &.chars.to_string()))]
    LongCell { column: String, chars: usize },
}

/// Why a file is no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// Nothing is in it.
    #[error("{}", words::csv_empty())]
    Empty,
    /// More bytes than [`Limits::bytes`].
    #[error("{}", words::csv_too_large(&.bytes.to_string(), &.most.to_string()))]
    TooLarge { bytes: usize, most: usize },
    /// A workbook, where only text is read.
    #[error("{}", words::csv_workbook())]
    Workbook,
    /// A workbook that cannot be read.
    #[error("{}", words::csv_unreadable(.0))]
    Unreadable(String),
    /// Neither text nor a workbook.
    #[error("{}", words::csv_binary())]
    Binary,
    /// A quote that is never closed: everything behind it would be one cell.
    #[error("{}", words::csv_unclosed_quote(&.0.to_string()))]
    UnclosedQuote(u64),
    /// More rows than [`Limits::rows`].
    #[error("{}", words::csv_too_many_rows(&.0.to_string()))]
    TooManyRows(usize),
    /// More columns than [`Limits::columns`].
    #[error("{}", words::csv_too_many_columns(&.found.to_string(), &.most.to_string()))]
    TooManyColumns { found: usize, most: usize },
    /// A header without any row below.
    #[error("{}", words::csv_no_rows())]
    NoRows,
}

impl Grid {
    /// Reads a file, whatever a spreadsheet saved it as.
    pub fn read(bytes: &[u8], limits: Limits) -> Result<Self, GridError> {
        if bytes.len() > limits.bytes {
            return Err(GridError::TooLarge {
                bytes: bytes.len(),
                most: limits.bytes,
            });
        }
        let (text, encoding) = text::read(bytes).map_err(|why| match why {
            NotText::Workbook => GridError::Workbook,
            NotText::Binary => GridError::Binary,
        })?;
        let mut grid = Self::of_text(&text, limits)?;
        grid.recognised.encoding = Some(encoding);
        Ok(grid)
    }

    /// Reads a text: what was pasted of a spreadsheet has tabs between its cells.
    pub fn of_text(text: &str, limits: Limits) -> Result<Self, GridError> {
        let text = text.trim_start_matches('\u{feff}');
        let (body, named) = lines::named_separator(text);
        let separator = named.unwrap_or_else(|| lines::guessed_separator(body.trim_start()));
        if let Some(line) = lines::unclosed_quote(body, separator) {
            return Err(GridError::UnclosedQuote(line + u64::from(named.is_some())));
        }
        let mut taken = Taken::new(
            Recognised {
                encoding: None,
                separator: Some(separator),
                named: named.is_some(),
                line_end: lines::line_end(text),
                empty_rows: 0,
            },
            limits,
        );
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(u8::try_from(separator).unwrap_or(b','))
            .from_reader(body.as_bytes());
        let mut lines = Lines::new(body, 1 + u64::from(named.is_some()));
        let mut record = ::csv::StringRecord::new();
        // Text that is in memory fails in no other way than by its end.
        while reader.read_record(&mut record).unwrap_or_default() {
            let begins = record.position().map_or(0, ::csv::Position::byte);
            let begins = usize::try_from(begins).unwrap_or(usize::MAX);
            let line = lines.of(beginning(body, begins));
            taken.take(line, record.iter())?;
        }
        taken.into_grid()
    }

    /// A grid of rows that are taken apart already, each with its line: the sheet of a workbook.
    pub fn of_rows<'a, R>(
        rows: impl Iterator<Item = (u64, R)>,
        limits: Limits,
    ) -> Result<Self, GridError>
    where
        R: Iterator<Item = &'a str>,
    {
        let recognised = Recognised {
            encoding: None,
            separator: None,
            named: false,
            line_end: None,
            empty_rows: 0,
        };
        let mut taken = Taken::new(recognised, limits);
        for (line, cells) in rows {
            taken.take(line, cells)?;
        }
        taken.into_grid()
    }
}

impl Grid {
    /// What is wrong with a row, whatever its columns mean.
    pub fn faults(&self, row: &Row) -> Vec<RowFault> {
        let mut faults = Vec::new();
        if row.cells.len() > self.headers.len() {
            faults.push(RowFault::TooManyCells {
                cells: row.cells.len(),
                headers: self.headers.len(),
                separator: self.recognised.separator,
            });
        }
        for (cell, column) in row.cells.iter().zip(&self.headers) {
            let chars = cell.chars().count();
            if chars > CELL_CHARS {
                let column = column.clone();
                faults.push(RowFault::LongCell { column, chars });
            }
        }
        faults
    }
}

/// The reader skips empty lines and names the place before them.
fn beginning(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at + ends.count()
}

/// A grid while it is read.
struct Taken {
    headers: Option<Vec<String>>,
    rows: Vec<Row>,
    recognised: Recognised,
    limits: Limits,
}

impl Taken {
    fn new(recognised: Recognised, limits: Limits) -> Self {
        Self {
            headers: None,
            rows: Vec::new(),
            recognised,
            limits,
        }
    }

    fn take<'a>(
        &mut self,
        line: u64,
        cells: impl Iterator<Item = &'a str>,
    ) -> Result<(), GridError> {
        let mut cells: Vec<&str> = cells.collect();
        while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.is_empty() {
            self.recognised.empty_rows += 1;
            return Ok(());
        }
        let most = self.limits.columns;
        if cells.len() > most {
            let found = cells.len();
            return Err(GridError::TooManyColumns { found, most });
        }
        let Some(headers) = &self.headers else {
            let headers = cells.iter().map(|name| clean_header(name));
            self.headers = Some(headers.collect());
            return Ok(());
        };
        if self.rows.len() == self.limits.rows {
            return Err(GridError::TooManyRows(self.limits.rows));
        }
        let width = headers.len().max(cells.len());
        let mut cells: Vec<String> = cells
            .into_iter()
            .map(|cell| unguard(cell).to_owned())
            .collect();
        cells.resize(width, String::new());
        self.rows.push(Row { line, cells });
        Ok(())
    }

    fn into_grid(self) -> Result<Grid, GridError> {
        let headers = self.headers.ok_or(GridError::Empty)?;
        match self.rows.is_empty() {
            true => Err(GridError::NoRows),
            false => Ok(Grid {
                headers,
                rows: self.rows,
                recognised: self.recognised,
            }),
        }
    }
}

/// A header without blanks around it, as a person reads it.
fn clean_header(name: &str) -> String {
    let is_blank =
        |letter: char| letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}');
    unguard(name.trim_matches(is_blank)).to_owned()
}

/// What is said of a row with too many cells, and what would make them fewer.
fn too_many_cells(cells: usize, headers: usize, separator: Option<char>) -> String {
    let (cells, headers) = (cells.to_string(), headers.to_string());
    match separator {
        Some(separator) => {
            words::csv_too_many_cells_quotes(&cells, &headers, &separator.to_string())
        }
        None => words::csv_too_many_cells(&cells, &headers),
    }
}

impl fmt::Display for Recognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells = match self.separator {
            Some(',') => words::csv_commas(),
            Some(';') => words::csv_semicolons(),
            Some('\t') => words::csv_tabs(),
            Some(other) => return f.write_str(&words::csv_separated(&other.to_string())),
            None => words::csv_as_they_are(),
        };
        if let Some(encoding) = self.encoding {
            write!(f, "{encoding}, ")?;
        }
        match self.named {
            true => f.write_str(&words::csv_named(cells))?,
            false => f.write_str(cells)?,
        }
        if let Some(line_end) = self.line_end {
            write!(f, ", {}", words::csv_line_ends(&line_end.to_string()))?;
        }
        match self.empty_rows {
            0 => Ok(()),
            rows => write!(f, ", {}", words::csv_empty_rows(rows, &rows.to_string())),
        }
    }
}
