//! Its words beside ours.
//!
//! | state here | states of ours |
//! |---|---|
//! | `queued` | planning, draft, checking, queued |
//! | `processing` | running, paused, cancelling |
//! | `completed` | completed, and any other end with a success |
//! | `failed` | failed, cancelled, expired without any |
//!
//! | count here | outcomes of ours |
//! |---|---|
//! | `succeeded` | succeeded |
//! | `failed` | failed, uncertain, skipped, cancelled: there is no other word for what was not done |

use bulkhead_shared::api::{BatchState, CLASSIFY_MOST, PROCESS_MOST};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Certainty, Classify, Operation, Process, Then};
use bulkhead_shared::outcome::{Counts, ItemReason};

/// What is done with the mails of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// What each is about is told.
    Classify,
    /// The same, and what to do with it is proposed.
    Process,
}

impl Work {
    /// The work of a batch with this id: three letters, `_`, sixteen hexadecimal digits. None if it is no such id.
    pub(super) fn of_id(id: &str) -> Option<Self> {
        let (prefix, digits) = id.split_once('_')?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let fits = digits.len() == 16 && digits.bytes().all(is_hex);
        match prefix {
            _ if !fits => None,
            "cls" => Some(Self::Classify),
            "prc" => Some(Self::Process),
            _ => None,
        }
    }

    /// A new batch's id.
    pub(super) fn new_id(self, random: u128) -> String {
        let prefix = match self {
            Self::Classify => "cls",
            Self::Process => "prc",
        };
        format!("{prefix}_{:016x}", random as u64)
    }

    /// Mails of one request, at most.
    pub(super) fn most(self) -> usize {
        match self {
            Self::Classify => CLASSIFY_MOST,
            Self::Process => PROCESS_MOST,
        }
    }

    /// What the engine does for it.
    pub(super) fn operation(self) -> Operation {
        match self {
            Self::Classify => Classify {}.into(),
            Self::Process => Process::new(Certainty::AsSet, Then::Wait).into(),
        }
    }

    /// What a batch that was accepted is told.
    pub(super) fn accepted(self) -> &'static str {
        match self {
            Self::Classify => "Batch classification job accepted and queued for processing",
            Self::Process => "Batch processing job accepted and queued for processing",
        }
    }

    /// Why a mail failed, in its words.
    pub(super) fn error(self, reason: Option<ItemReason>) -> String {
        let Some(reason) = reason else {
            return "Not handled".to_owned();
        };
        match (reason, self) {
            (ItemReason::Missing, _) => "Email not found: it was deleted or moved".to_owned(),
            (reason, Self::Classify) => format!("Classification failed: {}", reason.text()),
            (reason, Self::Process) => format!("Agent pipeline failed: {}", reason.text()),
        }
    }
}

/// Our state in its words.
pub(super) fn state(state: State, counts: &Counts) -> BatchState {
    match state {
        State::Planning | State::Draft | State::Checking | State::Queued => BatchState::Queued,
        State::Running | State::Paused | State::Cancelling => BatchState::Processing,
        State::Completed | State::Failed | State::Cancelled | State::Expired => {
            match counts.succeeded {
                0 => BatchState::Failed,
                _ => BatchState::Completed,
            }
        }
    }
}

/// How many are handled, and how many of those failed.
pub(super) fn handled(counts: &Counts) -> (u64, u64) {
    let failed = counts.ended() - counts.succeeded;
    (counts.succeeded + failed, failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_word_and_only_ends_are_ends() {
        let some = Counts {
            succeeded: 1,
            failed: 1,
            ..Counts::default()
        };
        for ours in State::ALL {
            let word = state(ours, &some);
            assert_eq!(word.is_ended(), ours.is_ended(), "{ours:?}");
            let without = state(ours, &Counts::default());
            assert_eq!(without == BatchState::Failed, ours.is_ended(), "{ours:?}");
        }
    }

    #[test]
    fn what_was_not_done_counts_as_failed() {
        let counts = Counts {
            pending: 1,
            running: 2,
            succeeded: 3,
            failed: 4,
            skipped: 5,
            cancelled: 6,
            uncertain: 7,
        };
        assert_eq!((counts.total(), handled(&counts)), (28, (25, 22)));
    }

    #[test]
    fn ids_have_the_documents_form() {
        assert_eq!(Work::of_id("cls_a1b2c3d4e5f67890"), Some(Work::Classify));
        assert_eq!(Work::of_id("prc_a1b2c3d4e5f67890"), Some(Work::Process));
        for bad in [
            "",
            "cls_",
            "arc_a1b2c3d4e5f67890",
            "cls_A1B2C3D4E5F67890",
            "cls_a1b2c3d4e5f678901",
            "cls-a1b2",
        ] {
            assert_eq!(Work::of_id(bad), None, "{bad}");
        }
        for work in [Work::Classify, Work::Process] {
            assert_eq!(Work::of_id(&work.new_id(1)), Some(work));
            assert_eq!(work.new_id(u128::MAX).len(), 20);
        }
    }
}
