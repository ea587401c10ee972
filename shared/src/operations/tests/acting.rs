//! What operations make of items, which of those they are done to, and what rows bring.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::kinds::mail::{FLAGGED, Role, SEEN};
use crate::kinds::mailbox::ConflictRule;
use crate::outcome::{Counts, ItemResult, Outcome};
use crate::proposal::Marks;

#[test]
fn each_makes_of_an_item_what_its_name_says() {
    let into = |role| Target::Mail(MailTarget::Into(role));
    let flags = |add: &[&str], remove: &[&str]| {
        let texts = |flags: &[&str]| flags.iter().map(|flag| (*flag).to_owned()).collect();
        Target::Mail(MailTarget::Flags {
            add: texts(add),
            remove: texts(remove),
        })
    };
    let folder = |name: &str, make: bool| {
        let name = name.to_owned();
        Target::Mail(MailTarget::IntoFolder { name, make })
    };
    for (text, target) in [
        (r#"{"type":"archive"}"#, into(Role::Archive)),
        (r#"{"type":"trash"}"#, into(Role::Trash)),
        (r#"{"type":"mark_read"}"#, flags(&[SEEN], &[])),
        (r#"{"type":"mark_unread"}"#, flags(&[], &[SEEN])),
        (r#"{"type":"star"}"#, flags(&[FLAGGED], &[])),
        (r#"{"type":"unstar"}"#, flags(&[], &[FLAGGED])),
        (
            r#"{"type":"label","add":["a"],"remove":["b"]}"#,
            flags(&["a"], &["b"]),
        ),
        (r#"{"type":"move","folder":"Work"}"#, folder("Work", false)),
        (
            r#"{"type":"move","folder":"Work","make":true}"#,
            folder("Work", true),
        ),
        (
            r#"{"type":"draft_reply","text":"t"}"#,
            Target::Mail(MailTarget::Reply),
        ),
        (
            r#"{"type":"create_contacts","book":"/b/"}"#,
            Target::Contact(ContactTarget::New {
                book: Some("/b/".to_owned()),
            }),
        ),
        (
            r#"{"type":"delete_contacts"}"#,
            Target::Contact(ContactTarget::Gone),
        ),
        (
            r#"{"type":"merge_contacts"}"#,
            Target::Contact(ContactTarget::Merged),
        ),
        (
            r#"{"type":"recover_mailboxes"}"#,
            Target::Mailbox(MailboxTarget::Recovered),
        ),
        (
            r#"{"type":"restore_mailboxes","conflict_resolution":"keep_newer"}"#,
            Target::Mailbox(MailboxTarget::Restored {
                rule: ConflictRule::KeepNewer,
            }),
        ),
        (UNDO, Target::Back),
    ] {
        assert_eq!(read(text).target(), Some(target), "{text}");
    }
}

#[test]
fn only_a_few_make_others_gather_weigh_wait_or_take_rows() {
    const CONFIRMED: Timestamp = Timestamp::constant(1_000, 0);
    let named = |is: fn(&Operation) -> bool| {
        let operations = WIRE.iter().map(|text| read(text)).filter(is);
        let names: BTreeSet<&str> = operations.map(|it| it.name().as_str()).collect();
        names.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(
        named(|it| it.target().is_some_and(|target| target.makes_others())),
        ["draft_reply"]
    );
    assert_eq!(
        named(|it| it.gathers() == Some(Gathering::Duplicates)),
        ["merge_contacts"]
    );
    assert_eq!(
        named(|it| it.gathers() == Some(Gathering::Lists)),
        ["unsubscribe"]
    );
    assert_eq!(named(Operation::weighs_marks), ["process"]);
    let begins_later = |it: &Operation| it.begins(CONFIRMED) != CONFIRMED;
    assert_eq!(named(begins_later), ["bulk_send"]);
    assert_eq!(named(Operation::hides), ["archive", "move", "trash"]);
    let makes = [
        "bulk_send",
        "create_contacts",
        "recover_mailboxes",
        "restore_mailboxes",
        "validate_mailboxes",
    ];
    assert_eq!(named(Operation::makes_items), makes);
    let card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nTEL:1\nEND:VCARD\n";
    let judges = |it: &Operation| it.judge(b"x").is_some();
    assert_eq!(named(judges), ["check_contacts"]);
    let complete = ItemResult {
        class: "complete".to_owned(),
        percent: None,
        detail: None,
        about: None,
    };
    assert_eq!(
        read(r#"{"type":"check_contacts"}"#).judge(card),
        Some(complete.clone())
    );
    // What else computes takes what a model found as it is.
    let classify = read(r#"{"type":"classify"}"#);
    assert_eq!(
        classify.conclude(complete.clone(), Marks::default()),
        complete
    );
}

#[test]
fn a_wrong_row_is_told_by_its_place_among_the_others() {
    let wrong = |operation: &str, rows: &[Value]| {
        let wrong = read(operation).inputs(rows).unwrap_err();
        (wrong.index, wrong.message)
    };
    let none = "This operation takes no rows.".to_owned();
    assert_eq!(wrong(r#"{"type":"archive"}"#, &[json!({})]), (0, none));
    assert_eq!(read(r#"{"type":"archive"}"#).inputs(&[]), Ok(vec![]));
    let send = r#"{"type":"bulk_send","from":"a@x.example","subject":"s","text":"t"}"#;
    let good = json!({"to": "b@x.example"});
    let bad = json!({"to": "b"});
    let no_at = "“to”: An address has an @, as in ann@example.org.".to_owned();
    assert_eq!(
        wrong(send, &[good.clone(), good.clone(), bad.clone(), bad]),
        (2, no_at)
    );
    let brought = read(send).inputs(&[good.clone(), good]).unwrap();
    let stored: Value = serde_json::from_slice(&brought[1]).unwrap();
    assert_eq!(
        stored,
        json!({"to": "b@x.example", "cells": {"to": "b@x.example"}})
    );
}

#[test]
fn what_failed_may_be_tried_again_and_what_was_handed_over_may_not() {
    let counts = Counts {
        pending: 1,
        running: 2,
        succeeded: 4,
        failed: 8,
        skipped: 16,
        cancelled: 32,
        uncertain: 64,
    };
    for (task, again) in [
        (Task::Change, 72),
        (Task::Compute, 72),
        (Task::Export, 72),
        (Task::Deliver, 8),
    ] {
        assert_eq!(task.retryable(counts), again, "{task:?}");
        for outcome in [Outcome::Succeeded, Outcome::Skipped, Outcome::Cancelled] {
            assert!(!task.may_retry(outcome), "{task:?} {outcome:?}");
        }
    }
}

#[test]
fn undo_is_asked_for_by_its_job_alone() {
    let refused = read(UNDO).validate().unwrap_err();
    assert_eq!(refused.field, "operation.type");
    assert!(
        OperationName::offered()
            .all(|name| name != OperationName::Undo && name != OperationName::TestDeliver)
    );
}

#[test]
fn what_is_offered_is_offered_for_one_kind_each() {
    let of = |kind| {
        OperationName::offered_for(kind)
            .map(OperationName::as_str)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(Kind::Recipient), ["bulk_send"]);
    assert_eq!(of(Kind::Mail).first(), Some(&"archive"));
    assert_eq!(
        of(Kind::Mail).len() + of(Kind::Contact).len() + of(Kind::Mailbox).len() + 1,
        OperationName::offered().count()
    );
}

#[test]
fn a_form_that_lacks_a_parameter_is_refused_by_its_name() {
    let refused = Operation::of(OperationName::Move, serde_json::Map::new()).unwrap_err();
    assert_eq!(refused.field, "operation");
    assert!(refused.message.contains("folder"), "{refused}");
}
