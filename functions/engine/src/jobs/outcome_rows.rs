//! How each item of a job ended, as rows of a CSV.

use std::iter::repeat;
use std::ops::Range;

use bulkhead_shared::api::ItemOutcome;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Task;
use bulkhead_shared::outcome::{ItemReason, ItemResult, Outcome};
use futures::future::try_join_all;
use jiff::Timestamp;

use crate::error::Error;
use crate::jobs::endings::{Ended, chunk_outcomes};
use crate::jobs::results::{Looks, looks};
use crate::jobs::row_results;
use crate::ports::Ports;
use crate::records::JobRecord;
use crate::tasks::export::csv_row;

/// What each row of outcomes says: how the item ended, its card, and where something is computed what was found.
pub(super) fn columns(job: &JobRecord) -> Vec<&'static str> {
    let mut columns = vec!["row_number", "id", "status", "reason", "completed_at"];
    columns.extend(["item", "title", "second", "facts", "time", "marks"]);
    if job.operation.about().task == Task::Compute {
        columns.extend(["result", "percent", "detail"]);
    }
    columns
}

/// The rows of these chunks, one for each of their items whatever can be read of it, with what items look like as
/// far as the provider tells before `look_until`.
pub(super) async fn outcome_rows(
    ports: &Ports,
    job: &JobRecord,
    chunks: Range<u32>,
    look_until: Timestamp,
) -> Result<Vec<u8>, Error> {
    let read = chunks
        .clone()
        .map(|chunk| chunk_outcomes(ports, job, chunk));
    let read = try_join_all(read.collect::<Vec<_>>()).await?;
    let mut out = Vec::new();
    for (chunk, ended) in chunks.zip(read) {
        let first = u64::from(chunk) * u64::from(job.full_chunk()) + 1;
        let rows = match ended {
            Ended::Known(rows) => rows,
            Ended::Unreadable(ids) => {
                let numbers = (first..).take(job.chunk_size(chunk) as usize);
                let ids = ids.into_iter().map(Some).chain(repeat(None));
                for (number, id) in numbers.zip(ids) {
                    match row_results::unreadable(&job.operation, number, id.as_ref()) {
                        Some(row) => out.extend(row),
                        None => out.extend(csv_row(&unreadable(job, number, id))?),
                    }
                }
                continue;
            }
        };
        if row_results::header(&job.operation).is_some() {
            let rows = rows.iter();
            let rows = rows
                .map(|row| row_results::row(&job.operation, &row.outcome, row.input.as_deref()));
            out.extend(rows.flatten());
            continue;
        }
        let looks = looks(ports, job, &rows, Some(look_until)).await;
        for (number, (row, looks)) in (first..).zip(rows.into_iter().zip(looks)) {
            out.extend(csv_row(&cells(job, number, row.outcome, looks))?);
        }
    }
    Ok(out)
}

/// One row, in the order of [`columns`].
fn cells(job: &JobRecord, number: u64, outcome: ItemOutcome, looks: Looks) -> Vec<String> {
    let ended = outcome.outcome.map(word);
    let reason = outcome.reason.map(ItemReason::text);
    let mut cells = vec![
        number.to_string(),
        outcome.id.to_string(),
        ended.unwrap_or_else(|| "pending".to_owned()),
        reason.unwrap_or_default().to_owned(),
        outcome.at.map(|at| at.to_string()).unwrap_or_default(),
    ];
    cells.extend(looked(looks));
    if job.operation.about().task == Task::Compute {
        cells.extend(match outcome.result_unreadable {
            // A class may be of any name.
            true => ["", "", "What was found of it cannot be read."].map(str::to_owned),
            false => found(outcome.result),
        });
    }
    cells
}

/// The row of an item of which no more can be read than its id, if that.
fn unreadable(job: &JobRecord, number: u64, id: Option<ItemId>) -> Vec<String> {
    let mut cells = vec![
        number.to_string(),
        id.map(|id| id.to_string()).unwrap_or_default(),
        "unreadable".to_owned(),
        "What was stored of it cannot be read.".to_owned(),
    ];
    cells.resize(columns(job).len(), String::new());
    cells
}

/// How an item looks, as cells: whether it is shown, and its card.
fn looked(looks: Looks) -> [String; 6] {
    let nothing = |why: &str| {
        let mut cells: [String; 6] = Default::default();
        cells[0] = why.to_owned();
        cells
    };
    let card = match looks {
        Looks::Like(card) => card,
        Looks::Gone => return nothing("gone"),
        Looks::Unknown => return nothing("not looked at"),
    };
    let facts = card.facts.iter();
    let facts: Vec<String> = facts
        .map(|fact| format!("{}: {}", fact.name, fact.value))
        .collect();
    [
        "shown".to_owned(),
        card.title,
        card.second,
        facts.join("; "),
        card.time.map(|time| time.to_string()).unwrap_or_default(),
        card.marks.join(" "),
    ]
}

/// What was found of an item, as cells; empty ones where nothing was.
fn found(result: Option<ItemResult>) -> [String; 3] {
    result.map_or_else(Default::default, |result| {
        let percent = result.percent.map(|percent| percent.to_string());
        [
            result.class,
            percent.unwrap_or_default(),
            result.detail.unwrap_or_default(),
        ]
    })
}

fn word(outcome: Outcome) -> String {
    let value = serde_json::to_value(outcome).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
