//! How each item of a job ended, page by page or as a CSV, and the file an export made.

use bulkhead_shared::api::{ItemOutcome, ItemOutcomes, ItemSummary};
use bulkhead_shared::ids::{ItemId, JobId, UserId};
use bulkhead_shared::operation::{ExportFormat, Operation};
use bulkhead_shared::outcome::{Outcome, Reason};
use bulkhead_shared::problem::Invalid;
use jiff::Timestamp;

use crate::access::{self, account_of};
use crate::accounts;
use crate::chunk::export::{COLUMNS, csv_row};
use crate::error::Error;
use crate::plan::load_manifest;
use crate::ports::{PartReader, Ports};
use crate::records::{After, Ending, JobRecord, names};
use crate::settle::stopped_by;
use crate::store::{JobWithChunks, load_packed};

/// A page of outcomes in the order of the manifest; of one kind only, if asked.
pub async fn items(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    outcome: Option<Outcome>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<ItemOutcomes, Error> {
    let job = readable(ports, user, id).await?;
    let (mut chunk, mut place) = position(cursor)?;
    let mut items = Vec::new();
    while chunk < job.chunks() {
        let rows = chunk_outcomes(ports, &job, chunk).await?;
        for (index, row) in rows.into_iter().enumerate().skip(place) {
            if items.len() as u64 == u64::from(limit) {
                let items = with_summaries(ports, &job, items).await;
                return Ok(ItemOutcomes {
                    items,
                    next_cursor: Some(format!("{chunk}.{index}")),
                });
            }
            if outcome.is_none() || outcome == row.outcome.outcome {
                items.push(row);
            }
        }
        (chunk, place) = (chunk + 1, 0);
    }
    Ok(ItemOutcomes {
        items: with_summaries(ports, &job, items).await,
        next_cursor: None,
    })
}

fn position(cursor: Option<&str>) -> Result<(u32, usize), Error> {
    let Some(cursor) = cursor else {
        return Ok((0, 0));
    };
    let parts = cursor
        .split_once('.')
        .and_then(|(chunk, place)| Some((chunk.parse().ok()?, place.parse().ok()?)));
    parts.ok_or_else(|| {
        Invalid::new(
            "cursor",
            "Hand back the cursor of the page before, unchanged.",
        )
        .into()
    })
}

/// Outcomes are kept for a stated time after the end; past it they are gone, whatever the table
/// still holds (invariant 7).
async fn readable(ports: &Ports, user: &UserId, id: &JobId) -> Result<JobRecord, Error> {
    let job = access::job(ports, user, id).await?.into_inner().record;
    if job
        .results_until()
        .is_some_and(|until| until <= ports.clock.now())
    {
        return Err(Error::Gone);
    }
    if job.manifest_hash.is_none() {
        return Err(Error::NotPossible("The selection is still being frozen."));
    }
    Ok(job)
}

/// An item's outcome, with the id it has now.
struct Row {
    outcome: ItemOutcome,
    id_now: ItemId,
}

async fn chunk_outcomes(ports: &Ports, job: &JobRecord, chunk: u32) -> Result<Vec<Row>, Error> {
    let table = ports.table.as_ref();
    let (manifest, endings, after) = futures::join!(
        load_manifest(ports, job, chunk),
        load_packed::<Vec<Option<Ending>>>(table, names::outcomes(&job.id, chunk)),
        load_packed::<Vec<Option<After>>>(table, names::after(&job.id, chunk)),
    );
    let (endings, after) = (endings?.unwrap_or_default(), after?.unwrap_or_default());
    let rows = manifest?
        .items
        .into_iter()
        .enumerate()
        .map(|(place, (id, _))| {
            let ending = endings
                .get(place)
                .copied()
                .flatten()
                .or_else(|| cancelled(job));
            let id_now = after
                .get(place)
                .cloned()
                .flatten()
                .and_then(|after| after.id)
                .unwrap_or_else(|| id.clone());
            let outcome = ItemOutcome {
                id,
                outcome: ending.map(|ending| ending.outcome),
                reason: ending.and_then(|ending| ending.reason),
                at: ending.and_then(|ending| Timestamp::from_millisecond(ending.at).ok()),
                summary: None,
            };
            Row { outcome, id_now }
        });
    Ok(rows.collect())
}

/// What never started in a job that has ended.
fn cancelled(job: &JobRecord) -> Option<Ending> {
    let ended = job.ended_at.filter(|_| job.confirmed_at.is_some())?;
    Some(Ending {
        outcome: Outcome::Cancelled,
        reason: Some(stopped_by(job.why)),
        at: ended.as_millisecond(),
    })
}

/// Adds sender and subject where the provider still knows the item. Without the provider the
/// outcomes are shown all the same.
async fn with_summaries(ports: &Ports, job: &JobRecord, rows: Vec<Row>) -> Vec<ItemOutcome> {
    let ids: Vec<ItemId> = rows.iter().map(|row| row.id_now.clone()).collect();
    let known = match account_of(ports.table.as_ref(), &job.owner, &job.account).await {
        Ok(account) => match accounts::open(ports, &account).await {
            Ok(connector) if !ids.is_empty() => connector.items(&ids).await.unwrap_or_default(),
            _ => Vec::new(),
        },
        Err(_) => Vec::new(),
    };
    let mut known = known.into_iter();
    rows.into_iter()
        .map(|row| {
            let item = known.next().flatten();
            let summary = item.map(|item| ItemSummary {
                from: item.from,
                subject: item.subject,
            });
            ItemOutcome {
                summary,
                ..row.outcome
            }
        })
        .collect()
}

/// A file that is read piece by piece.
pub struct Download {
    /// Its media type.
    pub media_type: &'static str,
    /// A name for it.
    pub file_name: String,
    ports: Ports,
    job: JobRecord,
    source: Source,
    chunk: u32,
    /// What goes before the first piece.
    opening: Option<Vec<u8>>,
    /// What goes after the last piece.
    closing: Option<Vec<u8>>,
}

enum Source {
    Outcomes,
    Parts {
        names: std::collections::VecDeque<String>,
        open: Option<Box<dyn PartReader>>,
        comma: bool,
    },
}

/// The outcomes of all items as a CSV, with the row numbers of the manifest.
pub async fn outcomes_csv(ports: &Ports, user: &UserId, id: &JobId) -> Result<Download, Error> {
    let job = readable(ports, user, id).await?;
    Ok(Download {
        media_type: "text/csv; charset=utf-8",
        file_name: format!("{}-results.csv", job.id),
        ports: ports.clone(),
        opening: Some(csv_row(&[
            "row_number",
            "id",
            "status",
            "reason",
            "completed_at",
        ])?),
        closing: None,
        source: Source::Outcomes,
        chunk: 0,
        job,
    })
}

/// The file an export made.
pub async fn export(ports: &Ports, user: &UserId, id: &JobId) -> Result<Download, Error> {
    let state = access::job_with_chunks(ports, user, id).await?.into_inner();
    let Operation::Export { format } = state.job.record.operation else {
        return Err(Error::NotPossible("This job is no export."));
    };
    let JobWithChunks { job, chunks } = state;
    if !job.record.state.is_ended() {
        return Err(Error::NotPossible("The export has not ended yet."));
    }
    if job
        .record
        .results_until()
        .is_none_or(|until| until <= ports.clock.now())
    {
        return Err(Error::Gone);
    }
    let names = chunks
        .into_iter()
        .flat_map(|chunk| chunk.record.parts)
        .collect();
    let (opening, closing) = match format {
        ExportFormat::Mbox => (None, None),
        ExportFormat::Csv => (Some(csv_row(&COLUMNS)?), None),
        ExportFormat::Json => (Some(b"[\n".to_vec()), Some(b"\n]\n".to_vec())),
    };
    Ok(Download {
        media_type: format.media_type(),
        file_name: format!("{}.{}", job.record.id, format.extension()),
        ports: ports.clone(),
        job: job.record,
        source: Source::Parts {
            names,
            open: None,
            comma: format == ExportFormat::Json,
        },
        chunk: 0,
        opening,
        closing,
    })
}

impl Download {
    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if let Some(opening) = self.opening.take() {
            return Ok(Some(opening));
        }
        let piece = match &mut self.source {
            Source::Outcomes => {
                if self.chunk >= self.job.chunks() {
                    return Ok(self.closing.take());
                }
                self.chunk += 1;
                Some(outcome_rows(&self.ports, &self.job, self.chunk - 1).await?)
            }
            Source::Parts { names, open, comma } => {
                next_of_parts(&self.ports, &self.job, names, open, *comma).await?
            }
        };
        Ok(piece.or_else(|| self.closing.take()))
    }
}

async fn outcome_rows(ports: &Ports, job: &JobRecord, chunk: u32) -> Result<Vec<u8>, Error> {
    let first = u64::from(chunk) * u64::from(job.settings.batch_size) + 1;
    let mut out = Vec::new();
    for (number, row) in (first..).zip(chunk_outcomes(ports, job, chunk).await?) {
        let outcome = row.outcome;
        let cells = [
            number.to_string(),
            outcome.id.to_string(),
            outcome
                .outcome
                .map(word)
                .unwrap_or_else(|| "pending".to_owned()),
            outcome
                .reason
                .map(Reason::text)
                .unwrap_or_default()
                .to_owned(),
            outcome.at.map(|at| at.to_string()).unwrap_or_default(),
        ];
        out.extend(csv_row(&cells)?);
    }
    Ok(out)
}

fn word(outcome: Outcome) -> String {
    let value = serde_json::to_value(outcome).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

async fn next_of_parts(
    ports: &Ports,
    job: &JobRecord,
    names: &mut std::collections::VecDeque<String>,
    open: &mut Option<Box<dyn PartReader>>,
    comma: bool,
) -> Result<Option<Vec<u8>>, Error> {
    loop {
        if let Some(reader) = open {
            if let Some(bytes) = reader.read().await? {
                return Ok(Some(bytes));
            }
            *open = None;
            if comma && !names.is_empty() {
                return Ok(Some(b",\n".to_vec()));
            }
        }
        let Some(name) = names.pop_front() else {
            return Ok(None);
        };
        *open = Some(
            ports
                .parts
                .open(&job.id, &name)
                .await?
                .ok_or(Error::Missing("export part"))?,
        );
    }
}
