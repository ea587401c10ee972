//! Labels, folders, replies and proposals: what is taken, and what comes of it.

use super::*;
use crate::outcome::ItemResult;
use crate::proposal::Marks;

/// Where the operation is wrong; nothing if it is right.
fn wrong(text: &str) -> String {
    let refused = read(text).validate().err();
    refused.map(|refused| refused.field).unwrap_or_default()
}

#[test]
fn a_label_has_a_hundred_bytes_and_a_job_twenty_of_them() {
    let label = |bytes: usize| {
        let label = "x".repeat(bytes);
        let add = wrong(&format!(r#"{{"type":"label","add":["{label}"]}}"#));
        let remove = wrong(&format!(r#"{{"type":"label","remove":["{label}"]}}"#));
        (add, remove)
    };
    assert_eq!(label(100), Default::default());
    let both = ("operation.add".to_owned(), "operation.remove".to_owned());
    assert_eq!(label(101), both);
    assert_eq!(label(0), both);
    let labels = |remove: u8| Label {
        add: vec!["x".to_owned()],
        remove: (0..remove).map(|it| format!("l{it}")).collect(),
    };
    assert_eq!(labels(19).validate(), Ok(()));
    let refused = labels(20).validate().unwrap_err();
    assert_eq!(refused.field, "operation.add", "they count together");
}

#[test]
fn a_folder_has_two_thousand_bytes_and_no_sign_that_controls() {
    let folder = |bytes: usize| Move::into_folder("x".repeat(bytes)).validate().is_ok();
    assert_eq!([0, 1, 2_000, 2_001].map(folder), [false, true, true, false]);
    assert!(Move::into_folder("Über/Größe & Co").validate().is_ok());
    for bad in ["a\u{7f}", "a\nb"] {
        assert!(Move::into_folder(bad).validate().is_err(), "{bad:?}");
    }
}

#[test]
fn a_label_is_refused_by_its_first_wrong_sign() {
    let adding = |label: &str| Label {
        add: vec![label.to_owned()],
        remove: Vec::new(),
    };
    for sign in ["(", ")", "{", "%", "*", "\"", "\\", "]", " ", "~é"] {
        let refused = adding(&format!("a{sign}")).validate().unwrap_err();
        let letter = sign.chars().last().unwrap();
        let told = format!("the character {letter:?} cannot be part of a label");
        assert!(refused.message.contains(&told), "{refused}");
    }
    for label in ["a-b_c.d/e", "[x", "}~!#&'+,:;<=>?@^`|"] {
        assert_eq!(adding(label).validate(), Ok(()));
    }
    for label in ["$x", "\\Seen", "(x)", "é"] {
        let refused = adding(label).validate().unwrap_err();
        assert_eq!(refused.field, "operation.add", "{label}");
    }
    assert_eq!(
        wrong(r#"{"type":"label","add":["a"],"remove":["b","a"]}"#),
        "operation.remove"
    );
    assert_eq!(wrong(r#"{"type":"label"}"#), "operation.add");
}

#[test]
fn a_reply_says_at_most_ten_pages_and_an_instruction_a_paragraph() {
    let x = |count: usize| "x".repeat(count);
    let reply =
        |field: &str, text: &str| wrong(&format!(r#"{{"type":"draft_reply","{field}":"{text}"}}"#));
    let process = |field: &str, text: &str| {
        wrong(&format!(
            r#"{{"type":"process","certainty":"80","{field}":"{text}"}}"#
        ))
    };
    for (field, most) in [("text", 20_000), ("instruction", 1_000)] {
        assert_eq!(reply(field, &x(most)), "");
        assert_eq!(reply(field, &x(most + 1)), format!("operation.{field}"));
        assert_eq!(reply(field, " "), format!("operation.{field}"));
    }
    for (field, most) in [("reply", 20_000), ("reply_instruction", 1_000)] {
        assert_eq!(process(field, &x(most)), "");
        assert_eq!(process(field, &x(most + 1)), format!("operation.{field}"));
    }
    assert_eq!(process("reply_template", "Thanks"), "");
    assert_eq!(process("reply_template", " "), "operation.reply_template");
    let both = r#"{"type":"process","certainty":"80","reply":"a","reply_instruction":"b"}"#;
    assert_eq!(wrong(both), "operation.reply_instruction");
    let both = r#"{"type":"draft_reply","template":"a","instruction":"b"}"#;
    assert_eq!(wrong(both), "operation.instruction");
}

#[test]
fn the_language_of_a_reply_is_written_where_it_is_not_that_of_the_mail() {
    for text in [
        r#"{"type":"draft_reply","instruction":"Say yes","language":"german"}"#,
        r#"{"type":"draft_reply","instruction":"Say yes"}"#,
        r#"{"type":"process","certainty":"as_set","then":"act","reply_instruction":"Say yes","reply_language":"english"}"#,
        r#"{"type":"process","certainty":"95"}"#,
    ] {
        assert_eq!(serde_json::to_string(&read(text)).unwrap(), text);
    }
}

#[test]
fn a_process_drafts_the_replies_that_it_was_given_words_for() {
    let process = |text: &str| {
        let text = format!(r#"{{"certainty":"90"{text}}}"#);
        serde_json::from_str::<Process>(&text).unwrap().replies()
    };
    assert_eq!(process(""), None);
    assert_eq!(
        process(r#","reply":"Thanks""#),
        Some(DraftReply::saying("Thanks"))
    );
    assert_eq!(
        process(r#","reply_instruction":"Thank them","reply_language":"german""#),
        Some(DraftReply::written("Thank them", ReplyLanguage::German))
    );
}

#[test]
fn how_sure_a_proposal_has_to_be_is_told_in_percent() {
    let percents = [
        Certainty::Percent80,
        Certainty::Percent90,
        Certainty::Percent95,
        Certainty::AsSet,
    ];
    assert_eq!(percents.map(Certainty::percent), [80, 90, 95, 90]);
}

#[test]
fn a_proposal_tells_what_protects_a_mail_and_why_it_is_made() {
    let concluded = |process: &Process, class: &str, percent: Option<u8>, marks: Marks| {
        let found = ItemResult {
            class: class.to_owned(),
            percent,
            detail: Some("Because.".to_owned()),
            about: None,
        };
        process.conclude(found, marks)
    };
    let plain = Process::new(Certainty::Percent90, Then::Wait);
    let none = Marks::default();
    for (marks, proposal, detail) in [
        (none, "archive", "Newsletter. Because."),
        (
            Marks {
                starred: true,
                ..none
            },
            "keep",
            "Newsletter. It has a star. Because.",
        ),
        (
            Marks {
                answered: true,
                ..none
            },
            "keep",
            "Newsletter. You answered it. Because.",
        ),
        (
            Marks {
                labelled: true,
                ..none
            },
            "keep",
            "Newsletter. It has a label. Because.",
        ),
        (
            Marks { own: true, ..none },
            "archive",
            "Newsletter. You wrote it yourself. Because.",
        ),
        (
            Marks {
                starred: true,
                answered: true,
                labelled: true,
                own: true,
            },
            "keep",
            "Newsletter. It has a star. Because.",
        ),
    ] {
        let said = concluded(&plain, "newsletter", Some(90), marks);
        let expected = ItemResult {
            class: proposal.to_owned(),
            percent: Some(90),
            detail: Some(detail.to_owned()),
            about: Some("newsletter".to_owned()),
        };
        assert_eq!(said, expected);
    }
    // What is of no known class, or says nothing of how sure it is, is left for a person to look at.
    let unknown = concluded(&plain, "poem", Some(100), none);
    assert_eq!((unknown.class.as_str(), unknown.about), ("review", None));
    assert_eq!(
        unknown.detail.as_deref(),
        Some("Of no known class. Because.")
    );
    assert_eq!(concluded(&plain, "newsletter", None, none).class, "review");
    // A reply is proposed only where there are words for one.
    assert_eq!(concluded(&plain, "question", Some(90), none).class, "keep");
    let replying = Process {
        reply: Some("Thanks".to_owned()),
        ..plain
    };
    assert_eq!(
        concluded(&replying, "question", Some(90), none).class,
        "reply"
    );
    let silent = ItemResult {
        class: "question".to_owned(),
        percent: Some(90),
        detail: None,
        about: None,
    };
    assert_eq!(
        replying.conclude(silent, none).detail.as_deref(),
        Some("Question.")
    );
}
