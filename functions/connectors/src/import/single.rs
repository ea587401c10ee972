//! Files of a single message: as it is (`.eml`), or with its length before it and a property list behind
//! (`.emlx`, Apple Mail).

use bulkhead_engine::kinds::mail::{FLAGGED, SEEN};

use super::Fault;
use super::message_state::{ANSWERED, DRAFT, FORWARDED, JUNK};
use super::recognised::Form;
use crate::headers::fields;

/// What a file turns out to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Messages one after the other.
    Mbox,
    /// One message.
    Mail,
    /// One message between its length and a property list.
    AppleMail,
    /// Something else.
    Other,
}

/// Judges a file by how it begins. A name that ends in `.eml` is believed where the beginning leaves a
/// doubt.
pub(super) fn holds(beginning: &[u8], path: &str) -> Holds {
    let text = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning);
    let text = text.trim_ascii_start();
    if text.starts_with(b"From ") {
        return Holds::Mbox;
    }
    let (first, rest) = split_line(text);
    let is_length = !first.is_empty() && first.trim_ascii().iter().all(u8::is_ascii_digit);
    if is_length && begins_like_mail(rest) {
        return Holds::AppleMail;
    }
    match begins_like_mail(text) || is_named(path) && begins_with_field(text) {
        true => Holds::Mail,
        false => Holds::Other,
    }
}

/// Whether a file has the name of a single message.
pub(super) fn is_named(path: &str) -> bool {
    ["eml", "mht", "msg", "mail"].iter().any(|extension| {
        path.rsplit_once('.')
            .is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
    })
}

/// A message without the empty lines that stand before its header in some files: with them it would have none.
pub(super) fn from_its_header(mut raw: Vec<u8>) -> Vec<u8> {
    let begins = raw.iter().position(|byte| !b"\r\n".contains(byte));
    raw.drain(..begins.unwrap_or(0));
    raw
}

fn split_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| matches!(byte, b'\n' | b'\r'));
    let (line, rest) = text.split_at(end.unwrap_or(text.len()));
    (line, rest.trim_ascii_start())
}

fn begins_with_field(text: &[u8]) -> bool {
    let (line, _) = split_line(text);
    let colon = line.iter().position(|&byte| byte == b':');
    colon.is_some_and(|at| {
        let name = line.get(..at).unwrap_or_default().trim_ascii_end();
        // Other formats have colons too: names are stricter here than where a field is read.
        !name.is_empty()
            && name
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    })
}

/// Whether the first fields have one among them that every mail has.
fn begins_like_mail(text: &[u8]) -> bool {
    const EVERY: [&str; 6] = ["from", "date", "received", "message-id", "subject", "to"];
    begins_with_field(text)
        && fields(&with_line_feeds(text)).take(100).any(|(name, _)| {
            EVERY
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
        })
}

/// The text with LF for CR where no LF is at all.
pub(super) fn with_line_feeds(text: &[u8]) -> Vec<u8> {
    if text.contains(&b'\n') {
        return text.to_vec();
    }
    let feed = |&byte: &u8| if byte == b'\r' { b'\n' } else { byte };
    text.iter().map(feed).collect()
}

/// How the lines of a message end.
pub(super) fn line_ends(text: &[u8]) -> Form {
    match text.iter().position(|&byte| byte == b'\n') {
        Some(at) if at > 0 && text.get(at - 1) == Some(&b'\r') => Form::CarriageReturnLineFeeds,
        None if text.contains(&b'\r') => Form::CarriageReturns,
        _ => Form::LineFeeds,
    }
}

/// A message from Apple Mail, its flags, and whether it is deleted.
pub(super) struct Apple {
    pub(super) raw: Vec<u8>,
    pub(super) flags: Vec<String>,
    pub(super) deleted: bool,
    /// Attachments are in files beside it, and not in it.
    pub(super) apart: bool,
}

/// Takes a file of Apple Mail apart. Bits as its property list has them (jwz, "emlx flags?", 2005).
pub(super) fn apple(file: &[u8]) -> Result<Apple, Fault> {
    let end = file
        .iter()
        .position(|&byte| byte == b'\n')
        .ok_or(Fault::CutOff)?;
    let (length, rest) = file.split_at(end + 1);
    let length = std::str::from_utf8(length)
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let (raw, properties) = rest
        .split_at_checked(length.ok_or(Fault::CutOff)?)
        .ok_or(Fault::CutOff)?;
    let bits = flag_bits(&String::from_utf8_lossy(properties));
    let known = [
        (0, SEEN),
        (2, ANSWERED),
        (4, FLAGGED),
        (6, DRAFT),
        (8, FORWARDED),
        (24, JUNK),
    ];
    let is_set = |bit: u32| bits.unwrap_or(0) >> bit & 1 == 1;
    // In place of each attachment there is a field with its length.
    let placeholder = b"\nX-Apple-Content-Length:";
    let mut parts = raw.windows(placeholder.len());
    Ok(Apple {
        raw: raw.to_vec(),
        apart: parts.any(|part| part.eq_ignore_ascii_case(placeholder)),
        flags: known
            .into_iter()
            .filter(|(bit, _)| is_set(*bit))
            .map(|(_, flag)| flag.to_owned())
            .collect(),
        deleted: is_set(1),
    })
}

/// `<key>flags</key> <integer>8623750145</integer>`.
fn flag_bits(properties: &str) -> Option<u64> {
    let (_, after) = properties.split_once("<key>flags</key>")?;
    let number = after.trim_start().strip_prefix("<integer>")?;
    number.split('<').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn files_are_known_by_how_they_begin() {
        for (beginning, path, kind) in [
            (
                &b"From a@b Thu Jan  1 10:00:00 2026\n"[..],
                "x",
                Holds::Mbox,
            ),
            (b"\xef\xbb\xbf\r\nFrom - \r\n", "x", Holds::Mbox),
            (b"Received: x\r\nFrom: a\r\n", "x", Holds::Mail),
            (b"X-Strange: x\n folded\nSubject: a\n", "x", Holds::Mail),
            (b"Subject: a\rFrom: b\r\rtext\r", "old", Holds::Mail),
            (b"Note: bring shoes\n\ntext", "notes.txt", Holds::Other),
            (b"Note: bring shoes\n\ntext", "notes.eml", Holds::Mail),
            (b"622\nSubject: a\n", "1.emlx", Holds::AppleMail),
            (b"622\nnothing\n", "1.txt", Holds::Other),
            (b"PK\x03\x04", "a.zip", Holds::Other),
            (b"", "empty", Holds::Other),
            (b"{\"a\": 1}", "a.eml", Holds::Other),
        ] {
            assert_eq!(holds(beginning, path), kind, "{path}");
        }
    }

    #[test]
    fn apple_mail_keeps_length_message_and_flags() {
        let file = b"20        \nSubject: a\n\n<flags>x<?xml version=\"1.0\"?>\n<dict>\n\t<key>flags</key>\n\t<integer>8623750161</integer>\n</dict>";
        let apple = apple(file).unwrap();
        assert_eq!(apple.raw, b"Subject: a\n\n<flags>x");
        assert_eq!(apple.flags, [SEEN, FLAGGED]);
        assert!(!apple.deleted);
        assert!(
            super::apple(b"3\nabc<key>flags</key><integer>2</integer>")
                .unwrap()
                .deleted
        );
        assert_eq!(super::apple(b"900\nabc").err(), Some(Fault::CutOff));
        assert_eq!(
            super::apple(b"99999999999999999999999\nabc").err(),
            Some(Fault::CutOff)
        );
    }
}
