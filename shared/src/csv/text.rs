//! Bytes of a file as text.
//!
//! What spreadsheets save is one of four encodings, and those are told apart here by a byte order mark, by
//! zeros, and by whether it is UTF-8. The standard library reads three of them, and the fourth is a table of
//! 27 characters: a library of all encodings would be a fifth of the app.

use std::fmt;

use crate::words;

/// How the characters of a file are in its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with a byte order mark or without.
    Utf8 {
        /// Whether a byte order mark is there.
        marked: bool,
    },
    /// UTF-16, lower byte first: “Unicode text”.
    Utf16Le,
    /// UTF-16, higher byte first.
    Utf16Be,
    /// Windows-1252: what a spreadsheet in western Europe or America saves as “CSV”.
    Windows1252,
}

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotText {
    /// A workbook: an archive that begins with `PK`, or the older form.
    Workbook,
    /// Anything else.
    Binary,
}

/// The text of a file without its byte order mark, and what it was in.
pub(super) fn read(bytes: &[u8]) -> Result<(String, Encoding), NotText> {
    // A ZIP archive's first header, and the first bytes of a compound file.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(NotText::Workbook);
    }
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => (utf8(rest)?, Encoding::Utf8 { marked: true }),
        [0xff, 0xfe, rest @ ..] => (utf16(rest, u16::from_le_bytes)?, Encoding::Utf16Le),
        [0xfe, 0xff, rest @ ..] => (utf16(rest, u16::from_be_bytes)?, Encoding::Utf16Be),
        // The first character is of ASCII in every table of ours, and so tells which byte is the higher one. Where both
        // are zero it is a NUL, and no text.
        [_, 0, ..] => (utf16(bytes, u16::from_le_bytes)?, Encoding::Utf16Le),
        [0, ..] => (utf16(bytes, u16::from_be_bytes)?, Encoding::Utf16Be),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), Encoding::Utf8 { marked: false }),
            Err(_) => (windows_1252(bytes), Encoding::Windows1252),
        },
    };
    match text.0.contains('\0') {
        true => Err(NotText::Binary),
        false => Ok(text),
    }
}

/// A file that says it is UTF-8 and has a byte that is not: that one is shown as such, and the rest is read.
fn utf8(bytes: &[u8]) -> Result<String, NotText> {
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(NotText::Binary);
    }
    let units = pairs.iter().map(|pair| unit(*pair));
    let letters = char::decode_utf16(units);
    Ok(letters
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect())
}

/// 0x80 to 0x9f of Windows-1252 (WHATWG's Encoding Standard, index windows-1252); the five places without a
/// character are the control characters of the same number, as there.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(bytes: &[u8]) -> String {
    let letters = bytes.iter().map(|&byte| match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    });
    letters.collect()
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 { marked: true } => words::csv_marked(),
            Self::Utf8 { marked: false } => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        })
    }
}
