//! A workbook as rows of text.
//!
//! Cells are read one after another and never as a rectangle: two cells in opposite corners of a sheet would make one of
//! 17 billion. What is packed is measured before it is read.

use std::io::{self, Cursor, Read};

use bulkhead_shared::api::{Workbook, WorkbookRow};
use bulkhead_shared::csv::Limits;
use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

/// Bytes of all parts of a workbook, unpacked: ten times the largest file, and what fits a function's memory.
const UNPACKED_MOST: u64 = 100 * 1024 * 1024;

/// Why a workbook is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unread {
    /// More than is read at once.
    #[error(
        "Unpacked, the workbook has more than 100 MiB; save its sheet as “CSV UTF-8”, or divide it."
    )]
    TooLarge,
    /// Too many rows or columns.
    #[error("The sheet has more than {rows} rows or {columns} columns; divide it.")]
    TooManyCells { rows: usize, columns: usize },
    /// What a password protects looks like the older form.
    #[error(
        "This is no workbook of the form .xlsx, or a password protects it; save its sheet as “CSV UTF-8”."
    )]
    NoWorkbook,
    /// Something in it is not understood.
    #[error("The workbook cannot be read ({0}); save its sheet as “CSV UTF-8”.")]
    Odd(XlsxError),
    /// No sheet has anything.
    #[error("The workbook has no rows.")]
    Empty,
}

/// Reads the first sheet that is shown and has rows.
pub(crate) fn read(bytes: Vec<u8>, limits: Limits) -> Result<Workbook, Unread> {
    measure(&bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(Unread::Odd)?;
    let shown = book.sheets_metadata().iter();
    let shown = shown.filter(|sheet| sheet.visible == SheetVisible::Visible);
    let shown: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let sheets = u32::try_from(book.sheets_metadata().len()).unwrap_or(u32::MAX);
    for sheet in shown {
        let rows = match rows(&mut book, &sheet, limits) {
            // A chart has no cells.
            Err(Unread::Odd(XlsxError::WorksheetNotFound(_))) => continue,
            rows => rows?,
        };
        if !rows.is_empty() {
            return Ok(Workbook {
                sheet,
                sheets,
                rows,
            });
        }
    }
    Err(Unread::Empty)
}

/// Unpacks everything once to nowhere: what an archive says of its sizes may be wrong.
fn measure(bytes: &[u8]) -> Result<(), Unread> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unread::NoWorkbook)?;
    let mut left = UNPACKED_MOST;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|_| Unread::NoWorkbook)?;
        let read = io::copy(&mut part.take(left + 1), &mut io::sink());
        let read = read.map_err(|_| Unread::NoWorkbook)?;
        left = left.checked_sub(read).ok_or(Unread::TooLarge)?;
    }
    Ok(())
}

/// The rows of a sheet that have anything in them.
fn rows(
    book: &mut Xlsx<Cursor<Vec<u8>>>,
    sheet: &str,
    limits: Limits,
) -> Result<Vec<WorkbookRow>, Unread> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(Unread::Odd)?;
    let mut rows: Vec<WorkbookRow> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(Unread::Odd)? {
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (line, column) = cell.get_position();
        let (line, column) = (u64::from(line) + 1, column as usize);
        if rows.last().is_none_or(|row| row.line != line) {
            rows.push(WorkbookRow {
                line,
                cells: Vec::new(),
            });
        }
        // The headers are a row of their own.
        if rows.len() > limits.rows + 1 || column >= limits.columns {
            return Err(Unread::TooManyCells {
                rows: limits.rows,
                columns: limits.columns,
            });
        }
        if let Some(row) = rows.last_mut() {
            row.cells.resize(row.cells.len().max(column), String::new());
            row.cells.push(text);
        }
    }
    Ok(rows)
}

/// What is in a cell, as a person would type it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // Never with an exponent.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(time) => date(time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A day, a moment of it, or a time of any day.
fn date(time: &ExcelDateTime) -> String {
    if !time.is_datetime() {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if (0.0..1.0).contains(&time.as_f64()) {
        // Before the first day that there is: nobody typed one.
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => day,
        _ => format!("{day}T{hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;
    const STRINGS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>source_guid</t></si><si><r><t>B</t></r><r><t>ö</t></r></si></sst>"#;

    fn archive(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// A workbook of these sheets: name, attributes, and the rows of each.
    fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
        let numbered = || (1..).zip(sheets);
        let named: String = numbered()
            .map(|(n, (name, state, _))| {
                format!(r#"<sheet name="{name}" sheetId="{n}" {state} r:id="rId{n}"/>"#)
            })
            .collect();
        let related: String = numbered()
            .map(|(n, _)| format!(r#"<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>"#))
            .collect();
        let book = format!(
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{named}</sheets></workbook>"#
        );
        let related = format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}</Relationships>"#
        );
        let names: Vec<String> = numbered()
            .map(|(n, _)| format!("xl/worksheets/sheet{n}.xml"))
            .collect();
        let mut parts = vec![
            ("[Content_Types].xml", TYPES.into()),
            ("_rels/.rels", ROOT.into()),
            ("xl/workbook.xml", book.into_bytes()),
            ("xl/_rels/workbook.xml.rels", related.into_bytes()),
            ("xl/styles.xml", STYLES.into()),
            ("xl/sharedStrings.xml", STRINGS.into()),
        ];
        for (name, (_, _, rows)) in names.iter().zip(sheets) {
            let sheet = format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
            );
            parts.push((name, sheet.into_bytes()));
        }
        archive(&parts)
    }

    fn all(bytes: Vec<u8>) -> Result<Workbook, Unread> {
        read(bytes, Limits::default())
    }

    #[test]
    fn cells_are_what_a_person_would_type() {
        let rows = r#"
            <row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>name</t></is></c></row>
            <row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4"><v>7.39E+07</v></c><c r="C4"><v>0.1</v></c>
                <c r="D4" t="b"><v>1</v></c><c r="E4" t="e"><v>#N/A</v></c><c r="F4" s="1"><v>46000</v></c>
                <c r="G4" s="1"><v>46000.5</v></c><c r="H4"/><c r="I4" s="1"><v>0.75</v></c></row>"#;
        let book = all(workbook(&[("Leavers", "", rows), ("Notes", "", "")])).unwrap();
        assert_eq!((book.sheet.as_str(), book.sheets), ("Leavers", 2));
        let texts: Vec<(u64, Vec<&str>)> = book
            .rows
            .iter()
            .map(|row| (row.line, row.cells.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            texts,
            [
                (2, vec!["source_guid", "", "name"]),
                (
                    4,
                    vec![
                        "Bö",
                        "73900000",
                        "0.1",
                        "TRUE",
                        "#N/A",
                        "2025-12-09",
                        "2025-12-09T12:00:00",
                        "",
                        "18:00:00"
                    ]
                ),
            ]
        );
    }

    #[test]
    fn the_first_sheet_that_is_shown_and_has_rows_is_read() {
        let row = |text: &str| {
            format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>"#)
        };
        let (hidden, shown) = (row("hidden"), row("shown"));
        let sheets = [
            ("Lists", r#"state="hidden""#, hidden.as_str()),
            ("Empty", "", ""),
            ("Leavers", "", &shown),
        ];
        let book = all(workbook(&sheets)).unwrap();
        assert_eq!((book.sheet.as_str(), book.sheets), ("Leavers", 3));
        assert_eq!(book.rows[0].cells, ["shown"]);
        let empty = all(workbook(&[("Empty", "", "")]));
        assert!(matches!(empty, Err(Unread::Empty)), "{empty:?}");
    }

    #[test]
    fn a_sheet_of_corners_costs_what_is_in_it() {
        let rows = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>"#;
        let book = all(workbook(&[("Corners", "", rows)])).unwrap();
        assert_eq!(book.rows.len(), 2);
        assert_eq!(book.rows[1].line, 1_048_576);
        let wide = r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#;
        let wide = all(workbook(&[("Wide", "", wide)]));
        assert!(matches!(wide, Err(Unread::TooManyCells { .. })), "{wide:?}");
        let limits = Limits {
            rows: 1,
            ..Limits::default()
        };
        let many = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>"#;
        let many = read(workbook(&[("Many", "", many)]), limits);
        assert!(matches!(many, Err(Unread::TooManyCells { .. })), "{many:?}");
    }

    #[test]
    fn what_would_fill_the_memory_is_not_unpacked_into_it() {
        let zeros = vec![b' '; UNPACKED_MOST as usize + 1];
        let bomb = archive(&[("xl/sharedStrings.xml", zeros)]);
        assert!(bomb.len() < 1_000_000);
        assert!(matches!(all(bomb), Err(Unread::TooLarge)));
    }

    #[test]
    fn what_is_no_workbook_is_told() {
        let whole = workbook(&[("A", "", "")]);
        let cut = whole[..whole.len() / 2].to_vec();
        let older = [&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 600]].concat();
        for bytes in [Vec::new(), b"PK\x03\x04".to_vec(), cut, older] {
            assert!(matches!(all(bytes), Err(Unread::NoWorkbook)));
        }
        let archive = archive(&[("mimetype", b"application/vnd.oasis.opendocument".to_vec())]);
        assert!(matches!(all(archive), Err(Unread::Odd(_))));
        let broken = workbook(&[(
            "A",
            "",
            r#"<row r="1"><c r="A1" t="s"><v>99</v></c></row><row"#,
        )]);
        assert!(matches!(all(broken), Err(Unread::Odd(_))));
    }
}
