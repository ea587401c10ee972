//! What is left of a query inside one folder: every `in:` is settled there, so that a connector
//! that searches folder by folder need not know the rule about trash and spam.

use super::{Query, Term};
use crate::api::Role;

/// A query inside a folder, while it is being settled.
enum Settled {
    Always,
    Never,
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
        match settle(self, &|name| names(name, folder, role)) {
            Settled::Always => Some(Query::All(Vec::new())),
            Settled::Never => None,
            Settled::Open(query) => Some(query),
        }
    }

    /// Whether some `in:` says where to look. One behind a `-` only says where not to.
    pub fn says_where(&self) -> bool {
        match self {
            Self::All(queries) | Self::Any(queries) => queries.iter().any(Self::says_where),
            Self::Not(_) => false,
            Self::Term(term) => matches!(term, Term::In(_)),
        }
    }
}

/// Whether the value of an `in:` names this folder.
fn names(value: &str, folder: &str, role: Option<Role>) -> bool {
    let lower = value.to_lowercase();
    lower == "anywhere" || lower == folder.to_lowercase() || role.map(name) == Some(&lower)
}

fn name(role: Role) -> &'static str {
    match role {
        Role::Inbox => "inbox",
        Role::Archive => "archive",
        Role::Trash => "trash",
        Role::Sent => "sent",
        Role::Drafts => "drafts",
        Role::Spam => "spam",
    }
}

fn settle(query: &Query, is_here: &dyn Fn(&str) -> bool) -> Settled {
    match query {
        Query::Term(Term::In(value)) if is_here(value) => Settled::Always,
        Query::Term(Term::In(_)) => Settled::Never,
        Query::Term(_) => Settled::Open(query.clone()),
        Query::Not(inner) => match settle(inner, is_here) {
            Settled::Always => Settled::Never,
            Settled::Never => Settled::Always,
            Settled::Open(query) => Settled::Open(Query::Not(Box::new(query))),
        },
        Query::All(queries) => {
            let mut open = Vec::new();
            for query in queries {
                match settle(query, is_here) {
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
                match settle(query, is_here) {
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
