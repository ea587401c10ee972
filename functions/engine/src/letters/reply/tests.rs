#![allow(clippy::unwrap_used, clippy::panic)]

use bulkhead_shared::address::NAME_BYTES;
use bulkhead_shared::limits::SUBJECT_BYTES;

use super::*;

const OWN: Option<&str> = Some("me@mine.example");

fn frame_of(mail: &str, own: Option<&str>) -> Result<Frame, ItemReason> {
    Frame::of(
        "draft-1@mine.example".parse().unwrap(),
        mail.as_bytes(),
        own,
    )
}

fn draft_of(mail: &str, own: Option<&str>) -> Result<String, ItemReason> {
    let letter = frame_of(mail, own)?.filled("Hello {{ name }}.", Timestamp::UNIX_EPOCH)?;
    Ok(String::from_utf8(letter.bytes).unwrap())
}

fn parsed(mail: &str) -> Message<'_> {
    MessageParser::default().parse(mail.as_bytes()).unwrap()
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
    // It was written to in a copy, under a name.
    let mail = "From: a@x.example\r\nTo: b@x.example\r\nCc: Me <ME@mine.example>\r\n\r\n";
    let draft = draft_of(mail, OWN).unwrap();
    assert!(
        draft.contains("\r\nFrom: Me <ME@mine.example>\r\n"),
        "{draft}"
    );
    let idn = draft_of("From: a@x.example\r\n\r\n", Some("me@b\u{fc}cher.example")).unwrap();
    assert!(
        idn.contains("\r\nFrom: me@xn--bcher-kva.example\r\n"),
        "{idn}"
    );
}

#[test]
fn an_id_follows_from_job_and_mail_and_belongs_to_the_account() {
    let job: JobId = "rpl_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
    let mail: ItemId = "1.2.INBOX".parse().unwrap();
    let other: ItemId = "1.3.INBOX".parse().unwrap();
    // It never changes.
    let key = "f724e36089ff10723a44b87643b7a7ca";
    for (own, domain) in [
        (OWN, "mine.example"),
        (Some("me@b\u{fc}cher.example"), "xn--bcher-kva.example"),
        (Some("anna"), "drafts.invalid"),
        (None, "drafts.invalid"),
    ] {
        let id = reply_id(&job, &mail, own).unwrap();
        assert_eq!(id.as_str(), format!("draft-{key}@{domain}"));
        assert_ne!(id, reply_id(&job, &other, own).unwrap());
    }
}

#[test]
fn nothing_and_nonsense_are_no_panic() {
    for mail in ["", "\0", "\r\n\r\n", "From: \u{1f980}@\u{1f980}\r\n\r\n"] {
        assert!(draft_of(mail, OWN).is_err(), "{mail:?}");
    }
}

#[test]
fn a_whole_draft_is_these_bytes() {
    let mail = "From: \"Lee, Ann\" <ann@x.example>\r\nTo: Me <me@mine.example>\r\n\
        Date: Fri, 07 Aug 2026 08:05:00 +0100\r\nSubject: Re: Lunch\r\nMessage-ID: <3@x>\r\n\
        References: <1@x>\r\n\r\nWhen?\r\n\tAt one?\r\n\r\n";
    let frame = frame_of(mail, OWN).unwrap();
    let at = Timestamp::from_second(1_700_000_000).unwrap();
    let text = "{{ first_name }}|{{ name }}|{{ address }}|{{ subject }}|{{ date }}\n\n";
    let letter = frame.filled(text, at).unwrap();
    let expected = "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n\
        From: Me <me@mine.example>\r\n\
        To: \"Lee, Ann\" <ann@x.example>\r\n\
        Message-ID: <draft-1@mine.example>\r\n\
        Subject: Re: Lunch\r\n\
        In-Reply-To: <3@x>\r\n\
        References: <1@x> <3@x>\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=\"utf-8\"\r\n\
        Content-Transfer-Encoding: 7bit\r\n\
        \r\n\
        Lee|Lee, Ann|ann@x.example|Lunch|2026-08-07 08:05\r\n\
        \r\n\
        Lee, Ann, 2026-08-07 08:05:\r\n\
        > When?\r\n\
        > \tAt one?\r\n";
    assert_eq!(String::from_utf8(letter.bytes).unwrap(), expected);
    assert_eq!(letter.id.as_str(), "draft-1@mine.example");
    assert_eq!(letter.envelope.from, "me@mine.example");
    assert_eq!(letter.envelope.to, "ann@x.example");
    assert_eq!(frame.id(), &letter.id);
}

#[test]
fn a_draft_says_what_it_knows_where_a_mail_tells_little() {
    let frame = frame_of("From: ann.lee@x.example\r\n\r\n\r\n", Some("anna")).unwrap();
    let text = "{{ first_name }}|{{ name }}|{{ address }}|{{ subject }}|{{ date }}\n";
    let letter = frame.filled(text, Timestamp::UNIX_EPOCH).unwrap();
    let draft = String::from_utf8(letter.bytes).unwrap();
    let expected = "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n\
        To: ann.lee@x.example\r\n\
        Message-ID: <draft-1@mine.example>\r\n\
        Subject: Re:\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=\"utf-8\"\r\n\
        Content-Transfer-Encoding: 7bit\r\n\
        \r\n\
        ann.lee|ann.lee|ann.lee@x.example||\r\n";
    assert_eq!(draft, expected);
    assert_eq!(letter.envelope.from, "", "it is not known");
    let quoted = frame_of("From: ann@x.example\r\n\r\nHi\r\n", OWN).unwrap();
    let said = quoted.saying("Yes.\n\n", Timestamp::UNIX_EPOCH).unwrap();
    let said = String::from_utf8(said.bytes).unwrap();
    assert!(
        said.ends_with("\r\n\r\nYes.\r\n\r\nann@x.example:\r\n> Hi\r\n"),
        "{said}"
    );
    for (text, why) in [
        ("{{ other }}", ItemReason::Unrenderable),
        ("{{ name", ItemReason::Internal),
    ] {
        let filled = frame.filled(text, Timestamp::UNIX_EPOCH);
        assert_eq!(filled.err(), Some(why), "{text}");
    }
}

#[test]
fn a_text_for_replies_is_looked_at_before_there_is_a_mail() {
    let checked = |text: &str| {
        check_reply("operation.text", text).map_err(|fault| {
            assert_eq!(fault.field, "operation.text");
            fault.message
        })
    };
    let all = "{{ name }}{{ first_name }}{{ address }}{{ subject }}{{ date }}";
    assert_eq!(checked(all), Ok(()));
    for (text, told) in [
        (" \n", "Has to say something."),
        ("{% if name == '' %}x{% endif %}", "Has to say something."),
        (
            "{{ amount }}",
            "Line 1: something is not there. A reply can say name, first_name, address, subject, date of a mail.",
        ),
        ("{{ 'x' * 9 }}", "Line 1: a template multiplies nothing."),
    ] {
        assert_eq!(checked(text), Err(told.to_owned()), "{text}");
    }
}

#[test]
fn as_much_is_quoted_as_may_be_and_no_more() {
    let quoted = |text: &str| {
        let mail = format!("From: a@x.example\r\n\r\n{text}");
        let by = Mailbox::read("a@x.example").unwrap();
        quote::quoted(&parsed(&mail), &by)
    };
    let lines = |count: usize| "line\n".repeat(count);
    let marked = "\n> line".repeat(100);
    assert_eq!(quoted(&lines(100)), format!("a@x.example:{marked}\n"));
    let more = format!("a@x.example:{marked}\n> […]\n");
    assert_eq!(quoted(&lines(101)), more);
    // Bytes of all lines count.
    let (half, rest) = ("a".repeat(4_000), "b".repeat(4_000));
    assert_eq!(
        quoted(&format!("{half}\n{rest}\n")),
        format!("a@x.example:\n> {half}\n> {rest}\n")
    );
    assert_eq!(
        quoted(&format!("{half}\n{rest}b\nc\n")),
        format!("a@x.example:\n> {half}\n> […]\n")
    );
    for nothing in ["", " \n\t\n"] {
        assert_eq!(quoted(nothing), "");
    }
}

#[test]
fn a_thread_is_named_by_as_many_ids_as_servers_take() {
    let references = |before: &[String], own: &str| {
        let all = before.join(" ");
        let mail = format!("From: a@x.example\r\nMessage-ID: {own}\r\nReferences: {all}\r\n\r\n");
        thread::references(&parsed(&mail))
    };
    let ids = |count: usize| -> Vec<String> { (1..=count).map(|id| format!("<{id}@x>")).collect() };
    assert_eq!(
        references(&ids(19), "<own@x>"),
        format!("{} <own@x>", ids(19).join(" "))
    );
    let mut kept = ids(20);
    kept.remove(1);
    assert_eq!(
        references(&ids(20), "<own@x>"),
        format!("{} <own@x>", kept.join(" "))
    );
    // Three of together 2,000 bytes with their brackets and blanks, and one byte more.
    let id = |sign: &str, bytes: usize| format!("<{}@x>", sign.repeat(bytes - "@x".len()));
    let (first, own) = (id("a", 800), id("c", 800));
    let fits = [first.clone(), id("b", 391)];
    assert_eq!(
        references(&fits, &own),
        format!("{first} {} {own}", fits[1])
    );
    let too_long = [first.clone(), id("b", 392)];
    assert_eq!(references(&too_long, &own), format!("{first} {own}"));
    // The mail's own id stands once, and what is no id nowhere.
    assert_eq!(
        references(&["<own@x>".to_owned(), "<1@x>".to_owned()], "<own@x>"),
        "<1@x> <own@x>"
    );
    let long = id("a", 901);
    assert_eq!(
        references(std::slice::from_ref(&long), "<own@x>"),
        "<own@x>"
    );
    assert_eq!(references(&[], &long), "");
    let longest = id("a", 900);
    assert_eq!(references(&[], &longest), longest);
    assert_eq!(references(&[], "<\u{fc}@x>"), "");
}

#[test]
fn what_says_in_a_subject_that_it_is_a_reply_is_known_in_many_languages() {
    let bare = |subject: &str| {
        let mail = format!("Subject: {subject}\r\n\r\n");
        thread::bare_subject(&parsed(&mail))
    };
    for said in [
        "Re:", "AW:", "Antw:", "SV:", "Odp:", "Ref:", "VS:", "Re :", "re[12]:", "Re(2):", "Re^2:",
        "Re*3:",
    ] {
        assert_eq!(bare(&format!("{said} Re: Lunch")), "Lunch", "{said}");
    }
    for other in ["Re[]: x", "Re[a]: x", "Re(2a): x", "Ree: x", "R: x", ": x"] {
        assert_eq!(bare(other), other);
    }
    assert_eq!(bare("=?utf-8?q?a=00b=09_c?="), "a b c");
    let longest = "s".repeat(SUBJECT_BYTES - "Re: ".len());
    assert_eq!(bare(&longest), longest);
    assert_eq!(bare(&format!("{longest}s")), longest);
    let wide = "ü".repeat(SUBJECT_BYTES);
    assert_eq!(bare(&wide).len(), SUBJECT_BYTES - 4);
}

#[test]
fn whoever_names_many_to_answer_gets_the_first_of_them() {
    let all: String = (1..=11)
        .map(|number| format!("p{number}@x.example, "))
        .collect();
    let answered = to(&format!("From: a@x.example\r\nReply-To: {all}")).unwrap();
    assert!(answered.ends_with(", p10@x.example"), "{answered}");
    assert_eq!(answered.matches('@').count(), 10);
    let longest = "n".repeat(NAME_BYTES);
    let name = |name: &str| {
        let mail = format!("From: {name} <a@x.example>\r\n\r\n");
        frame_of(&mail, OWN).unwrap().values["name"].clone()
    };
    assert_eq!(name(&longest), longest);
    assert_eq!(name(&format!("{longest}n")), longest);
    assert_eq!(name("=?utf-8?q?a=00b=09_c?="), "a b c");
}

#[test]
fn every_sign_of_a_list_or_a_program_is_known() {
    use ItemReason::{NobodyToAnswer, OfAList, OfAProgram};
    for header in [
        "List-Id: <l.x>",
        "List-Post: NO",
        "List-Help: <mailto:h@x>",
        "List-Unsubscribe: <mailto:u@x>",
        "Mailing-List: l",
        "X-Mailing-List: l",
        "X-BeenThere: l@x",
        "Precedence: list",
        "Precedence: bulk",
        "Precedence: JUNK",
    ] {
        assert_eq!(
            to(&format!("From: a@x.example\r\n{header}")),
            Err(OfAList),
            "{header}"
        );
    }
    for header in [
        "X-Autoreply: yes",
        "X-Autorespond: yes",
        "X-Failed-Recipients: b@x.example",
        "Auto-Submitted: no\r\nAuto-Submitted: auto-replied",
        "Content-Type: Multipart/Report; boundary=b",
    ] {
        assert_eq!(
            to(&format!("From: a@x.example\r\n{header}")),
            Err(OfAProgram),
            "{header}"
        );
    }
    for header in [
        "Precedence: first-class",
        "Auto-Submitted: no; because",
        "Return-Path: <a@x.example>",
        "Content-Type: multipart/mixed; boundary=b",
        "Content-Type: text/report",
    ] {
        assert!(
            to(&format!("From: a@x.example\r\n{header}")).is_ok(),
            "{header}"
        );
    }
    for local in [
        "NoReplies",
        "do-not-reply",
        "dont_reply",
        "nicht.antworten",
        "keine-antwort",
        "ne-pas-repondre",
        "no+responder",
        "mailer-daemon",
        "bounces",
        "bounce",
        "shop.bounces+7",
        "noreply2",
    ] {
        assert_eq!(
            to(&format!("From: {local}@x.example")),
            Err(NobodyToAnswer),
            "{local}"
        );
    }
    for local in ["bouncer", "answer", "reply", "no", "noah.reply", "norepl"] {
        let address = format!("{local}@x.example");
        assert_eq!(to(&format!("From: {address}")), Ok(address));
    }
}

#[test]
fn an_account_is_known_by_its_address_alone() {
    let is_from = |from: &str, own: Option<&str>| {
        let mail = format!("From: {from}\r\n\r\n");
        whom::is_from(&parsed(&mail), own)
    };
    for (from, own, is) in [
        ("me@mine.example", Some("me@mine.example"), true),
        (
            "a@x.example, ME@Mine.example",
            Some(" me@mine.example "),
            true,
        ),
        // What the account itself has behind a plus is a part of it.
        ("me+shop@mine.example", Some("me+shop@mine.example"), true),
        ("me@mine.example", Some("me+shop@mine.example"), false),
        ("me@other.example", Some("me@mine.example"), false),
        ("you@mine.example", Some("me@mine.example"), false),
        ("me@mine.example", Some("me"), false),
        ("me@mine.example", None, false),
    ] {
        assert_eq!(is_from(from, own), is, "{from} {own:?}");
    }
}
