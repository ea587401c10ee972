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

use bulkhead_shared::api::BatchState;
use bulkhead_shared::job::State;
use bulkhead_shared::outcome::Counts;

/// Counts in this API's words. What is handled is always what succeeded and what failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub total: u64,
    pub processed: u64,
    pub succeeded: u64,
    pub failed: u64,
}

/// Our counts in its words.
pub fn counted(counts: &Counts) -> Counted {
    let failed = counts.ended() - counts.succeeded;
    Counted {
        total: counts.total(),
        processed: counts.succeeded + failed,
        succeeded: counts.succeeded,
        failed,
    }
}

/// Our state in its words.
pub fn state(state: State, counts: &Counts) -> BatchState {
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
        let counted = counted(&counts);
        assert_eq!((counted.total, counted.processed), (28, 25));
        assert_eq!(counted.processed, counted.succeeded + counted.failed);
    }
}
