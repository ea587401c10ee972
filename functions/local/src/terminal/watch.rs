//! A job that is watched to its end.

use std::io::{IsTerminal, Write};

use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use indicatif::{ProgressBar, ProgressStyle};

use super::client::{Client, Failure};

/// Waits until a job is none of these any more.
pub(crate) async fn while_in(
    client: &Client,
    job: &JobId,
    states: &[State],
) -> Result<Job, Failure> {
    loop {
        let (job, again) = client.job(job).await?;
        if !states.contains(&job.state) {
            return Ok(job);
        }
        tokio::time::sleep(again).await;
    }
}

/// Watches a job to its end: with a bar on a terminal, without a word elsewhere.
pub(crate) async fn to_the_end(client: &Client, id: &JobId) -> Result<Job, Failure> {
    let bar = bar();
    loop {
        let (job, again) = client.job(id).await?;
        bar.set_length(job.total);
        bar.set_position(job.counts.ended());
        bar.set_message(words(&job));
        if job.state.is_ended() {
            bar.finish_and_clear();
            return Ok(job);
        }
        // Whoever cannot go on without a person says so, and is not waited for.
        if matches!(job.reason, Some(StateReason::SignInNeeded)) && job.state == State::Paused {
            bar.finish_and_clear();
            return Ok(job);
        }
        tokio::time::sleep(again).await;
    }
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    let form = "{wide_bar} {pos}/{len} {msg} {elapsed_precise}";
    // The form is ours and sound; without it there is a plain bar.
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    bar
}

fn words(job: &Job) -> String {
    let counts = &job.counts;
    let mut words = format!("{} done", counts.succeeded);
    for (number, what) in [
        (counts.failed, "failed"),
        (counts.skipped, "skipped"),
        (counts.uncertain, "uncertain"),
        (counts.cancelled, "stopped"),
    ] {
        if number > 0 {
            words.push_str(&format!(", {number} {what}"));
        }
    }
    words
}

/// Says how a job ended.
pub(crate) fn say(job: &Job) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(
        out,
        "{} of {}: {}.",
        job.counts.ended(),
        job.total,
        words(job)
    );
    for reason in &job.reasons {
        let _ = writeln!(
            out,
            "  {} × {} {}",
            reason.count,
            reason.reason.text(),
            reason.reason.cure()
        );
    }
}
