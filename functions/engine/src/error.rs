//! What can go wrong in the engine, with the cause kept. One place in `api` turns it into answers.

use bulkhead_shared::api::Drift;
use bulkhead_shared::job::Illegal;
use bulkhead_shared::problem::Invalid;
use jiff::Timestamp;

use crate::ports::{CallError, LedgerError, PartsError, QueueError, SealError, TableError};
use crate::unreadable::{NotStorable, Unreadable};

/// Why the engine did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or not for this person.
    #[error("not found")]
    NotFound,
    /// A value in the request is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The job's state does not allow it.
    #[error(transparent)]
    WrongState(#[from] Illegal),
    /// The confirmation is for something else than this draft.
    #[error("the hash is not that of this draft")]
    HashMismatch,
    /// What was previewed has changed.
    #[error("something has changed since the preview")]
    Drifted(Box<Drift>),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// Undo or retry is not possible; says why.
    #[error("{0}")]
    NotPossible(&'static str),
    /// So many jobs of this person are open already.
    #[error("{most} jobs are open already")]
    TooManyOpen {
        /// How many may be.
        most: u32,
    },
    /// So many connections were tried by this person in this hour already.
    #[error("{most} connections were tried in this hour already")]
    TooManyTries {
        /// How many may be.
        most: u32,
        /// When the next hour begins.
        until: Timestamp,
    },
    /// So many requests of this person wait for a mail server already.
    #[error("{most} requests wait for a mail server already")]
    TooManyWaiting {
        /// How many may.
        most: u32,
    },
    /// It was there, and its time has passed.
    #[error("no longer kept")]
    Gone,
    /// The provider did not do it.
    #[error(transparent)]
    Provider(#[from] CallError),
    /// The table did not do it.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The queue did not take it.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// An export's part cannot be kept or read.
    #[error(transparent)]
    Parts(#[from] PartsError),
    /// What has left cannot be looked up.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The credentials cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A stored record cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// A record cannot be stored.
    #[error(transparent)]
    NotStorable(#[from] NotStorable),
    /// A stored record's text cannot be read.
    #[error("a stored record cannot be read")]
    Record(#[from] serde_json::Error),
    /// A record that has to be there is not: a fault of ours.
    #[error("the record {0} is missing")]
    Missing(&'static str),
}

impl Error {
    /// Whether a stored row was not as expected: somebody else was faster, so look again.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Table(TableError::Conflict))
    }

    /// Whether the same may work in a while without anybody changing anything: the table, the queue,
    /// the ledger or the keeper of the key was asked too much or not reachable. Everything else is an answer,
    /// or will not work at another try either.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Table(TableError::Unavailable(_))
                | Self::Queue(_)
                | Self::Ledger(_)
                | Self::Seal(SealError::Unavailable(_))
        )
    }

    /// Whether a packed record is damaged, newer than this program or not where it has to be: no later try of this program will read it. A
    /// table that does not answer is something else.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_) | Self::Missing(_))
    }
}

/// An error with its causes, on one line. Those of the adapters name no content; a parser's may quote
/// what it read.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.ends_with(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::unreadable::Newer;

    #[test]
    fn only_what_nobody_has_to_change_passes() {
        let passing: [Error; 4] = [
            LedgerError("busy".into()).into(),
            TableError::Unavailable("busy".into()).into(),
            SealError::Unavailable("busy".into()).into(),
            QueueError {
                failed: Vec::new(),
                cause: "busy".into(),
            }
            .into(),
        ];
        assert!(passing.iter().all(Error::is_passing));
        let lasting: [Error; 6] = [
            TableError::Conflict.into(),
            TableError::Refused("too large".into()).into(),
            SealError::Broken.into(),
            CallError::SignIn.into(),
            Error::NotFound,
            Error::TooManyOpen { most: 1 },
        ];
        assert!(!lasting.iter().any(Error::is_passing));
    }

    #[test]
    fn unreadable_is_what_the_table_has_and_not_whether_it_answers() {
        let damaged: [Error; 3] = [
            Unreadable::Damaged("it is cut off", None).into(),
            Unreadable::Newer(Newer::Form(9)).into(),
            Error::Missing("manifest"),
        ];
        assert!(damaged.iter().all(Error::is_unreadable));
        let others: [Error; 4] = [
            TableError::Unavailable("busy".into()).into(),
            TableError::Refused("no right".into()).into(),
            TableError::Conflict.into(),
            CallError::SignIn.into(),
        ];
        assert!(!others.iter().any(Error::is_unreadable));
    }

    /// An error that has a cause, and says of it what it says.
    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Says(&'static str, #[source] Option<Box<Says>>);

    fn says(words: &[&'static str]) -> Option<Box<Says>> {
        let (first, causes) = words.split_first()?;
        Some(Box::new(Says(first, says(causes))))
    }

    #[test]
    fn a_chain_of_causes_is_one_line_in_which_nothing_is_said_twice() {
        let chains: [(&[&str], &str); 6] = [
            (&["it broke"], "it broke"),
            (&["it broke", "no disk"], "it broke: no disk"),
            (&["a", "b", "c", "d"], "a: b: c: d"),
            // One that says its cause with itself, and one further down.
            (&["it broke: no disk", "no disk"], "it broke: no disk"),
            (&["a: b", "b", "c"], "a: b: c"),
            (&["a", "b: c", "c", "d"], "a: b: c: d"),
        ];
        for (words, line) in chains {
            assert_eq!(chain(&*says(words).unwrap()), line);
        }
    }

    #[test]
    fn a_conflict_is_that_a_row_is_another_and_nothing_else() {
        assert!(Error::from(TableError::Conflict).is_conflict());
        let others: [Error; 3] = [
            TableError::Unavailable("busy".into()).into(),
            TableError::Refused("too large".into()).into(),
            Error::KeyReused,
        ];
        assert!(!others.iter().any(Error::is_conflict));
    }

    #[test]
    fn what_a_person_met_is_said_in_words_and_figures() {
        let until = Timestamp::UNIX_EPOCH;
        for (error, words) in [
            (Error::NotFound, "not found"),
            (Error::Gone, "no longer kept"),
            (
                Error::NotPossible("It was taken back."),
                "It was taken back.",
            ),
            (Error::TooManyOpen { most: 50 }, "50 jobs are open already"),
            (
                Error::TooManyTries { most: 10, until },
                "10 connections were tried in this hour already",
            ),
            (
                Error::TooManyWaiting { most: 4 },
                "4 requests wait for a mail server already",
            ),
            (Error::HashMismatch, "the hash is not that of this draft"),
            (
                Error::KeyReused,
                "the idempotency key was used for another request",
            ),
        ] {
            assert_eq!(error.to_string(), words);
        }
    }
}
