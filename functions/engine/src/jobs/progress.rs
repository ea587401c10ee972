//! A job as it stands, worked out from its row and its chunks: counts that add up, rate, time left.

use bulkhead_shared::api::{Batches, Checking, Chunks, Eta, Job, ReasonCount};
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::limits;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::Counts;
use jiff::{SignedDuration, Timestamp};

use crate::access;
use crate::error::Error;
use crate::jobs::settle::{add_reason, called, tokens};
use crate::jobs::summary;
use crate::models;
use crate::ports::Ports;
use crate::records::store::JobWithChunks;
use crate::records::{ChunkRecord, Hold, JobRecord};

/// The rate is measured over what ended in this time.
const RATE_WINDOW: SignedDuration = SignedDuration::from_secs(30);
/// Below this much measured time a rate would be a guess.
const RATE_LEAST: SignedDuration = SignedDuration::from_millis(300);
/// Long enough to hold a few of the windows in which providers count, which are minutes.
const STEADY_WINDOW: SignedDuration = SignedDuration::from_secs(180);
/// A job that is so many times as fast as over the last minutes has waited in them, and will again.
const FITFUL: f64 = 3.0;
/// The later end of the range: things going half as fast as lately.
const SLOWER: f64 = 2.0;

/// A job of this person, as it stands.
pub async fn job(ports: &Ports, user: &UserId, id: &JobId) -> Result<Job, Error> {
    let state = access::job_as_it_stands(ports, user, id).await?;
    Ok(view(&state, ports.clock.now()))
}

/// Nobody sees more than ten pictures of a job in a second.
const ASK_SOONEST: SignedDuration = SignedDuration::from_millis(100);
/// The longest time between two questions about a job that is under way.
const ASK_LATEST: SignedDuration = SignedDuration::from_secs(3);
/// A selection of some hundred mails is frozen within a few times this time, and somebody waits for its preview.
const ASK_WHILE_FREEZING: SignedDuration = SignedDuration::from_millis(8);

/// How long a client should wait before it asks again; none once nothing will change. What ends soon
/// is asked for soon: a tenth of the time that it has taken so far.
pub fn ask_again(job: &Job, now: Timestamp) -> Option<SignedDuration> {
    let share_of = |since: Timestamp, soonest: SignedDuration| {
        (now.duration_since(since) / 10).clamp(soonest, ASK_LATEST)
    };
    let pace = match (job.state, job.reason) {
        (state, _) if state.is_ended() => return None,
        (State::Draft, _) => SignedDuration::from_secs(30),
        (State::Paused, Some(StateReason::WaitingForProvider { until })) => {
            until.duration_since(now).clamp(ASK_SOONEST, ASK_LATEST)
        }
        (State::Paused, _) => SignedDuration::from_secs(10),
        (State::Planning, _) => share_of(job.created_at, ASK_WHILE_FREEZING),
        _ => share_of(
            job.started_at.or(job.confirmed_at).unwrap_or(now),
            ASK_SOONEST,
        ),
    };
    Some(pace)
}

/// A list of jobs costs more than one of them.
const ASK_FOR_LIST: SignedDuration = SignedDuration::from_millis(500);
/// Jobs that another device began are learned of then.
const ASK_AT_REST: SignedDuration = SignedDuration::from_secs(30);

/// The same for a list of jobs: as soon as for the one that has news first.
pub fn ask_again_for_all(jobs: &[Job], now: Timestamp) -> SignedDuration {
    let soonest = jobs.iter().filter_map(|job| ask_again(job, now)).min();
    soonest.map_or(ASK_AT_REST, |pace| pace.clamp(ASK_FOR_LIST, ASK_AT_REST))
}

/// What a client sees of a job.
pub fn view(state: &JobWithChunks, now: Timestamp) -> Job {
    let job = &state.job.record;
    let records: Vec<&ChunkRecord> = state.chunks.iter().map(|chunk| &chunk.record).collect();
    let counts = job.counts.unwrap_or_else(|| counts(job, &records, now));
    // A draft whose time has passed is expired, even before the sweep has written so (invariant 7).
    let late = matches!(job.state, State::Draft | State::Planning) && job.confirm_by() <= now;
    let shown = if late { State::Expired } else { job.state };
    let rate = if job.state == State::Running {
        rate(job, &records, now)
    } else {
        None
    };
    let whole = Job {
        id: job.id.clone(),
        account: job.account.clone(),
        operation: job.operation.clone(),
        files_not_listed: 0,
        kind: job.kind,
        selection: job.selection.clone(),
        state: shown,
        reason: job.why,
        checking: job
            .check
            .as_ref()
            .filter(|_| shown == State::Checking)
            .map(|check| Checking {
                searched: check.reached.searched,
                compared: check.reached.compared,
            }),
        total: job.total,
        counts,
        version: state.version(),
        chunks: chunks(job, &records),
        batches: batches(job, &records, &counts, now),
        rate_per_second: rate,
        eta: time_left(job, &records, &counts, rate, now),
        settings: job.settings.clone(),
        created_at: job.created_at,
        confirmed_at: job.confirmed_at,
        started_at: job.started_at,
        ended_at: job.ended_at,
        begins_at: job.begins_at().filter(|at| Some(*at) != job.confirmed_at),
        confirm_by: (shown == State::Draft).then(|| job.confirm_by()),
        undo_until: job.undo_until(),
        results_until: job.confirmed_at.and(job.results_until()),
        rule: job.rule.clone(),
        parent: job.parent.clone(),
        relation: job.relation,
        children: job.children.clone(),
        manifest_hash: job.manifest_hash.clone(),
        reasons: if job.state.is_ended() {
            job.reasons.clone()
        } else {
            reasons(&records)
        },
        senders: summary::remembered(job),
        called: match job.state.is_ended() {
            true => job.called,
            false => called(records.iter().copied()),
        },
        unsearched: job.unsearched.clone(),
        left_as_is: job.left_as_is.clone(),
        model: models::of_job(
            job,
            match job.state.is_ended() {
                true => job.tokens,
                false => tokens(records.iter().copied()),
            },
        ),
    };
    match shown {
        State::Planning | State::Draft => whole,
        _ => shortened(whole),
    }
}

/// The job without what makes its answer large and is looked at before it is confirmed: most of the files that a
/// column names.
pub(crate) fn shortened(mut job: Job) -> Job {
    if let Operation::BulkSend(send) = &mut job.operation {
        let listed = send.files.len().min(limits::NAMED_FILES_SHOWN);
        job.files_not_listed += send.files.len() - listed;
        send.files.truncate(listed);
    }
    job
}

/// Counts that add up to the total (invariant 1): what has no outcome is running if somebody
/// holds its chunk, and pending otherwise.
fn counts(job: &JobRecord, chunks: &[&ChunkRecord], now: Timestamp) -> Counts {
    let mut counts = Counts::default();
    for chunk in chunks {
        counts += chunk.counts;
        if chunk.is_leased(now) {
            counts.running += chunk.open_items();
        }
    }
    counts.pending = job.total.saturating_sub(counts.total());
    counts
}

fn chunks(job: &JobRecord, chunks: &[&ChunkRecord]) -> Chunks {
    let total = u64::from(job.chunks());
    if job.state.is_ended() {
        return Chunks {
            done: job.chunks_done,
            current: job.chunks_done,
            total,
        };
    }
    let done = chunks.iter().filter(|chunk| chunk.hold == Hold::Done);
    Chunks {
        done: done.count() as u64,
        current: chunks.last().map_or(0, |chunk| u64::from(chunk.number) + 1),
        total,
    }
}

/// Batches are stored nowhere: what has an outcome tells how many were begun, and a chunk in a
/// worker's hands is in one more.
fn batches(job: &JobRecord, chunks: &[&ChunkRecord], counts: &Counts, now: Timestamp) -> Batches {
    let begun = |chunk: &&ChunkRecord| {
        let tried = job.batches_of(chunk.counts.ended());
        let next = chunk.counts.ended() / u64::from(job.settings.batch_size.max(1)) + 1;
        let all = job.batches_of(u64::from(chunk.size));
        if chunk.is_leased(now) {
            next.min(all)
        } else {
            tried
        }
    };
    let total = job.batches();
    let current = match job.state.is_ended() {
        false => chunks.iter().map(begun).sum(),
        true if counts.cancelled == 0 => total,
        true => job.batches_of(counts.ended() - counts.cancelled),
    };
    Batches {
        current: current.min(total),
        total,
    }
}

/// Items a second over the last while, from the chunks that were stored in it. None before every lane
/// has brought something: those that have not would count as time in which nothing was done.
fn rate(job: &JobRecord, chunks: &[&ChunkRecord], now: Timestamp) -> Option<f64> {
    let since = now - RATE_WINDOW;
    let (mut brought, mut recent) = (0, Vec::new());
    for chunk in chunks.iter().filter(|chunk| chunk.counts.ended() > 0) {
        brought += 1;
        if chunk.updated_at > since {
            recent.push(chunk);
        }
    }
    if brought < job.settings.parallel_chunks.min(job.chunks()) {
        return None;
    }
    let began = recent
        .iter()
        .map(|chunk| chunk.started_at.max(since))
        .min()?;
    let took = now.duration_since(began);
    let items: f64 = recent.iter().map(|chunk| ended_since(chunk, since)).sum();
    (took >= RATE_LEAST).then(|| items / took.as_secs_f64())
}

/// Items of a chunk that ended since then, as if they had ended evenly since it was begun.
fn ended_since(chunk: &ChunkRecord, since: Timestamp) -> f64 {
    let until = chunk.updated_at;
    let seconds = |from: Timestamp| until.duration_since(from).as_secs_f64();
    let share = match seconds(chunk.started_at) {
        all if all > 0.0 => seconds(chunk.started_at.max(since)) / all,
        _ => 1.0,
    };
    chunk.counts.ended() as f64 * share
}

/// When it may end: by the rate of late, or by the steady one where it goes by fits and starts. A wait
/// for the provider is part of it.
fn time_left(
    job: &JobRecord,
    chunks: &[&ChunkRecord],
    counts: &Counts,
    rate: Option<f64>,
    now: Timestamp,
) -> Option<Eta> {
    let goes_on_at = match (job.state, job.why) {
        (State::Paused, Some(StateReason::WaitingForProvider { until })) => until.max(now),
        _ => now,
    };
    let steady = || steady_rate(job, chunks, goes_on_at);
    let rate = match rate {
        Some(rate) => steady()
            .filter(|steady| steady * FITFUL < rate)
            .or(Some(rate)),
        None if goes_on_at > now => steady(),
        None => None,
    };
    eta(counts, rate?, goes_on_at)
}

/// Items a second over the last minutes, waits included.
fn steady_rate(job: &JobRecord, chunks: &[&ChunkRecord], now: Timestamp) -> Option<f64> {
    let since = job.started_at?.max(now - STEADY_WINDOW);
    let took = now.duration_since(since);
    let recent = chunks.iter().filter(|chunk| chunk.updated_at >= since);
    let items: f64 = recent.map(|chunk| ended_since(chunk, since)).sum();
    (took >= RATE_LEAST && items > 0.0).then(|| items / took.as_secs_f64())
}

fn eta(counts: &Counts, rate: f64, now: Timestamp) -> Option<Eta> {
    let left = (counts.pending + counts.running) as f64;
    let after = |seconds: f64| {
        let duration = SignedDuration::try_from_secs_f64(seconds).ok()?;
        now.checked_add(duration).ok()
    };
    (rate > 0.0).then_some(())?;
    Some(Eta {
        earliest: after(left / rate)?,
        latest: after(left / rate * SLOWER + 1.0)?,
    })
}

fn reasons(chunks: &[&ChunkRecord]) -> Vec<ReasonCount> {
    let mut reasons = Vec::new();
    for reason in chunks.iter().flat_map(|chunk| &chunk.reasons) {
        add_reason(&mut reasons, *reason);
    }
    reasons
}
