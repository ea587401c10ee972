//! The search language, parsed once for all: the browser checks it as one types, each connector
//! translates the parsed form and says plainly what it cannot do.
//!
//! ```text
//! query  = clause*                     all clauses must hold; empty matches everything
//! clause = term ("OR" term)*           one of them must hold
//! term   = "-"? (field ":" value | word | "(" query ")")
//! ```
//! Fields: `from: to: subject: list: in: label: is: has: class: larger: smaller: before: after: older_than:
//! newer_than:`. Values and words may be quoted; in quotes, `\"` is a quote and `\\` a backslash.
//! `OR` is upper case and binds tighter than standing side by side, as in Gmail, so
//! `is:unread from:ann OR from:bob` means unread mails of either. `AND` may be written and changes
//! nothing. [`examples`] is the help a screen shows; `docs/search.md` says what each word finds.
//!
//! Sizes are bytes, or with `K`, `M`, `G` multiples of 1,024. Dates are `2024-01-31` or
//! `2024/01/31`, or shorter, which means the first day: `after:2024` is 2024 and later, `before:2024`
//! all that came earlier. Ages are `7d`, `2w`, `3m` (30 days each), `1y` (365 days).

mod field;
mod folder;
mod knowing;
mod lex;
mod looked;
mod parse;
#[cfg(test)]
mod tests;
mod value;

pub use folder::{Settled, is_anywhere, role_word};
pub use looked::Looked;

use bulkhead_words::Says;
use jiff::{SignedDuration, Timestamp};

use crate::class::Class;
use crate::kinds::{Kind, mailbox};
use crate::{vcard, words};

/// A parsed query. Text is compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// All of them hold; none of them: everything matches.
    All(Vec<Query>),
    /// At least one of them holds.
    Any(Vec<Query>),
    /// It does not hold.
    Not(Box<Query>),
    /// One condition.
    Term(Term),
}

/// One condition on a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A word anywhere: sender, recipients, subject or text.
    Text(String),
    /// In the sender's name or address.
    From(String),
    /// In a recipient's name or address.
    To(String),
    /// In the subject.
    Subject(String),
    /// In this folder: a role (`inbox`, `archive`, `trash`, `sent`, `drafts`, `spam`), a folder's full
    /// name, or `anywhere`. A query without `in:` looks everywhere except trash and spam; one that
    /// only says where not to look (`-in:inbox`) leaves them out too. Folders that are not one's own
    /// are looked at only where they are named. [`Query::in_folder`] decides.
    In(String),
    /// Carries this label.
    Label(String),
    /// Not read yet.
    Unread,
    /// Marked with a star.
    Starred,
    /// Came by a list or as a newsletter: it has a `List-Id` or a `List-Unsubscribe`.
    ListMail,
    /// In the id of the list that it came by (`List-Id`).
    List(String),
    /// Has an attachment.
    HasAttachment,
    /// About this, by what is known of mails that somebody looked at; without a class: nobody has looked at it.
    Class(Option<Class>, Looked),
    /// Larger than this many bytes.
    Larger(u64),
    /// Smaller than this many bytes.
    Smaller(u64),
    /// Received before this time.
    Before(Moment),
    /// Received at this time or later.
    After(Moment),
}

/// A point in time: a date as written, or so long ago, which is resolved when the draft is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The start of a day in UTC, or any exact time.
    At(Timestamp),
    /// This many days before the query is resolved.
    DaysAgo(u32),
}

/// The query cannot be read; says where and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", words::query_at(.message.trim_end_matches('.'), &(.position + 1).to_string()))]
pub struct QueryError {
    /// Counted in characters from 0.
    pub position: usize,
    /// For a person.
    pub message: String,
}

impl Moment {
    /// The time that is meant, seen from `now`.
    pub fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::DaysAgo(days) => now
                .checked_sub(SignedDuration::from_hours(i64::from(days) * 24))
                .unwrap_or(Timestamp::MIN),
        }
    }
}

/// What a person can write about items of this kind, with what it finds: help for the search box. Every
/// example parses.
pub fn examples(kind: Kind) -> &'static [(&'static str, Says)] {
    match kind {
        Kind::Mail => EXAMPLES,
        Kind::Contact => vcard::EXAMPLES,
        Kind::Mailbox => mailbox::search_words::EXAMPLES,
        Kind::Recipient => &[],
    }
}

/// Of mails.
const EXAMPLES: &[(&str, Says)] = &[
    ("invoice", Says(words::query_example_word)),
    ("\"your order\"", Says(words::query_example_phrase)),
    ("from:ann", Says(words::query_example_from)),
    ("to:team@example.com", Says(words::query_example_to)),
    (
        "subject:\"weekly report\"",
        Says(words::query_example_subject),
    ),
    ("in:inbox", Says(words::query_example_in)),
    ("in:anywhere", Says(words::query_example_anywhere)),
    ("label:receipts", Says(words::query_example_label)),
    ("is:unread", Says(words::query_example_unread)),
    ("is:list", Says(words::query_example_list)),
    ("has:attachment", Says(words::query_example_attachment)),
    ("class:newsletter", Says(words::query_example_class)),
    ("class:none", Says(words::query_example_no_class)),
    ("larger:5M", Says(words::query_example_larger)),
    ("older_than:2y", Says(words::query_example_older)),
    ("newer_than:7d", Says(words::query_example_newer)),
    (
        "after:2024-01-31 before:2025",
        Says(words::query_example_dates),
    ),
    ("from:ann OR from:bob", Says(words::query_example_or)),
    ("-from:shop", Says(words::query_example_not)),
    (
        "is:unread (from:ann OR subject:urgent)",
        Says(words::query_example_brackets),
    ),
];
