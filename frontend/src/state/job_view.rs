//! A job's figures as the screen shows them: which answer is newer, whether the counts add up,
//! and the segments of the bar.

use bulkhead_shared::api::Job;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::outcome::{Counts, Outcome};

use crate::words;

/// The answer to show: versions only grow (invariant 1), so a late old answer loses.
pub fn newest(shown: Option<Job>, arrived: Job) -> Job {
    match shown {
        Some(shown) if shown.id == arrived.id && shown.version > arrived.version => shown,
        _ => arrived,
    }
}

/// Whether it is a draft, or becomes one, that nobody has confirmed.
pub fn waits_for_yes(job: &Job) -> bool {
    matches!(job.state, State::Planning | State::Draft | State::Checking)
}

/// Whether the counts add up to the total. Where they do not, nothing is shown but that.
pub fn adds_up(job: &Job) -> bool {
    job.counts.total() == job.total
}

/// One stretch of the bar, in thousandths of its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The class that colours it.
    pub class: &'static str,
    /// Where it begins.
    pub start: u64,
    /// How long it is.
    pub width: u64,
}

/// The bar of these counts. Whatever has happened at all is seen: a segment of one item among
/// 100,000 still has a width.
pub fn segments(counts: &Counts) -> Vec<Segment> {
    let total = counts.total();
    let parts = [
        ("succeeded", counts.succeeded),
        ("skipped", counts.skipped),
        ("uncertain", counts.uncertain),
        ("failed", counts.failed),
        ("cancelled", counts.cancelled),
        ("running", counts.running),
    ];
    let mut start = 0;
    let mut segments = Vec::new();
    for (class, items) in parts.into_iter().filter(|(_, items)| *items > 0) {
        let width = (items * 1_000 / total).max(4).min(1_000 - start);
        segments.push(Segment {
            class,
            start,
            width,
        });
        start += width;
    }
    // Rounding must not leave a gap at the end of a bar that is full.
    if counts.pending == 0
        && let Some(last) = segments.last_mut()
    {
        last.width = 1_000 - last.start;
    }
    segments
}

/// Every count with its class and label, in the order the dialog lists them.
pub fn listed(counts: &Counts) -> [(&'static str, &'static str, u64); 7] {
    [
        ("succeeded", words::outcome_succeeded(), counts.succeeded),
        ("failed", words::outcome_failed(), counts.failed),
        ("skipped", words::outcome_skipped(), counts.skipped),
        ("uncertain", words::outcome_uncertain(), counts.uncertain),
        ("cancelled", words::outcome_cancelled(), counts.cancelled),
        ("running", words::job_view_in_work(), counts.running),
        ("pending", words::job_view_waiting(), counts.pending),
    ]
}

/// Items that were begun and are not known to be done.
pub fn not_done(counts: &Counts) -> u64 {
    counts.of(Outcome::Failed) + counts.of(Outcome::Uncertain)
}

/// Items that a retry would try again: never a mail that may have arrived, nor what is left as it is.
pub fn retryable(job: &Job) -> u64 {
    let task = job.operation.about().task;
    let left = job
        .left_as_is
        .iter()
        .filter(|of| task.may_retry(of.outcome));
    let left: u64 = left.map(|of| of.count).sum();
    task.retryable(job.counts).saturating_sub(left)
}

/// Items that are left as they are.
pub fn left_as_is(job: &Job) -> u64 {
    job.left_as_is.iter().map(|of| of.count).sum()
}

/// What a person may ask of the job now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    /// Hold it.
    pub pause: bool,
    /// Go on.
    pub resume: bool,
    /// Stop it.
    pub cancel: bool,
    /// Try again what failed.
    pub retry: bool,
    /// Do what was not started.
    pub rest: bool,
    /// Take back what was done.
    pub undo: bool,
    /// Fetch the export's file.
    pub download: bool,
    /// Fetch the outcome of each item.
    pub results: bool,
}

/// What can be asked of this job at this moment (milliseconds since 1970).
pub fn offers(job: &Job, now_ms: i64) -> Offers {
    let holds =
        |until: Option<jiff::Timestamp>| until.is_some_and(|until| until.as_millisecond() > now_ms);
    let ended = job.state.is_ended();
    let exports = job.operation.format().is_some();
    // It goes on by itself, and a person may still want to hold it.
    let waits_by_itself = job.state == State::Paused
        && matches!(job.reason, Some(StateReason::WaitingForProvider { .. }));
    Offers {
        pause: matches!(job.state, State::Queued | State::Running) || waits_by_itself,
        resume: job.state == State::Paused && !waits_by_itself,
        cancel: matches!(job.state, State::Queued | State::Running | State::Paused),
        retry: ended && retryable(job) > 0 && holds(job.results_until),
        rest: ended
            && job.confirmed_at.is_some()
            && job.counts.cancelled > 0
            && holds(job.results_until),
        undo: ended
            && !exports
            && job.counts.succeeded + job.counts.uncertain > 0
            && holds(job.undo_until),
        download: ended && exports && job.counts.succeeded > 0 && holds(job.results_until),
        results: ended && job.total > 0 && holds(job.results_until),
    }
}

#[cfg(test)]
mod tests;
