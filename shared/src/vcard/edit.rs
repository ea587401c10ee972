//! Edits of fields, one over a selection of cards.

use super::{Card, Property, text, write};
use crate::words;

/// Bytes of a value that an edit brings, most.
const VALUE_BYTES: usize = 2_000;
/// Categories of one edit, most.
const CATEGORIES: usize = 20;

/// The parts of a name (RFC 6350, section 6.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// Family names.
    pub family: String,
    /// Given names.
    pub given: String,
    /// Middle names.
    pub additional: String,
    /// Such as `Dr.`.
    pub prefix: String,
    /// Such as `Jr.`.
    pub suffix: String,
}

impl Name {
    pub(super) fn of(parts: &[String]) -> Self {
        let part = |index: usize| parts.get(index).cloned().unwrap_or_default();
        Self {
            family: part(0),
            given: part(1),
            additional: part(2),
            prefix: part(3),
            suffix: part(4),
        }
    }

    pub(super) fn parts(&self) -> [String; 5] {
        [
            self.family.clone(),
            self.given.clone(),
            self.additional.clone(),
            self.prefix.clone(),
            self.suffix.clone(),
        ]
    }

    /// As it is spoken.
    pub fn spoken(&self) -> String {
        let parts = [
            &self.prefix,
            &self.given,
            &self.additional,
            &self.family,
            &self.suffix,
        ];
        let parts: Vec<&str> = parts
            .into_iter()
            .map(|part| part.trim())
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(" ")
    }
}

/// What is to be changed in a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The name as it is shown (FN).
    FullName(String),
    /// The name in its parts (N).
    Name(Name),
    /// The organisation (ORG). Its units stay. Empty: none, and no units.
    Organisation(String),
    /// The position (TITLE). Empty: none.
    Title(String),
    /// The note (NOTE). Empty: none.
    Note(String),
    /// Further categories (CATEGORIES).
    AddCategories(Vec<String>),
    /// Categories that go, whatever their case.
    RemoveCategories(Vec<String>),
    /// Telephone numbers (TEL) that begin with `from`, spaces and dashes aside, begin with `to`.
    TelephonePrefix {
        /// Digits, or `+` and digits.
        from: String,
        to: String,
    },
    /// Addresses (EMAIL) at the domain `from` are at `to`.
    EmailDomain {
        /// Without `@`.
        from: String,
        /// Without `@`.
        to: String,
    },
    /// A further address (EMAIL), unless the card has it.
    AddEmail(String),
    /// A further telephone number (TEL), unless the card has it.
    AddTelephone(String),
}

/// Why an edit cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The edit asks for nothing.
    #[error("{}", words::vcard_edit_empty())]
    Empty,
    /// A value of more than 2,000 bytes, or more than 20 categories.
    #[error("{}", words::vcard_edit_too_long())]
    TooLong,
    /// A prefix is more than digits.
    #[error("{}", words::vcard_edit_no_prefix())]
    NotAPrefix,
    /// Not an address, or not a domain.
    #[error("{}", words::vcard_edit_no_address())]
    NotAnAddress,
    /// The card's own value cannot be read, so changing it would lose something.
    #[error("{}", words::vcard_edit_unreadable())]
    Unreadable,
}

impl Edit {
    /// Checks what can be checked without a card; browser and server do so alike.
    pub fn validate(&self) -> Result<(), EditError> {
        let (required, texts): (bool, Vec<&str>) = match self {
            Self::FullName(text) | Self::AddEmail(text) | Self::AddTelephone(text) => {
                (true, vec![text])
            }
            Self::Organisation(text) | Self::Title(text) | Self::Note(text) => (false, vec![text]),
            Self::Name(name) => {
                let spoken = name.spoken();
                return check(true, &[&spoken]);
            }
            Self::AddCategories(names) | Self::RemoveCategories(names) => {
                if names.is_empty() {
                    return Err(EditError::Empty);
                }
                (true, names.iter().map(String::as_str).collect())
            }
            Self::TelephonePrefix { from, to } | Self::EmailDomain { from, to } => {
                (true, vec![from, to])
            }
        };
        check(required, &texts)?;
        match self {
            Self::TelephonePrefix { from, to } if !(is_prefix(from) && is_prefix(to)) => {
                Err(EditError::NotAPrefix)
            }
            Self::EmailDomain { from, to } if !(is_domain(from) && is_domain(to)) => {
                Err(EditError::NotAnAddress)
            }
            Self::AddEmail(address) if !is_address(address) => Err(EditError::NotAnAddress),
            _ => Ok(()),
        }
    }

    /// Makes the edit; false where the card already is as asked, and then not a byte of it changes.
    pub fn apply(&self, card: &mut Card) -> Result<bool, EditError> {
        self.validate()?;
        let mut edited = card.clone();
        match self {
            Self::FullName(name) => edited.set("FN", &text::escape(name.trim()))?,
            Self::Name(name) => {
                let mut parts = name.parts().to_vec();
                let old = edited.main("N").map(|old| old.parts(';'));
                parts.extend(old.unwrap_or_default().into_iter().skip(5));
                edited.set("N", &text::join(&parts, ";"))?;
            }
            Self::Organisation(name) if name.trim().is_empty() => edited.set("ORG", "")?,
            Self::Organisation(name) => {
                let mut parts = edited.main("ORG").map(|old| old.parts(';'));
                let parts = parts.get_or_insert_default();
                parts.resize(parts.len().max(1), String::new());
                parts[0] = name.trim().to_owned();
                edited.set("ORG", &text::join(parts, ";"))?;
            }
            Self::Title(title) => edited.set("TITLE", &text::escape(title.trim()))?,
            Self::Note(note) => edited.set("NOTE", &text::escape(note.trim()))?,
            Self::AddCategories(names) => edited.add_categories(names)?,
            Self::RemoveCategories(names) => edited.remove_categories(names)?,
            Self::TelephonePrefix { from, to } => {
                edited.each("TEL", |value| telephone(value, from, to))?;
            }
            Self::EmailDomain { from, to } => {
                edited.each("EMAIL", |value| at_domain(value, from, to))?;
            }
            Self::AddEmail(address) => edited.add("EMAIL", address.trim(), str::to_lowercase)?,
            Self::AddTelephone(number) => edited.add("TEL", number.trim(), dialled)?,
        }
        let changed = edited != *card;
        *card = edited;
        Ok(changed)
    }
}

impl Card {
    /// Gives the main property of this name another value, escaped already; removes it where that is
    /// empty; adds one where there is none.
    fn set(&mut self, name: &str, value: &str) -> Result<(), EditError> {
        match self.main_index(name) {
            Some(index) if value.is_empty() => {
                self.lines.remove(index);
            }
            Some(index) => self.rewrite(index, value)?,
            None if value.is_empty() => {}
            None => self.push(name, &[], value),
        }
        Ok(())
    }

    /// Writes one line anew, unless it says the same already.
    fn rewrite(&mut self, index: usize, value: &str) -> Result<(), EditError> {
        let version = self.version();
        let line = &mut self.lines[index];
        let Some(property) = &line.property else {
            return Ok(());
        };
        let old = property.value().ok_or(EditError::Unreadable)?;
        if same(&old, value) {
            return Ok(());
        }
        *line = write::with_value(version, line, property, value);
        Ok(())
    }

    /// Changes the values of all properties of this name where `change` says how. What is binary or
    /// unreadable is left alone.
    fn each(
        &mut self,
        name: &str,
        change: impl Fn(&str) -> Option<String>,
    ) -> Result<(), EditError> {
        for index in 0..self.lines.len() {
            let property = self.lines[index].property.as_ref();
            let property = property.filter(|property| property.is(name));
            let changed = property.and_then(Property::text).and_then(|t| change(&t));
            if let Some(changed) = changed {
                self.rewrite(index, &text::escape(&changed))?;
            }
        }
        Ok(())
    }

    /// Adds a property unless one says the same, as `plain` sees it.
    fn add(
        &mut self,
        name: &str,
        value: &str,
        plain: impl Fn(&str) -> String,
    ) -> Result<(), EditError> {
        let wanted = plain(value);
        let there = self.all(name).filter_map(Property::text);
        if !there.map(|text| plain(&text)).any(|text| text == wanted) {
            self.push(name, &[], &text::escape(value));
        }
        Ok(())
    }

    fn add_categories(&mut self, names: &[String]) -> Result<(), EditError> {
        let there: Vec<String> = self.all("CATEGORIES").flat_map(|p| p.parts(',')).collect();
        let mut missing: Vec<String> = Vec::new();
        for name in names.iter().map(|name| name.trim()) {
            let mut known = there.iter().chain(&missing);
            if !known.any(|known| is_same_category(known, name)) {
                missing.push(name.to_owned());
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let Some(index) = self.main_index("CATEGORIES") else {
            self.push("CATEGORIES", &[], &text::join(&missing, ","));
            return Ok(());
        };
        let property = self.lines[index].property.as_ref();
        let value = property.and_then(Property::value);
        let value = value.ok_or(EditError::Unreadable)?;
        let mut parts = text::parts(&value, ',');
        parts.retain(|part| !part.is_empty());
        parts.extend(missing);
        self.rewrite(index, &text::join(&parts, ","))
    }

    fn remove_categories(&mut self, names: &[String]) -> Result<(), EditError> {
        for index in (0..self.lines.len()).rev() {
            let property = self.lines[index].property.as_ref();
            let Some(property) = property.filter(|property| property.is("CATEGORIES")) else {
                continue;
            };
            let mut parts = property.parts(',');
            let before = parts.len();
            parts.retain(|part| !names.iter().any(|name| is_same_category(part, name)));
            if parts.is_empty() {
                self.lines.remove(index);
            } else if parts.len() < before {
                self.rewrite(index, &text::join(&parts, ","))?;
            }
        }
        Ok(())
    }
}

fn check(required: bool, texts: &[&str]) -> Result<(), EditError> {
    if texts.len() > CATEGORIES || texts.iter().any(|text| text.len() > VALUE_BYTES) {
        return Err(EditError::TooLong);
    }
    let is_empty = texts.iter().any(|text| text.trim().is_empty());
    if required && is_empty {
        return Err(EditError::Empty);
    }
    Ok(())
}

/// Whether two values say the same, whatever they escape without need.
fn same(one: &str, other: &str) -> bool {
    let said = |value: &str| -> Vec<Vec<String>> {
        let parts = text::split(value, ';').into_iter();
        parts.map(|part| text::parts(part, ',')).collect()
    };
    said(one) == said(other)
}

fn is_same_category(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn is_prefix(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && !text.contains(|c: char| c == '@' || c.is_whitespace() || c.is_control())
}

/// Whether this could be an e-mail address: something on each side of an `@`.
pub(crate) fn is_address(text: &str) -> bool {
    let bad = |c: char| c.is_whitespace() || c.is_control();
    let text = text.trim();
    text.split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(bad)
}

/// What is dialled of a number as it is written.
pub(super) fn dialled(number: &str) -> String {
    let number = number.strip_prefix("tel:").unwrap_or(number);
    let kept = |c: &char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#');
    number.chars().filter(kept).collect()
}

/// A number with another beginning; none if it does not begin so. What is between the digits stays.
fn telephone(number: &str, from: &str, to: &str) -> Option<String> {
    let (scheme, digits) = match number.split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel:") => (scheme, rest),
        _ => ("", number),
    };
    let mut left = from.chars().peekable();
    let (mut end, mut open) = (0, false);
    for (at, character) in digits.char_indices() {
        let Some(&wanted) = left.peek() else { break };
        if character == wanted {
            left.next();
        } else if is_between(character) {
            open |= character == '(';
        } else {
            return None;
        }
        end = at + character.len_utf8();
    }
    if left.peek().is_some() {
        return None;
    }
    let rest = &digits[end..];
    // A bracket that was opened around what goes goes as well.
    let rest = rest.strip_prefix(')').filter(|_| open).unwrap_or(rest);
    Some(format!("{scheme}{to}{rest}"))
}

fn is_between(character: char) -> bool {
    character.is_whitespace() || matches!(character, '(' | ')' | '-' | '.' | '/' | '\u{a0}')
}

fn at_domain(address: &str, from: &str, to: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    domain
        .trim()
        .eq_ignore_ascii_case(from)
        .then(|| format!("{local}@{to}"))
}
