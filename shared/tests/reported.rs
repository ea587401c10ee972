//! What public reports say that other programs' imports of tables got wrong, tried on ours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, Sheet};
use serde_json::json;

const GUID: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
const OTHER: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3302";

fn sheet(text: &str) -> Sheet {
    let grid = Grid::read(text.as_bytes(), Limits::default()).unwrap();
    Sheet::new(Purpose::Recover, grid).unwrap()
}

/// A table with the usual headers and these rows, in which `G` and `H` are GUIDs.
fn rows(rows: &[&str]) -> Sheet {
    let rows = rows.join("\n").replace('G', GUID).replace('H', OTHER);
    sheet(&format!("source_guid,target_upn,display_name\n{rows}\n"))
}

fn is_ready(sheet: &Sheet) -> bool {
    sheet.ready().count() == sheet.len()
}

/// dotCMS/core #36508, getodk/javarosa #687: the first column is not found behind a byte order mark.
#[test]
fn a_byte_order_mark_before_the_first_header_quoted_or_not() {
    for header in ["source_guid", "\"source_guid\""] {
        let text = format!("\u{feff}{header},target_upn,display_name\n{GUID},a@x.example,A\n");
        assert!(is_ready(&sheet(&text)), "{header}");
    }
}

/// oroinc/crm #357, Notifuse #223: an address with a blank behind it, plain or one that does not break.
#[test]
fn blanks_around_an_address() {
    for blank in [" ", "\u{a0}", "\t ", "\u{200b}", "\u{feff}"] {
        let table = rows(&[&format!("G,{blank}a@x.example{blank},A")]);
        assert!(is_ready(&table), "{blank:?}: {:?}", table.faults(0));
    }
}

/// knadh/listmonk #2189: blanks behind the commas.
#[test]
fn blanks_behind_the_separators() {
    let text = format!("source_guid, target_upn, display_name\n{GUID}, a@x.example, Ann\n");
    assert!(is_ready(&sheet(&text)));
}

/// NHSDigital/manage-vaccinations-in-schools #3410: blanks that do not break, in headers.
#[test]
fn blanks_that_do_not_break_in_headers() {
    let text =
        format!("Source\u{a0}GUID\u{a0},Target UPN,Display\u{a0}Name\n{GUID},a@x.example,A\n");
    assert!(is_ready(&sheet(&text)));
}

/// code42/code42cli #284, dfinke/ImportExcel #830: a spreadsheet makes a number of an id, or zeros of its last digits.
#[test]
fn ids_that_became_numbers() {
    for id in [
        "1.91431E+18",
        "1,91431E+18",
        "1914310000010100000",
        "73900000",
    ] {
        let faults = rows(&[&format!("\"{id}\",a@x.example,A")]).faults(0);
        assert!(
            faults.len() == 1 && faults[0].text.contains(id),
            "{faults:?}"
        );
    }
}

/// teableio/teable #1880, iOfficeAI/OfficeCLI #415: zeros in front are lost, and long numbers change.
#[test]
fn what_is_only_kept_stays_letter_for_letter() {
    let table = sheet(&format!(
        "source_guid,target_upn,display_name,Cost centre,Account\n{GUID},a@x.example,A,00042,1914310000010100016\n"
    ));
    let cells = [
        "1",
        GUID,
        "a@x.example",
        "A",
        "00042",
        "1914310000010100016",
    ];
    assert_eq!(table.row(0), json!(cells));
}

/// Dokuly-PLM/dokuly #149: semicolons between cells, and commas within.
#[test]
fn semicolons_between_cells_and_commas_within() {
    let table = sheet(&format!(
        "source_guid;target_upn;display_name\n{GUID};a@x.example;Lee, Ann, Dr\n"
    ));
    assert!(is_ready(&table));
    assert_eq!(table.cell(0, 2), "Lee, Ann, Dr");
}

/// Behind a cell with a line break in it, errors still name the line of the file.
#[test]
fn lines_are_counted_through_cells_with_line_breaks() {
    let table = rows(&["G,a@x.example,\"Ann\nLee\"", "H,wrong,B"]);
    assert_eq!(table.wrong().last(), Some(1));
    assert_eq!(table.grid().rows[1].line, 4);
}

/// David-Barrett-MS/PowerShell-EWS-Scripts #66: what is brought twice is done twice.
#[test]
fn the_same_mailbox_or_target_twice_in_any_spelling() {
    let table = rows(&["G,a@x.example,A", "{G},b@x.example,B", "H,A@X.example,C"]);
    assert_eq!(table.wrong().collect::<Vec<_>>(), [1, 2]);
    let upper = format!("{},b@x.example,B", GUID.to_uppercase());
    let table = sheet(&format!(
        "source_guid,target_upn,display_name\n{GUID},a@x.example,A\n{upper}\n"
    ));
    assert_eq!(table.wrong().collect::<Vec<_>>(), [1]);
}
