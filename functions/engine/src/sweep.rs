//! Nothing stuck (invariant 4): looks at every job whose time has come, asks again for what nobody
//! holds, ends what has ended, and expires what was never confirmed.

use std::collections::HashSet;

use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::bounces;
use crate::chunk;
use crate::dispatch::ask_for_all;
use crate::dispatch::{claimable, send};
use crate::error::Error;
use crate::jobs::check;
use crate::jobs::draft::ask_for_plan;
use crate::jobs::settle::{settle, take_away};
use crate::outbox;
use crate::ports::{Due, DueShard, Expect, Key, Ports, Row, Write};
use crate::records::store::{
    JobWithChunks, keep_job, load_job, load_job_with_chunks, load_text, text_row,
};
use crate::records::{Happened, Hold, JobRecord, LAPSES_MOST, SWEEP_AFTER, names};
use crate::review;
use crate::rules;

/// Rows of a shard read at once.
const PAGE: u32 = 100;
/// Jobs looked at side by side.
const SIDE_BY_SIDE: usize = 8;
/// How much before its deadline a sweep looks at nothing else.
const RESERVE: SignedDuration = SignedDuration::from_secs(10);

/// What is known of those who may hold a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holders {
    /// They may be at work: a lease counts until it ends by itself.
    Alive,
    /// They are gone for sure: this process is the only one, and has just started. No lease counts,
    /// and the queue is empty.
    Gone,
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Jobs looked at.
    pub jobs: u32,
    /// What could not be looked at, jobs and others; a later sweep tries again.
    pub failed: u32,
    /// There was not enough time for all; the next sweep goes on.
    pub unfinished: bool,
}

/// Looks at everything that is due, and ends before `deadline`.
pub async fn sweep(ports: &Ports, holders: Holders, deadline: Timestamp) -> Result<Swept, Error> {
    let now = ports.clock.now();
    // After a restart nothing is on its way, so nothing has to be waited for.
    let due_by = match holders {
        Holders::Gone => Timestamp::MAX,
        Holders::Alive => now,
    };
    let sweep = Sweep {
        ports,
        holders,
        due_by,
        deadline,
    };
    let mut shards: Vec<DueShard> = DueShard::all().collect();
    // Each begins elsewhere, so that the last ones have their turn however short the time is.
    let first = ports.random.bits() % shards.len() as u128;
    shards.rotate_left(usize::try_from(first).unwrap_or_default());
    let mut swept = Swept::default();
    for shard in shards {
        sweep.drain(shard, &mut swept).await?;
    }
    Ok(swept)
}

struct Sweep<'a> {
    ports: &'a Ports,
    holders: Holders,
    due_by: Timestamp,
    deadline: Timestamp,
}

/// What was looked at.
enum Looked {
    Job,
    Other,
    Failed,
    /// There was no time for it.
    Later,
}

impl Sweep<'_> {
    /// Looks at all of a shard. What was looked at is due later then, and what is not written, because it
    /// cannot be, is passed: nothing heads the queue for ever.
    async fn drain(&self, shard: DueShard, swept: &mut Swept) -> Result<(), Error> {
        let mut seen = HashSet::new();
        let mut after: Option<Due> = None;
        loop {
            if self.is_late() {
                swept.unfinished = true;
                return Ok(());
            }
            let table = &self.ports.table;
            let page = table.due(shard, self.due_by, after.as_ref(), PAGE).await?;
            let is_last = (page.len() as u64) < u64::from(PAGE);
            after = page.last().cloned();
            let new = page.into_iter().filter(|due| seen.insert(due.key.clone()));
            let looked = stream::iter(new.collect::<Vec<_>>()).map(|due| self.look(due.key));
            let looked: Vec<Looked> = looked.buffer_unordered(SIDE_BY_SIDE).collect().await;
            for looked in looked {
                match looked {
                    Looked::Job => swept.jobs += 1,
                    Looked::Other => {}
                    Looked::Failed => swept.failed += 1,
                    Looked::Later => swept.unfinished = true,
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }

    fn is_late(&self) -> bool {
        self.ports.clock.now() + RESERVE > self.deadline
    }

    async fn look(&self, key: Key) -> Looked {
        if self.is_late() {
            return Looked::Later;
        }
        let ports = self.ports;
        let is_restart = self.holders == Holders::Gone;
        let (what, looked) = if key.sort == names::BOUNCE_WATCH {
            let watched = bounces::watch(ports, &key, is_restart).await;
            (Looked::Other, watched)
        } else if key.sort == names::RULE_TURNS {
            let turned = rules::turns(ports, &key, is_restart).await;
            (Looked::Other, turned)
        } else if key.sort.starts_with(names::FILINGS_FROM) {
            (Looked::Other, review::ask_again(ports, &key).await)
        } else if key.sort == names::NEWS {
            let delivered = outbox::deliver(ports, &key, self.deadline - RESERVE).await;
            (Looked::Other, delivered)
        } else {
            match key.partition.parse::<JobId>() {
                Ok(id) => (Looked::Job, look_at(ports, &id, self.holders).await),
                Err(_) => (Looked::Other, Err(Error::Missing("job"))),
            }
        };
        let error = match looked {
            Ok(()) => return what,
            // Somebody else works on it, which is as good.
            Err(error) if error.is_conflict() => return what,
            Err(error) => error,
        };
        tracing::error!(key = %key.partition, error = %error, "This could not be swept.");
        // Whatever has nothing to do with this row passes by itself.
        if !error.is_passing()
            && let Err(error) = move_back(ports, &key).await
        {
            tracing::warn!(key = %key.partition, error = %error, "It could not be moved back.");
        }
        Looked::Failed
    }
}

/// How often a row that is due could not be looked at.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Trouble {
    failures: u32,
    /// After this they count no more.
    forgotten: Option<Timestamp>,
}

/// The first time between two looks at what cannot be looked at; it doubles up to [`TROUBLE_MOST`].
const TROUBLE_LEAST: SignedDuration = SignedDuration::from_mins(2);
/// The longest such time.
const TROUBLE_MOST: SignedDuration = SignedDuration::from_hours(2);

/// Moves a row back in the queue, whatever is in it, farther each time.
async fn move_back(ports: &Ports, key: &Key) -> Result<(), Error> {
    let (table, now) = (ports.table.as_ref(), ports.clock.now());
    let Some(row) = table.get(key).await? else {
        return Ok(());
    };
    let trouble_key = names::trouble(key);
    let known = load_text::<Trouble>(table, &trouble_key).await?;
    let known = known.map(|known| known.record);
    let known = known.filter(|known| known.forgotten.is_some_and(|at| at > now));
    let failures = known.map_or(0, |known| known.failures) + 1;
    let wait = TROUBLE_LEAST * 2i32.pow((failures - 1).min(16));
    let until = now + wait.min(TROUBLE_MOST);
    let version = row.version;
    let later = Row {
        version: version + 1,
        due: Some(until),
        ..row
    };
    let forgotten = Some(until + TROUBLE_MOST);
    let trouble = Trouble {
        failures,
        forgotten,
    };
    let trouble = text_row(trouble_key, 1, &trouble, forgotten)?;
    table
        .write(vec![
            Write::Put(later, Expect::Version(version)),
            Write::Put(trouble, Expect::Anything),
        ])
        .await?;
    Ok(())
}

async fn look_at(ports: &Ports, id: &JobId, holders: Holders) -> Result<(), Error> {
    let now = ports.clock.now();
    let Some(state) = load_job_with_chunks(ports.table.as_ref(), id).await? else {
        return Ok(());
    };
    let job = &state.job.record;
    match (job.state, job.why) {
        (State::Planning | State::Draft, _) if job.confirm_by() <= now => {
            return change(ports, id, |job| Ok(Some(job.expire(now)?))).await;
        }
        (State::Planning, _) => {
            if holders == Holders::Gone || job.planning_until.is_none_or(|until| until <= now) {
                plan_again(ports, id).await?;
            }
        }
        (State::Checking, _) => {
            let until = job.check.as_ref().and_then(|check| check.until);
            if holders == Holders::Gone || until.is_none_or(|until| until <= now) {
                check_again(ports, id).await?;
            }
        }
        (State::Paused, Some(StateReason::WaitingForProvider { until }))
            if until <= now || holders == Holders::Gone =>
        {
            release_lapsed(ports, &state, holders).await?;
            if until <= now {
                change(ports, id, |job| Ok(Some(job.resume(now)?))).await?;
            }
            return ask_for_all(ports, id).await;
        }
        (State::Paused, Some(StateReason::WaitingForProvider { .. })) => {}
        (State::Paused, _) => {
            if holders == Holders::Gone {
                release_lapsed(ports, &state, holders).await?;
            }
            if job.due(now).is_some_and(|due| due <= now) {
                let why = StateReason::PausedTooLong;
                change(ports, id, |job| Ok(Some(job.stop(why, now)?))).await?;
                settle(ports, id).await?;
            }
            return Ok(());
        }
        (State::Queued | State::Running | State::Cancelling, _) => {
            release_lapsed(ports, &state, holders).await?;
            if settle(ports, id).await? {
                return Ok(());
            }
            send_again(ports, id, holders).await?;
        }
        _ => return Ok(()),
    }
    touch(ports, id).await
}

/// Lets another planner take the job.
async fn plan_again(ports: &Ports, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    let Some(mut job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(());
    };
    if job.record.state == State::Planning {
        job.record.take_from_planner();
        keep_job(ports, &mut job, now).await?;
    }
    ask_for_plan(ports, &job.record).await;
    Ok(())
}

/// Lets another worker take the check.
async fn check_again(ports: &Ports, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    let Some(mut job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(());
    };
    if job.record.state == State::Checking {
        job.record.put_check_down(None, true);
        keep_job(ports, &mut job, now).await?;
        check::ask(ports, &job.record, SignedDuration::ZERO).await;
    }
    Ok(())
}

/// Takes leases away that ended, or all of them when their holders are gone. A chunk that outlived too
/// many holders is given up: a message of the sweep's is a new one to the queue, which would never count
/// to the end.
async fn release_lapsed(
    ports: &Ports,
    state: &JobWithChunks,
    holders: Holders,
) -> Result<(), Error> {
    let now = ports.clock.now();
    for chunk in &state.chunks {
        let Hold::Leased { until } = chunk.record.hold else {
            continue;
        };
        if until > now && holders == Holders::Alive {
            continue;
        }
        let job = &state.job.record.id;
        let free = take_away(ports, job, chunk).await?;
        if free && chunk.record.lapses + 1 >= LAPSES_MOST {
            give_up(ports, job, chunk.record.number).await;
        }
    }
    Ok(())
}

/// What cannot be ended now is tried again by a later sweep, and holds up nothing else of its job.
async fn give_up(ports: &Ports, job: &JobId, chunk: u32) {
    tracing::error!(job.id = %job, chunk, "Nobody ended this chunk; given up.");
    if let Err(error) = chunk::dead_letter(ports, job, chunk).await {
        tracing::warn!(job.id = %job, chunk, error = %error, "A chunk could not be ended.");
    }
}

async fn send_again(ports: &Ports, id: &JobId, holders: Holders) -> Result<(), Error> {
    let now = ports.clock.now();
    let Some(state) = load_job_with_chunks(ports.table.as_ref(), id).await? else {
        return Ok(());
    };
    let quiet_since = if holders == Holders::Gone {
        Timestamp::MAX
    } else {
        now - SWEEP_AFTER
    };
    let chunks = match state.job.record.state {
        // Only what may be out there unanswered holds the end up.
        State::Cancelling => {
            let open = state
                .chunks
                .iter()
                .filter(|chunk| chunk.record.in_flight && !chunk.record.is_leased(now));
            open.map(|chunk| (chunk.record.number, now)).collect()
        }
        _ => claimable(&state, now, quiet_since),
    };
    if !chunks.is_empty() {
        tracing::info!(job.id = %id, chunks = chunks.len(), "Nobody held these chunks; asked again.");
        send(ports, &state.job.record, &chunks).await;
    }
    Ok(())
}

async fn change(
    ports: &Ports,
    id: &JobId,
    what: impl Fn(&mut JobRecord) -> Result<Option<Happened>, Error> + Send + Sync,
) -> Result<(), Error> {
    outbox::change(ports, id, ports.clock.now(), what).await?;
    Ok(())
}

/// Writes the job back, which sets the time of the next look.
async fn touch(ports: &Ports, id: &JobId) -> Result<(), Error> {
    match load_job(ports.table.as_ref(), id).await? {
        Some(mut job) if !job.record.state.is_ended() => {
            keep_job(ports, &mut job, ports.clock.now()).await
        }
        _ => Ok(()),
    }
}
