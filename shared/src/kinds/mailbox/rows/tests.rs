//! What a row says, cell by cell.
#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;

const GUID: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

/// A row of these cells, read below the names of its columns; what is wrong is told as sentences.
fn read<T>(
    spec: Spec,
    cells: &[(&str, &str)],
    row: fn(&Cells<'_>) -> Result<Read<T>, Vec<CellFault>>,
) -> Result<Read<T>, Vec<String>> {
    let headers: Vec<String> = cells
        .iter()
        .map(|(header, _)| (*header).to_owned())
        .collect();
    let texts: Vec<String> = cells.iter().map(|(_, text)| (*text).to_owned()).collect();
    let layout = spec.layout(&headers).unwrap();
    row(&layout.cells(&texts)).map_err(|faults| faults.iter().map(CellFault::text).collect())
}

/// A recovery that is right, but for this cell.
fn recovered(column: &str, cell: &str) -> Result<Read<Recovery>, Vec<String>> {
    let mut cells = vec![
        ("source_guid", GUID),
        ("target_upn", "ann@x.example"),
        ("display_name", "Ann Lee"),
    ];
    cells.retain(|(name, _)| *name != column);
    cells.push((column, cell));
    read(RECOVERY, &cells, recovery)
}

/// A restore that is right, but for this cell.
fn restored(column: &str, cell: &str) -> Result<Read<Restore>, Vec<String>> {
    let mut cells = vec![("source_guid", GUID), ("target_mailbox", "bob@x.example")];
    cells.retain(|(name, _)| *name != column);
    cells.push((column, cell));
    read(RESTORE, &cells, restore)
}

#[test]
fn a_recovery_says_whom_a_mailbox_belongs_to() {
    let cells = [
        ("exchange_guid", "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}"),
        ("UPN", "ann.lee@x.example"),
        ("Primary SMTP Address", "ann@x.example"),
        ("Display Name", "Ann Lee"),
        ("Given Name", "Ann"),
        ("Surname", "Lee"),
        ("Department", "IT"),
        ("Company", "Acme"),
    ];
    let expected = Read {
        row: Recovery {
            source: GUID.parse().unwrap(),
            profile: Profile {
                upn: "ann.lee@x.example".to_owned(),
                smtp: "ann@x.example".to_owned(),
                display_name: "Ann Lee".to_owned(),
                first_name: "Ann".to_owned(),
                last_name: "Lee".to_owned(),
                department: "IT".to_owned(),
                company: "Acme".to_owned(),
            },
        },
        cleaned: vec![Cleaned::Braces],
    };
    assert_eq!(read(RECOVERY, &cells, recovery), Ok(expected));
    let smtp = |cell: &str| recovered("target_smtp", cell).map(|read| read.row.profile.smtp);
    assert_eq!(
        smtp(""),
        Ok("ann@x.example".to_owned()),
        "the sign-in name, if empty"
    );
    assert_eq!(smtp("a.lee@x.example"), Ok("a.lee@x.example".to_owned()));
}

#[test]
fn each_name_has_256_characters_and_none_that_controls() {
    let x = |count: usize| "ü".repeat(count);
    for column in [
        "display_name",
        "first_name",
        "last_name",
        "department",
        "company",
    ] {
        assert!(recovered(column, &x(256)).is_ok(), "{column}");
        for (cell, wrong) in [
            (x(257), "has more than 256 characters"),
            (
                "Ann\nLee".to_owned(),
                "has a line break or a control character in it",
            ),
            (
                "#REF!".to_owned(),
                "is a spreadsheet's error; look the name up again",
            ),
        ] {
            let faults = recovered(column, &cell).unwrap_err();
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(
                faults[0].starts_with(column) && faults[0].ends_with(&format!("{wrong}.")),
                "{faults:?}"
            );
        }
        // A name may begin with the sign of a number.
        assert!(recovered(column, "#1 in sales").is_ok());
    }
}

#[test]
fn what_is_empty_or_no_address_is_said_for_each_cell() {
    for (column, cell, wrong) in [
        (
            "source_guid",
            "",
            "source_guid is empty; put in the GUID of the inactive mailbox.",
        ),
        (
            "source_guid",
            "abc",
            "source_guid “abc” has 3 digits; a GUID has 32, as in 3f2504e0-4f89-41d3-9a0c-0305e82c3301.",
        ),
        (
            "target_upn",
            "",
            "target_upn is empty; an address looks like ann@example.com.",
        ),
        (
            "target_upn",
            "#N/A",
            "target_upn “#N/A” is a spreadsheet's error; look the address up again.",
        ),
        (
            "target_smtp",
            "ann",
            "target_smtp “ann” is no address, which looks like ann@example.com, with one “@”.",
        ),
        (
            "display_name",
            " ",
            "display_name is empty; put in the name that others are to see.",
        ),
    ] {
        assert_eq!(
            recovered(column, cell),
            Err(vec![wrong.to_owned()]),
            "{column}"
        );
    }
}

#[test]
fn a_restore_says_where_to_and_by_which_rule() {
    let cells = [
        ("mailbox_guid", GUID),
        ("target_identity", "08080808-0808-0808-0808-080808080808"),
        ("target_root_folder", " Restored/2025 "),
        ("conflict_resolution_option", "KeepAll"),
    ];
    let row = Restore {
        source: GUID.parse().unwrap(),
        target: MailboxName::Guid(Guid::of_bytes([8; 16])),
        folder: Some("Restored/2025".to_owned()),
        rule: Some(ConflictRule::KeepBoth),
    };
    let cleaned = Vec::new();
    assert_eq!(read(RESTORE, &cells, restore), Ok(Read { row, cleaned }));
    let plain = restored("target_folder", "").unwrap().row;
    assert_eq!((plain.folder, plain.rule), (None, None));
    assert_eq!(restored("conflict_resolution", "").unwrap().row.rule, None);
}

#[test]
fn a_folder_is_a_path_of_names_of_500_characters() {
    let x = |count: usize| "ü".repeat(count);
    let folder = |cell: &str| {
        restored("target_folder", cell).map(|read| read.row.folder.unwrap_or_default())
    };
    for good in [x(500), "A".to_owned(), "a/b.c/...".to_owned()] {
        assert_eq!(folder(&good), Ok(good));
    }
    let wrong = |cell: &str, message: &str| {
        let faults = folder(cell).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].ends_with(message), "{faults:?}");
    };
    wrong(&x(501), "has more than 500 characters.");
    wrong("a\u{7}b", "has a line break or a control character in it.");
    for nameless in ["/", "/a", "a/", "a//b", ".", "a/./b", "..", "a/.."] {
        wrong(
            nameless,
            "names a folder without a name; a path looks like Restored/2025.",
        );
    }
}

#[test]
fn what_is_no_target_and_no_rule_is_said() {
    for (column, cell, wrong) in [
        (
            "target_mailbox",
            "#N/A",
            "target_mailbox “#N/A” is a spreadsheet's error; look the mailbox up again.",
        ),
        (
            "target_mailbox",
            "bob",
            "target_mailbox “bob” is no address, which looks like ann@example.com, with one “@”.",
        ),
        (
            "target_mailbox",
            "# bob",
            "target_mailbox “# bob” is no address, which looks like ann@example.com, with one “@”.",
        ),
        (
            "target_mailbox",
            GUID,
            "target_mailbox “3f2504e0-4f89-41d3-9a0c-0305e82c3301” is the source itself; name the mailbox that its content is to go into.",
        ),
        (
            "conflict_resolution",
            "replace",
            "conflict_resolution “replace” is no rule; one of keep_target, keep_source, keep_newer and keep_both is.",
        ),
    ] {
        assert_eq!(
            restored(column, cell),
            Err(vec![wrong.to_owned()]),
            "{column}"
        );
    }
}

#[test]
fn a_request_brings_cells_as_a_list_or_by_their_names() {
    let headers = ["a", "b"].map(str::to_owned);
    let cells = |row: Value| cells_of(&row, &headers);
    let ok = |one: &str, other: &str| Ok(vec![one.to_owned(), other.to_owned()]);
    assert_eq!(cells(json!(["x", 7])), ok("x", "7"));
    assert_eq!(cells(json!(["x"])), ok("x", ""));
    assert_eq!(cells(json!([null, "y"])), ok("", "y"));
    assert_eq!(cells(json!({"b": "y"})), ok("", "y"));
    assert_eq!(cells(json!({"a": 1.5, "b": null})), ok("1.5", ""));
    for (row, wrong) in [
        (
            json!(["x", "y", "z"]),
            "The row has 3 cells below 2 columns.",
        ),
        (json!(["x", ["y"]]), "“b” has to be a text."),
        (json!({"a": true}), "“a” has to be a text."),
        (json!({"c": "x"}), "The columns do not name “c”."),
        (
            json!("x"),
            "A row is a list of cells, or an object of columns.",
        ),
    ] {
        assert_eq!(cells(row.clone()), Err(wrong.to_owned()), "{row}");
    }
}
