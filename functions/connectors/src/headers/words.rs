//! Encoded words (RFC 2047), read as they are really written.
//!
//! Writers cut a text anywhere, also in the middle of a character, and leave out padding; so the
//! bytes of adjacent words of one charset are joined before anybody decodes them. Each run of words
//! becomes one word in UTF-8, which every parser reads alike.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::encodings::{base64, digits, in_charset, quoted};
use super::folding::folding_space;

/// What a charset's name has, most.
const CHARSET_BYTES: usize = 60;

/// The header with each run of encoded words made one word in UTF-8, and what is no UTF-8 taken for
/// Windows-1252, which is what writers of bare bytes mean most of the time.
pub(super) fn join(header: &[u8]) -> String {
    let mut joined = String::with_capacity(header.len());
    rewrite(header, &mut joined, |text, joined| {
        joined.push_str("=?utf-8?B?");
        STANDARD.encode_string(text, joined);
        joined.push_str("?=");
    });
    joined
}

/// A header's value as a person reads it.
#[cfg(any(test, feature = "sandbox"))]
pub(crate) fn decode(value: &[u8]) -> String {
    let mut decoded = String::with_capacity(value.len());
    rewrite(value, &mut decoded, |text, decoded| decoded.push_str(&text));
    decoded
}

/// Copies the header; `put` writes the text of each run of encoded words.
fn rewrite(header: &[u8], to: &mut String, put: impl Fn(String, &mut String)) {
    let mut rest = header;
    let mut plain = 0;
    while let Some(at) = position(rest, plain, b"=?") {
        match run(rest.get(at..).unwrap_or_default()) {
            Some((text, length)) => {
                to.push_str(&bare(rest.get(..at).unwrap_or_default()));
                put(text, to);
                rest = rest.get(at + length..).unwrap_or_default();
                plain = 0;
            }
            None => plain = at + 2,
        }
    }
    to.push_str(&bare(rest));
}

/// Bytes that are not encoded.
fn bare(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes
            .split_inclusive(|&byte| byte == b'\n')
            .map(|line| match std::str::from_utf8(line) {
                Ok(text) => text.to_owned(),
                Err(_) => in_charset(b"windows-1252", line),
            })
            .collect(),
    }
}

fn position(bytes: &[u8], from: usize, needle: &[u8; 2]) -> Option<usize> {
    let found = bytes
        .get(from..)?
        .windows(2)
        .position(|two| two == needle)?;
    Some(from + found)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Base64,
    Quoted,
}

/// One encoded word.
struct Word<'a> {
    /// Without the language that may follow it (RFC 2231, section 5).
    charset: &'a [u8],
    encoding: Encoding,
    data: &'a [u8],
}

/// The adjacent words at the beginning as one text, and how many bytes they take.
fn run(bytes: &[u8]) -> Option<(String, usize)> {
    let (first, mut length) = word(bytes)?;
    let mut words = vec![first];
    loop {
        let rest = bytes.get(length..).unwrap_or_default();
        let space = folding_space(rest);
        let Some((next, taken)) = word(rest.get(space..).unwrap_or_default()) else {
            break;
        };
        words.push(next);
        length += space + taken;
    }
    let same = |one: &Word<'_>, next: &Word<'_>| {
        one.charset.eq_ignore_ascii_case(next.charset) && !keeps_state(one.charset)
    };
    let text = words.chunk_by(same).map(text_of).collect();
    Some((text, length))
}

/// A charset whose words each begin anew, whatever the one before ended in.
fn keeps_state(charset: &[u8]) -> bool {
    charset.eq_ignore_ascii_case(b"utf-7")
}

/// The word at the beginning, `=?charset?B?data?=`, and how many bytes it takes.
fn word(bytes: &[u8]) -> Option<(Word<'_>, usize)> {
    let rest = bytes.strip_prefix(b"=?")?;
    let end = rest
        .iter()
        .take(CHARSET_BYTES)
        .position(|&byte| byte == b'?')?;
    let (charset, rest) = rest.split_at_checked(end)?;
    let is_name = |byte: &u8| byte.is_ascii_graphic() && *byte != b'=';
    if charset.is_empty() || !charset.iter().all(is_name) {
        return None;
    }
    let (encoding, rest) = match rest {
        [_, b'b' | b'B', b'?', rest @ ..] => (Encoding::Base64, rest),
        [_, b'q' | b'Q', b'?', rest @ ..] => (Encoding::Quoted, rest),
        _ => return None,
    };
    let length = data_length(rest, encoding)?;
    let word = Word {
        charset: charset.split(|&byte| byte == b'*').next()?,
        encoding,
        data: rest.get(..length)?,
    };
    Some((word, 2 + end + 3 + length + 2))
}

/// Bytes before the `?=` that ends the word. A question mark that should have been encoded is followed
/// by two digits and, later in the same word, by the end.
fn data_length(rest: &[u8], encoding: Encoding) -> Option<usize> {
    let mut at = 0;
    loop {
        match rest.get(at..)? {
            [b'?', b'=', a, b, after @ ..]
                if encoding == Encoding::Quoted
                    && a.is_ascii_hexdigit()
                    && b.is_ascii_hexdigit()
                    && ends_later(after) =>
            {
                at += 2;
            }
            [b'?', b'=', ..] => return Some(at),
            // Another word begins: this one never ended. Padding before the end looks much the same.
            [b'=', b'?', next, ..] if *next != b'=' => return None,
            [b'\r' | b'\n', ..] => {
                let space = folding_space(rest.get(at..)?);
                at += if space == 0 { return None } else { space };
            }
            [_, ..] => at += 1,
            [] => return None,
        }
    }
}

fn ends_later(bytes: &[u8]) -> bool {
    let mut pairs = bytes.windows(2);
    let told = pairs.find(|two| {
        matches!(two, [b'?', b'='] | [b'=', b'?'])
            || two.first().is_some_and(u8::is_ascii_whitespace)
    });
    told == Some(b"?=")
}

/// The text of adjacent words of one charset.
fn text_of(words: &[Word<'_>]) -> String {
    let Some(first) = words.first() else {
        return String::new();
    };
    let joined: Vec<u8> = words.iter().flat_map(bytes_of).collect();
    let mut best = in_charset(first.charset, &joined);
    // A charset that shifts back at a word's end may not like to be joined.
    if strange(&best) > 0 {
        let apart = words
            .iter()
            .map(|word| in_charset(first.charset, &bytes_of(word)));
        best = better(best, apart.collect());
    }
    let lengths = words.iter().map(|word| digits(word.data).len() % 4);
    let is_padded = |word: &Word<'_>| word.data.contains(&b'=');
    let all_digits = words.iter().all(|word| word.encoding == Encoding::Base64);
    if words.len() > 1 && all_digits && !words.iter().rev().skip(1).any(is_padded) {
        // Padding is missing, or one text of digits was cut anywhere: what reads better tells, and a
        // single digit over is no byte.
        let all: Vec<u8> = words.iter().flat_map(|word| digits(word.data)).collect();
        let whole = in_charset(first.charset, &base64(&all));
        best = match lengths.into_iter().any(|over| over == 1) {
            true => whole,
            false => better(best, whole),
        };
    }
    best
}

/// The text of two that reads better; the first if neither does.
fn better(first: String, second: String) -> String {
    if strange(&second) < strange(&first) {
        second
    } else {
        first
    }
}

/// How much of a text could not be read.
fn strange(text: &str) -> usize {
    text.chars()
        .filter(|&c| c == char::REPLACEMENT_CHARACTER || c.is_control())
        .count()
}

fn bytes_of(word: &Word<'_>) -> Vec<u8> {
    match word.encoding {
        Encoding::Base64 => base64(&digits(word.data)),
        Encoding::Quoted => quoted(word.data),
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD_NO_PAD;

    use super::*;

    fn read(value: &str) -> String {
        decode(value.as_bytes())
    }

    #[test]
    fn words_cut_in_the_middle_of_a_character_are_joined_first() {
        for (value, text) in [
            ("=?UTF-8?Q?H1_sch=C3?= =?UTF-8?Q?=B6n?=", "H1 schön"),
            ("=?UTF-8?Q?H1_sch=C3?=\r\n =?utf-8?q?=B6n?=", "H1 schön"),
            ("=?UTF-8?B?Z3LD?= =?UTF-8?B?tsOfZXI=?=", "größer"),
            ("=?UTF-8?B?Z3LD?= =?UTF-8?Q?=B6=C3=9Fer?=", "größer"),
            (
                "=?gb2312?B?udjT2s/uxL+1?=\n\t=?gb2312?B?xM2o1qq6zbCyxcU?=",
                "关于项目的通知和安排",
            ),
            ("=?utf-8*de?Q?sch=C3?= =?utf-8?Q?=B6n?=", "schön"),
            ("=?UTF-8?Q?a?==?UTF-8?Q?b?=", "ab"),
            (
                "=?shift_jis?B?g26DjYFbgQ?= =?shift_jis?B?RYOPgVuDi4No?=",
                "ハロー・ワールド",
            ),
        ] {
            assert_eq!(read(value), text, "{value}");
        }
    }

    #[test]
    fn padding_may_be_missing_and_digits_cut_anywhere() {
        assert_eq!(read("=?utf-8?B?R3LDvMOfZQ?="), "Grüße");
        assert_eq!(read("=?utf-8?B?R3LDvMOfZQ?= =?utf-8?B?IQ?="), "Grüße!");
        let whole = STANDARD_NO_PAD.encode("Grüße aus Köln");
        for cut in 1..whole.len() {
            let (a, b) = whole.split_at(cut);
            let value = format!("=?utf-8?B?{a}?=\r\n =?utf-8?B?{b}?=");
            assert_eq!(read(&value), "Grüße aus Köln", "{value}");
        }
    }

    #[test]
    fn what_is_written_against_the_rules_is_read_all_the_same() {
        for (value, text) in [
            ("=?UTF-8?Q?a b c?= d", "a b c d"),
            ("=?UTF-8?Q?Was?=20nun??=", "Was? nun?"),
            ("=?UTF-8?Q?50=_off?=", "50= off"),
            ("=?UTF-8?Q?one\r\n two?=", "onetwo"),
            ("=?no-such?Q?caf=C3=A9?=", "café"),
            (
                "\"=?UTF-8?Q?J=C3=B6rg?=\" <j@example.org>",
                "\"Jörg\" <j@example.org>",
            ),
            (
                "=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?= =?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=",
                "テストテスト",
            ),
            ("=?utf-7?Q?+APY-?= =?utf-7?Q?x?=", "öx"),
        ] {
            assert_eq!(read(value), text, "{value}");
        }
        assert_eq!(decode(b"caf\xe9"), "café");
        assert_eq!(decode("naïve".as_bytes()), "naïve");
    }

    #[test]
    fn what_is_no_word_stays_as_it_is() {
        for value in [
            "=?",
            "=?=",
            "a =? b",
            "=?utf-8?X?abc?=",
            "=?utf-8?Q?never ends",
            "=??Q?x?=",
            "=?utf-8?B?x\r\nNext: line?=",
            "=?a b?Q?x?=",
        ] {
            assert_eq!(read(value), value, "{value}");
        }
        assert_eq!(read("=?utf-8?Q?=?utf-8?Q?ok?="), "=?utf-8?Q?ok");
        // Words of two charsets are decoded apart; the blank between words is no text.
        assert_eq!(read("=?utf-8?Q?=C3=A4?= =?iso-8859-1?Q?=F6?="), "äö");
        assert_eq!(read("=?utf-8?Q?a?= b =?utf-8?Q?c?="), "a b c");
    }

    #[test]
    fn a_word_never_reaches_into_the_next_header() {
        let joined = join(b"Subject: =?utf-8?Q?a?=\r\nTo: =?utf-8?Q?b?=\r\n");
        assert_eq!(
            joined,
            "Subject: =?utf-8?B?YQ==?=\r\nTo: =?utf-8?B?Yg==?=\r\n"
        );
    }

    #[test]
    fn hostile_headers_cost_no_more_than_their_length() {
        let begun = std::time::Instant::now();
        for piece in [
            "=?a?Q?",
            "=?a?Q?x?= ",
            "=?a?Q??=41",
            "=?",
            "=?a?B?x\n ",
            "?=",
        ] {
            let header = piece.repeat(1_000_000 / piece.len());
            decode(header.as_bytes());
        }
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
