#![allow(clippy::unwrap_used)]
use bulkhead_words::Says;

use super::*;

fn read(bytes: &[u8]) -> Grid {
    Grid::read(bytes, Limits::default()).unwrap()
}

fn cells(grid: &Grid) -> Vec<Vec<&str>> {
    let rows = grid.rows.iter();
    rows.map(|row| row.cells.iter().map(String::as_str).collect())
        .collect()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xfeff);
    mark.into_iter()
        .chain(text.encode_utf16())
        .flat_map(unit)
        .collect()
}

#[test]
fn what_spreadsheets_save_is_read_and_recognised() {
    let text = "id,name\r\n1,Jürgen\r\n";
    let tabs = "id\tname\r\n1\tJürgen\r\n";
    let cases: [(Vec<u8>, &str); 12] = [
        (
            format!("\u{feff}sep=;\r\n{}", text.replace(',', ";")).into(),
            "UTF-8 with a byte order mark, semicolons (named by its first line), lines end with CRLF",
        ),
        (text.into(), "UTF-8, commas, lines end with CRLF"),
        (
            format!("\u{feff}{text}").into(),
            "UTF-8 with a byte order mark, commas, lines end with CRLF",
        ),
        (
            text.replace(',', ";").into(),
            "UTF-8, semicolons, lines end with CRLF",
        ),
        (
            text.replace("\r\n", "\n").into(),
            "UTF-8, commas, lines end with LF",
        ),
        (
            text.replace("\r\n", "\r").into(),
            "UTF-8, commas, lines end with CR",
        ),
        (
            utf16(tabs, u16::to_le_bytes, true),
            "UTF-16 LE, tabs, lines end with CRLF",
        ),
        (
            utf16(tabs, u16::to_be_bytes, true),
            "UTF-16 BE, tabs, lines end with CRLF",
        ),
        (
            b"id;name\r\n1;J\xfcrgen\r\n".to_vec(),
            "Windows-1252, semicolons, lines end with CRLF",
        ),
        (
            format!("sep=;\r\n{}", text.replace(',', ";")).into(),
            "UTF-8, semicolons (named by its first line), lines end with CRLF",
        ),
        (
            format!("\"sep=|\"\n{}", text.replace(',', "|")).into(),
            "cells separated by “|”",
        ),
        (
            format!("{text},\r\n\r\n,,\r\n").into(),
            "UTF-8, commas, lines end with CRLF, 2 empty rows skipped",
        ),
    ];
    for (bytes, recognised) in cases {
        let grid = read(&bytes);
        assert_eq!(grid.recognised.to_string(), recognised);
        assert_eq!(grid.headers, ["id", "name"], "{recognised}");
        assert_eq!(cells(&grid), [["1", "Jürgen"]], "{recognised}");
    }
    let quotes = read(b"id\n\x93q\x94 \x80 5\x96\n");
    assert_eq!(cells(&quotes), [["“q” € 5–"]]);
}

#[test]
fn quotes_hold_separators_lines_and_quotes_and_lines_are_counted_as_an_editor_does() {
    let text = "\r\na;b\r\n\r\n\"x;\"\"y\"\"\";\"1\r\n2\"\r\n;\r\nlast;\r\n";
    let grid = read(text.as_bytes());
    assert_eq!(cells(&grid), [["x;\"y\"", "1\r\n2"], ["last", ""]]);
    let lines: Vec<u64> = grid.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [4, 7]);
    let named = read(b"sep=,\ra,b\r1,2\r\r3,4\r");
    let lines: Vec<u64> = named.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [3, 5]);
    // A quote inside of a cell is a letter.
    assert_eq!(cells(&read(b"a,b\n5\" disk,2\n")), [["5\" disk", "2"]]);
}

#[test]
fn the_rows_of_a_workbook_have_no_separators() {
    let rows = [(1, ["id", "name"].iter()), (3, ["1", "2"].iter())];
    let rows = rows.map(|(line, cells)| (line, cells.copied()));
    let mut grid = Grid::of_rows(rows.into_iter(), Limits::default()).unwrap();
    assert_eq!(grid.recognised.to_string(), "cells as they are");
    grid.rows[0].cells.push("3".to_owned());
    let faults = grid.faults(&grid.rows[0]);
    let text = "The row has 3 cells below 2 headers; each column needs one.";
    assert_eq!(faults[0].to_string(), text);
}

#[test]
fn a_separator_behind_the_only_column_is_no_mistake() {
    let grid = Grid::read(b"username;\njdoe;\njmontoya;\n", Limits::default()).unwrap();
    assert_eq!(grid.headers[0], "username");
    assert_eq!(grid.rows.len(), 2);
    assert!(grid.rows.iter().all(|row| grid.faults(row).is_empty()));
}

#[test]
fn what_is_no_table_says_why() {
    let cases: [(&[u8], &str); 10] = [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "the file is empty"),
        (b"a,b\r\n", "there is no row below the headers"),
        (
            b"PK\x03\x04rest",
            "the file is a workbook; save it as “CSV UTF-8”",
        ),
        (
            b"\xd0\xcf\x11\xe0rest",
            "the file is a workbook; save it as “CSV UTF-8”",
        ),
        (
            b"a,b\n1,\0\0\0\n",
            "the file is no text; save the table as “CSV UTF-8”",
        ),
        // Half a letter of UTF-16, and zeros that are no letters.
        (
            b"\xff\xfei\0d",
            "the file is no text; save the table as “CSV UTF-8”",
        ),
        (
            b"\0\0a\0b\0",
            "the file is no text; save the table as “CSV UTF-8”",
        ),
        (
            b"a,b\n1,2\n3,\"open\n5,6\n",
            "the quote that opens in line 3 is never closed; put a second one behind the cell, or two in place of it",
        ),
        (
            b"sep=,\na\n\"",
            "the quote that opens in line 3 is never closed; put a second one behind the cell, or two in place of it",
        ),
    ];
    for (bytes, why) in cases {
        let error = Grid::read(bytes, Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), why);
    }
}

#[test]
fn limits_are_kept_to_the_row_and_the_byte() {
    let limits = Limits {
        bytes: 12,
        rows: 2,
        columns: 3,
    };
    let read = |text: &str| Grid::read(text.as_bytes(), limits).map(drop);
    assert_eq!(read("a\n1\n2\n"), Ok(()));
    assert_eq!(read("a\n1\n2\n3\n"), Err(GridError::TooManyRows(2)));
    assert_eq!(
        read("a,b,c,d\n1\n"),
        Err(GridError::TooManyColumns { found: 4, most: 3 })
    );
    assert_eq!(read("a,b,c\n1,2,3"), Ok(()));
    assert_eq!(read("a,b,c\n1,2,3\n"), Ok(()));
    let too_large = GridError::TooLarge {
        bytes: 13,
        most: 12,
    };
    assert_eq!(read("a,b,c\n1,2,3\r\n"), Err(too_large));
    // What is empty at the end of a row is no column of it.
    assert_eq!(read("a,b,,,\n1,2,"), Ok(()));
    let usual = Limits::default();
    assert_eq!(
        (usual.bytes, usual.rows, usual.columns),
        (10_485_760, 50_000, 300)
    );
    let long = format!("a,b\n1,{}\n2,{}\n", "ü".repeat(10_000), "x".repeat(10_001));
    let grid = Grid::read(long.as_bytes(), usual).unwrap();
    assert_eq!(grid.faults(&grid.rows[0]), []);
    let fault = grid.faults(&grid.rows[1]).remove(0).to_string();
    assert_eq!(fault, "b has 10001 characters, and 10,000 are the most.");
}

#[test]
fn a_row_with_too_many_cells_is_a_fault_of_its_own() {
    let grid = read(b"name,mail\nLee, Ann,ann@x.example\nBob,bob@x.example,,\n");
    let fault = grid.faults(&grid.rows[0]).remove(0).to_string();
    assert_eq!(
        fault,
        "The row has 3 cells below 2 headers; a cell with “,” in it has to stand in quotes."
    );
    assert_eq!(grid.faults(&grid.rows[1]), []);
}

#[test]
fn what_is_written_is_read_back_as_it_was() {
    let values = [
        "=1+1",
        "'=1",
        "'",
        "-5",
        "a,b;c\td",
        "two\r\nlines",
        "\"",
        " x ",
        "plain",
        "@a",
    ];
    let mut out = Vec::new();
    write_row(
        &mut out,
        (0..values.len()).map(|place| format!("c{place}").into()),
    );
    write_row(&mut out, values.iter().map(|value| (*value).into()));
    write_row(&mut out, [Cell::Number("-5".to_owned()), 7_u64.into()]);
    let grid = read(&out);
    assert_eq!(cells(&grid)[0], values);
    assert_eq!(cells(&grid)[1][..2], ["-5", "7"]);
    assert!(String::from_utf8(out).unwrap().ends_with("\r\n-5,7\r\n"));
}

const SPEC: Spec = Spec {
    columns: &[
        Column {
            name: "source_guid",
            also: &["source_identity"],
            required: true,
            about: Says(|| ""),
            example: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        },
        Column {
            name: "display_name",
            also: &["name"],
            required: true,
            about: Says(|| ""),
            example: "Ann Lee",
        },
    ],
};

#[test]
fn columns_are_found_in_any_order_and_case_and_unknown_ones_are_kept() {
    for headers in [
        "Display Name,Ticket,SOURCE_GUID",
        "display-name,Ticket,Source Identity",
        " DisplayName ,Ticket,\u{feff}source_guid",
    ] {
        let grid = read(format!("{headers}\n Ann ,T-1,g\n").as_bytes());
        let layout = SPEC.layout(&grid.headers).unwrap();
        let row = layout.cells(&grid.rows[0].cells);
        assert_eq!(
            (row.get("display_name"), row.get("source_guid")),
            ("Ann", "g")
        );
        assert_eq!(
            layout.unknown_headers(&grid).collect::<Vec<_>>(),
            ["Ticket"]
        );
        assert_eq!(layout.column(0).unwrap().name, "display_name");
    }
}

#[test]
fn missing_columns_and_columns_given_twice_are_named() {
    let faults = |headers: &str| {
        let headers: Vec<String> = headers.split(',').map(str::to_owned).collect();
        let faults = SPEC.layout(&headers).unwrap_err();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        faults("guid,Name"),
        ["the column “source_guid” is missing; not known are: guid"]
    );
    assert_eq!(
        faults("source_guid,Source_Identity,name"),
        ["“source_guid” and “Source_Identity” are the same column; take one of them out"]
    );
    assert_eq!(
        faults("source_guid"),
        ["the column “display_name” is missing"]
    );
}

#[test]
fn a_template_is_read_back() {
    let template = SPEC.template();
    let id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    let written = format!("\u{feff}source_guid,display_name\r\n{id},Ann Lee\r\n");
    assert_eq!(template, written.as_bytes());
    let grid = read(&template);
    assert!(SPEC.layout(&grid.headers).is_ok());
    assert_eq!(cells(&grid), [[id, "Ann Lee"]]);
}

/// Files that people reported because a program misread them.
#[test]
fn files_that_others_stumbled_over() {
    // A quoted header behind a byte order mark.
    assert_eq!(
        read(b"\xef\xbb\xbf\"id\",\"name\"\n1,2\n").headers,
        ["id", "name"]
    );
    // A comma as the only character of a quoted cell, in a file of semicolons with decimal commas.
    let grid = read(b"id;price\n1;3,50\n2;\",\"\n");
    assert_eq!(cells(&grid), [["1", "3,50"], ["2", ","]]);
    // One column: nothing separates anything.
    assert_eq!(
        cells(&read(b"mail\na@x.example\nb@x.example")),
        [["a@x.example"], ["b@x.example"]]
    );
    // The last row without a line end, and with an empty last cell.
    assert_eq!(cells(&read(b"a,b\n1,")), [["1", ""]]);
    // Line ends mixed in one file.
    assert_eq!(
        cells(&read(b"a,b\r\n1,2\n3,4\r5,6")),
        [["1", "2"], ["3", "4"], ["5", "6"]]
    );
    // A line end that a quoted cell ends with.
    assert_eq!(cells(&read(b"a,b\n\"1\n\",2\n")), [["1\n", "2"]]);
    // Leading zeros and long numbers are texts.
    assert_eq!(
        cells(&read(b"a,b\n00123,12345678901234567890\n")),
        [["00123", "12345678901234567890"]]
    );
    // A letter beyond the basic plane in UTF-16.
    let wide = utf16("a\tb\n😀\t2\n", u16::to_le_bytes, true);
    assert_eq!(cells(&read(&wide)), [["😀", "2"]]);
    // A byte that is no UTF-8 in a file that says it is: the rest is read.
    assert_eq!(
        cells(&read(b"\xef\xbb\xbfa,b\n\xff,2\n")),
        [["\u{fffd}", "2"]]
    );
}

#[test]
fn a_file_in_utf_16_needs_no_mark() {
    for (unit, encoding) in [
        (u16::to_le_bytes as fn(u16) -> [u8; 2], Encoding::Utf16Le),
        (u16::to_be_bytes, Encoding::Utf16Be),
    ] {
        let grid = read(&utf16("id\tname\n1\tŁ\n", unit, false));
        assert_eq!(grid.recognised.encoding, Some(encoding));
        assert_eq!(cells(&grid), [["1", "Ł"]]);
    }
}

#[test]
fn a_separator_is_named_by_one_sign_and_otherwise_guessed_from_the_first_line() {
    let read = |text: &str| {
        let grid = Grid::of_text(text, Limits::default()).unwrap();
        (grid.headers.join("|"), grid.recognised.named)
    };
    for (text, headers, named) in [
        ("SEP=|\na|b\n1|2\n", "a|b", true),
        ("\"sep=;\"\r\na;b\r\n1;2\r\n", "a|b", true),
        // Neither of these names one: they are headers.
        ("sep=€\na\n", "sep=€", false),
        ("sep=;;\na\n", "sep=", false),
        ("sep=\na\n", "sep=", false),
        ("sep\na\n", "sep", false),
        // What is below, or inside of quotes, does not count.
        ("a;b\n1,1,1;2\n", "a|b", false),
        ("a;\"b,\n,,,\";c\n1;2;3\n", "a|b,\n,,,|c", false),
        ("\"a\nb\";c\n1;2\n", "a\nb|c", false),
        ("\"a, b, c\";d\n1;2\n", "a, b, c|d", false),
        ("a\tb,c\td\n1\t2\t3\n", "a|b,c|d", false),
        // Equally often: a comma before a semicolon.
        ("a,b;c\n1,2\n", "a|b;c", false),
    ] {
        assert_eq!(read(text), (headers.to_owned(), named), "{text}");
    }
}

#[test]
fn the_line_of_an_open_quote_is_counted_as_an_editor_does() {
    let open = |text: &str| match Grid::of_text(text, Limits::default()) {
        Err(GridError::UnclosedQuote(line)) => Some(line),
        _ => None,
    };
    assert_eq!(open("a,b\n1,2\n\"open"), Some(3));
    assert_eq!(open("a,b\r\n1,2\r\n\"open"), Some(3));
    assert_eq!(open("a,b\r1,2\r\"open"), Some(3));
    assert_eq!(open("a,b\n\"one\ntwo\",2\n\"open"), Some(4));
    // Two quotes inside of a cell are a letter of it and close nothing.
    assert_eq!(open("a,b\n\"x\"\"y,1\n"), Some(2));
    assert_eq!(open("a,b\n\"x\"\"\",1\n"), None);
    assert_eq!(open("a,b\nx\"y,1\n"), None);
}

#[test]
fn a_line_end_is_in_the_line_that_it_ends() {
    let mut lines = super::lines::Lines::new("a\nb\r\nc\rd", 1);
    let counted: Vec<u64> = [0, 1, 2, 3, 4, 5, 6, 7, 9]
        .map(|place| lines.of(place))
        .into();
    assert_eq!(counted, [1, 1, 2, 2, 2, 3, 3, 4, 4]);
}

#[test]
fn a_long_value_is_cut_where_it_is_named() {
    let text = |value: String| {
        let fault = CellFault {
            column: "name",
            value,
            message: "is odd".to_owned(),
        };
        fault.text()
    };
    assert_eq!(
        text("ü".repeat(60)),
        format!("name “{}” is odd.", "ü".repeat(60))
    );
    assert_eq!(
        text("ü".repeat(61)),
        format!("name “{}…” is odd.", "ü".repeat(60))
    );
    assert_eq!(text(" ".to_owned()), "name is odd.");
}

#[test]
fn headers_are_the_same_column_whatever_is_between_their_words() {
    let found = |header: &str| {
        let headers = [header.to_owned(), "name".to_owned()];
        let layout = SPEC.layout(&headers).ok()?;
        layout.place("source_guid")
    };
    for header in [
        "source.guid",
        "Source/GUID",
        "SOURCE -_ GUID",
        "source\u{a0}guid",
        "sourceguid",
        "source_identity",
    ] {
        assert_eq!(found(header), Some(0), "{header}");
    }
    for header in ["source:guid", "source", "guid", ""] {
        assert_eq!(found(header), None, "{header}");
    }
    // A header without a name is nothing that could have been meant.
    let faults = SPEC
        .layout(&[String::new(), "name".to_owned()])
        .unwrap_err();
    assert_eq!(faults[0].to_string(), "the column “source_guid” is missing");
}

#[test]
fn what_a_layout_does_not_have_is_empty_and_nowhere() {
    let headers = ["Ticket", "name", "source_guid", ""].map(str::to_owned);
    let layout = SPEC.layout(&headers).unwrap();
    assert_eq!(layout.unknown, [0, 3]);
    assert_eq!(
        (layout.place("display_name"), layout.place("ticket")),
        (Some(1), None)
    );
    let column = |place: usize| layout.column(place).map(|column| column.name);
    assert_eq!(
        [0, 1, 2, 3, 9].map(column),
        [None, Some("display_name"), Some("source_guid"), None, None]
    );
    // A row may be shorter than its headers.
    let row = ["T".to_owned(), " Ann ".to_owned()];
    let row = layout.cells(&row);
    assert_eq!(
        (
            row.get("display_name"),
            row.get("source_guid"),
            row.get("x")
        ),
        ("Ann", "", "")
    );
    let fault = row.fault("display_name", "is odd");
    assert_eq!(
        (fault.column, fault.value.as_str(), fault.message.as_str()),
        ("display_name", "Ann", "is odd")
    );
    let grid = read(b"Ticket,name,source_guid,,Size\n1,2,3,4,5\n");
    let layout = SPEC.layout(&grid.headers).unwrap();
    assert_eq!(
        layout.unknown_headers(&grid).collect::<Vec<_>>(),
        ["Ticket", "Size"]
    );
}

#[test]
fn a_cell_that_leaves_is_in_quotes_where_it_has_to_be() {
    let written = |cell: &str| {
        let mut out = Vec::new();
        write_row(&mut out, [cell.into(), "z".into()]);
        String::from_utf8(out).unwrap()
    };
    for (cell, text) in [
        ("", ""),
        ("a b", "a b"),
        ("=1", "'=1"),
        ("a,b", "\"a,b\""),
        ("a;b", "\"a;b\""),
        ("a\tb", "\"a\tb\""),
        ("a\rb", "\"a\rb\""),
        ("a\nb", "\"a\nb\""),
        ("say \"x\"", "\"say \"\"x\"\"\""),
        (" a", "\" a\""),
        ("a ", "\"a \""),
    ] {
        assert_eq!(written(cell), format!("{text},z\r\n"), "{cell:?}");
    }
}

#[test]
fn a_header_has_no_blanks_around_it_and_no_guard() {
    let grid = read("\u{200b} '=a ,\u{feff}b\u{a0}\n1,2\n".as_bytes());
    assert_eq!(grid.headers, ["=a", "b"]);
    assert_eq!(grid.recognised.line_end, Some(LineEnd::Lf));
    let one = Grid::of_rows(
        [(1, ["a"].into_iter()), (2, ["b"].into_iter())].into_iter(),
        Limits::default(),
    );
    assert_eq!(one.unwrap().recognised.line_end, None);
}
