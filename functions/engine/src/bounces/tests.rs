#![allow(clippy::unwrap_used, clippy::panic)]
//! Reports in the forms that servers write them, whole and damaged. Those of other mailers' bug reports among them.

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
