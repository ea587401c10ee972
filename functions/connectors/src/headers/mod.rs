//! What a list shows of a message's header, and how its fields are read: leniently, because real mail
//! breaks every rule, and in one place, so that a mailbox on a server and a copy of it in the sandbox
//! show and find the same.

mod encodings;
mod folding;
mod sender;
mod words;

use jiff::Timestamp;
use mail_parser::{Addr, Address, HeaderName, HeaderValue, Message, MessageParser};

pub(crate) use bulkhead_engine::header::header_of;
#[cfg(feature = "sandbox")]
pub(crate) use bulkhead_engine::header::{field, fields, is_name};
pub(crate) use sender::{FIELDS, Sender, sender};
#[cfg(feature = "sandbox")]
pub(crate) use words::decode;

/// Characters of a subject or a name that are read; more helps nobody and may be hostile.
const FIELD_CHARS: usize = 2_000;

/// The fields that a list shows, decoded.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The sender as written: name and address.
    pub(crate) from: String,
    /// The sender's bare address.
    pub(crate) address: Option<String>,
    /// Recipients as written: To, Cc, Bcc.
    pub(crate) to: String,
    pub(crate) subject: String,
    /// When it was sent.
    pub(crate) sent: Option<Timestamp>,
}

/// Reads a header, or the header of a whole message; names so many recipients at most, each in whole.
pub(crate) fn shown(message: &[u8], recipients_most: usize) -> Shown {
    let header = words::join(header_of(message));
    match MessageParser::default().parse_headers(header.as_bytes()) {
        Some(message) => read(&message, recipients_most),
        None => Shown::default(),
    }
}

fn read(message: &Message<'_>, recipients_most: usize) -> Shown {
    let value = |name: HeaderName<'static>| message.header(name);
    Shown {
        from: value(HeaderName::From)
            .map(|from| written(&[from], recipients_most))
            .unwrap_or_default(),
        address: message
            .from()
            .and_then(Address::first)
            .and_then(Addr::address)
            .map(str::to_owned),
        to: {
            let names = [HeaderName::To, HeaderName::Cc, HeaderName::Bcc];
            let fields = names.map(value);
            let fields: Vec<_> = fields.into_iter().flatten().collect();
            written(&fields, recipients_most)
        },
        subject: message.subject().map(one_line).unwrap_or_default(),
        sent: message
            .date()
            .and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()),
    }
}

/// Addresses as they are written; a field that holds none, as it stands.
fn written(fields: &[&HeaderValue<'_>], most: usize) -> String {
    let mut parties = Vec::new();
    for field in fields {
        match field {
            HeaderValue::Address(address) => {
                let left = most.saturating_sub(parties.len());
                let named = address.iter().take(left).map(party);
                parties.extend(named.map(|party| one_line(&party)));
            }
            HeaderValue::Text(text) if parties.len() < most => parties.push(one_line(text)),
            _ => {}
        }
    }
    parties.join(", ")
}

fn party(party: &Addr<'_>) -> String {
    match (party.name(), party.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// One line, without what would disturb a screen.
fn one_line(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    text.chars()
        .take(FIELD_CHARS)
        .map(visible)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_shown_field_is_decoded_after_its_words_are_joined() {
        let read = shown(
            b"From: =?UTF-8?Q?J=C3?= =?UTF-8?Q?=B6rg?= <joerg@example.org>\r\n\
              To: \"=?UTF-8?B?WsOD?=\" <z@example.org>, =?utf-8?B?w?= =?utf-8?B?7Y=?= <o@example.org>\r\n\
              Cc: =?gb2312?B?udjT2s/uxL+1?=\r\n =?gb2312?B?xM2o1qq6zbCyxcU?= <c@example.org>\r\n\
              Subject: =?UTF-8?Q?H1_sch=C3?=\r\n =?UTF-8?Q?=B6n?=\r\n\
              Date: Thu, 1 Jan 2026 10:00:00 +0100\r\n\r\nbody",
            20,
        );
        assert_eq!(read.from, "Jörg <joerg@example.org>");
        assert_eq!(read.address.as_deref(), Some("joerg@example.org"));
        assert!(
            read.to.ends_with("关于项目的通知和安排 <c@example.org>"),
            "{}",
            read.to
        );
        assert_eq!(read.subject, "H1 schön");
        assert_eq!(read.sent, Some("2026-01-01T09:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_list_stays_a_list_whatever_is_in_a_field() {
        let read = shown(
            b"Subject: =?utf-8?Q?a=0Ab=1B[31m?=\r\nTo: a@x.org, b@x.org, c@x.org\r\n\r\n",
            2,
        );
        assert_eq!(read.subject, "a b [31m");
        assert_eq!(read.to, "a@x.org, b@x.org");
        assert_eq!(shown(b"", 5), Shown::default());
        assert_eq!(shown(b"\r\n\r\n\xff\xfe", 5).subject, "");
        // An encoded name that looks like an address is a name.
        let read = shown(
            b"From: =?utf-8?Q?x_<evil@example.org>,?= <me@example.org>\r\n\r\n",
            1,
        );
        assert_eq!(read.address.as_deref(), Some("me@example.org"));
    }

    #[test]
    fn bare_bytes_are_read_as_what_they_mostly_are() {
        assert_eq!(shown(b"Subject: caf\xe9\r\n\r\n", 1).subject, "café");
        assert_eq!(
            shown("Subject: naïve\r\n\r\n".as_bytes(), 1).subject,
            "naïve"
        );
    }
}
