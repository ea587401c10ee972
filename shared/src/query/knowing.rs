//! A search for who knows what mails are about.

use super::{Looked, Query, Term};

impl Query {
    /// What is known of mails, where it asks what they are about; none where it does not ask.
    pub fn looked(&self) -> Option<&Looked> {
        self.terms().into_iter().find_map(|term| match term {
            Term::Class(_, looked) => Some(looked),
            _ => None,
        })
    }

    /// The same query for who knows this of mails.
    pub fn knowing(self, looked: &Looked) -> Self {
        let all = |queries: Vec<Self>| queries.into_iter().map(|query| query.knowing(looked));
        match self {
            Self::All(queries) => Self::All(all(queries).collect()),
            Self::Any(queries) => Self::Any(all(queries).collect()),
            Self::Not(query) => Self::Not(Box::new(query.knowing(looked))),
            Self::Term(Term::Class(class, _)) => Self::Term(Term::Class(class, looked.clone())),
            Self::Term(term) => Self::Term(term),
        }
    }
}
