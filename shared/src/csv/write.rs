//! Rows of CSV that leave.

use std::borrow::Cow;

use super::guard;

/// A cell that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A text, which is guarded against being taken for a formula.
    Text(Cow<'a, str>),
    /// A number, which stays one.
    Number(String),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u64> for Cell<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number.to_string())
    }
}

/// Writes a row behind what is there already: commas, CRLF, quotes where one is needed (RFC 4180).
pub fn write_row<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = Cell<'a>>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        match cell {
            Cell::Number(number) => out.extend(number.as_bytes()),
            Cell::Text(text) => put(out, &guard(&text)),
        }
    }
    out.extend(b"\r\n");
}

fn put(out: &mut Vec<u8>, cell: &str) {
    let needs_quotes = cell.contains([',', '"', '\r', '\n', ';', '\t'])
        || cell.starts_with(' ')
        || cell.ends_with(' ');
    if !needs_quotes {
        out.extend(cell.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend(cell.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
