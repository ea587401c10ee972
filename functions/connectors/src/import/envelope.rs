//! What a listing and a search need of a message, read leniently: real mail breaks every rule.

use std::collections::BTreeSet;

use jiff::Timestamp;
use mail_parser::{Address, Message, MessageParser};

use super::{Fault, Imported, Problem};
use crate::attachments::{has_file, structure};

/// A message's headers and the beginning of its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The sender as written: name and address.
    pub sender: String,
    /// The sender's bare address; `MAILER-DAEMON` if there is none.
    pub address: String,
    /// Recipients as written.
    pub recipients: String,
    /// The subject, decoded.
    pub subject: String,
    /// When it was sent, if the message says.
    pub sent: Option<Timestamp>,
    /// The text, decoded.
    pub text: String,
    /// Whether a file is attached; none: it is encrypted, so it cannot be told.
    pub has_attachment: Option<bool>,
    /// Whether it was read, as far as headers say.
    pub seen: bool,
    /// Whether it has a star, as far as headers say.
    pub starred: bool,
    /// The folder it belongs to.
    pub folder: &'static str,
    /// Labels, as far as headers say.
    pub labels: BTreeSet<String>,
}

/// Characters of the text that are kept: search looks at fewer.
const TEXT_CHARS: usize = 10_000;
/// Recipients that are kept.
const RECIPIENTS: usize = 20;

impl Imported {
    /// Reads the message's headers and text.
    pub fn envelope(&self) -> Result<Envelope, Problem> {
        let message = MessageParser::default()
            .parse(&self.raw)
            .filter(has_header)
            .ok_or_else(|| Problem {
                place: self.place.clone(),
                fault: Fault::NoHeader,
            })?;
        Ok(read(&message))
    }
}

/// Whether anything is named as a header is: the parser takes a line of prose for one too.
fn has_header(message: &Message<'_>) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    message.headers_raw().any(|(name, _)| is_name(name))
}

fn read(message: &Message<'_>) -> Envelope {
    let from = message.from().and_then(Address::first);
    let text = message.body_text(0).unwrap_or_default();
    let google = header(message, "X-Gmail-Labels").map(Google::read);
    let status = header(message, "Status").unwrap_or_default();
    let extended = header(message, "X-Status").unwrap_or_default();
    Envelope {
        sender: from.map(shown).unwrap_or_default(),
        address: from
            .and_then(|from| from.address())
            .unwrap_or("MAILER-DAEMON")
            .to_owned(),
        recipients: recipients(message),
        subject: message.subject().unwrap_or_default().to_owned(),
        sent: message
            .date()
            .and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()),
        text: text.chars().take(TEXT_CHARS).collect(),
        has_attachment: has_file(&structure(message)),
        seen: google
            .as_ref()
            .map_or(status.contains('R'), |labels| labels.seen),
        starred: google
            .as_ref()
            .map_or(extended.contains('F'), |labels| labels.starred),
        folder: google.as_ref().map_or("INBOX", |labels| labels.folder),
        labels: google.map(|labels| labels.labels).unwrap_or_default(),
    }
}

fn header(message: &Message<'_>, name: &str) -> Option<String> {
    message
        .header_raw(name)
        .map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn recipients(message: &Message<'_>) -> String {
    let shown: Vec<String> = [message.to(), message.cc(), message.bcc()]
        .into_iter()
        .flatten()
        .flat_map(Address::iter)
        .take(RECIPIENTS)
        .map(shown)
        .collect();
    shown.join(", ")
}

fn shown(party: &mail_parser::Addr<'_>) -> String {
    match (party.name(), party.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// What Google Takeout keeps of a mail's place: `X-Gmail-Labels: Inbox,Unread,Some label`.
struct Google {
    seen: bool,
    starred: bool,
    folder: &'static str,
    labels: BTreeSet<String>,
}

impl Google {
    fn read(text: String) -> Self {
        let mut place = Self {
            seen: true,
            starred: false,
            folder: "Archive",
            labels: BTreeSet::new(),
        };
        for label in text.split(',').map(|label| label.trim_matches([' ', '"'])) {
            match label {
                "Unread" => place.seen = false,
                "Starred" => place.starred = true,
                "Inbox" => place.folder = "INBOX",
                "Sent" => place.folder = "Sent",
                "Drafts" => place.folder = "Drafts",
                "Spam" => place.folder = "Spam",
                "Trash" => place.folder = "Trash",
                "Opened" | "Archived" | "Important" => {}
                other => place.labels.extend(label_here(other)),
            }
        }
        place
    }
}

/// A label as this program takes it (see `Operation::validate`); none where nothing is left.
fn label_here(label: &str) -> Option<String> {
    if label.starts_with(['=', '\\', '$']) || !label.is_ascii() {
        return None;
    }
    let label: String = label
        .chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() || "-_./".contains(c) => c,
            _ => '-',
        })
        .take(100)
        .collect();
    label
        .chars()
        .any(|c| c.is_ascii_alphanumeric())
        .then_some(label)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::import::Place;

    fn envelope(raw: &[u8]) -> Result<Envelope, Problem> {
        Imported {
            place: Place::File("x".into()),
            raw: raw.to_vec(),
            received: None,
            flags: Vec::new(),
        }
        .envelope()
    }

    #[test]
    fn reads_encoded_headers_and_text() {
        let read = envelope(
            b"From: =?utf-8?B?Wm/DqyBGaXNjaGVy?= <zoe@example.org>\r\nTo: a@example.com, B <b@example.com>\r\n\
              Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\nDate: Thu, 1 Jan 2026 10:00:00 +0100\r\nStatus: RO\r\nX-Status: F\r\n\
              Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSch=C3=B6n\r\n",
        )
        .unwrap();
        assert_eq!(read.sender, "Zoë Fischer <zoe@example.org>");
        assert_eq!(read.address, "zoe@example.org");
        assert_eq!(read.recipients, "a@example.com, B <b@example.com>");
        assert_eq!(read.subject, "Grüße");
        assert_eq!(read.sent, Some("2026-01-01T09:00:00Z".parse().unwrap()));
        assert_eq!(read.text.trim(), "Schön");
        assert!(read.seen && read.starred && read.has_attachment == Some(false));
        assert_eq!(read.folder, "INBOX");
    }

    #[test]
    fn reads_what_google_keeps() {
        let read = envelope(
            b"From: a@example.com\r\nX-Gmail-Labels: Archived,Unread,Starred,\r\n My trips,Work/A\r\n\r\nx",
        )
        .unwrap();
        assert!(!read.seen && read.starred);
        assert_eq!(read.folder, "Archive");
        assert_eq!(
            read.labels,
            BTreeSet::from(["My-trips".into(), "Work/A".into()])
        );
    }

    #[test]
    fn broken_headers_are_read_as_far_as_they_go() {
        let read =
            envelope(b"From: \xff\xfe broken <\r\nSubject: caf\xe9\r\nDate: never\r\n\r\nbody")
                .unwrap();
        assert!(read.subject.starts_with("caf"));
        assert_eq!(read.sent, None);
        assert_eq!(
            envelope(b"no header here").err().map(|p| p.fault),
            Some(Fault::NoHeader)
        );
    }
}
