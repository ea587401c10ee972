//! How the items of a chunk ended, by what is stored of it.

use bulkhead_shared::api::{ItemOutcome, ReasonCount};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::Task;
use bulkhead_shared::operations::mailbox::Brought;
use bulkhead_shared::outcome::{ItemResult, Outcome};
use jiff::Timestamp;

use crate::error::Error;
use crate::jobs::settle::stopped_by;
use crate::kinds::State;
use crate::plan::load_manifest;
use crate::ports::Ports;
use crate::records::pack::one_each;
use crate::records::store::{Stored, load_packed, load_text};
use crate::records::{After, ChunkRecord, Ending, Entry, Hold, JobRecord, Prior, names};

/// An item's outcome, with the id it has now.
pub(crate) struct Row {
    pub(crate) outcome: ItemOutcome,
    pub(crate) id_now: ItemId,
    pub(crate) input: Option<Vec<u8>>,
    /// What it was before the job took it away.
    pub(crate) was: Option<State>,
    /// What it was sent as, where that was begun.
    pub(crate) sent: Option<Prior>,
}

impl Row {
    pub(crate) fn ended_like(&self, outcome: Option<Outcome>) -> bool {
        outcome.is_none() || outcome == self.outcome.outcome
    }
}

/// How the items of a chunk ended.
pub(crate) enum Ended {
    Known(Vec<Row>),
    /// The records of that cannot be read. These are the items, none if what was frozen cannot be either.
    Unreadable(Vec<ItemId>),
}

/// How the items of a chunk ended, in the order of the manifest.
pub(crate) async fn chunk_outcomes(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
) -> Result<Ended, Error> {
    let after = names::after(&job.id, chunk);
    let (endings, after, results) = futures::join!(
        load_endings(ports, job, chunk),
        load_packed::<Vec<Option<After>>>(ports.table.as_ref(), after),
        load_results(ports, job, chunk),
    );
    let (items, endings) = match endings {
        Err(error) if error.is_unreadable() => {
            return Ok(Ended::Unreadable(frozen(ports, job, chunk).await?));
        }
        read => read?,
    };
    let after = after.and_then(|after| Ok(one_each(after, items.len())?));
    let after = match after {
        // How they ended is known all the same.
        Err(error) if error.is_unreadable() => vec![None; items.len()],
        read => read?,
    };
    let results = results.and_then(|results| Ok(one_each(results, items.len())?));
    let results = match results {
        Err(error) if error.is_unreadable() => vec![None; items.len()],
        read => read?,
    };
    let was = load_taken(ports, job, chunk, &after).await?;
    let sent = load_sent(ports, job, chunk, items.len()).await?;
    let computes = job.operation.about().task == Task::Compute;
    let rows = items
        .into_iter()
        .zip(endings)
        .zip(after)
        .zip(results)
        .zip(was)
        .zip(sent);
    let rows = rows.map(
        |(((((Entry { id, input, .. }, ending), after), result), was), sent)| {
            let id_now = after
                .and_then(|after| after.id)
                .unwrap_or_else(|| id.clone());
            let outcome = ending.map(|ending| ending.outcome);
            let outcome = ItemOutcome {
                id,
                outcome,
                reason: ending.and_then(|ending| ending.reason),
                at: ending.and_then(|ending| Timestamp::from_millisecond(ending.at).ok()),
                started_at: ending
                    .and_then(|ending| Timestamp::from_millisecond(ending.began?).ok()),
                row: input
                    .as_deref()
                    .filter(|_| job.kind == Kind::Mailbox)
                    .and_then(|input| Some(Brought::decode(input)?.number)),
                result_unreadable: computes
                    && result.is_none()
                    && outcome == Some(Outcome::Succeeded),
                result,
                under_way: outcome.is_none() && sent.is_some(),
                evidence: None,
                card: None,
            };
            Row {
                outcome,
                id_now,
                input,
                was,
                sent,
            }
        },
    );
    Ok(Ended::Known(rows.collect()))
}

/// The items of a chunk as they were frozen; none if that cannot be read whole.
async fn frozen(ports: &Ports, job: &JobRecord, chunk: u32) -> Result<Vec<ItemId>, Error> {
    let items = match load_manifest(ports, job, chunk).await {
        Err(error) if error.is_unreadable() => return Ok(Vec::new()),
        read => read?.items,
    };
    let is_whole = items.len() as u64 == u64::from(job.chunk_size(chunk));
    let ids = items.into_iter().filter(|_| is_whole);
    Ok(ids.map(|entry| entry.id).collect())
}

/// What items of a chunk were that the job took away: nobody else can show them any more.
async fn load_taken(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
    after: &[Option<After>],
) -> Result<Vec<Option<State>>, Error> {
    let is_taken = |after: &Option<After>| after.as_ref().is_some_and(|it| it.state.is_absent());
    if !after.iter().any(is_taken) {
        return Ok(vec![None; after.len()]);
    }
    let key = names::prior(&job.id, chunk);
    let before = load_packed::<Vec<Option<Prior>>>(ports.table.as_ref(), key).await;
    let before = before.and_then(|before| Ok(one_each(before, after.len())?));
    let before = match before {
        // How they ended is known all the same.
        Err(error) if error.is_unreadable() => vec![None; after.len()],
        read => read?,
    };
    let taken = before.into_iter().zip(after).map(|(before, after)| {
        let before = before.filter(|_| is_taken(after));
        before.map(|before: Prior| before.state.state)
    });
    Ok(taken.collect())
}

/// What a chunk's items were sent as, where something is delivered and that was begun.
async fn load_sent(
    ports: &Ports,
    job: &JobRecord,
    chunk: u32,
    items: usize,
) -> Result<Vec<Option<Prior>>, Error> {
    if job.operation.about().task != Task::Deliver {
        return Ok(vec![None; items]);
    }
    let key = names::prior(&job.id, chunk);
    let sent = load_packed::<Vec<Option<Prior>>>(ports.table.as_ref(), key).await;
    match sent.and_then(|sent| Ok(one_each(sent, items)?)) {
        // How they ended is known all the same.
        Err(error) if error.is_unreadable() => Ok(vec![None; items]),
        read => read,
    }
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
    load_packed(ports.table.as_ref(), names::results(&job.id, chunk)).await
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
            began: None,
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
        began: None,
    })
}
