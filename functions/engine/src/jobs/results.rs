//! How each item of a job ended, page by page.

use std::collections::BTreeMap;
use std::sync::Arc;

use bulkhead_shared::api::{ItemOutcome, ItemOutcomes};
use bulkhead_shared::ids::{ItemId, JobId, UserId};
use bulkhead_shared::kinds::Card;
use bulkhead_shared::outcome::{Counts, Outcome};
use bulkhead_shared::problem::Invalid;
use jiff::Timestamp;

use crate::access::{self, account_of};
use crate::accounts;
use crate::error::Error;
use crate::jobs::endings::{Ended, Row, chunk_outcomes};
use crate::jobs::evidence::evidence;
use crate::ports::{Ports, Span};
use crate::records::store::read_text;
use crate::records::{ChunkRecord, Hold, JobRecord, names};
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
    let mut page = Page::default();
    for (read, (chunk, of_chunk)) in chunks.into_iter().enumerate() {
        if read == CHUNKS_READ {
            return page.finish(ports, &job, Some((chunk, 0))).await;
        }
        let rows = match chunk_outcomes(ports, &job, chunk).await? {
            Ended::Known(rows) => rows,
            // The other chunks are shown.
            Ended::Unreadable(_) => {
                page.unreadable += of_chunk;
                continue;
            }
        };
        let before = if chunk == first { place } else { 0 };
        let wanted = rows.into_iter().enumerate().skip(before);
        for (index, row) in wanted.filter(|(_, row)| row.ended_like(outcome)) {
            if page.rows.len() as u64 == u64::from(limit) {
                return page.finish(ports, &job, Some((chunk, index))).await;
            }
            page.rows.push(row);
        }
    }
    page.finish(ports, &job, None).await
}

/// How all items of a small job ended so far, without their cards: nothing but the table is read. What of it cannot
/// be read is left out.
pub async fn endings(ports: &Ports, user: &UserId, id: &JobId) -> Result<Vec<ItemOutcome>, Error> {
    let job = readable(ports, user, id).await?;
    let mut endings = Vec::new();
    for chunk in 0..job.chunks() {
        if let Ended::Known(rows) = chunk_outcomes(ports, &job, chunk).await? {
            endings.extend(rows.into_iter().map(|row| row.outcome));
        }
    }
    Ok(endings)
}

/// A page that is being gathered.
#[derive(Default)]
struct Page {
    rows: Vec<Row>,
    unreadable: u64,
}

impl Page {
    async fn finish(
        self,
        ports: &Ports,
        job: &JobRecord,
        next: Option<(u32, usize)>,
    ) -> Result<ItemOutcomes, Error> {
        let looks = looks(ports, job, &self.rows, None).await;
        let known = evidence(ports, job, &self.rows).await?;
        let items = self.rows.into_iter().zip(looks).zip(known);
        let items = items.map(|((row, looks), evidence)| ItemOutcome {
            evidence,
            ..looking(row, looks)
        });
        Ok(ItemOutcomes {
            items: items.collect(),
            unreadable: self.unreadable,
            next_cursor: next.map(|(chunk, index)| format!("{chunk}.{index}")),
        })
    }
}

/// The chunks from `first` on that have items which ended like this, and how many, going by the counts in
/// their rows.
pub(crate) async fn chunks_with(
    ports: &Ports,
    job: &JobRecord,
    outcome: Option<Outcome>,
    first: u32,
) -> Result<Vec<(u32, u64)>, Error> {
    let all = first..job.chunks();
    let Some(outcome) = outcome else {
        let size = |chunk| (chunk, u64::from(job.chunk_size(chunk)));
        return Ok(all.map(size).collect());
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
    let ended = all.map(|chunk| (chunk, ended_like(job, chunk, begun.get(&chunk), outcome)));
    Ok(ended.filter(|(_, items)| *items > 0).collect())
}

/// How many items of a chunk ended like this.
fn ended_like(job: &JobRecord, number: u32, chunk: Option<&ChunkRecord>, outcome: Outcome) -> u64 {
    let counts = chunk.map_or_else(Counts::default, |chunk| chunk.counts);
    // What never started was cancelled when the job ended.
    let left_out = job.state.is_ended() && chunk.is_none_or(|chunk| chunk.hold != Hold::Done);
    let never_started = match outcome {
        Outcome::Cancelled if left_out => {
            u64::from(job.chunk_size(number)).saturating_sub(counts.ended())
        }
        _ => 0,
    };
    counts.of(outcome) + never_started
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

fn looking(row: Row, looks: Looks) -> ItemOutcome {
    let card = match looks {
        Looks::Like(card) => Some(card),
        Looks::Gone | Looks::Unknown => None,
    };
    ItemOutcome {
        card,
        ..row.outcome
    }
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
            let Ok(cards) = stores::cards(store.as_ref(), &job.operation, call).await else {
                break;
            };
            let rows = rows.iter().skip(looks.len());
            let shown = cards.into_iter().zip(rows).map(|(card, row)| {
                let was = || store.card_of_state(&row.outcome.id, row.was.as_ref()?);
                card.or_else(was).map_or(Looks::Gone, Looks::Like)
            });
            let shown: Vec<Looks> = shown.collect();
            looks.extend(shown);
        }
    }
    looks.resize_with(rows.len(), || Looks::Unknown);
    looks
}

async fn store_of(ports: &Ports, job: &JobRecord) -> Result<Arc<dyn ItemStore>, Error> {
    let account = account_of(ports.table.as_ref(), &job.owner, &job.account).await?;
    accounts::items(ports, &account, job.kind).await
}
