//! Texts in header fields: written so that every program reads exactly them (RFC 2047).
//!
//! `mail-builder` puts encoded words in quotes, where they stand for themselves, leaves what only looks
//! like an encoded word as it is, and adds a tab where it folds a name in quotes. So these few are written here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bulkhead_shared::address::{Mailbox, quoted};

/// Bytes of a text in one encoded word: with its frame no more than 75 (RFC 2047, section 2).
const WORD_BYTES: usize = 45;
/// Signs of such a word within its frame.
const DIGITS_CHARS: usize = 75 - "=?utf-8?Q??=".len();
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
    } else if fits && name.len() > WORD_BYTES && name.trim() == name {
        parted(name, is_word)
    } else {
        encoded_words(name)
    }
}

/// A name that one encoded word cannot hold. Between two encoded words nothing is read (RFC 2047, section 6.2), but a
/// blank by some (Python up to 3.12); so words that need no code stay as they are, and those between two of them are
/// one encoded word, as far as it holds them.
fn parted(name: &str, is_plain: impl Fn(u8) -> bool) -> String {
    let mut parts: Vec<(bool, Vec<&str>)> = Vec::new();
    for word in name.split(' ') {
        let is_plain = word.bytes().all(&is_plain);
        match parts.last_mut() {
            Some((plain, words)) if *plain == is_plain => words.push(word),
            _ => parts.push((is_plain, vec![word])),
        }
    }
    let parts = parts.into_iter().map(|(is_plain, words)| {
        let words = words.join(" ");
        if is_plain {
            words
        } else {
            encoded_words(&words)
        }
    });
    parts.collect::<Vec<_>>().join(" ")
}

/// One encoded word if that can be, or words of base64 (RFC 2047, section 4), none of which parts a letter.
fn encoded_words(text: &str) -> String {
    if text.len() > WORD_BYTES
        && let Some(word) = in_digits(text)
    {
        return word;
    }
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

/// All of it in one encoded word in which letters stay as they are (RFC 2047, sections 4.2 and 5, rule 3): shorter than
/// base64 where few are no letters. None if it is too long for one.
fn in_digits(text: &str) -> Option<String> {
    let mut word = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => word.push('_'),
            byte if byte.is_ascii_alphanumeric() || b"!*+-/".contains(&byte) => {
                word.push(char::from(byte));
            }
            byte => word.push_str(&format!("={byte:02X}")),
        }
    }
    (word.len() <= DIGITS_CHARS).then(|| format!("=?utf-8?Q?{word}?="))
}

fn encoded(text: &str) -> String {
    format!("=?utf-8?B?{}?=", STANDARD.encode(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn two_encoded_words_stand_side_by_side_only_where_there_is_no_other_way() {
        for (name, written) in [
            ("Zoë", "=?utf-8?B?Wm/Dqw==?="),
            ("Zoë Lee", "=?utf-8?B?Wm/DqyBMZWU=?="),
            // Blanks that would be lost are part of the word.
            (
                "Zoë  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "=?utf-8?Q?Zo=C3=AB__aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?=",
            ),
            (
                "Zoë aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ",
                "=?utf-8?Q?Zo=C3=AB_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_?=",
            ),
            (
                " Zoë aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "=?utf-8?Q?_Zo=C3=AB_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?=",
            ),
            (
                "Zoë Johnson-Smithson of the Northern Department",
                "=?utf-8?B?Wm/Dqw==?= Johnson-Smithson of the Northern Department",
            ),
            (
                "Maximiliano Núñez Álvarez de la Peña y Castañeda",
                "Maximiliano =?utf-8?B?TsO6w7FleiDDgWx2YXJleg==?= de la =?utf-8?B?UGXDsWE=?= y \
                 =?utf-8?B?Q2FzdGHDsWVkYQ==?=",
            ),
            (
                "Österreichisch-Ungarische-Donaudampfschifffahrt",
                "=?utf-8?Q?=C3=96sterreichisch-Ungarische-Donaudampfschifffahrt?=",
            ),
            (
                "請求書請求書請求書請求書請求書株",
                "=?utf-8?B?6KuL5rGC5pu46KuL5rGC5pu46KuL5rGC5pu46KuL5rGC5pu46KuL5rGC5pu4?= \
                 =?utf-8?B?5qCq?=",
            ),
        ] {
            assert_eq!(phrase(name), written);
            assert!(written.split(' ').all(|word| word.len() <= 75));
        }
    }

    #[test]
    fn a_line_has_seventy_six_characters_and_is_folded_beyond_that() {
        // Letters of three words, and what stands between them: the first line begins with three signs of its own,
        // and others with one.
        for (first, second, third, between) in [
            (30, 42, 1, [" ", "\r\n "]),
            (30, 43, 31, ["\r\n ", " "]),
            (30, 43, 32, ["\r\n ", "\r\n "]),
            (10, 20, 41, [" ", " "]),
            (10, 20, 42, [" ", "\r\n "]),
        ] {
            let [first, second, third] = [first, second, third].map(|many| "a".repeat(many));
            let mut out = Vec::new();
            write(&mut out, "X", &format!("{first} {second} {third}"));
            let [one, two] = between;
            let written = format!("X: {first}{one}{second}{two}{third}\r\n");
            assert_eq!(String::from_utf8(out).unwrap(), written);
        }
        // Blanks count too: behind the name, 36 words of one letter fill a line to 75.
        let mut out = Vec::new();
        write(&mut out, "To", &["x"; 37].join(" "));
        let written = format!("To: {}\r\n x\r\n", ["x"; 36].join(" "));
        assert_eq!(String::from_utf8(out).unwrap(), written);
    }

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

    #[test]
    fn a_subject_stays_as_it_is_where_every_program_reads_it_so() {
        let short = "a".repeat(LINE_BYTES);
        for plain in ["Hello", "~ 100 % \"sure\" <b>?", short.as_str()] {
            assert_eq!(text(plain), plain);
        }
        let long = "a".repeat(LINE_BYTES + 1);
        for (said, written) in [
            (long.as_str(), format!("=?utf-8?Q?{long}?=")),
            ("tab\there", "=?utf-8?B?dGFiCWhlcmU=?=".to_owned()),
            ("Grüße", "=?utf-8?B?R3LDvMOfZQ==?=".to_owned()),
            ("=?x", "=?utf-8?B?PT94?=".to_owned()),
            (" a", "=?utf-8?B?IGE=?=".to_owned()),
            ("a ", "=?utf-8?B?YSA=?=".to_owned()),
            ("a  b", "=?utf-8?B?YSAgYg==?=".to_owned()),
            ("\u{7f}", "=?utf-8?B?fw==?=".to_owned()),
        ] {
            assert_eq!(text(said), written, "{said:?}");
        }
    }

    #[test]
    fn encoded_words_are_as_long_as_they_may_be_and_no_longer() {
        // One word of base64 holds 45 bytes, and one of digits 63 signs.
        let bytes = |count: usize| format!("ä{}", "a".repeat(count - 2));
        assert!(text(&bytes(45)).starts_with("=?utf-8?B?"));
        assert_eq!(text(&bytes(45)).len(), 72);
        let digits = |signs: usize| format!("=?utf-8?Q?=C3=A4{}?=", "a".repeat(signs - 6));
        assert_eq!(text(&bytes(46)), digits(50));
        assert_eq!(text(&bytes(59)), digits(63));
        assert_eq!(digits(63).len(), 75);
        let two = text(&bytes(60));
        let words: Vec<&str> = two.split(' ').collect();
        assert_eq!(
            words.iter().map(|word| word.len()).collect::<Vec<_>>(),
            [72, 32]
        );
        assert!(two.starts_with("=?utf-8?B?w6RhYWFh"), "{two}");
        let signs = text(&format!("ä !*+-/_=? {}", "b".repeat(40)));
        assert_eq!(
            signs,
            format!("=?utf-8?Q?=C3=A4_!*+-/=5F=3D=3F_{}?=", "b".repeat(40))
        );
    }

    #[test]
    fn a_name_is_words_or_in_quotes_or_encoded() {
        for (name, written) in [
            ("Ann O'Lee-2", "Ann O'Lee-2"),
            ("a!b*c+d-e/f_g", "a!b*c+d-e/f_g"),
            ("Lee, Ann", "\"Lee, Ann\""),
            (" Ann", "\" Ann\""),
            ("Ann  Lee", "=?utf-8?B?QW5uICBMZWU=?="),
            ("=?x", "=?utf-8?B?PT94?="),
            ("Ann\tLee", "=?utf-8?B?QW5uCUxlZQ==?="),
            // 45 bytes, and one more.
            (
                "Zoë of the Department of Northern Affairs II",
                "=?utf-8?B?Wm/DqyBvZiB0aGUgRGVwYXJ0bWVudCBvZiBOb3J0aGVybiBBZmZhaXJzIElJ?=",
            ),
            (
                "Zoë of the Department of Northern Affairs III",
                "=?utf-8?B?Wm/Dqw==?= of the Department of Northern Affairs III",
            ),
        ] {
            assert_eq!(phrase(name), written, "{name:?} of {}", name.len());
        }
        let nameless = Mailbox::read("ann@example.org").unwrap();
        assert_eq!(mailbox(&nameless), "ann@example.org");
        let named = Mailbox::read("Ann Lee <ann@example.org>").unwrap();
        assert_eq!(mailbox(&named), "Ann Lee <ann@example.org>");
    }
}
