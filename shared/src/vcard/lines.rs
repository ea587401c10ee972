//! From bytes to lines of content: where one ends, and what it says without its folds.

use super::property::Property;
use super::version::Version;

/// One line of a card, with its folds and its end as they stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) raw: Vec<u8>,
    /// None: an empty line, or one that is no property. It is kept and otherwise left alone.
    pub(super) property: Option<Property>,
}

/// The next line with its end; empty at the end of the bytes.
fn physical(bytes: &[u8]) -> &[u8] {
    match bytes.iter().position(|&byte| byte == b'\n') {
        Some(end) => &bytes[..=end],
        None => bytes,
    }
}

/// The next line of content with its folds. Bytes are put together before anything is taken for
/// characters: a fold may cut inside one (RFC 6350, section 3.2).
pub(super) fn next(bytes: &[u8]) -> &[u8] {
    let first = physical(bytes);
    let mut length = first.len();
    if content(first).is_empty() {
        return first;
    }
    let quoted = is_quoted_printable(first);
    let mut last = first;
    loop {
        let following = physical(&bytes[length..]);
        let folded = following.starts_with(b" ") || following.starts_with(b"\t");
        // A soft break of quoted-printable needs no space before what follows.
        let soft = quoted && content(last).ends_with(b"=") && !is_end(following);
        if following.is_empty() || !(folded || soft) {
            return &bytes[..length];
        }
        length += following.len();
        last = following;
    }
}

/// What a line says: without its end and its folds.
pub(super) fn unfold(raw: &[u8], version: Version) -> Vec<u8> {
    let quoted = is_quoted_printable(physical(raw));
    let mut line = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while !rest.is_empty() {
        let part = physical(rest);
        let mut text = content(part);
        let is_first = rest.len() == raw.len();
        // In vCard 2.1 the space that begins the next line is part of the text, if nothing was encoded.
        let space_is_fold = quoted || version != Version::V2_1;
        if space_is_fold && !is_first {
            text = text
                .strip_prefix(b" ")
                .or_else(|| text.strip_prefix(b"\t"))
                .unwrap_or(text);
        }
        rest = &rest[part.len()..];
        if quoted && !rest.is_empty() {
            text = text.strip_suffix(b"=").unwrap_or(text);
        }
        line.extend_from_slice(text);
    }
    line
}

/// A line without its end.
pub(super) fn content(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The end of a line: CRLF unless it has another.
pub(super) fn end(line: &[u8]) -> &[u8] {
    match &line[content(line).len()..] {
        b"" => b"\r\n",
        end => end,
    }
}

/// Whether a line is this one, such as `BEGIN:VCARD`; case and spaces at its end mean nothing.
pub(super) fn is(line: &[u8], text: &str) -> bool {
    line.trim_ascii_end().eq_ignore_ascii_case(text.as_bytes())
}

fn is_end(line: &[u8]) -> bool {
    is(line, "END:VCARD")
}

fn is_quoted_printable(line: &[u8]) -> bool {
    const NAME: &[u8] = b"QUOTED-PRINTABLE";
    let head = line.split(|&byte| byte == b':').next().unwrap_or_default();
    let mut windows = head.windows(NAME.len());
    windows.any(|window| window.eq_ignore_ascii_case(NAME))
}
