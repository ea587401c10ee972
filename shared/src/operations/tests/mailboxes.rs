//! Rows of tables of mailboxes: how they are read, stored and looked through.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::mailbox::{Brought, MailboxRow};
use super::*;
use crate::kinds::mailbox::blockers::Facts;
use crate::kinds::mailbox::{Blocker, ConflictRule, Guid, Mailbox, Profile, Rights, Status};

const GUIDS: [&str; 2] = [
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "3f2504e0-4f89-41d3-9a0c-0305e82c3302",
];

fn brought(operation: &Operation, rows: &[Value]) -> Result<Vec<Brought>, (usize, String)> {
    let inputs = operation
        .inputs(rows)
        .map_err(|wrong| (wrong.index, wrong.message))?;
    Ok(inputs
        .iter()
        .map(|input| Brought::decode(input).unwrap())
        .collect())
}

#[test]
fn a_restore_is_brought_with_its_number_its_cells_and_nothing_else() {
    let operation = read(
        r#"{"type":"restore_mailboxes","columns":["Source GUID","target_mailbox","Ticket","target_folder"]}"#,
    );
    let rows = [
        json!([GUIDS[0], "b@x.example", "T1", "Old"]),
        json!({"Source GUID": GUIDS[1], "target_mailbox": "b@x.example"}),
    ];
    let inputs = operation.inputs(&rows).unwrap();
    let stored: Value = serde_json::from_slice(&inputs[0]).unwrap();
    let expected = json!({
        "number": 1,
        "restore": {"source": GUIDS[0], "target": "b@x.example", "folder": "Old"},
        "cells": [GUIDS[0], "b@x.example", "T1", "Old"],
    });
    assert_eq!(stored, expected);
    let second = Brought::decode(&inputs[1]).unwrap();
    assert_eq!((second.number, second.cells[3].as_str()), (2, ""));
    let restore = second.row.restore().unwrap();
    assert_eq!(
        (restore.source.as_str(), &restore.folder),
        (GUIDS[1], &None)
    );
    assert_eq!(second.row.recovery(), None);
    assert_eq!(Brought::decode(b"{}"), None);
    // The same content into the same mailbox, twice.
    let twice = [rows[0].clone(), json!([GUIDS[0], "B@x.example"])];
    let told = "Row 1 wants the same target.".to_owned();
    assert_eq!(brought(&operation, &twice), Err((1, told)));
}

#[test]
fn a_validation_reads_rows_for_its_purpose_and_notes_what_they_share() {
    let recover = read(r#"{"type":"validate_mailboxes"}"#);
    let row = |guid: &str, upn: &str| json!({"source_guid": guid, "target_upn": upn, "display_name": "A"});
    let rows = [
        row(GUIDS[0], "a@x.example"),
        row(GUIDS[0], "b@x.example"),
        row(GUIDS[1], "A@x.example"),
    ];
    let read_rows = brought(&recover, &rows).unwrap();
    let clashes: Vec<Option<Blocker>> = read_rows.iter().map(|it| it.clash.clone()).collect();
    let expected = [
        None,
        Some(Blocker::SameSource { row: 1 }),
        Some(Blocker::SameTarget { row: 1 }),
    ];
    assert_eq!(clashes, expected);
    let recovery = read_rows[2].row.recovery().unwrap();
    assert_eq!(
        (recovery.source.as_str(), read_rows[2].row.restore()),
        (GUIDS[1], None)
    );
    let restore = read(r#"{"type":"validate_mailboxes","purpose":"restore"}"#);
    let rows = [json!({"source_guid": GUIDS[0], "target_mailbox": "b@x.example"})];
    assert!(matches!(
        brought(&restore, &rows).unwrap()[0].row,
        MailboxRow::Restore(_)
    ));
    let (place, told) = brought(&restore, &[json!({"source_guid": GUIDS[0]})]).unwrap_err();
    assert_eq!(
        (place, told.as_str()),
        (
            0,
            "target_mailbox is empty; an address looks like ann@example.com."
        )
    );
}

#[test]
fn columns_are_at_most_three_hundred_with_names_of_five_hundred_bytes() {
    let validate = |kind: &str, columns: Vec<String>| {
        let columns = serde_json::to_string(&columns).unwrap();
        let refused = read(&format!(r#"{{"type":"{kind}","columns":{columns}}}"#)).validate();
        refused.map_err(|refused| (refused.field, refused.message))
    };
    for (kind, needed) in [
        (
            "recover_mailboxes",
            &["source_guid", "target_upn", "display_name"][..],
        ),
        ("restore_mailboxes", &["source_guid", "target_mailbox"]),
        (
            "validate_mailboxes",
            &["source_guid", "target_upn", "display_name"],
        ),
    ] {
        let named = |count: usize, bytes: usize| {
            let needed = needed.iter().map(|name| (*name).to_owned());
            let others = (needed.len()..count).map(|place| format!("{place:x>bytes$}"));
            validate(kind, needed.chain(others).collect())
        };
        assert_eq!(named(300, 500), Ok(()), "{kind}");
        let told = "At most 300 columns with names of 500 bytes.".to_owned();
        let refused = Err(("operation.columns".to_owned(), told));
        assert_eq!(named(301, 3), refused, "{kind}");
        assert_eq!(named(10, 501), refused, "{kind}");
        let (field, told) =
            validate(kind, vec!["source_guid".to_owned(), "guid".to_owned()]).unwrap_err();
        assert_eq!(field, "operation.columns");
        assert!(told.starts_with("Wrong headers: the column “"), "{told}");
        assert!(told.ends_with("is missing; not known are: guid."), "{told}");
    }
    // Columns that are wrong are told of the first row, should somebody bring rows nevertheless.
    let wrong = read(r#"{"type":"recover_mailboxes","columns":["guid"]}"#);
    assert_eq!(wrong.inputs(&[json!([])]).unwrap_err().index, 0);
}

#[test]
fn what_stands_in_the_way_of_a_row_is_found_with_what_it_shares_last() {
    let now: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
    let mailbox = |guid: &str, status| Mailbox {
        guid: guid.parse::<Guid>().unwrap(),
        profile: Profile::default(),
        status,
        items: None,
        bytes: None,
        quota_bytes: None,
        on_hold: true,
    };
    let source = mailbox(
        GUIDS[0],
        Status::Inactive {
            deleted_at: None,
            retained_until: None,
        },
    );
    let target = mailbox(GUIDS[1], Status::Active);
    let facts = Facts {
        source: Some(&source),
        target: Some(&target),
        address: None,
        rights: Rights {
            recover: true,
            restore: true,
        },
        rules: &[ConflictRule::KeepBoth],
        now,
    };
    let found = |operation: &str, row: Value, clash: Option<Blocker>| {
        let Operation::ValidateMailboxes(operation) = read(operation) else {
            return Vec::new();
        };
        let mut row = brought(&operation.clone().into(), &[row])
            .unwrap()
            .remove(0);
        row.clash = clash;
        operation.found(&row, &facts)
    };
    let restore = json!({"source_guid": GUIDS[0], "target_mailbox": GUIDS[1]});
    let kept =
        r#"{"type":"validate_mailboxes","purpose":"restore","conflict_resolution":"keep_both"}"#;
    assert_eq!(found(kept, restore.clone(), None), []);
    let usual = r#"{"type":"validate_mailboxes","purpose":"restore"}"#;
    let unsupported = Blocker::RuleUnsupported {
        rule: ConflictRule::KeepTarget,
    };
    assert_eq!(found(usual, restore, None), [unsupported]);
    // What a row says itself goes before what the operation says.
    let own = json!({"source_guid": GUIDS[0], "target_mailbox": GUIDS[1], "conflict_resolution": "keep_both"});
    assert_eq!(found(usual, own, None), []);
    let recover =
        json!({"source_guid": GUIDS[0], "target_upn": "a@x.example", "display_name": "A"});
    let clash = Blocker::SameSource { row: 7 };
    assert_eq!(
        found(
            r#"{"type":"validate_mailboxes"}"#,
            recover,
            Some(clash.clone())
        ),
        [Blocker::OnHold, Blocker::TargetExists, clash]
    );
}

#[test]
fn what_was_found_of_a_row_is_told_with_what_to_do_about_it() {
    let ready = ValidateMailboxes::result(&[]);
    assert_eq!((ready.class.as_str(), ready.detail), ("ready", None));
    let found = ValidateMailboxes::result(&[Blocker::OnHold, Blocker::SameSource { row: 7 }]);
    assert_eq!(found.class, "on_hold");
    assert_eq!(
        found.detail.as_deref(),
        Some(
            "A hold or a retention by law lies on the source. Restore it into another mailbox, which leaves the hold \
             in place, or have the hold lifted.\nRow 7 names the same source. Take one of the two rows out."
        )
    );
    assert_eq!((found.percent, found.about), (None, None));
}
