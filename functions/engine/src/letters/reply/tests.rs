#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

const OWN: Option<&str> = Some("me@mine.example");

fn draft_of(mail: &str, own: Option<&str>) -> Result<String, ItemReason> {
    let id = "draft-1@mine.example".parse().unwrap();
    let frame = Frame::of(id, mail.as_bytes(), own)?;
    let letter = frame.filled("Hello {{ name }}.", Timestamp::UNIX_EPOCH)?;
    Ok(String::from_utf8(letter.bytes).unwrap())
}

fn header_of(mail: &str, name: &str) -> Option<String> {
    let draft = draft_of(mail, OWN).unwrap_or_else(|why| panic!("{why:?}: {mail}"));
    let unfolded = draft.replace("\r\n ", " ");
    let (header, _) = unfolded.split_once("\r\n\r\n").unwrap();
    let mut lines = header.lines();
    let found = lines.find_map(|line| line.strip_prefix(&format!("{name}: ")));
    found.map(str::to_owned)
}

fn to(header: &str) -> Result<String, ItemReason> {
    let mail = format!("{header}\r\nSubject: S\r\n\r\ntext\r\n");
    draft_of(&mail, OWN).map(|_| header_of(&mail, "To").unwrap())
}

#[test]
fn answers_go_where_the_mail_asks_for_them_or_to_its_sender() {
    let cases = [
        ("From: Ann <a@x.example>", "Ann <a@x.example>"),
        (
            "From: a@x.example\r\nReply-To: Team <team@x.example>",
            "Team <team@x.example>",
        ),
        ("From: a@x.example\r\nReply-To: ", "a@x.example"),
        (
            "From: a@x.example\r\nReply-To: no-reply@x.example, b@x.example",
            "b@x.example",
        ),
        (
            "From: =?utf-8?q?J=C3=BCrgen?= <j@x.example>",
            "=?utf-8?B?SsO8cmdlbg==?= <j@x.example>",
        ),
        ("From: bruno.reply@x.example", "bruno.reply@x.example"),
        // A form of a web site, whose own address takes no answers.
        (
            "From: no-reply@shop.example\r\nReply-To: Kim <kim@x.example>",
            "Kim <kim@x.example>",
        ),
        // All of them are asked for.
        (
            "From: a@x.example\r\nReply-To: b@x.example, C <c@x.example>",
            "b@x.example, C <c@x.example>",
        ),
        (
            "From: bounceman@x.example\r\nPrecedence: normal",
            "bounceman@x.example",
        ),
        ("From: a@x.example\r\nAuto-Submitted: no", "a@x.example"),
        ("From: a@b\u{fc}cher.example", "a@xn--bcher-kva.example"),
        ("From: me+shop@x.example", "me+shop@x.example"),
        ("From: meadow@mine.example", "meadow@mine.example"),
    ];
    for (header, expected) in cases {
        assert_eq!(to(header).as_deref(), Ok(expected), "{header}");
    }
}

#[test]
fn lists_programs_and_addresses_without_a_reader_are_not_answered() {
    use ItemReason::{NobodyToAnswer, OfAList, OfAProgram, OwnMail};
    let cases = [
        ("Subject: nobody", NobodyToAnswer),
        ("From: <>", NobodyToAnswer),
        ("From: undisclosed", NobodyToAnswer),
        ("From: noreply@x.example", NobodyToAnswer),
        ("From: shop.no-reply+17@x.example", NobodyToAnswer),
        ("From: Do_Not_Reply@x.example", NobodyToAnswer),
        ("From: MAILER-DAEMON@x.example", NobodyToAnswer),
        // It says where answers go, and that nobody reads them there.
        (
            "From: a@x.example\r\nReply-To: noreply@x.example",
            NobodyToAnswer,
        ),
        (
            "From: a@x.example\r\nReply-To: me@mine.example",
            NobodyToAnswer,
        ),
        (
            "From: a@x.example\r\nList-Unsubscribe: <https://x>",
            OfAList,
        ),
        ("From: a@x.example\r\nPrecedence: Bulk", OfAList),
        // A list that puts itself into Reply-To.
        (
            "From: a@x.example\r\nReply-To: l@x.example\r\nList-Post: <mailto:l@x.example>",
            OfAList,
        ),
        (
            "From: a@x.example\r\nAuto-Submitted: auto-generated",
            OfAProgram,
        ),
        (
            "From: a@x.example\r\nAuto-Submitted: auto-replied; owner-email=\"no\"",
            OfAProgram,
        ),
        ("From: a@x.example\r\nPrecedence: auto_reply", OfAProgram),
        ("Return-Path: <>\r\nFrom: a@x.example", OfAProgram),
        (
            "From: a@x.example\r\nContent-Type: multipart/report; boundary=b",
            OfAProgram,
        ),
        ("From: Me <Me@Mine.example>", OwnMail),
        // The same mailbox, by a name that its owner made up for one purpose.
        ("From: Me <me+shop@mine.example>", OwnMail),
        (
            "From: a@x.example\r\nReply-To: me+team@mine.example",
            NobodyToAnswer,
        ),
    ];
    for (header, expected) in cases {
        assert_eq!(to(header), Err(expected), "{header}");
    }
}

#[test]
fn a_thread_is_gone_on_with() {
    let mail = |more: &str| format!("From: a@x.example\r\nMessage-ID: <3@x>\r\n{more}\r\n\r\n");
    let references = |more: &str| header_of(&mail(more), "References");
    assert_eq!(references("X: y").as_deref(), Some("<3@x>"));
    let known = references("References: <1@x>\r\n <2@x>");
    assert_eq!(known.as_deref(), Some("<1@x> <2@x> <3@x>"));
    // Without any, the one mail that it answers is the thread; of two nobody knows.
    assert_eq!(
        references("In-Reply-To: <2@x>").as_deref(),
        Some("<2@x> <3@x>")
    );
    assert_eq!(
        references("In-Reply-To: <1@x> <2@x>").as_deref(),
        Some("<3@x>")
    );
    let long: String = (0..500).map(|number| format!(" <{number}@x>")).collect();
    let kept = references(&format!("References:{long}")).unwrap();
    let kept: Vec<&str> = kept.split(' ').collect();
    assert_eq!((kept.len(), kept[0], kept[1]), (20, "<0@x>", "<482@x>"));
    assert_eq!(kept.last(), Some(&"<3@x>"));
    // Some servers take no more than 4 KB of headers in all.
    let wide: String = (0..40)
        .map(|number| format!(" <{}{number}@x>", "i".repeat(200)))
        .collect();
    let kept = references(&format!("References:{wide}")).unwrap();
    assert!(kept.len() <= 2_000 && kept.ends_with(" <3@x>"), "{kept}");
    assert!(
        kept.starts_with(&format!("<{}0@x>", "i".repeat(200))),
        "{kept}"
    );
    let answered = header_of(&mail("X: y"), "In-Reply-To");
    assert_eq!(answered.as_deref(), Some("<3@x>"));
    let without = "From: a@x.example\r\nReferences: <1@x>\r\n\r\n";
    assert_eq!(header_of(without, "In-Reply-To"), None);
    assert_eq!(header_of(without, "References"), None);
}

#[test]
fn a_subject_says_once_that_it_is_a_reply() {
    let subject = |subject: &str| {
        let mail = format!("From: a@x.example\r\nSubject: {subject}\r\n\r\n");
        header_of(&mail, "Subject").unwrap()
    };
    let cases = [
        ("Lunch", "Re: Lunch"),
        ("Re: Lunch", "Re: Lunch"),
        ("RE: AW: Re[2]: Lunch", "Re: Lunch"),
        ("Re*2: Re^3: Lunch", "Re: Lunch"),
        ("OT: Lunch", "Re: OT: Lunch"),
        ("Fwd: Lunch", "Re: Fwd: Lunch"),
        ("Reference: 17", "Re: Reference: 17"),
        ("Re [urgent]: x", "Re: Re [urgent]: x"),
        ("", "Re:"),
        (
            "=?utf-8?q?Gr=C3=BC=C3=9Fe?=",
            "=?utf-8?B?UmU6IEdyw7zDn2U=?=",
        ),
    ];
    for (written, expected) in cases {
        assert_eq!(subject(written), expected);
    }
}

#[test]
fn what_stands_in_a_mail_is_quoted_and_writes_no_header() {
    let mail = "From: \"x\r\n Bcc: all@x.example\" <a@x.example>\r\nDate: Fri, 27 Nov 2026 08:15:00 +0100\r\n\
        Subject: =?utf-8?q?a=0D=0ABcc:_all@x.example?=\r\n\
        Message-ID: <1@x>\r\nReferences: <a@x>\r\n\r\n\
        one\r\n> two\r\n\r\nFrom me \x1b[2J\r\n.\r\n";
    let draft = draft_of(mail, OWN).unwrap();
    let (header, body) = draft.split_once("\r\n\r\n").unwrap();
    let is_bcc = |line: &str| line.to_lowercase().starts_with("bcc");
    assert!(!header.lines().any(is_bcc), "{header}");
    assert!(body.contains("2026-11-27 08:15:"), "{body}");
    assert!(
        body.contains("> one\r\n>> two\r\n>\r\n> From me [2J\r\n> ."),
        "{body}"
    );
    assert!(!draft.contains('\x1b'));
    // A template is the person's: what stands in a mail is never read as one.
    let mail = "From: \"{{ address }}\" <a@x.example>\r\nSubject: {% if %}\r\n\r\n{{ name }}\r\n";
    let draft = draft_of(mail, OWN).unwrap();
    assert!(draft.contains("Hello {{ address }}."), "{draft}");
    assert!(draft.contains("> {{ name }}"), "{draft}");
}

#[test]
fn a_long_mail_is_quoted_in_part() {
    let long = format!("From: a@x.example\r\n\r\n{}", "line\r\n".repeat(5_000));
    let draft = draft_of(&long, OWN).unwrap();
    assert_eq!(draft.matches("> line").count(), 100);
    let wide = format!(
        "From: a@x.example\r\n\r\nshort\r\n{}\r\n",
        "ü".repeat(30_000)
    );
    let draft = draft_of(&wide, OWN).unwrap();
    assert!(draft.contains("> short") && draft.len() < 2_000, "{draft}");
    let nothing = draft_of("From: a@x.example\r\n\r\n", OWN).unwrap();
    assert!(
        !nothing.contains('>') || !nothing.contains("\r\n>"),
        "{nothing}"
    );
}

#[test]
fn a_reply_is_from_the_address_that_was_written_to_or_leaves_it_open() {
    let from = |own: &str| {
        let mail = "From: a@x.example\r\nTo: Me <anna@mine.example>, b@x.example\r\n\r\n";
        let draft = draft_of(mail, Some(own)).unwrap();
        let line = draft.lines().find_map(|line| line.strip_prefix("From: "));
        line.map(str::to_owned)
    };
    assert_eq!(
        from("anna@mine.example").as_deref(),
        Some("Me <anna@mine.example>")
    );
    assert_eq!(from("anna").as_deref(), Some("Me <anna@mine.example>"));
    assert_eq!(
        from("other@mine.example").as_deref(),
        Some("other@mine.example")
    );
    assert_eq!(from("nobody"), None);
}

#[test]
fn an_id_follows_from_job_and_mail_and_belongs_to_the_account() {
    let job: JobId = "rpl_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
    let mail: ItemId = "1.2.INBOX".parse().unwrap();
    let other: ItemId = "1.3.INBOX".parse().unwrap();
    let id = reply_id(&job, &mail, OWN).unwrap();
    assert_eq!(id, reply_id(&job, &mail, OWN).unwrap());
    assert_ne!(id, reply_id(&job, &other, OWN).unwrap());
    assert!(id.as_str().ends_with("@mine.example"), "{id}");
    let nameless = reply_id(&job, &mail, Some("anna")).unwrap();
    assert!(nameless.as_str().ends_with("@drafts.invalid"), "{nameless}");
}

#[test]
fn nothing_and_nonsense_are_no_panic() {
    for mail in ["", "\0", "\r\n\r\n", "From: \u{1f980}@\u{1f980}\r\n\r\n"] {
        assert!(draft_of(mail, OWN).is_err(), "{mail:?}");
    }
}
