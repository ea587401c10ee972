//! Results of a job that was brought as a table of mailboxes: a table again, row for row.

use bulkhead_shared::api::ItemOutcome;
use bulkhead_shared::csv::{Cell, write_row};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::rows::ROW_NUMBER;
use bulkhead_shared::kinds::mailbox::sheet::RESULT_COLUMNS;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::operations::mailbox::{Brought, MailboxRow};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vocabulary::Vocabulary;

/// What a spreadsheet takes a file by for UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The columns that a job's rows were brought in; none where it was not brought as such a table.
fn brought_in(operation: &Operation) -> Option<&[String]> {
    match operation {
        Operation::RecoverMailboxes(recover) => Some(&recover.columns),
        Operation::RestoreMailboxes(restore) => Some(&restore.columns),
        _ => None,
    }
}

/// The row of headers: how rows went, and behind it what was brought; none where the job was not brought as such a
/// table.
pub(super) fn header(operation: &Operation) -> Option<Vec<u8>> {
    let columns = brought_in(operation)?;
    let mut out = MARK.to_vec();
    let kept = columns.iter().filter(|name| *name != ROW_NUMBER);
    let kept = kept.map(|name| name.as_str().into());
    let ours = RESULT_COLUMNS.iter().map(|name| Cell::from(*name));
    write_row(&mut out, ours.chain(kept));
    Some(out)
}

/// The row of an item below [`header`]. One whose row cannot be read has its id in place of what it brought.
pub(super) fn row(operation: &Operation, outcome: &ItemOutcome, input: Option<&[u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    let brought = input.and_then(Brought::decode);
    let (source, target) = match brought.as_ref().map(|brought| &brought.row) {
        Some(MailboxRow::Recover(row)) => (row.source.to_string(), row.profile.upn.clone()),
        Some(MailboxRow::Restore(row)) => (row.source.to_string(), row.target.to_string()),
        None => (outcome.id.to_string(), String::new()),
    };
    let number = brought.as_ref().map_or(0, |brought| brought.number);
    let time = |time: Option<jiff::Timestamp>| {
        Cell::from(time.map(|time| time.to_string()).unwrap_or_default())
    };
    let took = outcome.started_at.zip(outcome.at);
    let took = took.map(|(began, ended)| ended.duration_since(began).as_secs_f64());
    let ours = [
        number.into(),
        source.into(),
        target.into(),
        Vocabulary::Mailbox.item(outcome.outcome, false).into(),
        outcome.reason.map(error).unwrap_or_default().into(),
        time(outcome.started_at),
        time(outcome.at),
        took.map_or(Cell::from(""), |took| Cell::Number(format!("{took:.3}"))),
    ];
    let columns = brought_in(operation).unwrap_or_default();
    let cells = brought.as_ref().map(|brought| brought.cells.as_slice());
    let cells = columns.iter().zip(cells.unwrap_or_default());
    let kept = cells.filter(|(name, _)| *name != ROW_NUMBER);
    write_row(
        &mut out,
        ours.into_iter()
            .chain(kept.map(|(_, cell)| cell.as_str().into())),
    );
    out
}

/// The row of an item of which no more can be read than its id, if that; none where the job was not brought as
/// such a table.
pub(super) fn unreadable(
    operation: &Operation,
    number: u64,
    id: Option<&ItemId>,
) -> Option<Vec<u8>> {
    brought_in(operation)?;
    let mut out = Vec::new();
    let id = id.map(ToString::to_string).unwrap_or_default();
    let why = "What became of it cannot be read.";
    let cells = [
        number.into(),
        id.into(),
        "".into(),
        "unknown".into(),
        why.into(),
    ];
    write_row(&mut out, cells);
    Some(out)
}

/// Why an item did not succeed, and what helps.
fn error(reason: ItemReason) -> String {
    let (text, cure) = (reason.text(), reason.cure());
    match cure.is_empty() {
        true => text.to_owned(),
        false => format!("{text} {cure}"),
    }
}
