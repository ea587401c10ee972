//! Its words beside ours.
//!
//! | status of a draft | states of ours |
//! |---|---|
//! | `draft` | planning, draft, checking |
//! | `confirmed` | queued |
//! | `executing` | running, paused, cancelling |
//! | `completed`, `failed` | the same |
//! | `cancelled` | cancelled, expired |
//!
//! Progress says `pending` for `draft` and `confirmed`. Counts: `completedItems` are what succeeded or had
//! nothing to be done to it, `failedItems` what failed, what may be done or not, and what was never started.

use bulkhead_shared::api::{
    BulkError, BulkErrorType, BulkProgressCounts, BulkProgressStatus, BulkStatus, Job,
};
use bulkhead_shared::job::State;
use bulkhead_shared::problem::{Code, Problem};

/// A draft's state in its words.
pub(super) fn status(state: State) -> BulkStatus {
    match state {
        State::Planning | State::Draft | State::Checking => BulkStatus::Draft,
        State::Queued => BulkStatus::Confirmed,
        State::Running | State::Paused | State::Cancelling => BulkStatus::Executing,
        State::Completed => BulkStatus::Completed,
        State::Failed => BulkStatus::Failed,
        State::Cancelled | State::Expired => BulkStatus::Cancelled,
    }
}

/// An execution's state in its words.
pub fn progress_status(state: State) -> BulkProgressStatus {
    match status(state) {
        BulkStatus::Draft | BulkStatus::Confirmed => BulkProgressStatus::Pending,
        BulkStatus::Executing => BulkProgressStatus::Executing,
        BulkStatus::Completed => BulkProgressStatus::Completed,
        BulkStatus::Failed => BulkProgressStatus::Failed,
        BulkStatus::Cancelled => BulkProgressStatus::Cancelled,
    }
}

/// How far a job is in its words.
pub fn counted(job: &Job) -> BulkProgressCounts {
    let counts = &job.counts;
    BulkProgressCounts {
        total_items: job.total,
        completed_items: counts.succeeded + counts.skipped,
        failed_items: counts.failed + counts.uncertain + counts.cancelled,
        current_batch: job.batches.current,
        total_batches: job.batches.total,
        start_time: job.started_at,
        estimated_completion: job.eta.map(|eta| eta.latest).or(job.ended_at),
    }
}

/// A problem in its words. An item of a request has no id yet: it is known by its place, counted from 0.
pub fn error(problem: &Problem) -> BulkError {
    let kind = match problem.code {
        Code::TooManyRequests | Code::TooManyOpenJobs => BulkErrorType::RateLimit,
        Code::Invalid
        | Code::NotFound
        | Code::MethodNotAllowed
        | Code::WrongState
        | Code::HashMismatch
        | Code::Drifted
        | Code::KeyReused
        | Code::NotUndoable
        | Code::Gone
        | Code::TooLarge
        | Code::UnsupportedMediaType => BulkErrorType::Validation,
        Code::ProviderUnavailable | Code::Unavailable => BulkErrorType::Network,
        Code::Unauthenticated | Code::CrossSite | Code::SignInNeeded => BulkErrorType::Permission,
        Code::Internal => BulkErrorType::Unknown,
    };
    let field = problem.field.as_deref().unwrap_or_default();
    let place = field
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    let message = problem.detail.as_ref().unwrap_or(&problem.title);
    let is_named = !field.is_empty() && place.is_none();
    BulkError {
        kind,
        message: match is_named {
            true => format!("{}: {message}", in_camel_case(field)),
            false => message.clone(),
        },
        item_id: place.map(|(place, _)| place.to_owned()).unwrap_or_default(),
        retryable: matches!(kind, BulkErrorType::RateLimit | BulkErrorType::Network),
        retry_after: problem.retry_after,
    }
}

/// `options.batch_size` is `options.batchSize`.
fn in_camel_case(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    let mut is_start = false;
    for c in field.chars() {
        match c {
            '_' => is_start = true,
            c if is_start => {
                name.extend(c.to_uppercase());
                is_start = false;
            }
            c => name.push(c),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::vocabulary::Vocabulary;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_state_has_the_word_that_was_written_down() {
        for state in State::ALL {
            assert_eq!(json!(status(state)), Vocabulary::Draft.job(state));
            assert_eq!(
                json!(progress_status(state)),
                Vocabulary::Progress.job(state)
            );
        }
    }

    #[test]
    fn a_problem_is_one_of_five_errors() {
        let mut problem = Problem::new(Code::Invalid);
        problem.field = Some("selection.rows[7]".to_owned());
        problem.detail = Some("“to”: There is no address.".to_owned());
        let told = error(&problem);
        assert_eq!(
            json!(told),
            json!({"type": "validation", "message": "“to”: There is no address.", "itemId": "7", "retryable": false})
        );
        let mut problem = Problem::new(Code::TooManyRequests);
        problem.retry_after = Some(9);
        let told = json!(error(&problem));
        assert_eq!(
            (&told["type"], &told["retryable"], &told["retryAfter"]),
            (&json!("rate_limit"), &json!(true), &json!(9))
        );
        let mut problem = Problem::new(Code::Invalid);
        problem.field = Some("options.batch_size".to_owned());
        problem.detail = Some("26 is out of range: 1 to 25.".to_owned());
        assert_eq!(
            error(&problem).message,
            "options.batchSize: 26 is out of range: 1 to 25."
        );
    }
}
