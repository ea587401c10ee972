//! How all jobs stand together: what the tab's title and icon and the tray say.

use bulkhead_shared::api::Job;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::outcome::Counts;

use super::job_view::waits_for_yes;

/// All jobs that are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderWay {
    /// So many there are.
    pub jobs: usize,
    /// One of them does not go on before somebody does something.
    pub is_held: bool,
    /// Their items.
    pub counts: Counts,
}

/// Those of these jobs; none if there is none.
pub fn under_way(known: &[Job]) -> Option<UnderWay> {
    let mut jobs = known.iter().filter(|job| is_under_way(job)).peekable();
    jobs.peek()?;
    let none = UnderWay {
        jobs: 0,
        is_held: false,
        counts: Counts::default(),
    };
    Some(jobs.fold(none, |so_far, job| UnderWay {
        jobs: so_far.jobs + 1,
        is_held: so_far.is_held || is_held(job),
        counts: sum(so_far.counts, job.counts),
    }))
}

/// Whether it was confirmed and has not ended.
pub fn is_under_way(job: &Job) -> bool {
    !job.state.is_ended() && !waits_for_yes(job)
}

/// A job that waits for its provider goes on by itself.
fn is_held(job: &Job) -> bool {
    let by_itself = matches!(job.reason, Some(StateReason::WaitingForProvider { .. }));
    job.state == State::Paused && !by_itself
}

fn sum(one: Counts, other: Counts) -> Counts {
    Counts {
        pending: one.pending + other.pending,
        running: one.running + other.running,
        succeeded: one.succeeded + other.succeeded,
        failed: one.failed + other.failed,
        skipped: one.skipped + other.skipped,
        cancelled: one.cancelled + other.cancelled,
        uncertain: one.uncertain + other.uncertain,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::state::families::tests_support;

    fn job(number: u64, state: State, done: u64) -> Job {
        let mut job = tests_support::job("arc", number, None);
        job.state = state;
        job.reason = None;
        job.counts = Counts {
            succeeded: done,
            pending: 100 - done,
            ..Counts::default()
        };
        job
    }

    #[test]
    fn drafts_and_what_has_ended_are_not_under_way() {
        let known = [job(1, State::Draft, 0), job(2, State::Completed, 100)];
        assert_eq!(under_way(&known), None);
        assert_eq!(under_way(&[]), None);
    }

    #[test]
    fn jobs_are_told_together_and_one_that_is_held_is_told() {
        let mut known = [job(1, State::Running, 20), job(2, State::Paused, 40)];
        let told = under_way(&known).unwrap();
        assert_eq!((told.jobs, told.is_held), (2, true));
        assert_eq!((told.counts.ended(), told.counts.total()), (60, 200));
        known[1].reason = Some(StateReason::WaitingForProvider {
            until: known[1].created_at,
        });
        assert!(!under_way(&known).unwrap().is_held, "it goes on by itself");
    }
}
