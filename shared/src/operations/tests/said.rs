//! What is said of each operation: orders, reports, risks and files.

use super::*;

#[test]
fn each_is_an_order_before_and_a_report_after() {
    for (text, order, report) in [
        (
            r#"{"type":"archive"}"#,
            "Archive 3 mails",
            "3 mails archived",
        ),
        (
            r#"{"type":"trash"}"#,
            "Move 3 mails to Trash",
            "3 mails moved to Trash",
        ),
        (
            r#"{"type":"label","add":["a","b"]}"#,
            "Label 3 mails “a”, “b”",
            "3 mails labelled",
        ),
        (
            r#"{"type":"label","remove":["a"]}"#,
            "Take “a” off 3 mails",
            "3 mails labelled",
        ),
        (
            r#"{"type":"mark_read"}"#,
            "Mark 3 mails as read",
            "3 mails marked as read",
        ),
        (
            r#"{"type":"mark_unread"}"#,
            "Mark 3 mails as unread",
            "3 mails marked as unread",
        ),
        (r#"{"type":"star"}"#, "Star 3 mails", "3 mails starred"),
        (
            r#"{"type":"unstar"}"#,
            "Unstar 3 mails",
            "3 mails left without a star",
        ),
        (
            r#"{"type":"move","folder":"Work"}"#,
            "Move 3 mails to Work",
            "3 mails moved to Work",
        ),
        (
            r#"{"type":"move","folder":"INBOX"}"#,
            "Move 3 mails to Inbox",
            "3 mails moved to Inbox",
        ),
        (
            r#"{"type":"export","format":"mbox"}"#,
            "Export 3 mails as mbox",
            "3 mails exported",
        ),
        (
            r#"{"type":"export","format":"csv"}"#,
            "Export 3 mails as CSV",
            "3 mails exported",
        ),
        (
            r#"{"type":"export","format":"json"}"#,
            "Export 3 mails as JSON",
            "3 mails exported",
        ),
        (
            r#"{"type":"classify"}"#,
            "Classify 3 mails",
            "3 mails classified",
        ),
        (
            r#"{"type":"process","certainty":"90"}"#,
            "Propose what to do with 3 mails",
            "3 mails looked through for what to do with them",
        ),
        (
            r#"{"type":"process","certainty":"90","then":"act"}"#,
            "Propose what to do with 3 mails, and do what is sure",
            "3 mails looked through for what to do with them",
        ),
        (
            r#"{"type":"draft_reply","text":"t"}"#,
            "Draft replies to 3 mails",
            "3 mails answered by a draft",
        ),
        (
            r#"{"type":"create_contacts"}"#,
            "Add 3 mails",
            "3 mails added",
        ),
        (
            r#"{"type":"export_contacts","format":"vcard4"}"#,
            "Export 3 mails as vCard 4.0",
            "3 mails exported",
        ),
        (
            r#"{"type":"export_contacts","format":"vcard3"}"#,
            "Export 3 mails as vCard 3.0",
            "3 mails exported",
        ),
        (
            r#"{"type":"export_contacts","format":"csv"}"#,
            "Export 3 mails as CSV",
            "3 mails exported",
        ),
        (
            r#"{"type":"export_mailboxes","format":"csv"}"#,
            "Export details of 3 mails as CSV",
            "3 mails exported",
        ),
        (
            r#"{"type":"export_mailboxes","format":"json"}"#,
            "Export details of 3 mails as JSON",
            "3 mails exported",
        ),
    ] {
        let operation = read(text);
        assert_eq!(operation.order("3 mails"), order);
        assert_eq!(operation.report("3 mails"), report);
    }
}

#[test]
fn a_file_says_what_it_is_by_its_type_and_its_end() {
    const CSV: (&str, &str, bool) = ("text/csv; charset=utf-8", "csv", false);
    const JSON: (&str, &str, bool) = ("application/json", "json", true);
    const VCARD: (&str, &str, bool) = ("text/vcard; charset=utf-8", "vcf", false);
    for (operation, format, expected) in [
        ("export", "mbox", ("application/mbox", "mbox", false)),
        ("export", "csv", CSV),
        ("export", "json", JSON),
        ("export_contacts", "vcard4", VCARD),
        ("export_contacts", "vcard3", VCARD),
        ("export_contacts", "csv", CSV),
        ("export_mailboxes", "csv", CSV),
        ("export_mailboxes", "json", JSON),
    ] {
        let text = format!(r#"{{"type":"{operation}","format":"{format}"}}"#);
        let format = read(&text).format().unwrap();
        let told = (format.media_type(), format.extension(), format.is_json());
        assert_eq!(told, expected, "{text}");
    }
}

#[test]
fn what_is_at_stake_is_told_from_a_number_of_items_on() {
    use RiskLevel::{High, Medium};
    const MOVES: &str = "Many items change their place at once.";
    const TRASH: &str = "Many servers empty the trash after 30 days.";
    const MANY_TO_TRASH: &str =
        "Many mails go to the trash, which many servers empty after 30 days.";
    const GONE: &str =
        "They are gone from the server; only the undo, as long as it is kept, brings them back.";
    const LISTED: &str =
        "A group of contacts that lists one of them by its UID does not list the one that stays.";
    const LIST: &str =
        "A list that was asked cannot be called back: to get its mails again, subscribe anew.";
    const SENT: &str = "A mail that went out cannot be called back.";
    type Told = Option<(RiskLevel, &'static [&'static str])>;
    // What is told of so many items, and of one more.
    let cases: [(&str, u64, Told, Told); 8] = [
        (r#"{"type":"archive"}"#, 100, None, Some((Medium, &[MOVES]))),
        (
            r#"{"type":"move","folder":"a"}"#,
            100,
            None,
            Some((Medium, &[MOVES])),
        ),
        (UNDO, 100, None, Some((Medium, &[MOVES]))),
        (
            r#"{"type":"trash"}"#,
            1_000,
            Some((Medium, &[TRASH])),
            Some((High, &[MANY_TO_TRASH])),
        ),
        (
            r#"{"type":"delete_contacts"}"#,
            1_000,
            Some((Medium, &[GONE])),
            Some((High, &[GONE])),
        ),
        (
            r#"{"type":"merge_contacts"}"#,
            1_000,
            Some((Medium, &[GONE, LISTED])),
            Some((High, &[GONE, LISTED])),
        ),
        (
            r#"{"type":"unsubscribe"}"#,
            50,
            Some((Medium, &[LIST])),
            Some((High, &[LIST])),
        ),
        (
            r#"{"type":"bulk_send","from":"a@x.example","subject":"s","text":"t"}"#,
            100,
            Some((Medium, &[SENT])),
            Some((High, &[SENT])),
        ),
    ];
    let risk = |operation: &Operation, items: u64| {
        let risk = operation.risk(items);
        risk.map(|risk| (risk.level, risk.reasons))
    };
    let told = |told: Told| {
        told.map(|(level, reasons)| {
            let reasons: Vec<String> = reasons.iter().map(|it| (*it).to_owned()).collect();
            (level, reasons)
        })
    };
    for (text, few, at, above) in cases {
        let operation = read(text);
        assert_eq!(risk(&operation, few), told(at), "{text}");
        assert_eq!(risk(&operation, few + 1), told(above), "{text}");
    }
    for text in [
        r#"{"type":"label","add":["a"]}"#,
        r#"{"type":"mark_read"}"#,
        r#"{"type":"star"}"#,
        r#"{"type":"export","format":"csv"}"#,
        r#"{"type":"classify"}"#,
        r#"{"type":"process","certainty":"90"}"#,
        r#"{"type":"draft_reply","text":"t"}"#,
        r#"{"type":"create_contacts"}"#,
        r#"{"type":"check_contacts"}"#,
        r#"{"type":"validate_mailboxes"}"#,
    ] {
        assert_eq!(read(text).risk(1_000_000), None, "{text}");
    }
}

#[test]
fn what_cannot_be_looked_through_is_at_stake_whatever_the_number() {
    let told = |text: &str| {
        let risk = read(text).risk(1).unwrap();
        (risk.level, risk.reasons)
    };
    let there = "People find messages in their mailboxes that were not there before.".to_owned();
    let replaced = "Messages of the targets are replaced.".to_owned();
    let restore = |rule: &str| {
        told(&format!(
            r#"{{"type":"restore_mailboxes","conflict_resolution":"{rule}"}}"#
        ))
    };
    for rule in ["keep_target", "keep_both"] {
        assert_eq!(restore(rule), (RiskLevel::Medium, vec![there.clone()]));
    }
    for rule in ["keep_source", "keep_newer"] {
        let reasons = vec![there.clone(), replaced.clone()];
        assert_eq!(restore(rule), (RiskLevel::High, reasons));
    }
    let (level, reasons) = told(r#"{"type":"recover_mailboxes"}"#);
    assert_eq!(level, RiskLevel::High);
    assert_eq!(
        reasons,
        [
            "Their people can sign in again, mail arrives in them, and they may need licences.",
            "Taken back they are inactive again with all that came since, and the time they are kept begins anew.",
        ]
    );
    let (level, reasons) = told(r#"{"type":"process","certainty":"90","then":"act"}"#);
    assert_eq!(level, RiskLevel::Medium);
    assert_eq!(
        reasons,
        ["What is as sure as you ask is done without another question."]
    );
}
