//! Searching contacts: what of the search language says something about them.

use super::Shown;
use super::show::is_field;
use crate::query::{Query, Term};
use crate::words;

/// What is looked for in contacts. Case means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// All of them hold; none of them: everything matches.
    All(Vec<Search>),
    /// At least one of them holds.
    Any(Vec<Search>),
    /// It does not hold.
    Not(Box<Search>),
    /// This text is in some line of a card, or of one field: `acme`, `org:acme`.
    Text(String),
}

/// The search asks for what no contact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", words::vcard_search_unknown(.0))]
pub struct NotOfContacts(&'static str);

impl Search {
    /// Contacts with all of these words.
    pub fn words(text: &str) -> Self {
        let words = text.split_whitespace();
        Self::All(words.map(|word| Self::Text(word.to_lowercase())).collect())
    }

    /// The same search of contacts, if it is one.
    pub fn of(query: &Query) -> Result<Self, NotOfContacts> {
        let all = |queries: &[Query]| queries.iter().map(Self::of).collect::<Result<_, _>>();
        Ok(match query {
            Query::All(queries) => Self::All(all(queries)?),
            Query::Any(queries) => Self::Any(all(queries)?),
            Query::Not(query) => Self::Not(Box::new(Self::of(query)?)),
            Query::Term(Term::Text(text)) => Self::Text(text.to_lowercase()),
            Query::Term(term) => return Err(NotOfContacts(word_of(term))),
        })
    }
}

/// As a person writes it.
fn word_of(term: &Term) -> &'static str {
    match term {
        Term::Text(_) => "text",
        Term::From(_) => "from:",
        Term::To(_) => "to:",
        Term::Subject(_) => "subject:",
        Term::In(_) => "in:",
        Term::Label(_) => "label:",
        Term::Unread => "is:unread",
        Term::Starred => "is:starred",
        Term::ListMail => "is:list",
        Term::List(_) => "list:",
        Term::HasAttachment => "has:attachment",
        Term::Class(..) => "class:",
        Term::Larger(_) => "larger:",
        Term::Smaller(_) => "smaller:",
        Term::Before(_) => "before:",
        Term::After(_) => "after:",
    }
}

impl Shown {
    /// Whether a search finds it.
    pub fn matches(&self, search: &Search) -> bool {
        match search {
            Search::All(all) => all.iter().all(|search| self.matches(search)),
            Search::Any(any) => any.iter().any(|search| self.matches(search)),
            Search::Not(search) => !self.matches(search),
            Search::Text(text) => self.has(text),
        }
    }

    fn has(&self, text: &str) -> bool {
        let named = text.split_once(':').filter(|(field, _)| is_field(field));
        self.search.lines().any(|line| {
            let (field, value) = line.split_once(':').unwrap_or(("", line));
            match named {
                Some((wanted, text)) => field == wanted && value.contains(text),
                None => value.contains(text),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::kinds::Kind;
    use crate::vcard::{Card, EXAMPLES, SEARCH_FIELDS};

    fn finds(query: &str) -> bool {
        let card = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nORG:Acme;Lab\nTEL:+49 1\nEND:VCARD\n";
        let shown = Card::read(card.as_bytes()).unwrap().shown();
        let query = Query::parse_for(Kind::Contact, query).unwrap();
        shown.matches(&Search::of(&query).unwrap())
    }

    #[test]
    fn a_search_finds_words_and_phrases_and_fields() {
        for query in [
            "",
            "ann",
            "ANN acme",
            "\"ann lee\"",
            "\"org:acme\"",
            "org:acme",
            "ORG:Acme ann",
            "name:\"ann lee\"",
            "org:bob OR org:lab",
            "-org:bob",
            "bob OR lab",
            "-bob",
            "ann (bob OR lee)",
        ] {
            assert!(finds(query), "{query}");
        }
        for query in [
            "bob",
            "ann bob",
            "\"lee ann\"",
            "\"org:ann\"",
            "-ann",
            "org:ann",
            "-org:acme",
        ] {
            assert!(!finds(query), "{query}");
        }
    }

    #[test]
    fn what_contacts_do_not_have_is_refused_by_name() {
        for (query, word) in [
            ("from:ann", "from:"),
            ("ann is:unread", "is:unread"),
            ("ann OR -larger:5M", "larger:"),
            ("in:anywhere", "in:"),
        ] {
            // As it was read before contacts had fields of their own.
            let refused = Search::of(&Query::parse(query).unwrap()).unwrap_err();
            assert_eq!(refused, NotOfContacts(word), "{query}");
            assert!(refused.to_string().contains(word));
            let refused = Query::parse_for(Kind::Contact, query).unwrap_err();
            let field = word.split_inclusive(':').next().unwrap();
            assert!(refused.message.contains(field), "{refused}");
            assert!(refused.message.contains("org: "), "{refused}");
        }
    }

    #[test]
    fn every_field_can_be_named_and_every_example_is_a_search() {
        for field in SEARCH_FIELDS {
            assert!(Query::parse_for(Kind::Contact, &format!("{field}:x")).is_ok());
        }
        for (example, _) in EXAMPLES {
            let query = Query::parse_for(Kind::Contact, example).unwrap();
            assert!(Search::of(&query).is_ok(), "{example}");
        }
        let unknown = Query::parse_for(Kind::Contact, "company:acme").unwrap_err();
        assert!(
            unknown
                .message
                .contains("“company:” is not known of contacts")
        );
        assert!(
            Query::parse("org:acme").is_err(),
            "mails have no such field"
        );
    }
}
