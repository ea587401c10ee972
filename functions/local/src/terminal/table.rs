//! A table from a file, with what is wrong in it.

use std::io::Write;
use std::path::Path;

use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, Sheet};
use serde_json::{Value, json};

use super::client::Failure;

/// Rows that are listed, most: of more the first are.
const LISTED: usize = 50;

/// Reads and checks a table, and says what it was recognised as.
pub(crate) fn read(path: &Path, purpose: Purpose) -> Result<Sheet, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::of_file(path, error))?;
    let grid = Grid::read(&bytes, Limits::default());
    let grid = grid.map_err(|error| Failure::of_file(path, error))?;
    let recognised = grid.recognised.to_string();
    let sheet = Sheet::new(purpose, grid).map_err(|faults| {
        let texts = faults.iter().map(ToString::to_string);
        Failure::of_file(path, texts.collect::<Vec<_>>().join("; "))
    })?;
    let _ = writeln!(
        std::io::stderr(),
        "{}: {} rows; {recognised}.",
        path.display(),
        sheet.len()
    );
    Ok(sheet)
}

/// What is wrong, row by row, as programs read it.
pub(crate) fn faults(sheet: &Sheet) -> Vec<Value> {
    let of_row = |row: usize| {
        let line = sheet.grid().rows.get(row).map(|row| row.line);
        let faults = sheet.faults(row).into_iter();
        faults.map(move |fault| {
            let column = fault
                .place
                .and_then(|place| sheet.grid().headers.get(place));
            json!({
                "row": sheet.number(row),
                "line": line,
                "column": column,
                "class": "wrong",
                "text": fault.text,
            })
        })
    };
    sheet.wrong().flat_map(of_row).collect()
}

/// Lists rows with what is said of them.
pub(crate) fn list(rows: &[Value]) {
    let mut out = std::io::stderr().lock();
    for row in rows.iter().take(LISTED) {
        let line = row["line"].as_u64().map(|line| format!(" (line {line})"));
        let line = line.unwrap_or_default();
        let text = row["text"].as_str().unwrap_or_default().replace('\n', " ");
        let _ = writeln!(out, "  row {}{line}: {text}", row["row"]);
    }
    if rows.len() > LISTED {
        let _ = writeln!(out, "  and {} more", rows.len() - LISTED);
    }
}
