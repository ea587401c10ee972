//! Texts in header fields: written so that every program reads exactly them (RFC 2047).
//!
//! `mail-builder` puts encoded words in quotes, where they stand for themselves, and leaves what only looks
//! like an encoded word as it is. So these few are written here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bulkhead_shared::address::{Mailbox, quoted};

/// Bytes of a text in one encoded word: with its frame no more than 75 (RFC 2047, section 2).
const WORD_BYTES: usize = 45;
/// A text of so many bytes needs no second line.
const LINE_BYTES: usize = 60;

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
    let fits = name.len() <= LINE_BYTES && !name.contains("=?") && !name.contains("  ");
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
