//! A card as a person sees it in a list, and what a search looks through.

use bulkhead_words::Says;

use super::edit::{Name, dialled};
use super::{Card, Property};
use crate::words;

/// One line of what is known about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is: `e-mail`, `telephone`.
    pub name: &'static str,
    pub value: String,
}

/// A card, shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The name, or what stands in for one; never empty.
    pub title: String,
    /// The second line: position and organisation, or how to reach them.
    pub detail: String,
    /// Everything that fits one line each, in a fixed order.
    pub facts: Vec<Fact>,
    /// All that a search looks through, in lower case, one field a line as `name:value`.
    pub search: String,
}

/// Properties that are shown and searched: name, what a fact of it is called, the word a search names them by.
const FIELDS: [(&str, &str, &str); 12] = [
    ("EMAIL", "e-mail", "email"),
    ("TEL", "telephone", "phone"),
    ("ORG", "organisation", "org"),
    ("TITLE", "position", "title"),
    ("ROLE", "role", "title"),
    ("NICKNAME", "nickname", "name"),
    ("CATEGORIES", "categories", "category"),
    ("ADR", "address", "address"),
    ("BDAY", "birthday", "birthday"),
    ("URL", "web page", "url"),
    ("IMPP", "chat", "chat"),
    ("NOTE", "note", "note"),
];

/// The words that a search may name a field by.
pub const SEARCH_FIELDS: &[&str] = &[
    "name", "email", "phone", "org", "title", "category", "address", "birthday", "url", "chat",
    "note",
];

/// What a person can write, with what it finds: help for the search box. Every example parses.
pub const EXAMPLES: &[(&str, Says)] = &[
    ("ann", Says(words::vcard_example_word)),
    ("\"ann lee\"", Says(words::query_example_phrase)),
    ("org:acme", Says(words::vcard_example_field)),
    ("acme berlin", Says(words::vcard_example_words)),
    ("ann OR bob", Says(words::query_example_or)),
    ("phone:\"+49 30\"", Says(words::vcard_example_field_phrase)),
    ("-org:acme", Says(words::query_example_not)),
];

/// Characters of a fact, most: a note may be a page.
const FACT_CHARACTERS: usize = 200;

impl Card {
    /// As a list shows it.
    pub fn shown(&self) -> Shown {
        let mut facts = Vec::new();
        let mut search = format!("name:{}\n", self.title().to_lowercase());
        let name = self.main("N").map(|n| Name::of(&n.parts(';')).spoken());
        search.push_str(&line("name", &name.unwrap_or_default()));
        for (property_name, name, word) in FIELDS {
            for property in self.all(property_name) {
                let value = one_line(property);
                if value.is_empty() {
                    continue;
                }
                search.push_str(&line(word, &value));
                if property.is("TEL") {
                    search.push_str(&line(word, &dialled(&value)));
                }
                let value = value.chars().take(FACT_CHARACTERS).collect();
                facts.push(Fact { name, value });
            }
        }
        Shown {
            title: self.title(),
            detail: self.detail(),
            facts,
            search,
        }
    }

    fn title(&self) -> String {
        let spoken = || {
            self.main("N")
                .map(|name| Name::of(&name.parts(';')).spoken())
        };
        let full = single_line(&self.text("FN"));
        let mut choices = [Some(full), spoken()]
            .into_iter()
            .chain(["ORG", "NICKNAME", "EMAIL", "TEL"].map(|name| self.main(name).map(one_line)));
        let title = choices.find_map(|choice| choice.filter(|text| !text.trim().is_empty()));
        title.unwrap_or_else(|| words::vcard_no_name().to_owned())
    }

    fn detail(&self) -> String {
        let line_of = |name| {
            self.main(name)
                .map(one_line)
                .filter(|text| !text.is_empty())
        };
        let work: Vec<String> = ["TITLE", "ORG"].into_iter().filter_map(line_of).collect();
        let reach = || ["EMAIL", "TEL"].into_iter().find_map(line_of);
        let detail = match work.is_empty() {
            true => reach().unwrap_or_default(),
            false => work.join(" · "),
        };
        // Where there is no name, the title is one of these already.
        if detail == self.title() {
            String::new()
        } else {
            detail
        }
    }
}

impl Shown {
    /// Of a card that cannot be read, by what names it.
    pub fn unreadable(name: &str) -> Self {
        Self {
            title: words::vcard_not_readable().to_owned(),
            detail: name.to_owned(),
            facts: Vec::new(),
            search: line("name", name),
        }
    }
}

/// Whether a search names a field so.
pub(super) fn is_field(word: &str) -> bool {
    SEARCH_FIELDS.contains(&word)
}

fn line(field: &str, value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    format!("{field}:{}\n", single_line(value).to_lowercase())
}

/// A property as one line.
fn one_line(property: &Property) -> String {
    let separator = match property.name.to_ascii_uppercase().as_str() {
        "ORG" | "ADR" => ';',
        "CATEGORIES" | "NICKNAME" => ',',
        _ => return single_line(&property.text_or_marks()),
    };
    let parts = property.parts(separator).into_iter();
    let parts = parts.map(|part| single_line(&part));
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

fn single_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
