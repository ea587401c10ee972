//! Templates and the mails that come of them, and what mail mergers of others were reported for.

#![allow(clippy::unwrap_used, clippy::panic)]

use bulkhead_shared::api::{LeftOutRow, LettersSeen, LookAtLetters, SeenLetter};
use bulkhead_shared::limits::LEFT_OUT_SHOWN;
use bulkhead_shared::operations::BulkSend;
use bulkhead_shared::operations::recipient::Recipient;
use bulkhead_shared::suppression::Suppression;
use jiff::Timestamp;
use serde_json::{Value, json};

use bulkhead_engine::letters::look;

fn send(with: Value) -> BulkSend {
    let mut send = json!({"from": "Ann Lee <ann@example.org>", "subject": "Hello {{ name }}",
        "text": "Dear {{ name }},\nyour bill is {{ amount }}.\n"});
    for (name, value) in with.as_object().unwrap() {
        send[name] = value.clone();
    }
    serde_json::from_value(send).unwrap()
}

fn seen(with: Value, rows: Value) -> LettersSeen {
    let Value::Array(rows) = rows else { panic!() };
    let show = Some((1..=rows.len().min(40) as u32).collect());
    let wanted = LookAtLetters {
        operation: send(with),
        rows,
        account: None,
        show,
    };
    look(
        &wanted,
        |_, _| None,
        Timestamp::from_second(1_700_000_000).unwrap(),
    )
    .unwrap()
}

fn only(with: Value, row: Value) -> SeenLetter {
    let seen = seen(with, json!([row]));
    assert_eq!(seen.faults, [], "{seen:?}");
    seen.letters.into_iter().next().unwrap()
}

/// Faults as lines: row, column, words, and what was probably meant.
fn faults(seen: &LettersSeen) -> Vec<String> {
    let lines = seen.faults.iter().map(|fault| {
        let row = fault.row.map(|row| row.to_string()).unwrap_or_default();
        let column = fault.column.clone().unwrap_or_default();
        let nearest = fault.nearest.clone().unwrap_or_default();
        format!("{row}|{column}|{}|{nearest}", fault.message)
    });
    lines.collect()
}

#[test]
fn each_gets_what_is_in_its_row_and_values_are_data() {
    let rows = json!([
        {"to": "bo@example.org", "name": "Bo", "amount": 12},
        {"to": "\"Ray, Cy\" <cy@example.org>", "name": "{{ amount }} {% if x %}", "amount": "<b>1</b>"},
    ]);
    let seen = seen(
        json!({"html": "<p>Dear {{ name }}: {{ amount }}</p>"}),
        rows,
    );
    assert_eq!((seen.good, seen.faults_total), (2, 0));
    assert_eq!(seen.columns, ["amount", "name", "to"]);
    assert_eq!(seen.longest, Some(2));
    let [bo, cy] = &seen.letters[..] else {
        panic!("{seen:?}")
    };
    assert_eq!(bo.subject, "Hello Bo");
    assert_eq!(bo.text, "Dear Bo,\nyour bill is 12.\n");
    assert_eq!(cy.subject, "Hello {{ amount }} {% if x %}");
    assert_eq!(cy.to, "\"Ray, Cy\" <cy@example.org>");
    let html = cy.html.as_ref().unwrap();
    assert_eq!(
        html,
        "<p>Dear {{ amount }} {% if x %}: &lt;b&gt;1&lt;&#x2f;b&gt;</p>"
    );
    assert!(
        cy.text.contains("is <b>1</b>."),
        "nothing is escaped in a text: {}",
        cy.text
    );
}

#[test]
fn every_fault_is_named_by_row_and_column() {
    let rows = json!([
        {"to": "a@example.org", "name": "A", "amount": "1"},
        {"to": "b@example.org", "name": " ", "amount": ""},
        {"to": "nobody", "name": "C", "amount": "3"},
        {"to": "A <a@EXAMPLE.org>", "name": "D", "amount": "4"},
        {"to": "e@example.org", "name": "E\nBcc: all@example.org", "amount": "5"},
        {"to": "f@example.org", "name": "F"},
        {"to": "g@b\u{fc}cher.example", "name": "G", "amount": "6"},
        {"to": "g@xn--bcher-kva.example", "name": "G", "amount": "6"},
    ]);
    let seen = seen(json!({}), rows);
    assert_eq!(
        faults(&seen),
        [
            "2|amount|The cell is empty, and nothing stands in for it.|",
            "2|name|The cell is empty, and nothing stands in for it.|",
            "3|to|An address has an @, as in ann@example.org.|",
            "4|to|The same address as in row 1: each gets one mail.|",
            "5||The subject comes out with a line break or another control character.|",
            "6|amount|This row has no such cell.|",
            "8|to|The same address as in row 7: each gets one mail.|",
        ]
    );
    assert_eq!((seen.total, seen.good), (8, 2));
}

#[test]
fn a_name_that_no_column_has_is_told_once_with_the_one_that_was_meant() {
    let rows = json!([
        {"to": "a@example.org", "First name": "A", "Amount": "1"},
        {"to": "b@example.org", "First name": "B", "Amount": "2"},
    ]);
    let with = json!({"subject": "{{ first_name }}", "text": "{{ ammount }} {{ FIRST_NAME }} {% if vip %}x{% endif %}"});
    let seen = seen(with, rows);
    assert_eq!(
        faults(&seen),
        [
            "||No column is called “ammount”.|Amount",
            "||No column is called “vip”.|"
        ]
    );
    assert_eq!(seen.good, 0);
}

#[test]
fn a_fallback_stands_in_and_a_template_can_ask() {
    let rows = json!([
        {"to": "a@example.org", "name": "", "amount": "1"},
        {"to": "b@example.org", "name": "B", "amount": ""},
    ]);
    let with = json!({"fallbacks": {"name": "friend"},
        "text": "{% if amount %}{{ amount }}{% else %}nothing{% endif %} {{ amount|default('0') }}"});
    let seen = seen(with, rows);
    assert_eq!((seen.good, seen.with_fallback), (2, 1), "{:?}", seen.faults);
    assert_eq!(seen.letters[0].subject, "Hello friend");
    assert_eq!(seen.letters[1].text, "nothing 0");
}

#[test]
fn a_template_that_is_none_is_a_fault_with_its_line() {
    let refused = |with: Value| {
        let wanted = LookAtLetters {
            operation: send(with),
            rows: vec![json!({"to": "a@example.org", "name": "A", "amount": "1"})],
            account: None,
            show: None,
        };
        let seen = look(&wanted, |_, _| None, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((seen.total, seen.good, seen.faults_total), (1, 0, 1));
        let (part, words) = seen.faults[0].message.split_once(": ").unwrap();
        (
            format!("operation.{}", part.to_lowercase()),
            words.to_owned(),
        )
    };
    for (with, field, words) in [
        (json!({"text": "a\n{{ name"}), "operation.text", "Line 2"),
        (
            json!({"text": "{% for x in name %}{% endfor %}"}),
            "operation.text",
            "no tag “for”",
        ),
        (
            json!({"html": "{% set a = name ~ name %}"}),
            "operation.html",
            "no tag “set”",
        ),
        (
            json!({"text": "{% include 'x' %}"}),
            "operation.text",
            "no tag “include”",
        ),
        (
            json!({"subject": "{% macro a() %}{% endmacro %}"}),
            "operation.subject",
            "no tag “macro”",
        ),
        (
            json!({"text": "{{ name * 3 }}"}),
            "operation.text",
            "multiplies nothing",
        ),
        (
            json!({"html": "{% if name ** 3 %}{% endif %}"}),
            "operation.html",
            "multiplies nothing",
        ),
        (
            json!({"subject": "{% if %}"}),
            "operation.subject",
            "Line 1",
        ),
    ] {
        let (at, told) = refused(with.clone());
        assert_eq!(at, field, "{with}: {told}");
        assert!(told.contains(words), "{with}: {told}");
    }
}

#[test]
fn a_filter_that_there_is_not_is_told_once() {
    let rows = json!([{"to": "a@example.org", "name": "A"}, {"to": "b@example.org", "name": "B"}]);
    let seen = seen(json!({"text": "{{ '*' }} {{ name|safe }}"}), rows);
    assert_eq!(faults(&seen), ["||Line 1: there is no such filter.|"]);
}

#[test]
fn nothing_takes_long_or_grows_without_end() {
    let row = json!([{"to": "a@example.org", "name": "A".repeat(8_000), "amount": "1"}]);
    let begun = std::time::Instant::now();
    for text in [
        "{{ name ~ name ~ name }}".repeat(2_000),
        "{{ name|upper|title|lower }}".repeat(40),
        "{% if name %}".repeat(100) + &"{% endif %}".repeat(100),
    ] {
        let seen = seen(json!({"subject": "s", "text": text}), row.clone());
        let bytes = seen.letters.first().map_or(0, |letter| letter.text.len());
        assert!(bytes <= 2_000_000, "{bytes}");
    }
    assert!(begun.elapsed().as_secs() < 20);
}

#[test]
fn no_value_becomes_a_header_field() {
    let odd = [
        "x\r\nBcc: all@example.org",
        "x\nBcc: all@example.org",
        "x\rBcc: all@example.org",
        "x\u{2028}Bcc: all@example.org",
        "=?utf-8?Q?x=0D=0ABcc:_all@example.org?=",
    ];
    for value in odd {
        let rows = json!([{"to": "a@example.org", "name": value, "amount": "1"}]);
        let with = json!({"name_column": "name", "from": "Ann <ann@example.org>"});
        let seen = seen(with, rows);
        for letter in &seen.letters {
            let head = letter.source.split("\r\n\r\n").next().unwrap();
            let fields = head.lines().filter(|line| !line.starts_with([' ', '\t']));
            let names: Vec<&str> = fields.map(|line| line.split(':').next().unwrap()).collect();
            assert!(
                !names.iter().any(|name| name.eq_ignore_ascii_case("bcc")),
                "{head}"
            );
            assert!(!head.contains("?Q?x=0D"), "it stands for itself: {head}");
        }
        let has_break = value.contains(['\r', '\n']);
        assert_eq!(seen.letters.is_empty(), has_break, "{value:?}");
    }
}

#[test]
fn a_bulk_mail_says_how_to_get_no_more_of_them() {
    let row = json!({"to": "a@example.org", "name": "A", "amount": "1"});
    let source = only(json!({}), row.clone()).source;
    assert!(!source.contains("List-Unsubscribe") && !source.contains("Precedence"));
    let with = json!({"unsubscribe": "https://example.org/u?x=1", "reply_to": "x@example.org"});
    let source = only(with, row.clone()).source;
    assert!(source.contains("List-Unsubscribe: <https://example.org/u?x=1>\r\n"));
    assert!(source.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    assert!(source.contains("Reply-To: x@example.org\r\n"));
    let source = only(json!({"unsubscribe": "stop@example.org"}), row).source;
    assert!(
        source.contains("List-Unsubscribe: <mailto:stop@example.org>\r\n"),
        "{source}"
    );
    assert!(!source.contains("One-Click"));
}

#[test]
fn the_text_of_html_keeps_links_and_lines() {
    let html = "<html><head><style>p{}</style></head><body><h1>Hi {{ name }}</h1><p>See \
        <a href=\"https://example.org/x?a=1&amp;b=2\">your bill</a> or \
        <a href='https://example.org/'>example.org</a>.</p><ul><li>one</li><li>two &amp; more</li></ul></body></html>";
    let row = json!({"to": "a@example.org", "name": "A & B", "amount": "1"});
    let letter = only(json!({"text": null, "html": html}), row);
    let lines: Vec<&str> = letter
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(
        lines,
        [
            "Hi A & B",
            "See your bill (https://example.org/x?a=1&b=2) or example.org.",
            "- one",
            "- two & more"
        ]
    );
}

#[test]
fn the_same_mail_has_the_same_bytes() {
    let row = json!({"to": "a@example.org", "name": "Ä", "amount": "1"});
    let html = json!({"html": "<p>ä {{ amount }}</p>"});
    let one = only(html.clone(), row.clone()).source;
    assert_eq!(one, only(html, row).source);
    assert!(one.is_ascii());
    assert!(one.lines().all(|line| line.len() <= 998));
}

#[test]
fn files_that_go_along_are_checked_row_by_row_and_shown_by_name() {
    let file =
        |name: &str, bytes: u64| json!({"name": name, "bytes": bytes, "sha256": "0".repeat(64)});
    let with = json!({"text": "Hello", "subject": "Hi", "attachments": [file("terms.pdf", 3_900_000)],
        "file_column": "Bill", "files": [file("b1.pdf", 500), file("b2.pdf", 3_900_000)], "fallbacks": {"Bill": "b1.pdf"}});
    let rows = json!([
        {"to": "a@example.org", "Bill": "b1.pdf"},
        {"to": "b@example.org", "Bill": "B2.PDF"},
        {"to": "c@example.org", "Bill": "b2.pdf"},
        {"to": "d@example.org", "Bill": ""},
    ]);
    let seen = seen(with, rows);
    let told = faults(&seen);
    assert_eq!(
        told[0],
        "2|Bill|No file “B2.PDF” was uploaded. There is one called “b2.pdf”.|"
    );
    assert!(
        told[1].starts_with("3||Together they are too large"),
        "{told:?}"
    );
    assert_eq!((told.len(), seen.good), (2, 2));
    assert!(seen.fallback_rows.is_empty());
    let names: Vec<_> = seen.letters[0]
        .attachments
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(names, ["terms.pdf", "b1.pdf"]);
    let source = &seen.letters[0].source;
    assert!(source.contains("Content-Type: multipart/mixed"), "{source}");
    assert!(
        source.contains("(3900000 bytes that are not shown here)"),
        "{source}"
    );
}

#[test]
fn rows_that_get_no_mail_are_counted_and_the_first_of_them_shown() {
    let row =
        |number: u64| json!({"to": format!("p{number}@example.org"), "name": "Bo", "amount": 1});
    let wanted = LookAtLetters {
        operation: send(json!({})),
        rows: (1..=2 * LEFT_OUT_SHOWN as u64 + 2).map(row).collect(),
        account: None,
        show: Some(Vec::new()),
    };
    let bounced = |row: u32, recipient: &Recipient| {
        let left = LeftOutRow {
            row,
            address: recipient.mailbox().unwrap().address.to_string(),
            why: Suppression::Bounced,
        };
        row.is_multiple_of(2).then_some(left)
    };
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let seen = look(&wanted, bounced, now).unwrap();
    assert_eq!(seen.left_out_total as usize, LEFT_OUT_SHOWN + 1);
    let first = seen.left_out.first().unwrap();
    assert_eq!((first.row, &*first.address), (2, "p2@example.org"));
    assert_eq!(seen.left_out.len(), LEFT_OUT_SHOWN);
}

#[test]
fn a_mail_says_when_it_was_written_and_its_parts_are_told_apart_by_its_id() {
    let row = json!({"to": "a@example.org", "name": "A", "amount": "1"});
    let source = only(json!({"html": "<p>x</p>"}), row).source;
    assert!(
        source.contains("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"),
        "{source}"
    );
    let rows = json!([
        {"to": "a@example.org", "name": "A", "amount": "1"},
        {"to": "b@example.org", "name": "A", "amount": "1"},
    ]);
    let seen = seen(json!({"html": "<p>x</p>"}), rows);
    let boundary = |letter: &SeenLetter| {
        let (_, rest) = letter.source.split_once("boundary=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let boundaries: Vec<String> = seen.letters.iter().map(boundary).collect();
    let is_one = |it: &String| it.len() == 32 && it.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(boundaries.iter().all(is_one), "{boundaries:?}");
    assert_ne!(boundaries[0], boundaries[1]);
}

#[test]
fn what_a_template_cannot_do_is_said_in_words() {
    let rows = json!([{"to": "a@example.org", "name": "A", "amount": "x"}]);
    for (text, told) in [
        (
            "a\n{% if name is odd %}x{% endif %}",
            "Line 2: there is no such test.",
        ),
        (
            "{{ name() }}",
            "Line 1: this cannot be done with what is in the row.",
        ),
        ("{{ name.upper() }}", "Line 1: a template calls nothing."),
    ] {
        let seen = seen(json!({"subject": "s", "text": text}), rows.clone());
        let faults = seen.faults.iter();
        let faults: Vec<&str> = faults.map(|fault| fault.message.as_str()).collect();
        assert_eq!(faults, [told], "{text}");
    }
}
