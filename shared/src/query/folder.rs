//! What is left of a query where some of it is known: inside one folder every `in:` is settled, so that
//! a connector that searches folder by folder need not know the rule about trash and spam.

use super::{Query, Term};
use crate::api::Role;

/// Every role that an `in:` can name.
const ROLES: [Role; 6] = [
    Role::Inbox,
    Role::Archive,
    Role::Trash,
    Role::Sent,
    Role::Drafts,
    Role::Spam,
];

/// What is left of a query where some of its terms are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It holds.
    Always,
    /// It does not hold.
    Never,
    /// This has to hold still.
    Open(Query),
}

impl Query {
    /// The query as it reads inside this folder, without any `in:`; none if no mail in it can match.
    /// Trash and spam match only if the query says where to look.
    pub fn in_folder(&self, folder: &str, role: Option<Role>) -> Option<Query> {
        let hidden = matches!(role, Some(Role::Trash | Role::Spam));
        if hidden && !self.says_where() {
            return None;
        }
        self.where_in(&|value| is_anywhere(value) || names(value, folder, role))
    }

    /// The query as it reads where just the `in:` hold for which `is_here` says so; none if nothing
    /// can match.
    pub fn where_in(&self, is_here: &dyn Fn(&str) -> bool) -> Option<Query> {
        let known = |term: &Term, _| match term {
            Term::In(value) => Some(is_here(value)),
            _ => None,
        };
        match self.settle(&known) {
            Settled::Always => Some(Query::All(Vec::new())),
            Settled::Never => None,
            Settled::Open(query) => Some(query),
        }
    }

    /// What is left where `known` tells whether some terms hold. It is told whether the term stands
    /// behind an odd number of `-`.
    pub fn settle(&self, known: &dyn Fn(&Term, bool) -> Option<bool>) -> Settled {
        settle(self, known, false)
    }

    /// All terms, in the order they are written.
    pub fn terms(&self) -> Vec<&Term> {
        match self {
            Self::All(queries) | Self::Any(queries) => {
                queries.iter().flat_map(Self::terms).collect()
            }
            Self::Not(query) => query.terms(),
            Self::Term(term) => vec![term],
        }
    }

    /// Whether some `in:` says where to look. One behind a `-` only says where not to.
    pub fn says_where(&self) -> bool {
        !self.looks_in().is_empty()
    }

    /// The values of `in:` that are neither a role nor `anywhere` nor the name of a folder there is,
    /// each once: what they were meant to leave in or out is not known.
    pub fn names_nothing(&self, is_folder: &dyn Fn(&str) -> bool) -> Vec<&str> {
        let is_unknown = |value: &&str| {
            let lower = value.to_lowercase();
            !is_anywhere(value) && !ROLES.iter().any(|role| role_word(*role) == lower)
        };
        let mut unknown: Vec<&str> = self
            .terms()
            .into_iter()
            .filter_map(|term| match term {
                Term::In(value) => Some(value.as_str()),
                _ => None,
            })
            .filter(is_unknown)
            .filter(|value| !is_folder(value))
            .collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }

    /// Where the query says to look: the values of every `in:` that is not behind a `-`.
    pub fn looks_in(&self) -> Vec<&str> {
        match self {
            Self::All(queries) | Self::Any(queries) => {
                queries.iter().flat_map(Self::looks_in).collect()
            }
            Self::Term(Term::In(value)) => vec![value],
            Self::Not(_) | Self::Term(_) => Vec::new(),
        }
    }
}

/// Whether the value of an `in:` means every folder of one's own.
pub fn is_anywhere(value: &str) -> bool {
    value.eq_ignore_ascii_case("anywhere")
}

/// Whether the value of an `in:` names this folder.
fn names(value: &str, folder: &str, role: Option<Role>) -> bool {
    let lower = value.to_lowercase();
    lower == folder.to_lowercase() || role.map(role_word) == Some(&lower)
}

/// How an `in:` writes a role.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Inbox => "inbox",
        Role::Archive => "archive",
        Role::Trash => "trash",
        Role::Sent => "sent",
        Role::Drafts => "drafts",
        Role::Spam => "spam",
    }
}

fn settle(query: &Query, known: &dyn Fn(&Term, bool) -> Option<bool>, negated: bool) -> Settled {
    match query {
        Query::Term(term) => match known(term, negated) {
            Some(true) => Settled::Always,
            Some(false) => Settled::Never,
            None => Settled::Open(query.clone()),
        },
        Query::Not(inner) => match settle(inner, known, !negated) {
            Settled::Always => Settled::Never,
            Settled::Never => Settled::Always,
            Settled::Open(query) => Settled::Open(Query::Not(Box::new(query))),
        },
        Query::All(queries) => {
            let mut open = Vec::new();
            for query in queries {
                match settle(query, known, negated) {
                    Settled::Always => {}
                    Settled::Never => return Settled::Never,
                    Settled::Open(query) => open.push(query),
                }
            }
            several(open, Settled::Always, Query::All)
        }
        Query::Any(queries) => {
            let mut open = Vec::new();
            for query in queries {
                match settle(query, known, negated) {
                    Settled::Always => return Settled::Always,
                    Settled::Never => {}
                    Settled::Open(query) => open.push(query),
                }
            }
            several(open, Settled::Never, Query::Any)
        }
    }
}

fn several(mut open: Vec<Query>, none: Settled, join: fn(Vec<Query>) -> Query) -> Settled {
    match open.len() {
        0 => none,
        1 => open.pop().map_or(none, Settled::Open),
        _ => Settled::Open(join(open)),
    }
}
