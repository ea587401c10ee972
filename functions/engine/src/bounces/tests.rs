#![allow(clippy::unwrap_used, clippy::panic)]
//! Reports in the forms that servers write them, whole and damaged. Those of other mailers' bug reports among them.

#[cfg(feature = "testing")]
mod staged;

use bulkhead_shared::outcome::ItemReason;

use super::matching::named;
use super::report::{self, Report};
use super::verdict::{Verdict, judge};

/// The job and the place that all samples are about, and the address.
const JOB: &str = "snd_01m8asr3x1xrdbg3zrw61havs4";
const PLACE: u64 = 3;
const ADDRESS: &str = "bo@example.net";

macro_rules! samples {
    ($($name:literal),+) => { [$(($name, include_str!(concat!("../../tests/reports/", $name, ".eml"))),)+] };
}

/// Reports of a mail that came back.
const CAME_BACK: [(&str, &str); 11] = samples![
    "exim",
    "exim-local",
    "exim-text",
    "postfix",
    "exchange",
    "exchange-text",
    "gmail",
    "qmail",
    "smartermail",
    "restricted",
    "complaint"
];
/// What is none.
const DID_NOT: [(&str, &str); 3] = samples!["exim-delayed", "exchange-delayed", "vacation"];

fn sample(name: &str) -> &'static str {
    let mut named = CAME_BACK.iter().filter(|(known, _)| *known == name);
    named.next().unwrap().1
}

/// The job and place that a report is about in a world in which each place of this job has an address of its own.
fn matched(report: &Report) -> Option<(String, u64)> {
    let ids = report.message_ids.iter().filter_map(|id| named(id));
    let mut sent = ids.filter(|(job, number)| job.as_str() == JOB && *number < 10);
    let found = sent.find(|(_, number)| {
        let address = match *number {
            PLACE => ADDRESS.to_owned(),
            other => format!("other{other}@example.net"),
        };
        report.of(&address).is_some()
    });
    found.map(|(job, number)| (job.to_string(), number))
}

fn told(name: &str) -> (ItemReason, bool, String) {
    let report = report::read(sample(name).as_bytes()).unwrap();
    let failure = report.of(ADDRESS).unwrap();
    let Verdict { reason, for_good } = judge(failure.status, &failure.said);
    (reason, for_good, failure.said.clone())
}

#[test]
fn bounces_of_every_server_lead_to_their_mail() {
    for (name, sample) in CAME_BACK {
        for line_end in ["\n", "\r\n"] {
            let sample = sample.replace('\n', line_end);
            let report = report::read(sample.as_bytes());
            let report = report.unwrap_or_else(|| panic!("{name} is none"));
            assert_eq!(
                matched(&report),
                Some((JOB.to_owned(), PLACE)),
                "{name}: {report:?}"
            );
            assert!(
                report.of("other4@example.net").is_none(),
                "{name} is about one"
            );
        }
    }
}

#[test]
fn bounces_are_no_delays_and_no_replies() {
    for (name, sample) in DID_NOT {
        let report = report::read(sample.as_bytes());
        assert!(report.is_none(), "{name}: {report:?}");
    }
}

#[test]
fn bounces_tell_why_and_whether_that_is_for_good() {
    use ItemReason::{AgainstRules, NoSuchRecipient, RecipientFull};
    for (name, reason, for_good, words) in [
        (
            "exim",
            NoSuchRecipient,
            true,
            "550 5.1.1 <bo@example.net>: Recipient address",
        ),
        ("exim-local", NoSuchRecipient, true, "Unrouteable address"),
        (
            "exim-text",
            NoSuchRecipient,
            true,
            "SMTP error from remote mail server",
        ),
        (
            "postfix",
            NoSuchRecipient,
            true,
            "554 delivery error: dd This user",
        ),
        (
            "exchange",
            NoSuchRecipient,
            true,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound",
        ),
        (
            "exchange-text",
            RecipientFull,
            false,
            "The recipient's mailbox is full",
        ),
        (
            "gmail",
            NoSuchRecipient,
            true,
            "550-5.1.1 The email account that you tried",
        ),
        (
            "qmail",
            NoSuchRecipient,
            true,
            "192.0.2.25 does not like recipient.",
        ),
        (
            "smartermail",
            NoSuchRecipient,
            true,
            "Reason: Remote host said: 550 5.1.1",
        ),
        (
            "restricted",
            AgainstRules,
            false,
            "550 5.7.133 RESOLVER.RST",
        ),
    ] {
        let (why, gone, said) = told(name);
        assert_eq!((why, gone), (reason, for_good), "{name}: {said}");
        assert!(said.starts_with(words), "{name}: {said}");
    }
    let report = report::read(sample("complaint").as_bytes()).unwrap();
    assert!(report.of(ADDRESS).unwrap().is_complaint);
}

#[test]
fn bounces_that_name_another_address_are_about_nobody_here() {
    for (name, sample) in CAME_BACK {
        let forged = sample.replace("bo@example.net", "eve@evil.example");
        let forged = forged.replace("Bo@Example.NET", "eve@evil.example");
        if let Some(report) = report::read(forged.as_bytes()) {
            assert_eq!(matched(&report), None, "{name}");
        }
    }
}

/// Numbers that are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }
}

/// The same with some bytes changed, a piece cut out or doubled, or a piece of another one put in.
fn damaged(sample: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        let end = (at + 1 + dice.below(200)).min(bytes.len());
        match dice.below(5) {
            0 => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at.max(1)),
            3 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let from = dice.below(other.len());
                let to = (from + dice.below(200)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// What is read of it; none where mail-parser stops at one of the checks of itself that only builds for tests have.
/// There it goes on with what it has otherwise.
fn read_damaged(bytes: &[u8]) -> Option<Report> {
    const ITS_CHECKS: [&str; 3] = [
        "Invalid part ID, could not find",
        "Failed to restore parent message",
        "This should not have happened",
    ];
    std::panic::catch_unwind(|| report::read(bytes)).unwrap_or_else(|stopped| {
        let words = stopped.downcast_ref::<&str>().copied().unwrap_or_default();
        assert!(
            ITS_CHECKS.iter().any(|check| words.starts_with(check)),
            "{words}"
        );
        None
    })
}

#[test]
fn bounces_that_are_damaged_lead_to_their_mail_or_to_none() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let all: Vec<&str> = CAME_BACK
        .iter()
        .chain(&DID_NOT)
        .map(|(_, it)| *it)
        .collect();
    let (mut found, mut lost) = (0, 0);
    for round in 0..6_000 {
        let sample = all[round % all.len()];
        let other = all[dice.below(all.len())];
        let bytes = damaged(sample.as_bytes(), other.as_bytes(), &mut dice);
        match read_damaged(&bytes).as_ref().and_then(matched) {
            Some(mail) => {
                assert_eq!(mail, (JOB.to_owned(), PLACE));
                found += 1;
            }
            None => lost += 1,
        }
    }
    assert!(
        found > 1_000 && lost > 1_000,
        "both happen: {found}, {lost}"
    );
}

#[test]
fn bounces_may_be_anything_at_all() {
    let mut dice = Dice(7);
    for length in 0..600 {
        let bytes: Vec<u8> = (0..length)
            .map(|_| u8::try_from(dice.below(256)).unwrap())
            .collect();
        assert!(report::read(&bytes).is_none());
    }
    let long = format!(
        "From: mailer-daemon@x\n\n{}",
        "could not be delivered a@b.example\n".repeat(50_000)
    );
    assert!(report::read(long.as_bytes()).is_none());
}

/// A report with these fields of each recipient, and this text before them.
fn with_fields(text: &str, fields: &str, beside: &str) -> String {
    format!(
        "From: reports@x.example\nMIME-Version: 1.0\n{beside}Content-Type: multipart/report; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\n{text}\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{fields}\n\
         --b\nContent-Type: text/rfc822-headers\n\n\
         Message-ID: <{JOB}.{PLACE}@example.org>\nTo: Bo <{ADDRESS}>\n\n--b--\n"
    )
}

fn read(text: &str) -> Option<Report> {
    report::read(text.as_bytes())
}

#[test]
fn bounces_name_who_failed_by_their_fields() {
    let said = |fields: &str| {
        let report = read(&with_fields("It failed.", fields, ""))?;
        Some(report.of(ADDRESS)?.said.clone())
    };
    let failed = format!("Final-Recipient: rfc822; {ADDRESS}\nDiagnostic-Code: smtp; 550 no");
    for (more, tells) in [
        ("Action: failed", true),
        ("Action: Failed (over quota)", true),
        ("Action: delayed\nStatus: 5.1.1", false),
        ("Action: relayed", false),
        ("Status: 5.1.1", true),
        ("Status: 4.1.1", false),
        ("X: y", false),
    ] {
        let told = said(&format!("{failed}\n{more}"));
        assert_eq!(told.as_deref(), tells.then_some("550 no"), "{more}");
    }
    assert_eq!(
        said("Action: failed\nStatus: 5.1.1"),
        None,
        "it names nobody"
    );
    let original = "Original-Recipient: rfc822; BO@example.net\nFinal-Recipient: rfc822; x@y.example\nAction: failed\n\
        Diagnostic-Code: no more";
    assert_eq!(said(original).as_deref(), Some("no more"));
    // Where the fields do not tell why, the text below the address does.
    let silent = format!("Final-Recipient: rfc822; {ADDRESS}\nAction: failed");
    let report = read(&with_fields(
        &format!("For <{ADDRESS}>:\n550 nobody of this name\n\nBye"),
        &silent,
        "",
    ));
    let report = report.unwrap();
    assert_eq!(report.of(ADDRESS).unwrap().said, "550 nobody of this name");
    let report = read(&with_fields("For bo", &silent, "")).unwrap();
    assert_eq!(report.of(ADDRESS).unwrap().said, "");
}

#[test]
fn bounces_of_a_mail_that_was_sent_on_are_about_whom_it_was_for() {
    let on = |address: &str| {
        format!("Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n\n")
    };
    let one = read(&with_fields("-", &on("on@other.example"), "")).unwrap();
    assert!(one.of(ADDRESS).is_some());
    assert!(one.of("on@other.example").is_some());
    assert!(one.of("eve@example.net").is_none());
    // Of two nobody knows which.
    let fields = on("on@other.example") + &on("an@other.example");
    let two = read(&with_fields("-", &fields, "")).unwrap();
    assert!(two.of(ADDRESS).is_none());
    assert!(two.of("an@other.example").is_some());
}

#[test]
fn bounces_name_their_mail_in_many_places() {
    let of_nobody = |text: String| {
        let named = format!("\n\nMessage-ID: <{JOB}.{PLACE}@example.org>\n");
        text.replace(&named, "\n\n")
    };
    let failed = format!("Final-Recipient: rfc822; {ADDRESS}\nAction: failed");
    let id = format!("<{JOB}.{PLACE}@example.org>");
    for beside in [
        format!("In-Reply-To: {id}\n"),
        format!("References: <1@x>\n {id}\n"),
        format!("X-Original-Message-ID: {id}\n"),
    ] {
        let report = read(&of_nobody(with_fields("-", &failed, &beside))).unwrap();
        assert_eq!(matched(&report), Some((JOB.to_owned(), PLACE)), "{beside}");
    }
    for field in ["Original-Message-ID", "X-Original-Message-ID"] {
        let fields = format!("{failed}\n{field}: {id}");
        let report = read(&of_nobody(with_fields("-", &fields, ""))).unwrap();
        assert_eq!(matched(&report), Some((JOB.to_owned(), PLACE)), "{field}");
    }
    assert!(read(&of_nobody(with_fields("-", &failed, ""))).is_none());
    // The first twenty of them are looked at: the mail that came back stands before what the header names.
    let references = |ids: usize| {
        let others = "<other@x> ".repeat(ids);
        let beside = format!("References: {others}{id}\n");
        read(&of_nobody(with_fields("-", &failed, &beside))).unwrap()
    };
    assert!(matched(&references(19)).is_some());
    assert_eq!(matched(&references(20)), None);
}

#[test]
fn bounces_tell_of_a_hundred_recipients() {
    let fields = |others: usize| {
        let others = "Final-Recipient: rfc822; o@x.example\nAction: failed\n\n".repeat(others);
        format!("{others}Final-Recipient: rfc822; {ADDRESS}\nAction: failed")
    };
    let told = |others: usize| {
        let report = read(&with_fields("-", &fields(others), "")).unwrap();
        report.of(ADDRESS).is_some()
    };
    assert!(told(99));
    assert!(!told(100));
}

#[test]
fn complaints_are_those_of_abuse_and_say_nothing() {
    let complaint = sample("complaint");
    for kind in ["fraud", "not-spam", "abused"] {
        let other = complaint.replace("Feedback-Type: abuse", &format!("Feedback-Type: {kind}"));
        assert!(read(&other).is_none(), "{kind}");
    }
    let shouted = read(&complaint.replace("Type: abuse", "Type: ABUSE")).unwrap();
    let failure = shouted.of(ADDRESS).unwrap();
    assert!(failure.is_complaint && failure.said.is_empty());
    // Whom the mail was for is told by its header alone.
    let hidden = read(&complaint.replace("Original-Rcpt-To", "X-Hidden")).unwrap();
    assert!(hidden.of(ADDRESS).unwrap().is_complaint);
    let failed = format!("Final-Recipient: rfc822; {ADDRESS}\nAction: failed");
    let report = read(&with_fields("-", &failed, "")).unwrap();
    assert!(!report.of(ADDRESS).unwrap().is_complaint);
}

#[test]
fn texts_alone_are_believed_only_of_servers() {
    let text = |header: &str, words: &str| {
        format!(
            "{header}\nTo: ann@example.org\n\n{words}\n\n{ADDRESS}\n550 no such user\n\n\
            --- Below this line is a copy of the message.\n\nMessage-ID: <{JOB}.{PLACE}@example.org>\n"
        )
    };
    let failed = "It could not be delivered.";
    for from in [
        "mailer-daemon",
        "mail-daemon",
        "MAILDAEMON",
        "postmaster",
        "mdaemon",
        "MicrosoftExchange329e71",
    ] {
        let report = read(&text(&format!("From: <{from}@x.example>"), failed)).unwrap();
        assert_eq!(matched(&report), Some((JOB.to_owned(), PLACE)), "{from}");
        let failure = report.of(ADDRESS).unwrap();
        assert_eq!(
            (failure.said.as_str(), failure.is_complaint),
            ("550 no such user", false)
        );
    }
    for header in [
        "From: a@x.example\nReturn-Path: <>",
        "From: a@x.example\nX-Failed-Recipients: bo@example.net",
    ] {
        assert!(read(&text(header, failed)).is_some(), "{header}");
    }
    for header in [
        "From: a@x.example",
        "From: my-postmaster@x.example\nReturn-Path: <a@x.example>",
    ] {
        assert!(read(&text(header, failed)).is_none(), "{header}");
    }
    let server = "From: postmaster@x.example";
    for words in [
        "It was read.",
        "It could not be delivered yet and will be retried.",
    ] {
        assert!(read(&text(server, words)).is_none(), "{words}");
    }
    assert!(read(&text(server, "It couldn\u{2019}t be delivered.")).is_some());
    // Whom it names only in its header, and in the mail that came back.
    let elsewhere = "X-Failed-Recipients: eve@x.example, bo@example.net\n\nIt could not be delivered: 550 5.1.1 no\n";
    let copy = format!(
        "Original message follows\n> Message-ID:\n>  <{JOB}.{PLACE}@example.org>\n> To: Bo <bo@example.net>\n"
    );
    let report = read(&format!("{elsewhere}\n{copy}")).unwrap();
    assert_eq!(matched(&report), Some((JOB.to_owned(), PLACE)));
    assert_eq!(
        report.of(ADDRESS).unwrap().said,
        "It could not be delivered: 550 5.1.1 no"
    );
    assert!(report.of("eve@x.example").is_some());
    let unnamed = format!("Return-Path: <>\n\nIt could not be delivered.\n\n{copy}");
    assert!(read(&unnamed).unwrap().of(ADDRESS).is_some(), "sent on");
}

#[test]
fn what_a_server_said_is_found_near_the_address_and_kept_short() {
    let said = |words: &str| super::text::said_of(words, ADDRESS);
    for (words, found) in [
        ("", None),
        (
            "To Bo@Example.net:\n 550 no\n such user \n\nBye",
            Some("550 no such user"),
        ),
        (
            "<bo@example.net>: 550 no such user",
            Some("<bo@example.net>: 550 no such user"),
        ),
        ("<bo@example.net>:", None),
        ("bo@example.net failed", None),
        ("bo@example.net550", None),
        ("bo@example.net\n\nbo@example.net:\n550 no", Some("550 no")),
        ("Original message follows\nbo@example.net\n550 no", None),
    ] {
        assert_eq!(said(words).as_deref(), found, "{words}");
    }
    let line = |lines: usize| format!("{}{ADDRESS}\n550 no", "x\n".repeat(lines));
    assert!(said(&line(1_998)).is_some());
    assert_eq!(said(&line(2_000)), None);
    let shortened = super::text::shortened;
    assert_eq!(shortened(" a \n\tb\u{7}  c "), "a b c");
    assert_eq!(shortened(&"ü".repeat(301)), "ü".repeat(300));
}

#[test]
fn addresses_in_a_text_are_each_named_once() {
    let told = |text: &str| super::text::read(text).recipients;
    assert_eq!(
        told(
            "<a@x.example>, (mailto:b@x.example). a@x.example: \"c@x.example\"; @ d@ 'e@x.example'"
        ),
        ["a@x.example", "b@x.example", "c@x.example", "e@x.example"]
    );
    let many: String = (0..51).map(|n| format!("p{n}@x.example\n")).collect();
    let told = told(&many);
    assert_eq!(
        (told.len(), told.last().map(String::as_str)),
        (50, Some("p49@x.example"))
    );
    // The text tells why where nothing stands below an address.
    let told = super::text::read("It failed.\nThe server said 5.1.1 no.\nAnd 5.2.2.\n");
    assert_eq!(told.said, "The server said 5.1.1 no.");
    assert_eq!(told.message_ids, Vec::<String>::new());
}
