//! Addresses and sign-in names of mailboxes.

use std::fmt;

use crate::words;

/// An address or a sign-in name: `ann@example.com`. Case means nothing when two are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    /// Nothing is there.
    #[error("{}", words::mailbox_address_empty())]
    Empty,
    /// There is no `@`, or there are two.
    #[error("{}", words::mailbox_address_at())]
    At,
    /// A character that no address has.
    #[error("{}", words::mailbox_address_letter(&.0.to_string()))]
    Letter(char),
    /// What is behind the `@` is no domain.
    #[error("{}", words::mailbox_address_domain())]
    Domain,
    /// Dots where none may be.
    #[error("{}", words::mailbox_address_dots())]
    Dots,
    /// Longer than an address can be (RFC 5321, section 4.5.3.1: 64 and 255, 254 in all).
    #[error("{}", words::mailbox_address_long())]
    Long,
    /// Several in one cell.
    #[error("{}", words::mailbox_address_several())]
    Several,
}

/// Bytes before the `@`, most.
const LOCAL_BYTES: usize = 64;
/// Bytes in all, most.
const BYTES: usize = 254;

impl Address {
    /// Reads a cell. Blanks around it, `mailto:`, and angle brackets with a name before them are taken off.
    pub fn read(cell: &str) -> Result<Self, NotAnAddress> {
        let text = bare(cell);
        if text.is_empty() {
            return Err(NotAnAddress::Empty);
        }
        if text.matches('@').count() > 1 && text.contains([',', ';', ' ']) {
            return Err(NotAnAddress::Several);
        }
        let (local, domain) = text.split_once('@').ok_or(NotAnAddress::At)?;
        if domain.contains('@') || local.is_empty() {
            return Err(NotAnAddress::At);
        }
        let is_bad = |letter: char| {
            letter.is_whitespace() || letter.is_control() || "()<>[]:;,\\\"“”".contains(letter)
        };
        if let Some(letter) = text.chars().find(|letter| is_bad(*letter)) {
            return Err(NotAnAddress::Letter(letter));
        }
        if text.len() > BYTES || local.len() > LOCAL_BYTES {
            return Err(NotAnAddress::Long);
        }
        let has_wrong_dots =
            |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
        if has_wrong_dots(local) || has_wrong_dots(domain) {
            return Err(NotAnAddress::Dots);
        }
        let is_label = |label: &str| {
            !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || letter == '-')
        };
        if domain.is_empty() || !domain.split('.').all(is_label) {
            return Err(NotAnAddress::Domain);
        }
        Ok(Self(text.to_owned()))
    }

    /// The address as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this text is the same address.
    pub fn is(&self, other: &str) -> bool {
        self.key() == other.to_lowercase()
    }

    /// The same for all spellings of an address.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// What is left without blanks around it, `mailto:`, and a name with angle brackets.
fn bare(cell: &str) -> &str {
    let is_blank = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let text = cell.trim_matches(is_blank);
    let text = match text.split_at_checked("mailto:".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => rest,
        _ => text,
    };
    let inner = text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'));
    inner
        .map_or(text, |(_, inner)| inner)
        .trim_matches(is_blank)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_tables_put_around_an_address_is_taken_off() {
        for cell in [
            "ann@example.com",
            " ann@example.com\u{a0}",
            "mailto:ann@example.com",
            "Ann Lee <ann@example.com>",
            "\u{200b}ann@example.com",
        ] {
            assert_eq!(
                Address::read(cell).unwrap().as_str(),
                "ann@example.com",
                "{cell}"
            );
        }
        for fine in [
            "o'brien@x.example",
            "a+b@x.example",
            "jürgen@bücher.example",
            "a_b@localhost",
        ] {
            assert!(Address::read(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn what_is_none_says_why() {
        for (cell, why) in [
            (" ", NotAnAddress::Empty),
            ("Ann <>", NotAnAddress::Empty),
            ("ann", NotAnAddress::At),
            ("@x.example", NotAnAddress::At),
            ("a@b@c.example", NotAnAddress::At),
            ("a@x.example; b@x.example", NotAnAddress::Several),
            ("a@x.example, b@y.example", NotAnAddress::Several),
            ("a@x b@y", NotAnAddress::Several),
            ("ann lee@x.example", NotAnAddress::Letter(' ')),
            ("ann@x.example,", NotAnAddress::Letter(',')),
            ("a\u{7}@x.example", NotAnAddress::Letter('\u{7}')),
            ("Ann <a@x.example", NotAnAddress::Letter(' ')),
            ("ann@", NotAnAddress::Domain),
            ("ann@-x.example", NotAnAddress::Domain),
            ("ann@x-.example", NotAnAddress::Domain),
            ("ann@x_y.example", NotAnAddress::Domain),
            ("ann..lee@x.example", NotAnAddress::Dots),
            (".ann@x.example", NotAnAddress::Dots),
            ("ann.@x.example", NotAnAddress::Dots),
            ("ann@x..example", NotAnAddress::Dots),
            ("ann@x.example.", NotAnAddress::Dots),
        ] {
            assert_eq!(Address::read(cell), Err(why), "{cell}");
        }
        let read = |local: usize, domain: usize| {
            let domain = "x".repeat(domain);
            Address::read(&format!("{}@{domain}", "a".repeat(local)))
                .map(|address| address.as_str().len())
        };
        assert_eq!(read(64, 189), Ok(254));
        assert_eq!(read(64, 190), Err(NotAnAddress::Long));
        assert_eq!(read(65, 9), Err(NotAnAddress::Long));
        assert_eq!(read(65, 188), Err(NotAnAddress::Long));
    }

    #[test]
    fn an_address_is_another_one_where_it_differs_by_more_than_case() {
        let ann = Address::read("Ann@Example.com").unwrap();
        assert!(ann.is("ANN@example.COM") && !ann.is("bob@example.com"));
        assert_eq!(
            (ann.key().as_str(), ann.to_string().as_str()),
            ("ann@example.com", "Ann@Example.com")
        );
    }
}
