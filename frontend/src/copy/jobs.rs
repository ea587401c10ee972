//! A job in words: what it does, where it is and why.

use bulkhead_shared::api::{Job, Relation, RiskLevel, SelectionSummary};
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::outcome::Outcome;

use crate::copy::numbers::{counted, mails};

/// The state as a label.
pub fn state(state: State) -> &'static str {
    match state {
        State::Planning => "Preparing",
        State::Draft => "Waiting for you",
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
        State::Planning => "Gathering the mails. Nothing has been touched.",
        State::Draft => "Nothing has been touched yet.",
        State::Queued => "Confirmed; starting in a moment.",
        State::Running => "You can close this; it goes on by itself.",
        State::Paused => "On hold. Nothing is lost.",
        State::Cancelling => "What is in hand is put down properly first.",
        State::Cancelled => "Nothing more will happen.",
        State::Completed => "Every mail has its outcome.",
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
            "The mail server asked us to wait until {}. It goes on by itself; no attempt is used up.",
            clock(until)
        ),
        StateReason::SignInNeeded => {
            "The mail server refused the sign-in. Connect the account again, then resume."
                .to_owned()
        }
        StateReason::Brake => "Stopped by the brake: too much had failed.".to_owned(),
        StateReason::StopOnError => "Stopped at the first failure, as its options ask.".to_owned(),
        StateReason::PausedTooLong => "It was on hold for too long.".to_owned(),
        StateReason::NothingSucceeded => "Not one mail could be done.".to_owned(),
        StateReason::PlanFailed => "The mails could not be gathered.".to_owned(),
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
pub fn selection(summary: &SelectionSummary, relation: Option<Relation>) -> String {
    match summary {
        SelectionSummary::Ids { count } => format!("{} picked by hand", mails(*count)),
        SelectionSummary::Query { query, except } => {
            let all = if query.trim().is_empty() {
                "all mail".to_owned()
            } else {
                format!("all that match “{}”", query.trim())
            };
            if *except == 0 {
                all
            } else {
                format!("{all}, except {}", counted(*except, "mail"))
            }
        }
        SelectionSummary::Rows { count } => counted(*count, "row"),
        SelectionSummary::Parent {} => match relation {
            Some(Relation::Undo) => "what the job before did".to_owned(),
            Some(Relation::Retry) => "what failed in the job before".to_owned(),
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

/// The job's title wherever it is named: an order until it ended, then still the same words, so
/// that a person finds the job they started.
pub fn title(job: &Job) -> String {
    let order = job.operation.order(&mails(job.total));
    match job.relation {
        Some(Relation::Undo) => format!("Undo: {}", lower_first(&order)),
        Some(Relation::Retry) => format!("Retry: {}", lower_first(&order)),
        None => order,
    }
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
            selection(&summary, None),
            "all that match “from:shop”, except 2 mails"
        );
        let everything = SelectionSummary::Query {
            query: String::new(),
            except: 0,
        };
        assert_eq!(selection(&everything, None), "all mail");
    }
}
