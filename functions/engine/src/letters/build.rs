//! From rendered parts to the bytes of a mail (RFC 5322, MIME).

use std::io;

use bulkhead_shared::address::{Address, Mailbox};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::BulkSend;
use bulkhead_shared::operations::recipient::Recipient;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mail_builder::headers::content_type::ContentType;
use mail_builder::mime::{BodyPart, MimePart};

use super::files::{self, Filled};
use super::headers;
use super::template::Rendered;
use crate::ports::Envelope;

/// What of a mail no template has a part in: whom it is from and to.
pub(super) struct Frame {
    from: Mailbox,
    to: Mailbox,
    reply_to: Option<Mailbox>,
    unsubscribe: Option<String>,
}

/// An address that cannot be written in a mail.
pub(super) struct Unwritable;

impl Frame {
    /// Reads the addresses, with domains in the letters of the DNS (RFC 5891).
    pub(super) fn of(send: &BulkSend, recipient: &Recipient) -> Result<Self, Unwritable> {
        let read = |text: &str| {
            Mailbox::read(text)
                .map_err(|_| Unwritable)
                .and_then(in_ascii)
        };
        let unsubscribe = send
            .unsubscribe
            .as_ref()
            .map(|to| match to.starts_with("https://") {
                true => Ok(to.clone()),
                false => read(to).map(|mailbox| format!("mailto:{}", mailbox.address)),
            });
        Ok(Self {
            from: read(&send.from)?,
            to: in_ascii(recipient.mailbox().ok_or(Unwritable)?)?,
            reply_to: send.reply_to.as_deref().map(read).transpose()?,
            unsubscribe: unsubscribe.transpose()?,
        })
    }

    /// From one address to another.
    pub(super) fn between(from: &str, to: &str) -> Result<Self, Unwritable> {
        let read = |text: &str| {
            let read = Mailbox::read(text).map_err(|_| Unwritable);
            read.and_then(in_ascii)
        };
        Ok(Self {
            from: read(from)?,
            to: read(to)?,
            reply_to: None,
            unsubscribe: None,
        })
    }

    /// The domain of whoever sends it.
    pub(super) fn sender_domain(&self) -> &str {
        self.from.address.domain()
    }

    /// Where it comes from and goes.
    pub(super) fn envelope(&self) -> Envelope {
        Envelope {
            from: self.from.address.to_string(),
            to: self.to.address.to_string(),
        }
    }

    pub(super) fn to(&self) -> &Mailbox {
        &self.to
    }
}

fn in_ascii(mailbox: Mailbox) -> Result<Mailbox, Unwritable> {
    let address = ascii(&mailbox.address).ok_or(Unwritable)?;
    let name = mailbox.name;
    Ok(Mailbox { name, address })
}

/// The domain that the mails' ids are of: the sender's.
pub(super) fn domain_of_ids(send: &BulkSend) -> Option<String> {
    let from = Mailbox::read(&send.from).ok()?;
    Some(ascii(&from.address)?.domain().to_owned())
}

/// The address with its domain in the letters of the DNS; none where it has no such form.
pub(super) fn ascii(address: &Address) -> Option<Address> {
    let domain = idna::domain_to_ascii(address.domain()).ok()?;
    (!domain.is_empty()).then(|| address.with_domain(domain))
}

/// The bytes of a mail, the same for the same.
pub(super) fn message(
    frame: &Frame,
    rendered: &Rendered,
    files: &[Filled<'_>],
    id: &ItemId,
    now: Timestamp,
) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut header = |name: &str, text: &str| headers::write(&mut out, name, text);
    header("Date", &date(now));
    header("From", &headers::mailbox(&frame.from));
    header("To", &headers::mailbox(&frame.to));
    header("Message-ID", &format!("<{id}>"));
    header("Subject", &headers::text(rendered.subject.trim()));
    if let Some(reply_to) = &frame.reply_to {
        header("Reply-To", &headers::mailbox(reply_to));
    }
    if let Some(unsubscribe) = &frame.unsubscribe {
        header("List-Unsubscribe", &format!("<{unsubscribe}>"));
        header("Precedence", "bulk");
        // One click is for pages alone (RFC 8058, section 3.1).
        if unsubscribe.starts_with("https://") {
            header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
    }
    header("MIME-Version", "1.0");
    whole(rendered, files, id).write_part(&mut out)?;
    Ok(out)
}

/// In the form of RFC 5322, section 3.3.
pub(super) fn date(now: Timestamp) -> String {
    let now = now.to_zoned(TimeZone::UTC);
    now.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// What somebody reads, and the files behind it.
fn whole<'a>(rendered: &'a Rendered, files: &[Filled<'_>], id: &ItemId) -> MimePart<'a> {
    let body = body(rendered, id);
    if files.is_empty() {
        return body;
    }
    let parts = std::iter::once(body).chain(files.iter().map(files::part));
    let kind = ContentType::new("multipart/mixed").attribute("boundary", boundary("files", id));
    MimePart::new(kind, BodyPart::Multipart(parts.collect()))
}

/// The same for the same mail, and in no text by accident.
fn boundary(of: &str, id: &ItemId) -> String {
    let mut boundary = sha256_hex(format!("{of}{id}").as_bytes());
    boundary.truncate(32);
    boundary
}

fn body<'a>(rendered: &'a Rendered, id: &ItemId) -> MimePart<'a> {
    let text = part("text/plain", &rendered.text);
    let Some(html) = &rendered.html else {
        return text;
    };
    let kind = ContentType::new("multipart/alternative").attribute("boundary", boundary("", id));
    MimePart::new(
        kind,
        BodyPart::Multipart(vec![text, part("text/html", html)]),
    )
}

pub(super) fn part(kind: &'static str, text: &str) -> MimePart<'static> {
    let kind = ContentType::new(kind).attribute("charset", "utf-8");
    MimePart::new(kind, BodyPart::Text(sendable(text).into()))
}

/// The text as any server takes it. Lines end with CRLF, also where they travel as base64 (RFC 2045, section 6.8): a
/// lone CR, and a LF behind a CRLF, `mail-builder` would pass on as they are, and servers refuse bare ones (RFC 5321,
/// section 2.3.8). A NUL, which no mail may hold (RFC 5322, section 4), is the sign of a letter that could not be read.
fn sendable(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.replace('\0', "\u{fffd}").replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::part;

    #[test]
    fn no_line_end_is_bare_whatever_a_text_holds() {
        let texts = [
            ("one\rtwo", "one\r\ntwo"),
            ("one\r\n\ntwo", "one\r\n\r\ntwo"),
            ("one\n\rtwo\r", "one\r\n\r\ntwo\r\n"),
            ("grüße\r\n\n\rtwo", "grüße\r\n\r\n\r\ntwo"),
            ("one\0two", "one\u{fffd}two"),
        ];
        for (text, read) in texts {
            let mut written = Vec::new();
            part("text/plain", text).write_part(&mut written).unwrap();
            let whole = String::from_utf8(written.clone()).unwrap();
            assert!(
                !whole.replace("\r\n", "").contains(['\r', '\n', '\0']),
                "{whole:?}"
            );
            let parsed = MessageParser::default().parse(&written).unwrap();
            assert_eq!(parsed.body_text(0).as_deref(), Some(read), "{whole:?}");
        }
    }
}
