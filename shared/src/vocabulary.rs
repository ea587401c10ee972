//! Our states in the words of other interfaces.
//!
//! People who come from other bulk tools, and clients written for them, know other words for the same
//! things. This is the one table between those words and ours; whoever has to speak one of them reads
//! it here and keeps no list of its own.

use crate::job::State;
use crate::outcome::Outcome;

/// Whose words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vocabulary {
    /// Mailbox operations from a CSV: `pending`, `in_progress`, `completed`, `failed`, `skipped`.
    Mailbox,
    /// Bulk drafts: `draft`, `confirmed`, `executing`, `completed`, `failed`, `cancelled`.
    Draft,
    /// Progress of a bulk draft: `pending`, `executing`, `completed`, `failed`, `cancelled`.
    Progress,
    /// Batch calls that are polled: `queued`, `processing`, `completed`, `failed`.
    Batch,
}

impl Vocabulary {
    /// A job's state in these words. Words are fewer than our states, so several of ours share one.
    pub fn job(self, state: State) -> &'static str {
        use State::{
            Cancelled, Cancelling, Checking, Completed, Draft, Expired, Failed, Paused, Planning,
            Queued, Running,
        };
        match (self, state) {
            (_, Completed) => "completed",
            (_, Failed) => "failed",
            (Self::Mailbox | Self::Progress, Planning | Draft | Checking | Queued) => "pending",
            (Self::Mailbox, Running | Paused | Cancelling) => "in_progress",
            (Self::Mailbox, Cancelled | Expired) => "skipped",
            (Self::Draft, Planning | Draft | Checking) => "draft",
            (Self::Draft, Queued) => "confirmed",
            (Self::Draft | Self::Progress, Running | Paused | Cancelling) => "executing",
            (Self::Draft | Self::Progress, Cancelled | Expired) => "cancelled",
            (Self::Batch, Planning | Draft | Checking | Queued) => "queued",
            (Self::Batch, Running | Paused | Cancelling) => "processing",
            // It knows no word for stopping; what was asked for did not happen.
            (Self::Batch, Cancelled | Expired) => "failed",
        }
    }

    /// How an item stands in these words; `None` is an item that has not ended.
    pub fn item(self, outcome: Option<Outcome>, running: bool) -> &'static str {
        match (self, outcome) {
            (_, Some(Outcome::Succeeded)) => "completed",
            (_, Some(Outcome::Failed | Outcome::Uncertain)) => "failed",
            (Self::Mailbox, Some(Outcome::Skipped | Outcome::Cancelled)) => "skipped",
            // Nothing was left to do for it, or nothing was done: they have no word for either.
            (_, Some(Outcome::Skipped)) => "completed",
            (_, Some(Outcome::Cancelled)) => "failed",
            (Self::Mailbox, None) if running => "in_progress",
            (Self::Draft | Self::Progress, None) if running => "executing",
            (Self::Batch, None) if running => "processing",
            (Self::Batch, None) => "queued",
            (_, None) => "pending",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_word_that_the_vocabulary_knows() {
        let words: [(Vocabulary, &[&str]); 4] = [
            (
                Vocabulary::Mailbox,
                &["pending", "in_progress", "completed", "failed", "skipped"],
            ),
            (
                Vocabulary::Draft,
                &[
                    "draft",
                    "confirmed",
                    "executing",
                    "completed",
                    "failed",
                    "cancelled",
                ],
            ),
            (
                Vocabulary::Progress,
                &["pending", "executing", "completed", "failed", "cancelled"],
            ),
            (
                Vocabulary::Batch,
                &["queued", "processing", "completed", "failed"],
            ),
        ];
        for (vocabulary, known) in words {
            for state in State::ALL {
                assert!(
                    known.contains(&vocabulary.job(state)),
                    "{vocabulary:?} {state:?}"
                );
            }
            // An end is an end in every vocabulary, and what goes on is not.
            for state in State::ALL {
                let ended = ["completed", "failed", "skipped", "cancelled"]
                    .contains(&vocabulary.job(state));
                assert_eq!(ended, state.is_ended(), "{vocabulary:?} {state:?}");
            }
        }
    }

    #[test]
    fn an_item_stands_as_each_vocabulary_says_it() {
        use Outcome::{Cancelled, Failed, Skipped, Succeeded, Uncertain};
        for (vocabulary, waits, runs, skipped, cancelled) in [
            (
                Vocabulary::Mailbox,
                "pending",
                "in_progress",
                "skipped",
                "skipped",
            ),
            (
                Vocabulary::Draft,
                "pending",
                "executing",
                "completed",
                "failed",
            ),
            (
                Vocabulary::Progress,
                "pending",
                "executing",
                "completed",
                "failed",
            ),
            (
                Vocabulary::Batch,
                "queued",
                "processing",
                "completed",
                "failed",
            ),
        ] {
            let ended = |outcome| vocabulary.item(Some(outcome), false);
            assert_eq!(vocabulary.item(None, false), waits, "{vocabulary:?}");
            assert_eq!(vocabulary.item(None, true), runs, "{vocabulary:?}");
            assert_eq!(ended(Skipped), skipped, "{vocabulary:?}");
            assert_eq!(ended(Cancelled), cancelled, "{vocabulary:?}");
            assert_eq!(
                [Succeeded, Failed, Uncertain].map(ended),
                ["completed", "failed", "failed"]
            );
        }
    }
}
