//! A job in words: what it does, where it is and why.

use bulkhead_shared::api::{Job, Relation, RiskLevel, SelectionSummary};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Operation, OperationName};
use bulkhead_shared::outcome::Outcome;

use crate::copy::{in_sentence, numbers};
use crate::words;

/// The state as a label.
pub fn state(state: State) -> &'static str {
    match state {
        State::Planning => words::jobs_planning(),
        State::Draft => words::jobs_draft(),
        State::Checking => words::jobs_checking(),
        State::Queued => words::jobs_queued(),
        State::Running => words::jobs_running(),
        State::Paused => words::jobs_paused(),
        State::Cancelling => words::jobs_cancelling(),
        State::Cancelled => words::jobs_cancelled(),
        State::Completed => words::jobs_completed(),
        State::Failed => words::jobs_failed(),
        State::Expired => words::jobs_expired(),
    }
}

/// What the state means for the person.
pub fn state_sentence(state: State) -> &'static str {
    match state {
        State::Planning => words::jobs_planning_means(),
        State::Draft => words::jobs_draft_means(),
        State::Checking => words::jobs_checking_means(),
        State::Queued => words::jobs_queued_means(),
        State::Running => words::jobs_running_means(),
        State::Paused => words::jobs_paused_means(),
        State::Cancelling => words::jobs_cancelling_means(),
        State::Cancelled => words::jobs_cancelled_means(),
        State::Completed => words::jobs_completed_means(),
        State::Failed => words::jobs_failed_means(),
        State::Expired => words::jobs_expired_means(),
    }
}

/// Why a job in this state is held, stops or has failed. `clock` turns a moment into local words.
pub fn why(state: State, why: StateReason, clock: impl Fn(jiff::Timestamp) -> String) -> String {
    match why {
        StateReason::ByUser if state == State::Paused => words::jobs_by_user_held().to_owned(),
        StateReason::ByUser => words::jobs_by_user(state_sentence(state)),
        StateReason::WaitingForProvider { until } => words::jobs_waiting(&clock(until)),
        StateReason::SignInNeeded => words::jobs_sign_in_needed().to_owned(),
        StateReason::Brake => words::jobs_brake().to_owned(),
        StateReason::StopOnError => words::jobs_stop_on_error().to_owned(),
        StateReason::PausedTooLong => words::jobs_paused_too_long().to_owned(),
        StateReason::NothingSucceeded => words::jobs_nothing_succeeded().to_owned(),
        StateReason::CheckFailed => words::jobs_check_failed().to_owned(),
        StateReason::PlanFailed => words::jobs_plan_failed().to_owned(),
        StateReason::CannotSearch => words::jobs_cannot_search().to_owned(),
    }
}

/// An outcome as a label beside its count.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => words::outcome_succeeded(),
        Outcome::Failed => words::outcome_failed(),
        Outcome::Skipped => words::outcome_skipped(),
        Outcome::Cancelled => words::outcome_cancelled(),
        Outcome::Uncertain => words::outcome_uncertain(),
    }
}

/// The selection as it was asked for.
pub fn selection(summary: &SelectionSummary, kind: Kind, relation: Option<Relation>) -> String {
    match summary {
        SelectionSummary::Ids { count } => words::selection_by_hand(&numbers::items(*count, kind)),
        SelectionSummary::Query { query, except } => {
            let all = if query.trim().is_empty() {
                words::selection_all(kind.plural())
            } else {
                words::selection_matching(query.trim())
            };
            if *except == 0 {
                all
            } else {
                words::selection_except(&all, &numbers::items(*except, kind))
            }
        }
        SelectionSummary::Rows { count } => words::selection_rows(*count),
        SelectionSummary::Parent {} => match relation {
            Some(Relation::Undo) => words::selection_undo().to_owned(),
            Some(Relation::Retry) => words::selection_retry().to_owned(),
            Some(Relation::Rest) => words::selection_rest().to_owned(),
            Some(Relation::Proposed) => words::selection_proposed().to_owned(),
            None => words::selection_left().to_owned(),
        },
    }
}

/// A level of risk as a label.
pub fn risk(level: RiskLevel) -> &'static str {
    match level {
        RiskLevel::Low => words::risk_low(),
        RiskLevel::Medium => words::risk_medium(),
        RiskLevel::High => words::risk_high(),
    }
}

/// So many of what a job is done to: “1 mail”, “12,403 contacts”.
pub fn items(job: &Job, count: u64) -> String {
    numbers::items(count, job.kind)
}

/// The job's title wherever it is named: an order until it ended, then still the same words, so
/// that a person finds the job they started. An undo is told by what it undoes, which `known` tells, and the run of a
/// rule by the rule.
pub fn title(job: &Job, known: &[Job]) -> String {
    let items = items(job, job.total);
    let origin = origin(job, known);
    let order = origin.order(&items);
    if let Some(rule) = &job.rule {
        return words::title_of_rule(&rule.name, &in_sentence(&order));
    }
    match (job.relation, origin.undos) {
        (Some(Relation::Retry), _) => words::title_retry(&in_sentence(&order)),
        (_, 0) => order,
        (_, undos) if undos % 2 == 0 => words::title_again(&order),
        _ => words::title_undo(&in_sentence(&order)),
    }
}

/// What the job did: “282 mails archived”.
pub fn report(job: &Job, known: &[Job]) -> String {
    let items = items(job, job.counts.succeeded);
    let origin = origin(job, known);
    match (origin.job, origin.undos) {
        (Some(first), undos) if undos > 0 && undos % 2 == 0 => {
            words::report_again(&first.operation.report(&items))
        }
        _ => job.operation.report(&items),
    }
}

/// What the button says that takes the job back.
pub fn undo_words(job: &Job, known: &[Job]) -> String {
    let origin = origin(job, known);
    match origin.undos % 2 {
        0 => words::undo().to_owned(),
        _ => words::title_again(&origin.order(words::them())),
    }
}

/// Where a chain of undos begins.
struct Origin<'a> {
    /// Undos of one another, this job's own included.
    undos: usize,
    /// The job that was undone first; none where it is not known any more.
    job: Option<&'a Job>,
    /// What its id says of what it does.
    named: Option<&'static str>,
}

impl Origin<'_> {
    fn order(&self, items: &str) -> String {
        match (self.job, self.named) {
            (Some(job), _) => job.operation.order(items),
            (None, Some(label)) => words::order_of_label(label, items),
            (None, None) => words::order_change(items),
        }
    }
}

fn origin<'a>(job: &'a Job, known: &'a [Job]) -> Origin<'a> {
    let mut undos = 0;
    let mut current = job;
    // A chain is never longer than what is known of it, whatever the server says.
    while let (Operation::Undo(undo), true) = (&current.operation, undos <= known.len()) {
        undos += 1;
        match known.iter().find(|other| other.id == undo.job) {
            Some(parent) => current = parent,
            None => {
                let label = label_of(&undo.job);
                return Origin {
                    undos,
                    job: None,
                    named: label,
                };
            }
        }
    }
    Origin {
        undos,
        job: Some(current),
        named: None,
    }
}

/// What the first letters of a job's id say of it; none of an undo.
fn label_of(id: &JobId) -> Option<&'static str> {
    let prefix = id.as_str().split('_').next()?;
    let mut offered = OperationName::offered().map(OperationName::about);
    offered
        .find(|about| about.prefix == prefix)
        .map(|about| about.label.say())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selections_say_what_was_left_out() {
        let summary = SelectionSummary::Query {
            query: "from:shop ".into(),
            except: 2,
        };
        assert_eq!(
            selection(&summary, Kind::Mail, None),
            "all that match “from:shop”, except 2 mails"
        );
        let everything = SelectionSummary::Query {
            query: String::new(),
            except: 0,
        };
        assert_eq!(selection(&everything, Kind::Contact, None), "all contacts");
    }
}
