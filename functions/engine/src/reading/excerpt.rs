//! What of a mail is shown to a model somewhere else: some headers and the beginning of its text. No file that is attached.

use std::borrow::Cow;

pub use bulkhead_shared::tokens::EXCERPT_TEXT;
use mail_parser::{
    Address, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use super::html::text_of_html;

/// Headers that are sent, in this order, where a mail has them.
pub const EXCERPT_HEADERS: [&str; 8] = [
    "From",
    "To",
    "Subject",
    "Date",
    "List-Id",
    "List-Unsubscribe",
    "Precedence",
    "Auto-Submitted",
];
/// Bytes of a mail that are read for it: the headers that relays add and the head of a designed mail fit in.
pub const EXCERPT_READ: usize = 48 << 10;
/// Bytes of one header that are sent, most.
const HEADER_BYTES: usize = 300;

/// What is sent of the mail that begins like this.
pub fn excerpt(beginning: &[u8]) -> String {
    let read = beginning.get(..EXCERPT_READ).unwrap_or(beginning);
    let Some(mail) = MessageParser::default().parse(read) else {
        return String::new();
    };
    let headers = EXCERPT_HEADERS.into_iter().filter_map(|name| {
        let value = header(&mail, name)?;
        Some(format!("{name}: {}\n", on_one_line(&value, HEADER_BYTES)))
    });
    let mut sent: String = headers.collect();
    let text = text_of(&mail);
    let text = text.trim();
    let text = text
        .get(..text.floor_char_boundary(EXCERPT_TEXT))
        .unwrap_or_default();
    sent.push('\n');
    sent.push_str(text);
    sent.retain(|char| char == '\n' || char == '\t' || !char.is_control());
    sent
}

/// A header as a person reads it.
fn header<'a>(mail: &'a Message<'_>, name: &'a str) -> Option<Cow<'a, str>> {
    match mail.header(name)? {
        HeaderValue::Text(text) => Some(Cow::Borrowed(text.as_ref())),
        HeaderValue::Address(all) => Some(Cow::Owned(addresses(all))),
        HeaderValue::Empty => None,
        _ => mail.header_raw(name).map(Cow::Borrowed),
    }
}

fn addresses(all: &Address<'_>) -> String {
    let each = all.iter().map(|one| match (one.name(), one.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    });
    each.collect::<Vec<_>>().join(", ")
}

fn on_one_line(value: &str, most: usize) -> String {
    let words: Vec<&str> = value.split_whitespace().collect();
    let mut line = words.join(" ");
    line.truncate(line.floor_char_boundary(most));
    line
}

/// The text that a person reads first.
pub(crate) fn text_of(mail: &Message<'_>) -> String {
    let shown = mail.text_bodies().filter(|part| !is_attached(part));
    let texts = shown.filter_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        PartType::Html(html) => Some(text_of_html(html)),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

fn is_attached(part: &MessagePart<'_>) -> bool {
    let disposition = part.content_disposition();
    disposition.is_some_and(|it| it.is_attachment()) || part.attachment_name().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "Received: from x by y\r\nFrom: =?utf-8?q?J=C3=BCrgen?= <j@x.example>\r\n\
        To: ann@y.example\r\nBcc: secret@z.example\r\nSubject: =?utf-8?q?Zw=C3=B6lf?=\r\n things\r\nX-Spam: no\r\n\
        List-Id: <a.x.example>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=m\r\n\r\n\
        --m\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <b>you</b></p>\r\n\
        --m\r\nContent-Type: text/plain; name=\"notes.txt\"\r\n\
        Content-Disposition: attachment; filename=\"notes.txt\"\r\n\r\nattached words\r\n\
        --m\r\nContent-Type: text/plain\r\nContent-Disposition: inline; filename=\"more.txt\"\r\n\r\nmore words\r\n\
        --m--\r\n";

    #[test]
    fn only_these_headers_and_the_text_are_sent_and_no_file() {
        let sent = excerpt(MAIL.as_bytes());
        assert!(sent.starts_with("From: Jürgen <j@x.example>\n"), "{sent}");
        assert!(
            sent.contains("To: ann@y.example\nSubject: Zwölf things\nList-Id: a.x.example\n\n"),
            "{sent}"
        );
        assert!(sent.contains("Hello") && sent.contains("you"), "{sent}");
        for kept in [
            "Received",
            "secret",
            "X-Spam",
            "attached",
            "more words",
            "<p>",
        ] {
            assert!(!sent.contains(kept), "{kept}: {sent}");
        }
    }

    #[test]
    fn long_mails_are_cut_between_characters() {
        let long = format!(
            "Subject: {}\r\n\r\n{}",
            "ü".repeat(5_000),
            "ü".repeat(50_000)
        );
        let sent = excerpt(long.as_bytes());
        let most = EXCERPT_TEXT + HEADER_BYTES + "Subject: \n\n".len();
        assert!(
            sent.len() <= most && sent.len() > EXCERPT_TEXT,
            "{}",
            sent.len()
        );
    }

    #[test]
    fn nothing_and_nonsense_are_no_panic() {
        for bytes in [
            &b""[..],
            b"\0\xff\r\n\r\n\xff\x1b[2J",
            b"\r\n\r\n",
            &[b'a'; 100_000],
        ] {
            let sent = excerpt(bytes);
            assert!(!sent.contains('\x1b') && sent.len() < EXCERPT_READ);
        }
    }

    #[test]
    fn an_excerpt_is_these_lines() {
        let mail = "Subject:\r\nFrom: Ann Lee <a@x.example>, b@x.example\r\nTo: Team: c@x.example;\r\n\
            Date: Fri, 27 Nov 2026 08:15:00 +0100\r\nPrecedence: bulk\r\nAuto-Submitted: no\r\n\
            List-Unsubscribe: <https://x.example>\r\n\r\n one\ttwo \x1b[2J\r\n\r\n";
        assert_eq!(
            excerpt(mail.as_bytes()),
            "From: Ann Lee <a@x.example>, b@x.example\nTo: c@x.example\n\
             Date: Fri, 27 Nov 2026 08:15:00 +0100\nList-Unsubscribe: https://x.example\n\
             Precedence: bulk\nAuto-Submitted: no\n\none\ttwo [2J"
        );
    }

    #[test]
    fn headers_and_text_are_cut_at_their_limits() {
        let subject =
            |bytes: usize| excerpt(format!("Subject: {}\r\n\r\n", "s".repeat(bytes)).as_bytes());
        let longest = format!("Subject: {}\n\n", "s".repeat(300));
        assert_eq!(subject(300), longest);
        assert_eq!(subject(301), longest);
        let text =
            |bytes: usize| excerpt(format!("A: b\r\n\r\n{}", "t".repeat(bytes)).as_bytes()).len();
        assert_eq!(text(EXCERPT_TEXT), EXCERPT_TEXT + 1);
        assert_eq!(text(EXCERPT_TEXT + 1), EXCERPT_TEXT + 1);
        // What stands behind the first 48 KB is not read.
        let late = |bytes: usize| {
            let padding = "x".repeat(bytes - "X: \r\nSubject: late\r\n\r\n".len());
            excerpt(format!("X: {padding}\r\nSubject: late\r\n\r\n").as_bytes())
        };
        assert_eq!(late(48 * 1024), "Subject: late\n\n");
        assert_eq!(late(100 * 1024), "\n");
    }

    #[test]
    fn every_text_that_is_no_file_is_read() {
        let mail = "Content-Type: multipart/mixed; boundary=m\r\n\r\n\
            --m\r\nContent-Type: text/plain\r\n\r\none\r\n\
            --m\r\nContent-Type: text/plain\r\nContent-Disposition: inline\r\n\r\ntwo\r\n\
            --m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nno\r\n\
            --m\r\nContent-Type: text/plain; name=a\r\n\r\nno\r\n--m--\r\n";
        assert_eq!(excerpt(mail.as_bytes()), "\none\n\ntwo");
    }
}
