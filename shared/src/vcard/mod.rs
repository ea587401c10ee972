//! vCards without loss: versions 4.0 (RFC 6350), 3.0 (RFC 2426) and, for reading, 2.1.
//!
//! A [`Card`] keeps every line as it stood, folds and line ends included. Only lines that an edit
//! touches are written anew, so what an edit is not about comes back byte for byte: unknown
//! properties, groups (`item1.`), parameters, even lines that are no property at all.

mod charset;
mod compare;
mod convert;
mod edit;
mod lines;
mod property;
mod read;
mod search;
mod show;
pub mod table;
mod text;
mod version;
mod write;

#[cfg(test)]
mod tests;

pub use compare::{ContentKey, content_key};
pub(crate) use edit::is_address;
pub use edit::{Edit, EditError, Name};
pub use property::{Parameter, Property};
pub use read::{CardError, Fault, cards};
pub use search::{NotOfContacts, Search};
pub use show::{EXAMPLES, Fact, SEARCH_FIELDS, Shown};
pub use version::Version;

use lines::Line;

/// Bytes of one card, most. Phones put a photo of a few hundred kilobytes into a card.
pub const CARD_BYTES: usize = 1024 * 1024;
/// Lines of one card, most: far more properties than a person fills in.
pub const CARD_LINES: usize = 20_000;
/// Cards of one file, most: what one job takes as rows.
pub const CARDS_PER_FILE: usize = 10_000;

/// One card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What stood before BEGIN: nothing, a byte order mark, empty lines.
    before: Vec<u8>,
    /// From BEGIN to END.
    lines: Vec<Line>,
    /// What stood after END.
    after: Vec<u8>,
}

impl Card {
    /// A new card with nothing but its version and its id.
    pub fn new(version: Version, uid: &str) -> Self {
        let mut card = Self {
            before: Vec::new(),
            lines: Vec::new(),
            after: Vec::new(),
        };
        let ends = [("BEGIN", "VCARD"), ("END", "VCARD")];
        for (name, value) in ends {
            card.lines.push(write::line(version, name, &[], value));
        }
        card.push("VERSION", &[], version.as_str());
        card.push("UID", &[], &text::escape(uid));
        card
    }

    /// The card with its id; where it has none, this one is written into it.
    pub fn with_uid(mut self, uid: &str) -> (Self, String) {
        match self.uid() {
            Some(own) => (self, own),
            None => {
                self.push("UID", &[], &text::escape(uid));
                (self, uid.to_owned())
            }
        }
    }

    /// The card byte for byte: what was read, but for the lines that edits wrote.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.before.clone();
        for line in &self.lines {
            bytes.extend_from_slice(&line.raw);
        }
        bytes.extend_from_slice(&self.after);
        bytes
    }

    /// Its properties in their order, without BEGIN and END.
    pub fn properties(&self) -> impl Iterator<Item = &Property> {
        let properties = self.lines.iter().filter_map(|line| line.property.as_ref());
        properties.filter(|property| !property.is("BEGIN") && !property.is("END"))
    }

    /// The properties of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties().filter(move |property| property.is(name))
    }

    /// The one that counts among the properties of this name: the preferred one, or the first.
    pub fn main(&self, name: &str) -> Option<&Property> {
        self.main_index(name)
            .and_then(|index| self.lines[index].property.as_ref())
    }

    /// The text of [`Card::main`]; empty where there is none.
    pub fn text(&self, name: &str) -> String {
        self.main(name)
            .map(|property| property.text_or_marks())
            .unwrap_or_default()
    }

    /// Its id, which stays the same wherever the card goes; none if it has none.
    pub fn uid(&self) -> Option<String> {
        Some(self.text("UID")).filter(|uid| !uid.is_empty())
    }

    /// How many lines are neither properties nor empty. Servers may refuse such a card.
    pub fn unreadable_lines(&self) -> usize {
        let unknown = self.lines.iter().filter(|line| line.property.is_none());
        unknown
            .filter(|line| !line.raw.trim_ascii().is_empty())
            .count()
    }

    fn main_index(&self, name: &str) -> Option<usize> {
        let named = self.lines.iter().enumerate().filter_map(|(index, line)| {
            let property = line
                .property
                .as_ref()
                .filter(|property| property.is(name))?;
            Some((property.preference(), index))
        });
        named.min().map(|(_, index)| index)
    }

    /// Puts a property last. `value` is escaped already.
    fn push(&mut self, name: &str, parameters: &[(&str, &str)], value: &str) {
        let version = self.version();
        let end = self.lines.len().saturating_sub(1);
        // A card that ended without a line end gets one before the new line only where END is.
        self.lines
            .insert(end, write::line(version, name, parameters, value));
    }
}
