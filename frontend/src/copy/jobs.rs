//! A job in words: what it does, where it is and why.

use bulkhead_shared::api::{Job, Relation, RiskLevel, SelectionSummary};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Operation, OperationName};
use bulkhead_shared::outcome::Outcome;

use crate::copy::numbers::{self, counted};

/// The state as a label.
pub fn state(state: State) -> &'static str {
    match state {
        State::Planning => "Preparing",
        State::Draft => "Waiting for you",
        State::Checking => "Checking",
        State::Queued => "Queued",
        State::Running => "Running",
        State::Paused => "Paused",
        State::Cancelling => "Stopping",
        State::Cancelled => "Cancelled",
        State::Completed => "Completed",
        State::Failed => "Failed",
        State::Expired => "Expired",
    }
}

/// What the state means for the person.
pub fn state_sentence(state: State) -> &'static str {
    match state {
        State::Planning => "Gathering what is meant. Nothing has been touched.",
        State::Draft => "Nothing has been touched yet.",
        State::Checking => "Looking whether something changed since. Nothing has been touched.",
        State::Queued => "Confirmed; starting in a moment.",
        State::Running => "You can close this; it goes on by itself.",
        State::Paused => "On hold. Nothing is lost.",
        State::Cancelling => "What is in hand is put down properly first.",
        State::Cancelled => "Nothing more will happen.",
        State::Completed => "Everything has its outcome.",
        State::Failed => "The job ended without reaching its goal.",
        State::Expired => "It was not confirmed in time, so nothing was touched.",
    }
}

/// Why a job in this state is held, stops or has failed. `clock` turns a moment into local words.
pub fn why(state: State, why: StateReason, clock: impl Fn(jiff::Timestamp) -> String) -> String {
    match why {
        StateReason::ByUser if state == State::Paused => {
            "You put it on hold. Nothing is lost.".to_owned()
        }
        StateReason::ByUser => format!("You stopped it. {}", state_sentence(state)),
        StateReason::WaitingForProvider { until } => format!(
            "The account's server asked us to wait until {}. It goes on by itself; no attempt is used up.",
            clock(until)
        ),
        StateReason::SignInNeeded => {
            "The account's server refused the sign-in. Connect the account again, then resume."
                .to_owned()
        }
        StateReason::Brake => "Stopped by itself: too much had failed.".to_owned(),
        StateReason::StopOnError => "Stopped at the first failure, as its options ask.".to_owned(),
        StateReason::PausedTooLong => "It was on hold for too long.".to_owned(),
        StateReason::NothingSucceeded => "Not one could be done.".to_owned(),
        StateReason::CheckFailed => {
            "Whether something changed since could not be told. Confirm again to look anew."
                .to_owned()
        }
        StateReason::PlanFailed => "What is meant could not be gathered.".to_owned(),
        StateReason::CannotSearch => "This account cannot answer that search.".to_owned(),
    }
}

/// An outcome as a label beside its count.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "Succeeded",
        Outcome::Failed => "Failed",
        Outcome::Skipped => "Skipped",
        Outcome::Cancelled => "Not started",
        Outcome::Uncertain => "Uncertain",
    }
}

/// The selection as it was asked for.
pub fn selection(summary: &SelectionSummary, kind: Kind, relation: Option<Relation>) -> String {
    match summary {
        SelectionSummary::Ids { count } => {
            format!("{} picked by hand", numbers::items(*count, kind))
        }
        SelectionSummary::Query { query, except } => {
            let all = if query.trim().is_empty() {
                format!("all {}", kind.plural())
            } else {
                format!("all that match “{}”", query.trim())
            };
            if *except == 0 {
                all
            } else {
                format!("{all}, except {}", numbers::items(*except, kind))
            }
        }
        SelectionSummary::Rows { count } => counted(*count, "row"),
        SelectionSummary::Parent {} => match relation {
            Some(Relation::Undo) => "what the job before did".to_owned(),
            Some(Relation::Retry) => "what failed in the job before".to_owned(),
            Some(Relation::Rest) => "what the job before did not come to".to_owned(),
            Some(Relation::Proposed) => "what the job before was sure of".to_owned(),
            None => "what the job before left".to_owned(),
        },
    }
}

/// A level of risk as a label.
pub fn risk(level: RiskLevel) -> &'static str {
    match level {
        RiskLevel::Low => "Low risk",
        RiskLevel::Medium => "Medium risk",
        RiskLevel::High => "High risk",
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
        return format!("{}: {}", rule.name, lower_first(&order));
    }
    match (job.relation, origin.undos) {
        (Some(Relation::Retry), _) => format!("Retry: {}", lower_first(&order)),
        (_, 0) => order,
        (_, undos) if undos % 2 == 0 => format!("{order} again"),
        _ => format!("Undo: {}", lower_first(&order)),
    }
}

/// What the job did: “282 mails archived”.
pub fn report(job: &Job, known: &[Job]) -> String {
    let items = items(job, job.counts.succeeded);
    let origin = origin(job, known);
    match (origin.job, origin.undos) {
        (Some(first), undos) if undos > 0 && undos % 2 == 0 => {
            format!("{} again", first.operation.report(&items))
        }
        _ => job.operation.report(&items),
    }
}

/// What the button says that takes the job back.
pub fn undo_words(job: &Job, known: &[Job]) -> String {
    let origin = origin(job, known);
    match origin.undos % 2 {
        0 => "Undo".to_owned(),
        _ => format!("{} again", origin.order("them")),
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
            (None, Some(label)) => format!("{label} {items}"),
            (None, None) => format!("Change {items}"),
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
        .map(|about| about.label)
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
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
