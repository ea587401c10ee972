//! How each item of a job ended, page by page or as a CSV, and the file an export made.

use std::collections::BTreeMap;
use std::sync::Arc;

use bulkhead_shared::api::{ItemOutcome, ItemOutcomes, ReasonCount};
use bulkhead_shared::ids::{ItemId, JobId, UserId};
use bulkhead_shared::kinds::Card;
use bulkhead_shared::operations::Task;
use bulkhead_shared::outcome::{ItemResult, Outcome};
use bulkhead_shared::problem::Invalid;
use jiff::Timestamp;

use crate::access::{self, account_of};
use crate::accounts;
use crate::error::Error;
use crate::jobs::settle::stopped_by;
use crate::plan::load_manifest;
use crate::ports::{Ports, Span};
use crate::records::pack::one_each;
use crate::records::store::{Stored, load_packed, load_text, read_text};
use crate::records::{After, ChunkRecord, Ending, Entry, Hold, JobRecord, names};
use crate::stores::{self, ItemStore};

/// Chunks that one request reads at the most: each is a handful of rows, of up to 400 KB each.
const CHUNKS_READ: usize = 50;

/// A page of outcomes in the order of the manifest; of one kind only, if asked. It may be short, or empty,
/// before the last one.
pub async fn items(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    outcome: Option<Outcome>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<ItemOutcomes, Error> {
    let job = readable(ports, user, id).await?;
    let (first, place) = position(cursor)?;
    let chunks = chunks_with(ports, &job, outcome, first).await?;
    let mut items = Vec::new();
    for (read, chunk) in chunks.into_iter().enumerate() {
        if read == CHUNKS_READ {
            return Ok(page(ports, &job, items, Some((chunk, 0))).await);
        }
        let rows = chunk_outcomes(ports, &job, chunk).await?.into_iter();
        let before = if chunk == first { place } else { 0 };
        let wanted = rows.enumerate().skip(before);
        for (index, row) in wanted.filter(|(_, row)| row.ended_like(outcome)) {
            if items.len() as u64 == u64::from(limit) {
                return Ok(page(ports, &job, items, Some((chunk, index))).await);
            }
            items.push(row);
        }
    }
    Ok(page(ports, &job, items, None).await)
}

async fn page(
    ports: &Ports,
    job: &JobRecord,
    items: Vec<Row>,
    next: Option<(u32, usize)>,
) -> ItemOutcomes {
    let looks = looks(ports, job, &items, None).await;
    let items = items.into_iter().zip(looks);
    ItemOutcomes {
        items: items.map(|(row, looks)| row.looking(looks)).collect(),
        next_cursor: next.map(|(chunk, index)| format!("{chunk}.{index}")),
    }
}

/// The chunks from `first` on that have items which ended like this, going by the counts in their rows.
async fn chunks_with(
    ports: &Ports,
    job: &JobRecord,
    outcome: Option<Outcome>,
    first: u32,
) -> Result<Vec<u32>, Error> {
    let all = first..job.chunks();
    let Some(outcome) = outcome else {
        return Ok(all.collect());
    };
    let none = job.counts.is_some_and(|counts| counts.of(outcome) == 0);
    if none || all.is_empty() {
        return Ok(Vec::new());
    }
    let span = Span {
        partition: job.id.to_string(),
        from: names::chunk(&job.id, first).sort,
        to: names::chunk(&job.id, job.chunks()).sort,
        reverse: false,
        limit: None,
    };
    let rows = ports.table.range(&span).await?;
    let begun = rows.iter().map(read_text::<ChunkRecord>);
    let begun = begun.map(|row| row.map(|row| (row.record.number, row.record)));
    let begun = begun.collect::<Result<BTreeMap<_, _>, Error>>()?;
    Ok(all
        .filter(|number| may_have(job, begun.get(number), outcome))
        .collect())
}

fn may_have(job: &JobRecord, chunk: Option<&ChunkRecord>, outcome: Outcome) -> bool {
    // What never started was cancelled when the job ended.
    let left_out = job.state.is_ended() && chunk.is_none_or(|chunk| chunk.hold != Hold::Done);
    (outcome == Outcome::Cancelled && left_out)
        || chunk.is_some_and(|chunk| chunk.counts.of(outcome) > 0)
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
pub(crate) async fn readable(ports: &Ports, user: &UserId, id: &JobId) -> Result<JobRecord, Error> {
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
pub(crate) struct Row {
    pub(crate) outcome: ItemOutcome,
    id_now: ItemId,
    input: Option<Vec<u8>>,
}

impl Row {
    fn looking(self, looks: Looks) -> ItemOutcome {
        let card = match looks {
            Looks::Like(card) => Some(card),
            Looks::Gone | Looks::Unknown => None,
        };
        ItemOutcome {
            card,
            ..self.outcome
        }
    }

    fn ended_like(&self, outcome: Option<Outcome>) -> bool {
        outcome.is_none() || outcome == self.outcome.outcome
    }
}

pub(crate) async fn chunk_outcomes(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
) -> Result<Vec<Row>, Error> {
    let after = names::after(&job.id, chunk);
    let (endings, after, results) = futures::join!(
        load_endings(ports, job, chunk),
        load_packed::<Vec<Option<After>>>(ports.table.as_ref(), after),
        load_results(ports, job, chunk),
    );
    let (items, endings) = match endings {
        // The counts have what cannot be read, and the other chunks are shown.
        Err(error) if error.is_unreadable() => return Ok(Vec::new()),
        read => read?,
    };
    let after = after.and_then(|after| Ok(one_each(after, items.len())?));
    let after = match after {
        // How they ended is known all the same.
        Err(error) if error.is_unreadable() => vec![None; items.len()],
        read => read?,
    };
    let results = one_each(results?, items.len())?;
    let rows = items.into_iter().zip(endings).zip(after).zip(results).map(
        |(((Entry { id, input, .. }, ending), after), result)| {
            let id_now = after
                .and_then(|after| after.id)
                .unwrap_or_else(|| id.clone());
            let outcome = ItemOutcome {
                id,
                outcome: ending.map(|ending| ending.outcome),
                reason: ending.and_then(|ending| ending.reason),
                at: ending.and_then(|ending| Timestamp::from_millisecond(ending.at).ok()),
                result,
                card: None,
            };
            Row {
                outcome,
                id_now,
                input,
            }
        },
    );
    Ok(rows.collect())
}

/// What was found of a chunk's items, where something is computed.
async fn load_results(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
) -> Result<Option<Vec<Option<ItemResult>>>, Error> {
    if job.operation.about().task != Task::Compute {
        return Ok(None);
    }
    let key = names::results(&job.id, chunk);
    match load_packed(ports.table.as_ref(), key).await {
        // How they ended is known all the same.
        Err(error) if error.is_unreadable() => Ok(None),
        read => read,
    }
}

/// The frozen items of a chunk, and how each ended; none for those that have not.
async fn load_endings(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
) -> Result<(Vec<Entry>, Vec<Option<Ending>>), Error> {
    let table = ports.table.as_ref();
    let (manifest, endings) = futures::join!(
        load_manifest(ports, job, chunk),
        load_packed(table, names::outcomes(&job.id, chunk)),
    );
    let items = manifest?.items;
    let mut endings = one_each(endings?, items.len())?;
    if endings.contains(&None) {
        let rest = ending_of_rest(ports, job, chunk, &endings).await?;
        endings
            .iter_mut()
            .for_each(|ending| *ending = ending.or(rest));
    }
    Ok((items, endings))
}

/// How those items ended that no outcome is stored for; none while the job has not.
async fn ending_of_rest(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
    endings: &[Option<Ending>],
) -> Result<Option<Ending>, Error> {
    let Some(ended) = job.ended_at.filter(|_| job.confirmed_at.is_some()) else {
        return Ok(None);
    };
    let key = names::chunk(&job.id, chunk);
    let row = load_text::<ChunkRecord>(ports.table.as_ref(), &key).await?;
    match row {
        Some(Stored { record, .. }) if record.hold == Hold::Done => {
            by_count(&record, endings).map(Some)
        }
        // They never started.
        _ => Ok(Some(Ending {
            outcome: Outcome::Cancelled,
            reason: Some(stopped_by(job.why)),
            at: ended.as_millisecond(),
        })),
    }
}

/// How the rest of a chunk ended that was ended by its count: for the reason that exactly so many
/// items more have than is stored. If there is none such, outcomes were lost.
fn by_count(chunk: &ChunkRecord, endings: &[Option<Ending>]) -> Result<Ending, Error> {
    let rest = endings.iter().filter(|ending| ending.is_none()).count();
    let stored = |known: &ReasonCount| {
        let all = endings.iter().flatten();
        all.filter(|it| (it.outcome, it.reason) == (known.outcome, Some(known.reason)))
            .count()
    };
    let mut reasons = chunk.reasons.iter();
    let reason = reasons
        .find(|known| known.count == (stored(known) + rest) as u64)
        .ok_or(Error::Missing("outcomes"))?;
    Ok(Ending {
        outcome: reason.outcome,
        reason: Some(reason.reason),
        at: chunk.updated_at.as_millisecond(),
    })
}

/// What is known of how an item looks now.
pub(crate) enum Looks {
    /// As the provider has it, or what is to be made of its row.
    Like(Card),
    /// It is not there.
    Gone,
    /// Nobody was asked, or nobody answered.
    Unknown,
}

/// How these items look, as far as the provider tells before `until`. Without it their outcomes are shown all
/// the same.
pub(crate) async fn looks(
    ports: &Ports,
    job: &JobRecord,
    rows: &[Row],
    until: Option<Timestamp>,
) -> Vec<Looks> {
    let items: Vec<(&ItemId, Option<&[u8]>)> = rows
        .iter()
        .map(|row| (&row.id_now, row.input.as_deref()))
        .collect();
    let mut looks = Vec::with_capacity(rows.len());
    if let Ok(store) = store_of(ports, job).await {
        for call in stores::calls(store.as_ref(), &items) {
            if until.is_some_and(|until| ports.clock.now() >= until) {
                break;
            }
            let Ok(cards) = stores::cards(store.as_ref(), call).await else {
                break;
            };
            looks.extend(
                cards
                    .into_iter()
                    .map(|card| card.map_or(Looks::Gone, Looks::Like)),
            );
        }
    }
    looks.resize_with(rows.len(), || Looks::Unknown);
    looks
}

async fn store_of(ports: &Ports, job: &JobRecord) -> Result<Arc<dyn ItemStore>, Error> {
    let account = account_of(ports.table.as_ref(), &job.owner, &job.account).await?;
    accounts::items(ports, &account, job.kind).await
}
