//! Texts in header fields: written so that every program reads exactly them (RFC 2047).
//!
//! `mail-builder` puts encoded words in quotes, where they stand for themselves, leaves what only looks
//! like an encoded word as it is, and adds a tab where it folds a name in quotes. So these few are written here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bulkhead_shared::address::{Mailbox, quoted};

/// Bytes of a text in one encoded word: with its frame no more than 75 (RFC 2047, section 2).
const WORD_BYTES: usize = 45;
/// A text of so many bytes needs no second line.
const LINE_BYTES: usize = 60;

/// A line has so many characters, if its words let it (RFC 5322, section 2.1.1: 78 with its end).
const LINE_CHARS: usize = 76;

/// Writes a header field, folded before spaces: whoever reads it takes only the ends of lines out again.
pub(super) fn write(out: &mut Vec<u8>, name: &str, text: &str) {
    out.extend(format!("{name}: ").bytes());
    let mut length = name.len() + 2;
    for (place, word) in text.split(' ').enumerate() {
        if place > 0 {
            let fold = length + 1 + word.len() > LINE_CHARS;
            out.extend(if fold { &b"\r\n "[..] } else { b" " });
            length = if fold { 1 } else { length + 1 };
        }
        out.extend(word.bytes());
        length += word.len();
    }
    out.extend(b"\r\n");
}

/// An unstructured text, as a subject is.
pub(super) fn text(text: &str) -> String {
    let is_plain = text.len() <= LINE_BYTES
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && !text.contains("=?")
        && text.trim() == text
        && !text.contains("  ");
    match is_plain {
        true => text.to_owned(),
        false => encoded_words(text),
    }
}

/// A name and an address. `address` has its domain in letters that every server knows.
pub(super) fn mailbox(mailbox: &Mailbox) -> String {
    let address = &mailbox.address;
    match mailbox.name.as_str() {
        "" => address.to_string(),
        name => format!("{} <{address}>", phrase(name)),
    }
}

/// A name before an address: words, a quoted string, or encoded words.
fn phrase(name: &str) -> String {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"!*+-/_ '".contains(&byte);
    let fits = !name.contains("=?") && !name.contains("  ");
    let is_ascii = name.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if fits && name.bytes().all(is_word) && name.trim() == name {
        name.to_owned()
    } else if fits && is_ascii {
        quoted(name)
    } else {
        encoded_words(name)
    }
}

/// Words of base64 (RFC 2047, section 4.1), none of which parts a letter.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > WORD_BYTES {
            words.push(encoded(&std::mem::take(&mut word)));
        }
        word.push(c);
    }
    words.push(encoded(&word));
    words.join(" ")
}

fn encoded(text: &str) -> String {
    format!("=?utf-8?B?{}?=", STANDARD.encode(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_folded_before_spaces_and_nothing_is_added() {
        let name = "Dr. med. Dietrich Freiherr von und zu Hohenstein-Ehrenfels, Vorsitzender des Aufsichtsrats";
        let mut out = Vec::new();
        write(&mut out, "To", &format!("{} <a@example.org>", phrase(name)));
        let text = String::from_utf8_lossy(&out);
        assert!(text.lines().all(|line| line.len() <= LINE_CHARS), "{text}");
        let unfolded = text.replace("\r\n ", " ");
        assert_eq!(unfolded, format!("To: \"{name}\" <a@example.org>\r\n"));
    }
}
