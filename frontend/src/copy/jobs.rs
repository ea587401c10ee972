//! A job in words: what it does, where it is and why.

use bulkhead_shared::api::{Job, Relation, RiskLevel, SelectionSummary};
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operation::{ExportFormat, Operation, OperationKind};
use bulkhead_shared::outcome::Outcome;

use crate::copy::numbers::{counted, mails};

/// The operation as an order: “Archive 12,403 mails”.
pub fn order(operation: &Operation, count: u64) -> String {
    let mails = mails(count);
    match operation {
        Operation::Archive {} => format!("Archive {mails}"),
        Operation::Trash {} => format!("Move {mails} to Trash"),
        Operation::Label { add, remove } => match (add.as_slice(), remove.as_slice()) {
            (add, []) => format!("Label {mails} {}", quoted(add)),
            ([], remove) => format!("Take {} off {mails}", quoted(remove)),
            (add, remove) => format!("Label {mails} {}, take off {}", quoted(add), quoted(remove)),
        },
        Operation::MarkRead {} => format!("Mark {mails} as read"),
        Operation::MarkUnread {} => format!("Mark {mails} as unread"),
        Operation::Move { folder } => format!("Move {mails} to {folder}"),
        Operation::Export { format } => format!("Export {mails} as {}", format_name(*format)),
        Operation::Undo { .. } => format!("Put back {mails}"),
    }
}

/// What the operation did, as a sentence: “12,403 mails archived”.
pub fn report(operation: &Operation, count: u64) -> String {
    let mails = mails(count);
    match operation {
        Operation::Archive {} => format!("{mails} archived"),
        Operation::Trash {} => format!("{mails} moved to Trash"),
        Operation::Label { .. } => format!("{mails} labelled"),
        Operation::MarkRead {} => format!("{mails} marked as read"),
        Operation::MarkUnread {} => format!("{mails} marked as unread"),
        Operation::Move { folder } => format!("{mails} moved to {folder}"),
        Operation::Export { .. } => format!("{mails} exported"),
        Operation::Undo { .. } => format!("{mails} put back"),
    }
}

/// The operation without a count, for tight places.
pub fn short(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Archive => "Archive",
        OperationKind::Trash => "Trash",
        OperationKind::Label => "Label",
        OperationKind::MarkRead => "Mark read",
        OperationKind::MarkUnread => "Mark unread",
        OperationKind::Move => "Move",
        OperationKind::Export => "Export",
        OperationKind::Undo => "Undo",
    }
}

/// What an export's file is called by people.
pub fn format_name(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Mbox => "mbox",
        ExportFormat::Csv => "CSV",
        ExportFormat::Json => "JSON",
    }
}

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
    match (job.relation, &job.operation) {
        (Some(Relation::Undo), _) | (_, Operation::Undo { .. }) => {
            format!("Undo: put back {}", mails(job.total))
        }
        (Some(Relation::Retry), operation) => {
            format!("Retry: {}", lower_first(&order(operation, job.total)))
        }
        (None, operation) => order(operation, job.total),
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn quoted(labels: &[String]) -> String {
    labels
        .iter()
        .map(|label| format!("“{label}”"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_name_the_exact_count() {
        assert_eq!(
            order(&Operation::Archive {}, 12_403),
            "Archive 12,403 mails"
        );
        assert_eq!(order(&Operation::Trash {}, 1), "Move 1 mail to Trash");
        let label = Operation::Label {
            add: vec!["paid".into()],
            remove: vec!["open".into()],
        };
        assert_eq!(order(&label, 3), "Label 3 mails “paid”, take off “open”");
    }

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
