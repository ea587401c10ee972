//! Searching mailboxes: what of the search language says something about them.

use jiff::Timestamp;

use super::{Mailbox, Status};
use crate::query::{Moment, Query, Term};
use crate::words;

/// What is looked for among mailboxes. Case means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// All of them hold; none of them: everything matches.
    All(Vec<Search>),
    /// At least one of them holds.
    Any(Vec<Search>),
    /// It does not hold.
    Not(Box<Search>),
    /// This text is in its name, its addresses, its department or company, or it is its GUID.
    Text(String),
    /// It is in use (`in:active`), or deleted and kept (`in:inactive`).
    Inactive(bool),
    /// It was deleted before this time.
    Before(Timestamp),
    /// It was deleted at this time or later.
    After(Timestamp),
    /// It has more bytes than this.
    Larger(u64),
    /// It has fewer bytes than this.
    Smaller(u64),
}

/// The search asks for what no mailbox has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", words::mailbox_search_unknown(.0))]
pub struct NotOfMailboxes(&'static str);

impl Search {
    /// The same search of mailboxes, if it is one. Ages are counted from `now`.
    pub fn of(query: &Query, now: Timestamp) -> Result<Self, NotOfMailboxes> {
        let all = |queries: &[Query]| {
            let of = |query: &Query| Self::of(query, now);
            queries.iter().map(of).collect::<Result<_, _>>()
        };
        let at = |moment: &Moment| moment.resolve(now);
        Ok(match query {
            Query::All(queries) => Self::All(all(queries)?),
            Query::Any(queries) => Self::Any(all(queries)?),
            Query::Not(query) => Self::Not(Box::new(Self::of(query, now)?)),
            Query::Term(Term::Text(text)) => Self::Text(text.to_lowercase()),
            Query::Term(Term::In(place)) => match place.to_lowercase().as_str() {
                "inactive" => Self::Inactive(true),
                "active" => Self::Inactive(false),
                "anywhere" => Self::All(Vec::new()),
                _ => return Err(NotOfMailboxes("in:")),
            },
            Query::Term(Term::Before(moment)) => Self::Before(at(moment)),
            Query::Term(Term::After(moment)) => Self::After(at(moment)),
            Query::Term(Term::Larger(bytes)) => Self::Larger(*bytes),
            Query::Term(Term::Smaller(bytes)) => Self::Smaller(*bytes),
            Query::Term(Term::From(_)) => return Err(NotOfMailboxes("from:")),
            Query::Term(Term::To(_)) => return Err(NotOfMailboxes("to:")),
            Query::Term(Term::Subject(_)) => return Err(NotOfMailboxes("subject:")),
            Query::Term(Term::Label(_)) => return Err(NotOfMailboxes("label:")),
            Query::Term(Term::Unread) => return Err(NotOfMailboxes("is:unread")),
            Query::Term(Term::Starred) => return Err(NotOfMailboxes("is:starred")),
            Query::Term(Term::ListMail) => return Err(NotOfMailboxes("is:list")),
            Query::Term(Term::List(_)) => return Err(NotOfMailboxes("list:")),
            Query::Term(Term::Class(..)) => return Err(NotOfMailboxes("class:")),
            Query::Term(Term::HasAttachment) => return Err(NotOfMailboxes("has:attachment")),
        })
    }
}

impl Mailbox {
    /// Whether a search finds it. What the directory does not say of it is neither more nor less than anything.
    pub fn matches(&self, search: &Search) -> bool {
        match search {
            Search::All(all) => all.iter().all(|search| self.matches(search)),
            Search::Any(any) => any.iter().any(|search| self.matches(search)),
            Search::Not(search) => !self.matches(search),
            Search::Text(text) => self.has(text),
            Search::Inactive(inactive) => self.is_inactive() == *inactive,
            Search::Before(time) => self.deleted_at().is_some_and(|at| at < *time),
            Search::After(time) => self.deleted_at().is_some_and(|at| at >= *time),
            Search::Larger(bytes) => self.bytes.is_some_and(|known| known > *bytes),
            Search::Smaller(bytes) => self.bytes.is_some_and(|known| known < *bytes),
        }
    }

    fn has(&self, text: &str) -> bool {
        let profile = &self.profile;
        let words = [
            &profile.display_name,
            &profile.smtp,
            &profile.upn,
            &profile.first_name,
            &profile.last_name,
            &profile.department,
            &profile.company,
        ];
        words.iter().any(|word| word.to_lowercase().contains(text)) || self.guid.as_str() == text
    }

    fn deleted_at(&self) -> Option<Timestamp> {
        match self.status {
            Status::Active => None,
            Status::Inactive { deleted_at, .. } => deleted_at,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::kinds::Kind;
    use crate::kinds::mailbox::Profile;
    use crate::kinds::mailbox::search_words::EXAMPLES;
    use crate::kinds::mailbox::tests::mailbox;

    fn kept(deleted_at: Option<Timestamp>) -> Status {
        Status::Inactive {
            deleted_at,
            retained_until: None,
        }
    }

    fn finds(query: &str) -> bool {
        let now = "2026-05-01T00:00:00Z".parse().unwrap();
        let mut mailbox = mailbox(kept("2026-04-10T12:00:00Z".parse().ok()));
        mailbox.profile.department = "Sales".to_owned();
        mailbox.bytes = Some(5_000_000);
        let query = Query::parse_for(Kind::Mailbox, query).unwrap();
        mailbox.matches(&Search::of(&query, now).unwrap())
    }

    #[test]
    fn a_search_finds_words_state_times_and_sizes() {
        for query in [
            "",
            "ANN sales",
            "\"ann lee\"",
            "ann.lee",
            "in:inactive",
            "after:2026-04 before:2026-05",
            "newer_than:30d",
            "larger:1M -bob",
            "07070707-0707-0707-0707-070707070707",
        ] {
            assert!(finds(query), "{query}");
        }
        for query in [
            "bob",
            "in:active",
            "before:2026-04",
            "smaller:1M",
            "-ann",
            "older_than:30d",
        ] {
            assert!(!finds(query), "{query}");
        }
    }

    #[test]
    fn times_and_sizes_are_compared_to_the_second_and_the_byte() {
        let deleted = "2026-04-10T12:00:00Z".parse().unwrap();
        let mut known = mailbox(kept(Some(deleted)));
        known.bytes = Some(100);
        let second = jiff::SignedDuration::from_secs(1);
        for (search, finds) in [
            (Search::Larger(99), true),
            (Search::Larger(100), false),
            (Search::Smaller(100), false),
            (Search::Smaller(101), true),
            (Search::Before(deleted), false),
            (Search::Before(deleted + second), true),
            (Search::After(deleted), true),
            (Search::After(deleted + second), false),
        ] {
            assert_eq!(known.matches(&search), finds, "{search:?}");
            // What is not known is neither more nor less.
            for unknown in [kept(None), Status::Active].map(mailbox) {
                assert!(!unknown.matches(&search), "{search:?}");
            }
        }
        for (query, active, inactive) in [
            ("in:ACTIVE", true, false),
            ("in:inactive", false, true),
            ("in:anywhere", true, true),
            ("in:active OR in:inactive", true, true),
            ("in:active in:inactive", false, false),
        ] {
            let query = Query::parse_for(Kind::Mailbox, query).unwrap();
            let search = Search::of(&query, deleted).unwrap();
            let found = [Status::Active, kept(None)].map(|it| mailbox(it).matches(&search));
            assert_eq!(found, [active, inactive], "{query:?}");
        }
    }

    #[test]
    fn a_word_is_looked_for_in_every_text_of_a_mailbox() {
        let fields: [fn(&mut Profile) -> &mut String; 7] = [
            |it| &mut it.display_name,
            |it| &mut it.smtp,
            |it| &mut it.upn,
            |it| &mut it.first_name,
            |it| &mut it.last_name,
            |it| &mut it.department,
            |it| &mut it.company,
        ];
        for (place, field) in fields.into_iter().enumerate() {
            let mut profile = Profile::default();
            *field(&mut profile) = "The Needle".to_owned();
            let mailbox = Mailbox {
                profile,
                ..mailbox(Status::Active)
            };
            let has = |text: &str| mailbox.matches(&Search::Text(text.to_owned()));
            assert!(has("needle") && !has("haystack"), "{place}");
            // A part of a GUID is nobody's name.
            assert!(!has("07070707"), "{place}");
        }
    }

    #[test]
    fn every_example_is_a_search_and_what_mailboxes_have_not_is_refused_by_name() {
        let now = Timestamp::UNIX_EPOCH;
        for (query, _) in EXAMPLES {
            assert!(
                Search::of(&Query::parse_for(Kind::Mailbox, query).unwrap(), now).is_ok(),
                "{query}"
            );
        }
        for (query, word) in [("from:ann", "from:"), ("is:unread", "is:")] {
            let refused = Query::parse_for(Kind::Mailbox, query)
                .unwrap_err()
                .to_string();
            assert!(
                refused.contains(&format!("“{word}” is not known of mailboxes")),
                "{refused}"
            );
        }
        let inbox = Query::parse_for(Kind::Mailbox, "in:inbox").unwrap();
        assert_eq!(Search::of(&inbox, now), Err(NotOfMailboxes("in:")));
    }
}
