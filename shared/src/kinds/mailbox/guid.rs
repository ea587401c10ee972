//! GUIDs as directories name mailboxes by, and as people's tables spell them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words;

/// A mailbox's GUID: 32 hexadecimal digits, in lower case and in groups (RFC 9562, section 4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct Guid(String);

/// What was put right in a cell before it was a GUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleaned {
    /// It had braces or brackets around it.
    Braces,
    /// It had no dashes.
    NoDashes,
    /// It had blanks or characters without width in it.
    Blanks,
    /// It had hyphens of another kind: ones that do not break, or dashes.
    Hyphens,
    /// It had quotes around it.
    Quotes,
}

/// Why a text is no GUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAGuid {
    /// A spreadsheet took it for a number: `7.39E+07`.
    #[error("{}", words::guid_number())]
    Number,
    /// A spreadsheet's mark for what it could not find or work out: `#N/A`.
    #[error("{}", words::guid_sheet_error())]
    SheetError,
    /// A digit is missing or too many: so many there are.
    #[error("{}", words::guid_digits(&.0.to_string()))]
    Digits(usize),
    /// It is something else.
    #[error("{}", words::guid_other())]
    Other,
}

/// Digits of each group.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
/// Digits of all groups together.
const DIGITS: usize = 32;

impl Guid {
    /// The GUID as text: lower case, in groups.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A GUID of these bytes, the first one first.
    pub fn of_bytes(bytes: [u8; 16]) -> Self {
        let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
        Self::grouped(&digits.collect::<String>())
    }

    /// Reads a cell, and says what was put right in it.
    pub fn read(cell: &str) -> Result<(Self, Vec<Cleaned>), NotAGuid> {
        let mut cleaned = Vec::new();
        let mut note = |what: Cleaned| {
            if !cleaned.contains(&what) {
                cleaned.push(what);
            }
        };
        let mut text = String::with_capacity(cell.len());
        for letter in cell.chars() {
            match letter {
                _ if is_blank(letter) => note(Cleaned::Blanks),
                '{' | '}' | '(' | ')' | '[' | ']' => note(Cleaned::Braces),
                '"' | '\'' | '“' | '”' | '„' | '‘' | '’' => note(Cleaned::Quotes),
                '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => {
                    note(Cleaned::Hyphens);
                    text.push('-');
                }
                letter => text.push(letter),
            }
        }
        if is_number(&text) {
            return Err(NotAGuid::Number);
        }
        if text.starts_with('#') {
            return Err(NotAGuid::SheetError);
        }
        let digits: String = text.chars().filter(|letter| *letter != '-').collect();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAGuid::Other);
        }
        if digits.len() != DIGITS {
            return Err(NotAGuid::Digits(digits.len()));
        }
        let guid = Self::grouped(&digits.to_ascii_lowercase());
        if text.eq_ignore_ascii_case(guid.as_str()) {
            return Ok((guid, cleaned));
        }
        if text.contains('-') {
            // In groups, and not in these.
            return Err(NotAGuid::Other);
        }
        cleaned.push(Cleaned::NoDashes);
        Ok((guid, cleaned))
    }

    fn grouped(digits: &str) -> Self {
        let mut text = String::with_capacity(DIGITS + GROUPS.len() - 1);
        let mut digits = digits.chars();
        for (place, length) in GROUPS.into_iter().enumerate() {
            if place > 0 {
                text.push('-');
            }
            text.extend(digits.by_ref().take(length));
        }
        Self(text)
    }
}

/// Whitespace, and what has no width: a byte order mark, joiners, a soft hyphen.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        )
}

/// `7.39E+07`, `73900000`, with a comma for the point where people write one. Whatever is as long as a GUID is none:
/// a GUID can be of digits alone, or of digits and one `e`.
fn is_number(text: &str) -> bool {
    text.len() < DIGITS
        && text.starts_with(|letter: char| letter.is_ascii_digit())
        && text.replace(',', ".").parse::<f64>().is_ok()
}

impl Cleaned {
    /// What was put right, in a few words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Braces => words::guid_cleaned_braces(),
            Self::NoDashes => words::guid_cleaned_no_dashes(),
            Self::Blanks => words::guid_cleaned_blanks(),
            Self::Hyphens => words::guid_cleaned_hyphens(),
            Self::Quotes => words::guid_cleaned_quotes(),
        }
    }
}

impl TryFrom<String> for Guid {
    type Error = NotAGuid;
    fn try_from(text: String) -> Result<Self, NotAGuid> {
        text.parse()
    }
}

impl FromStr for Guid {
    type Err = NotAGuid;
    fn from_str(text: &str) -> Result<Self, NotAGuid> {
        Self::read(text).map(|(guid, _)| guid)
    }
}

impl From<Guid> for String {
    fn from(guid: Guid) -> Self {
        guid.0
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PLAIN: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    #[test]
    fn what_tables_make_of_a_guid_is_put_right_and_said() {
        let cases: [(&str, &[Cleaned]); 8] = [
            (PLAIN, &[]),
            ("3F2504E0-4F89-41D3-9A0C-0305E82C3301", &[]),
            ("{3f2504e0-4f89-41d3-9a0c-0305e82c3301}", &[Cleaned::Braces]),
            ("3f2504e04f8941d39a0c0305e82c3301", &[Cleaned::NoDashes]),
            (
                " 3f2504e0-4f89-41d3-9a0c-0305e82c3301\u{a0}",
                &[Cleaned::Blanks],
            ),
            (
                "\u{feff}3f2504e0-4f89-41d3-9a0c-0305e82c3301",
                &[Cleaned::Blanks],
            ),
            (
                "3f2504e0\u{2011}4f89\u{2011}41d3\u{2011}9a0c\u{2011}0305e82c3301",
                &[Cleaned::Hyphens],
            ),
            (
                "“3f2504e0–4f89–41d3–9a0c–0305e82c3301”",
                &[Cleaned::Quotes, Cleaned::Hyphens],
            ),
        ];
        for (cell, expected) in cases {
            let (guid, cleaned) = Guid::read(cell).unwrap();
            assert_eq!(
                (guid.as_str(), cleaned.as_slice()),
                (PLAIN, expected),
                "{cell}"
            );
        }
    }

    #[test]
    fn what_is_none_says_why() {
        for (cell, why) in [
            ("7.39E+07", NotAGuid::Number),
            ("7,39E+07", NotAGuid::Number),
            ("73900000", NotAGuid::Number),
            ("1234567812345678123456781234567", NotAGuid::Number),
            ("7.39", NotAGuid::Number),
            ("7e5", NotAGuid::Number),
            ("7", NotAGuid::Number),
            ("#N/A", NotAGuid::SheetError),
            ("#REF!", NotAGuid::SheetError),
            ("3f2504e0-4f89-41d3-9a0c-0305e82c330", NotAGuid::Digits(31)),
            ("3f2504e-04f89-41d3-9a0c-0305e82c3301", NotAGuid::Other),
            ("abc-123", NotAGuid::Digits(6)),
            ("123456781234567812345678123456789", NotAGuid::Digits(33)),
            ("7e", NotAGuid::Digits(2)),
            ("-5", NotAGuid::Digits(1)),
            ("1-2", NotAGuid::Digits(2)),
            ("ann@example.com", NotAGuid::Other),
            ("inf", NotAGuid::Other),
            (".5", NotAGuid::Other),
            ("7.3.9", NotAGuid::Other),
            ("-", NotAGuid::Other),
            ("", NotAGuid::Other),
        ] {
            assert_eq!(Guid::read(cell), Err(why), "{cell}");
        }
        // Whatever has its length is none of a spreadsheet's numbers.
        for digits in [
            "12345678123456781234567812345678",
            "12345678123456781234567812345e78",
        ] {
            assert!(Guid::read(digits).is_ok(), "{digits}");
        }
    }

    #[test]
    fn signs_that_stand_in_for_others_are_known_one_by_one() {
        let cleaned = |cell: &str| Guid::read(cell).map(|(_, cleaned)| cleaned);
        for sign in ["{", "}", "(", ")", "[", "]"] {
            assert_eq!(
                cleaned(&format!("{PLAIN}{sign}")),
                Ok(vec![Cleaned::Braces]),
                "{sign}"
            );
        }
        for sign in ["\"", "'", "“", "”", "„", "‘", "’"] {
            assert_eq!(
                cleaned(&format!("{sign}{PLAIN}")),
                Ok(vec![Cleaned::Quotes]),
                "{sign}"
            );
        }
        for sign in ["\u{2010}", "\u{2015}", "\u{2212}", "\u{fe63}", "\u{ff0d}"] {
            assert_eq!(
                cleaned(&PLAIN.replace('-', sign)),
                Ok(vec![Cleaned::Hyphens]),
                "{sign:?}"
            );
        }
        for sign in [
            "\u{200b}", "\u{200f}", "\u{2060}", "\u{feff}", "\u{ad}", "\t",
        ] {
            assert_eq!(
                cleaned(&PLAIN.replace("-4f", &format!("-{sign}4f"))),
                Ok(vec![Cleaned::Blanks]),
                "{sign:?}"
            );
        }
    }

    #[test]
    fn what_was_put_right_is_said_in_a_few_words() {
        let all = [
            Cleaned::Braces,
            Cleaned::NoDashes,
            Cleaned::Blanks,
            Cleaned::Hyphens,
            Cleaned::Quotes,
        ];
        let told = all.map(Cleaned::text);
        assert_eq!(
            told,
            [
                "braces taken off",
                "dashes put in",
                "blanks taken out",
                "hyphens made plain",
                "quotes taken off"
            ]
        );
    }

    #[test]
    fn it_is_written_as_its_text_and_read_from_any_spelling() {
        let guid: Guid =
            serde_json::from_str(&format!("\"{{{}}}\"", PLAIN.to_uppercase())).unwrap();
        assert_eq!(
            serde_json::to_string(&guid).unwrap(),
            format!("\"{PLAIN}\"")
        );
        assert_eq!(guid.to_string(), PLAIN);
        assert!(serde_json::from_str::<Guid>("\"x\"").is_err());
    }

    #[test]
    fn bytes_are_digits_in_their_order() {
        let bytes = *b"\x3f\x25\x04\xe0\x4f\x89\x41\xd3\x9a\x0c\x03\x05\xe8\x2c\x33\x01";
        assert_eq!(Guid::of_bytes(bytes).as_str(), PLAIN);
    }
}
