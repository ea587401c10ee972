//! What a listing and a search need of a message, read leniently: real mail breaks every rule.

use std::collections::BTreeSet;

use jiff::Timestamp;
use mail_parser::MessageParser;

use super::message_state::States;
use super::recognised::Form;
use super::{Fault, Imported, Problem};
use crate::attachments::{has_file, structure};
use crate::headers::{self, Shown};

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
    /// The folder it belongs to.
    pub folder: String,
    /// System flags, and keywords that programs set for one another.
    pub flags: BTreeSet<String>,
    /// Labels as they are written: not all of them can be kept so.
    pub labels: BTreeSet<String>,
    /// In which forms states and labels were kept.
    pub forms: BTreeSet<Form>,
}

/// Characters of the text that are kept: search looks at fewer.
const TEXT_CHARS: usize = 10_000;
/// Recipients that are kept: a search for one of them has to find the mail.
const RECIPIENTS: usize = 1_000;

impl Imported {
    /// Reads the message's headers and text.
    pub fn envelope(&self) -> Result<Envelope, Problem> {
        self.read().map_err(|fault| Problem {
            place: self.place.clone(),
            fault,
        })
    }

    fn read(&self) -> Result<Envelope, Fault> {
        let raw = without_separator(&self.raw);
        let header = headers::header_of(raw);
        if is_servers_own(header) {
            return Err(Fault::ServersOwn);
        }
        let mut states = self.states(header);
        // A file of its own may have been deleted once and be kept all the same; in an mbox, deleted
        // messages lie until somebody tidies up.
        if states.deleted && self.place.is_in_mbox() {
            return Err(Fault::Deleted);
        }
        // The parser takes a line of prose for a header too.
        let has_header = headers::fields(header).next().is_some();
        let message = MessageParser::default().parse(raw).filter(|_| has_header);
        let shown = match &message {
            Some(_) => headers::shown(header, RECIPIENTS),
            // It stands between two separators, so it is a message, if an odd one.
            None if self.place.is_in_mbox() => {
                states.forms.insert(Form::NoHeader);
                Shown::default()
            }
            None => return Err(Fault::NoHeader),
        };
        let text = match &message {
            Some(message) => message.body_text(0).unwrap_or_default(),
            None => String::from_utf8_lossy(raw),
        };
        let folder = states.folder.map(str::to_owned).or(self.folder.clone());
        Ok(Envelope {
            sender: shown.from,
            address: shown.address.unwrap_or_else(|| "MAILER-DAEMON".to_owned()),
            recipients: shown.to,
            subject: shown.subject,
            sent: shown.sent,
            text: text.chars().take(TEXT_CHARS).collect(),
            has_attachment: match &message {
                Some(message) => has_file(&structure(message)),
                None => Some(false),
            },
            folder: folder.unwrap_or_else(|| "INBOX".to_owned()),
            flags: states.flags,
            labels: states.labels,
            forms: states.forms,
        })
    }

    /// What its header tells, and what is told beside it.
    fn states(&self, header: &[u8]) -> States {
        let mut states = match self.state_told {
            true => States::default(),
            false => States::read(header),
        };
        states.flags.extend(self.flags.iter().cloned());
        for keyword in &self.keywords {
            states.keyword(keyword);
        }
        states
    }
}

/// The message without a separator of some earlier mailbox before its first field, quoted or not: it tells
/// nothing, and is no field. It is kept, but not read.
fn without_separator(raw: &[u8]) -> &[u8] {
    let line = raw.split_inclusive(|&byte| byte == b'\n').next();
    let line = line.unwrap_or_default();
    let bare = line.strip_prefix(b">").unwrap_or(line);
    match bare.starts_with(b"From ") {
        true => raw.get(line.len()..).unwrap_or_default(),
        false => raw,
    }
}

/// The first message of a folder that UW-IMAP or Pine kept, which holds the folder's own numbers.
fn is_servers_own(header: &[u8]) -> bool {
    let subject = headers::field(header, "Subject").unwrap_or_default();
    headers::field(header, "X-IMAP").is_some()
        && subject.starts_with(b"DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::import::Place;

    fn envelope(raw: &[u8]) -> Result<Envelope, Problem> {
        Imported::new(Place::File("x".into()), raw.to_vec()).envelope()
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
        let flags: Vec<_> = read.flags.into_iter().collect();
        assert_eq!(flags, ["\\Flagged", "\\Seen"]);
        assert_eq!(read.has_attachment, Some(false));
        assert_eq!(read.folder, "INBOX");
    }

    #[test]
    fn reads_what_google_keeps() {
        let read = envelope(
            b"From: a@example.com\r\nX-Gmail-Labels: Archived,Unread,Starred,\r\n My trips,Work/A\r\n\r\nx",
        )
        .unwrap();
        assert_eq!(read.flags, BTreeSet::from(["\\Flagged".into()]));
        assert_eq!(read.folder, "Archive");
        assert_eq!(
            read.labels,
            BTreeSet::from(["My trips".into(), "Work/A".into()])
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
        assert!(envelope(b"Subject: caf\xe9\r\n\r\n").is_ok_and(|read| read.subject == "café"));
    }

    #[test]
    fn every_recipient_is_there_to_be_found() {
        let to: Vec<String> = (0..200).map(|n| format!("person{n}@example.org")).collect();
        let raw = format!("Subject: a\nTo: {}\n\nx", to.join(",\n "));
        let read = envelope(raw.as_bytes()).unwrap();
        assert!(read.recipients.ends_with("person199@example.org"));
    }

    #[test]
    fn what_stands_between_two_separators_is_kept_without_a_header_too() {
        let place = Place::Mbox {
            number: 2,
            offset: 9,
        };
        let read = Imported::new(place, b"no header here".to_vec())
            .envelope()
            .unwrap();
        assert_eq!(read.text, "no header here");
        assert!(read.forms.contains(&Form::NoHeader));
    }

    #[test]
    fn deleted_ones_and_the_servers_own_are_left_out() {
        let in_mbox = |raw: &[u8]| {
            let place = Place::Mbox {
                number: 1,
                offset: 0,
            };
            Imported::new(place, raw.to_vec())
                .envelope()
                .err()
                .map(|problem| problem.fault)
        };
        let deleted = b"X-Mozilla-Status: 0009\nSubject: a\n\nx";
        assert_eq!(in_mbox(deleted), Some(Fault::Deleted));
        assert!(envelope(deleted).is_ok());
        assert_eq!(
            in_mbox(
                b"Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nx"
            ),
            Some(Fault::ServersOwn)
        );
    }

    #[test]
    fn a_state_told_beside_the_message_is_newer_than_the_headers() {
        let mail = Imported {
            state_told: true,
            flags: vec!["\\Flagged".into()],
            keywords: vec!["work".into(), "$label1".into()],
            ..Imported::new(
                Place::File("x".into()),
                b"Status: RO\nSubject: a\n\nx".to_vec(),
            )
        };
        let read = mail.envelope().unwrap();
        assert_eq!(
            read.flags,
            BTreeSet::from(["$label1".into(), "\\Flagged".into()])
        );
        assert_eq!(read.labels, BTreeSet::from(["work".into()]));
    }
}
