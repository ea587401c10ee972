#![allow(clippy::unwrap_used, clippy::panic)]

use bulkhead_shared::operations::OperationSpec;
use serde_json::{Value, json};

use super::*;

fn send(with: Value) -> BulkSend {
    let mut send =
        json!({"from": "ann@example.org", "subject": "Hello", "text": "Dear {{ name }}"});
    for (name, value) in with.as_object().unwrap() {
        send[name] = value.clone();
    }
    serde_json::from_value(send).unwrap()
}

/// What a look at these rows answers that shows what it likes.
fn seen(send: BulkSend, rows: Vec<Value>) -> LettersSeen {
    let wanted = LookAtLetters {
        operation: send,
        rows,
        account: None,
        show: None,
    };
    look(&wanted, |_, _| None, Timestamp::UNIX_EPOCH).unwrap()
}

fn shown(seen: &LettersSeen) -> Vec<u32> {
    seen.letters.iter().map(|letter| letter.row).collect()
}

/// What is said of a job with these rows before it is confirmed; those that are no rows are stored as they are.
fn checked(send: &BulkSend, rows: &[Value]) -> Result<(), (String, String)> {
    let inputs = rows.iter().map(|row| match row {
        Value::String(stored) => stored.clone().into_bytes(),
        row => send.input(row).unwrap(),
    });
    check(send, &inputs.collect::<Vec<_>>()).map_err(|fault| (fault.field, fault.message))
}

#[test]
fn the_first_fault_stands_for_all_of_them_before_a_job_is_confirmed() {
    let (good, empty) = (
        json!({"to": "a@example.org", "name": "A"}),
        json!({"to": "b@example.org", "name": ""}),
    );
    let other = json!({"to": "c@example.org", "name": " "});
    let send_all = send(json!({}));
    let of = |rows: &[&Value]| {
        let rows: Vec<Value> = rows.iter().map(|&row| row.clone()).collect();
        checked(&send_all, &rows).map_err(|(field, text)| format!("{field}: {text}"))
    };
    assert_eq!(of(&[&good]), Ok(()));
    let told = "selection.rows[1]: “name”: The cell is empty, and nothing stands in for it.";
    assert_eq!(of(&[&good, &empty]), Err(told.to_owned()));
    assert_eq!(
        of(&[&good, &empty, &other]),
        Err(format!("{told} There is one more fault."))
    );
    assert_eq!(
        of(&[&good, &empty, &other, &json!("{}")]),
        Err(format!("{told} There are 2 more faults."))
    );
    assert_eq!(
        of(&[&json!("no recipient")]),
        Err("selection.rows[0]: This is no recipient.".to_owned())
    );
    let misspelt = send(json!({"text": "{{ nmae }}"}));
    let told = "No column is called “nmae”. Did you mean “name”?".to_owned();
    assert_eq!(
        checked(&misspelt, std::slice::from_ref(&good)),
        Err(("operation.text".to_owned(), told))
    );
    let broken = send(json!({"html": "{% for x in y %}"}));
    let (field, _) = checked(&broken, &[good]).unwrap_err();
    assert_eq!(field, "operation.html");
}

#[test]
fn two_columns_that_a_template_calls_the_same_are_a_fault_of_all_rows() {
    let row = json!({"to": "a@example.org", "name": "A", "my-name": "B", "My name": "C"});
    let seen = seen(send(json!({})), vec![row.clone()]);
    let fault = LetterFault {
        column: Some("my-name".to_owned()),
        message: "A template cannot tell it from “My name”: rename one of them.".to_owned(),
        ..LetterFault::default()
    };
    assert_eq!(seen.faults, [fault]);
    let told =
        "“my-name”: A template cannot tell it from “My name”: rename one of them.".to_owned();
    assert_eq!(
        checked(&send(json!({})), &[row]),
        Err(("operation.text".to_owned(), told))
    );
}

#[test]
fn the_first_the_longest_and_the_first_with_a_fallback_are_shown_each_once() {
    let with =
        json!({"text": "Dear {{ name }}", "html": "{{ more }}", "fallbacks": {"name": "friend"}});
    let row = |number: u32, name: &str, more: &str| json!({"to": format!("p{number}@example.org"), "name": name, "more": more});
    let rows = vec![
        row(1, "A", "x"),
        row(2, "", "x"),
        row(3, "C", "x"),
        row(4, "", "x"),
        // Text and HTML count, and of two that are as long the first.
        row(5, "Long", "12345678"),
        row(6, "Longer", "123456"),
        row(7, "", "x"),
        row(8, "", "x"),
        row(9, "", "x"),
        row(10, "D", ""),
    ];
    let seen = seen(send(with), rows);
    assert_eq!(shown(&seen), [1, 2, 3, 5, 4, 7]);
    assert_eq!((seen.total, seen.good, seen.longest), (10, 9, Some(5)));
    assert_eq!((seen.with_fallback, seen.faults_total), (5, 1));
    assert_eq!(seen.fallback_rows, [2, 4, 7, 8, 9]);
    assert_eq!(seen.columns, ["more", "name", "to"]);
}

#[test]
fn of_mails_without_html_the_one_with_the_most_text_is_the_longest() {
    let row = |to: &str, name: &str| json!({"to": to, "name": name});
    let rows = vec![row("a@x.example", "A"), row("b@x.example", "Bob")];
    assert_eq!(seen(send(json!({})), rows).longest, Some(2));
}

#[test]
fn a_name_that_no_column_has_is_told_once_with_the_column_that_is_nearest() {
    let misspelt = send(json!({"text": "Dear {{ nmae }}"}));
    let row = |to: &str| json!({"to": to, "name": "A"});
    let seen = seen(misspelt, vec![row("a@x.example"), row("b@x.example")]);
    let fault = LetterFault {
        message: "No column is called “nmae”.".to_owned(),
        name: Some("nmae".to_owned()),
        nearest: Some("name".to_owned()),
        ..LetterFault::default()
    };
    assert_eq!(seen.faults, [fault]);
}

#[test]
fn an_empty_cell_is_the_fault_also_where_another_part_cannot_be_filled_in() {
    let round = send(json!({"text": "Dear {{ name }}: {{ sum|round }}"}));
    let row = |name: &str| json!({"to": "a@x.example", "name": name, "sum": "much"});
    let told = |name: &str| {
        let faults = seen(round.clone(), vec![row(name)]).faults;
        let told = faults.into_iter().map(|it| (it.column, it.message));
        told.collect::<Vec<_>>()
    };
    let empty = "The cell is empty, and nothing stands in for it.".to_owned();
    assert_eq!(told(""), [(Some("name".to_owned()), empty)]);
    let undone = "Line 1: this cannot be done with what is in the row.".to_owned();
    assert_eq!(told("Ann"), [(None, undone)]);
}

#[test]
fn of_faults_and_fallbacks_the_first_thousand_are_named_and_all_are_counted() {
    let rows = |cells: &dyn Fn(usize) -> Value| {
        let rows = (0..=FAULTS).map(|number| {
            let mut row = json!({"to": format!("p{number}@example.org")});
            row["name"] = cells(number);
            row
        });
        rows.collect::<Vec<_>>()
    };
    let empty = seen(send(json!({})), rows(&|_| json!("")));
    assert_eq!((empty.faults.len(), empty.faults_total), (1_000, 1_001));
    assert_eq!((empty.total, empty.good), (1_001, 0));
    assert_eq!(empty.faults[999].row, Some(1_000));
    let stands_in = send(json!({"fallbacks": {"name": "friend"}}));
    let seen = seen(stands_in, rows(&|_| json!("")));
    assert_eq!(
        (seen.fallback_rows.len(), seen.with_fallback),
        (1_000, 1_001)
    );
    assert_eq!(seen.faults, []);
}

#[test]
fn a_subject_is_one_line_of_some_bytes_and_a_text_says_something() {
    let fault = |subject: &str, text: &str, html: Option<&str>| {
        let rendered = Rendered {
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: html.map(str::to_owned),
            has_fallback: false,
        };
        match check_rendered(&rendered) {
            Ok(()) => None,
            Err(RenderFault::Part {
                message,
                of_template,
            }) => {
                assert!(!of_template);
                Some(message)
            }
            Err(other) => panic!("{other:?}"),
        }
    };
    let longest = "s".repeat(900);
    let padded = format!("\n {longest} \n");
    for good in [longest.as_str(), padded.as_str()] {
        assert_eq!(fault(good, "t", None), None);
    }
    assert_eq!(fault("s", " ", Some("<p>")), None);
    let longer = "s".repeat(901);
    let control = "The subject comes out with a line break or another control character.";
    for (subject, text, told) in [
        (" \n", "t", "The subject comes out empty."),
        ("a\nb", "t", control),
        ("a\u{7f}b", "t", control),
        (
            &*longer,
            "t",
            "The subject comes out longer than 900 bytes.",
        ),
        ("s", " \n", "The text comes out empty."),
    ] {
        assert_eq!(fault(subject, text, None).as_deref(), Some(told));
    }
    // A fault of a row is told for each row.
    let with = json!({"subject": "{% if name == 'A' %}{% else %}x{% endif %}"});
    let row = |to: &str, name: &str| json!({"to": to, "name": name});
    let seen = seen(
        send(with),
        vec![
            row("a@x.example", "A"),
            row("b@x.example", "B"),
            row("c@x.example", "A"),
        ],
    );
    let rows: Vec<_> = seen.faults.iter().map(|fault| fault.row).collect();
    assert_eq!(rows, [Some(1), Some(3)]);
}

#[test]
fn a_mail_is_as_large_as_it_may_be_and_no_larger() {
    let rendered = |text: usize, html: usize| Rendered {
        subject: String::new(),
        text: "x".repeat(text),
        html: (html > 0).then(|| "x".repeat(html)),
        has_fallback: false,
    };
    // 50,000 lines of base64 with 2,000 bytes around them, and a head of 8,000: 6,090,000 bytes are left for words.
    let file = AttachedFile {
        name: "bill.pdf".to_owned(),
        bytes: 50_000 * 57,
        sha256: String::new(),
    };
    let told = |words: &Rendered, files: &[&AttachedFile]| {
        file_fault(Some(words), Ok(files.to_vec()), 7).map(|fault| {
            assert_eq!((fault.row, fault.column), (Some(7), None));
            fault.message
        })
    };
    for (text, html) in [(2_030_000, 0), (1_000_000, 1_030_000)] {
        assert_eq!(told(&rendered(text, html), &[&file]), None);
        assert_eq!(
            told(&rendered(text + 1, html), &[&file]),
            Some(attached_file::too_much())
        );
    }
    // Two files with half of it each have 2,000 bytes more around them.
    let half = AttachedFile {
        bytes: 25_000 * 57,
        ..file.clone()
    };
    assert_eq!(told(&rendered(2_029_333, 0), &[&half, &half]), None);
    assert_eq!(
        told(&rendered(2_029_334, 0), &[&half, &half]),
        Some(attached_file::too_much())
    );
    assert_eq!(told(&rendered(3_330_666, 0), &[]), None);
    assert_eq!(
        told(&rendered(3_330_667, 0), &[]).as_deref(),
        Some("The mail comes out larger than 10 MB.")
    );
    assert_eq!(file_fault(None, Ok(vec![&file]), 7), None);
}

#[test]
fn an_address_that_no_server_can_reach_is_a_fault_of_its_cell() {
    let rows = vec![
        json!({"to": "a@xn--a.example", "name": "A"}),
        json!({"to": "b@example.org", "name": "B"}),
    ];
    let seen = seen(send(json!({})), rows);
    let fault = LetterFault {
        row: Some(1),
        column: Some("to".to_owned()),
        message: "What stands behind the @ is no domain that the DNS can hold.".to_owned(),
        ..LetterFault::default()
    };
    assert_eq!((shown(&seen), seen.good), (vec![2], 1));
    assert_eq!(seen.faults, [fault]);
}

#[test]
fn a_recipient_is_shown_with_the_mail_that_they_get() {
    let send = send(json!({"subject": "For {{ name }}"}));
    let row = json!({"to": "Ann Lee <ann@example.org>", "name": "Ann"});
    let input = send.input(&row).unwrap();
    let id: ItemId = "ann@example.org".parse().unwrap();
    let shown = card(&send, &id, &input).unwrap();
    let to = Recipient::of_bytes(&input).unwrap().mailbox().unwrap();
    assert_eq!(
        shown,
        recipient::card(id.clone(), &to, "For Ann", "Dear Ann")
    );
    assert_eq!(card(&send, &id, b"no recipient"), None);
}

#[test]
fn a_template_that_is_none_is_seen_with_the_columns_that_it_could_name() {
    let rows = vec![json!({"to": "a@example.org", "name": "A"}), json!("no row")];
    let expected = LettersSeen {
        total: 2,
        faults: vec![LetterFault {
            message: "HTML: Line 2: a template multiplies nothing.".to_owned(),
            ..LetterFault::default()
        }],
        faults_total: 1,
        columns: vec!["name".to_owned(), "to".to_owned()],
        ..LettersSeen::default()
    };
    assert_eq!(seen(send(json!({"html": "\n{{ 2 * 3 }}"})), rows), expected);
}
