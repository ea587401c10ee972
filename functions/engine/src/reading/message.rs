//! From the bytes of a mail to what a person reads of it.

use std::borrow::Cow;

use bulkhead_shared::api::{Attachment, Message};
use bulkhead_shared::limits::{READ_BYTES, SHOWN_SOURCE_BYTES, SHOWN_TEXT_BYTES};
use mail_parser::{MessageParser, MessagePart, MimeHeaders, PartType};

use super::html::text_of_html;
use crate::header::{field, header_of};

/// What is in a mail that begins with these bytes; one that is as long as [`READ_BYTES`] or shorter is whole.
pub(super) fn of(bytes: &[u8]) -> Message {
    let read = bytes.get(..READ_BYTES).unwrap_or(bytes);
    let source = read.get(..SHOWN_SOURCE_BYTES).unwrap_or(read);
    let mut message = Message {
        source: String::from_utf8_lossy(source).into_owned(),
        read_bytes: read.len() as u64,
        whole: read.len() == bytes.len(),
        unsubscribe: field(header_of(read), "List-Unsubscribe").is_some(),
        ..Message::default()
    };
    let Some(parsed) = MessageParser::default().parse(read) else {
        return message;
    };
    let sent_html = joined(parsed.html_bodies().filter_map(|part| match &part.body {
        PartType::Html(html) => Some(html),
        _ => None,
    }));
    let texts = parsed.text_bodies().filter_map(|part| match &part.body {
        PartType::Text(text) => Some(Cow::Borrowed(text.as_ref())),
        PartType::Html(html) => Some(Cow::Owned(text_of_html(html))),
        _ => None,
    });
    let text = joined(texts);
    for (shown, found) in [(&mut message.text, text), (&mut message.html, sent_html)] {
        *shown = found.map(|mut found| {
            message.whole &= found.len() <= SHOWN_TEXT_BYTES;
            found.truncate(found.floor_char_boundary(SHOWN_TEXT_BYTES));
            found
        });
    }
    message.attachments = parsed.attachments().map(attachment).collect();
    message
}

/// One after the other, with an empty line between them; none of none.
fn joined(parts: impl Iterator<Item = impl AsRef<str>>) -> Option<String> {
    parts.fold(None, |all: Option<String>, part| {
        Some(match all {
            Some(all) => all + "\n\n" + part.as_ref(),
            None => part.as_ref().to_owned(),
        })
    })
}

fn attachment(part: &MessagePart<'_>) -> Attachment {
    let media_type = part.content_type().map(|it| match &it.c_subtype {
        Some(subtype) => format!("{}/{subtype}", it.c_type),
        None => it.c_type.to_string(),
    });
    Attachment {
        name: part.attachment_name().map(str::to_owned),
        // RFC 2045, section 5.2: a part that does not say what it is, is plain text.
        media_type: media_type.unwrap_or_else(|| "text/plain".to_owned()),
        size: part.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITH_A_FILE: &str = "From: a@example.org\r\nSubject: Two\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=m\r\n\r\n\
        --m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
        --a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello =\r\n\
        --a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <b>you</b></p>\r\n\
        --a--\r\n\
        --m\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment; filename=\"bill.pdf\"\r\n\r\naGVsbG8=\r\n\
        --m--\r\n";

    #[test]
    fn text_html_and_files_are_told_apart() {
        let message = of(WITH_A_FILE.as_bytes());
        assert_eq!(message.text.as_deref().map(str::trim), Some("Hello ="));
        let html = message.html.unwrap_or_default();
        assert!(html.contains("<b>you</b>"), "{html}");
        let file = Attachment {
            name: Some("bill.pdf".to_owned()),
            media_type: "application/pdf".to_owned(),
            size: 5,
        };
        assert_eq!(message.attachments, [file]);
        assert!(message.whole);
        assert_eq!(message.source, WITH_A_FILE);
    }

    #[test]
    fn plain_text_has_no_html_and_html_alone_has_a_text() {
        let plain = of(b"Subject: a\r\n\r\nHello\r\n");
        assert_eq!(
            (plain.html, plain.text.as_deref()),
            (None, Some("Hello\r\n"))
        );
        let html = of(b"Content-Type: text/html\r\n\r\n<p>Hel<i>lo</i></p>");
        assert_eq!(html.text.as_deref().map(str::trim), Some("Hello"));
        assert_eq!(html.html.as_deref(), Some("<p>Hel<i>lo</i></p>"));
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters_and_says_so() {
        let long = format!("Subject: a\r\n\r\n{}", "ü".repeat(SHOWN_TEXT_BYTES));
        let cut = of(long.as_bytes());
        assert!(!cut.whole);
        assert!(cut.text.is_some_and(|text| text.len() <= SHOWN_TEXT_BYTES));
        assert!(cut.source.len() <= SHOWN_SOURCE_BYTES + 3);
        let longer = vec![b'a'; READ_BYTES + 1];
        let cut = of(&longer);
        assert_eq!((cut.whole, cut.read_bytes), (false, READ_BYTES as u64));
    }

    #[test]
    fn no_bytes_are_no_panic() {
        assert_eq!(of(b"").text, None);
        assert_eq!(of(b"\0\xff\r\n\r\n\xff").read_bytes, 7);
    }

    #[test]
    fn texts_follow_each_other_and_parts_say_what_they_are() {
        let parts = "Content-Type: multipart/mixed; boundary=m\r\n\r\n\
            --m\r\nContent-Type: text/plain\r\n\r\none\r\n\
            --m\r\nContent-Type: text/plain\r\n\r\ntwo\r\n\
            --m\r\nContent-Disposition: attachment\r\n\r\nthree\r\n\
            --m\r\nContent-Type: application\r\nContent-Disposition: attachment; filename=a\r\n\r\nfour!\r\n\
            --m--\r\n";
        let message = of(parts.as_bytes());
        assert_eq!(message.text.as_deref(), Some("one\n\ntwo"));
        assert_eq!(message.html, None);
        let file = |name: Option<&str>, media_type: &str, size| Attachment {
            name: name.map(str::to_owned),
            media_type: media_type.to_owned(),
            size,
        };
        assert_eq!(
            message.attachments,
            [
                file(None, "text/plain", 5),
                file(Some("a"), "application", 5)
            ]
        );
        assert!(!message.unsubscribe);
        let list = of(b"List-Unsubscribe: <mailto:u@x.example>\r\n\r\n");
        assert!(list.unsubscribe);
    }

    #[test]
    fn as_much_is_shown_as_may_be_and_what_is_left_out_is_told() {
        let read = |text: usize| of(format!("A: b\r\n\r\n{}", "x".repeat(text)).as_bytes());
        let fits = read(SHOWN_TEXT_BYTES);
        assert!(fits.whole);
        assert_eq!(fits.text.map(|text| text.len()), Some(SHOWN_TEXT_BYTES));
        assert_eq!(fits.source.len(), SHOWN_SOURCE_BYTES);
        let cut = read(SHOWN_TEXT_BYTES + 1);
        assert!(!cut.whole);
        assert_eq!(cut.text.map(|text| text.len()), Some(SHOWN_TEXT_BYTES));
        let html = |text: usize| {
            let head = "Content-Type: text/html\r\n\r\n";
            of(format!("{head}{}", "x".repeat(text)).as_bytes())
        };
        let cut = html(SHOWN_TEXT_BYTES + 1);
        assert!(!cut.whole);
        assert_eq!(cut.html.map(|html| html.len()), Some(SHOWN_TEXT_BYTES));
        let whole = of(&vec![b'a'; READ_BYTES]);
        assert_eq!((whole.whole, whole.read_bytes), (true, READ_BYTES as u64));
    }
}
