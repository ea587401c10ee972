//! Changing the items of a chunk: read, store what was, change, in the largest calls the provider
//! takes.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use jiff::{SignedDuration, Timestamp};

use super::lease::ChunkLease;
use super::reconcile::{Untouched, not_found_out, reconcile};
use super::{RESERVE, Stop, check_rules};
use crate::error::Error;
use crate::jobs::dispatch::pause_between;
use crate::kinds::{Change, Effect, Goal, State};
use crate::limits::budget::{self, Take};
use crate::ports::{CallError, Ports};
use crate::stores::ItemStore;

/// A result is stored at least this often while a chunk takes longer, so that progress is seen.
const CHECKPOINT: SignedDuration = SignedDuration::from_secs(1);
/// Items of one call when the job stops at the first error: what is in the same call is done too.
const CAREFUL_CALL: usize = 10;

/// What this item is to become that is this now; or why it is not to be touched.
pub(super) fn aim(
    goal: &Goal,
    lease: &ChunkLease,
    place: usize,
    now: &State,
) -> Result<State, ItemReason> {
    let input = lease.manifest.items[place].input.as_deref();
    goal.aim(now, lease.manifest.back.get(place), input)
}

/// One item that is about to be changed.
struct Step {
    place: usize,
    change: Change,
}

/// Changes what is open in the chunk. Answers what stopped it, if something did.
pub(super) async fn change(
    ports: &Ports,
    store: &dyn ItemStore,
    lease: &mut ChunkLease,
    deadline: Timestamp,
) -> Result<Option<Stop>, Error> {
    let target = lease.job.operation.target();
    let target = target.ok_or(Error::Missing("target"))?;
    let goal = match store.goal(target).await {
        Ok(goal) => goal,
        Err(error) => return Ok(Some(keep_unknown(lease, error))),
    };
    let mut untouched = Untouched::new();
    if lease.record.in_flight {
        match reconcile(ports, store, lease, &goal).await? {
            Ok(found) => untouched = found,
            Err(stop) => return Ok(Some(stop)),
        }
        if lease.attempts_used_up() && lease.unknown.is_empty() {
            lease.end_open(Outcome::Failed, ItemReason::Unavailable, ports.clock.now());
            return Ok(None);
        }
    }
    if let Some(stop) = lease.look(ports).await? {
        return Ok(Some(stop));
    }
    let pause = pause_between(&lease.job);
    loop {
        let places = lease.next_items(at_once(lease));
        let Some(&last) = places.last() else {
            return Ok(None);
        };
        let mut steps = match read(ports, store, lease, &goal, &places, &mut untouched).await {
            Ok(steps) => steps,
            Err(error) => return Ok(Some(Stop::Call(error))),
        };
        let wanted = steps.iter();
        let wanted = wanted.map(|step| (step.place, step.change.to.stored_bytes()));
        lease.refuse_too_large(&wanted.collect(), ports.clock.now());
        if lease.unjudged_failures() && check_rules(ports, lease).await? {
            return Ok(Some(Stop::Told));
        }
        steps.retain(|step| lease.endings[step.place].is_none());
        let nothing_to_do = steps.is_empty();
        if !nothing_to_do {
            lease.begin(ports).await?;
            if let Some(stop) = send(ports, store, lease, steps, deadline).await? {
                return Ok(Some(stop));
            }
        }
        lease.had_turn(last);
        if lease.next_items(1).is_empty() {
            return Ok(None);
        }
        let now = ports.clock.now();
        if !nothing_to_do {
            return Ok(Some(Stop::Pause(now + pause)));
        }
        if now + RESERVE > deadline {
            return Ok(Some(Stop::Deadline));
        }
        if let Some(stop) = lease.look_again(ports).await? {
            return Ok(Some(stop));
        }
    }
}

/// How many items are read before any of them is changed: all of the chunk, so that what they were
/// is stored once; but only a batch where a pause follows, in which they may change.
pub(super) fn at_once(lease: &ChunkLease) -> usize {
    if pause_between(&lease.job).is_zero() {
        usize::MAX
    } else {
        lease.job.settings.batch_size as usize
    }
}

/// Before the look, everything that may have been touched stays unknown.
pub(super) fn keep_unknown(lease: &mut ChunkLease, error: CallError) -> Stop {
    if lease.record.in_flight {
        lease.unknown = lease
            .open_items()
            .into_iter()
            .filter(|&place| lease.prior[place].is_some())
            .collect();
        return Stop::Call(not_found_out(error));
    }
    Stop::Call(error)
}

/// Reads what the items look like now and decides for each what is to be done.
async fn read(
    ports: &Ports,
    store: &dyn ItemStore,
    lease: &mut ChunkLease,
    goal: &Goal,
    places: &[usize],
    untouched: &mut Untouched,
) -> Result<Vec<Step>, CallError> {
    let unread: Vec<usize> = places
        .iter()
        .copied()
        .filter(|place| !untouched.contains_key(place))
        .collect();
    let now = ports.clock.now();
    let kind = lease.job.operation.name();
    for call in unread.chunks(store.call_items(kind).max(1) as usize) {
        let ids: Vec<ItemId> = call
            .iter()
            .map(|&place| lease.id_of(place).clone())
            .collect();
        let states = store.states(&ids).await?;
        for ((&place, id), state) in call.iter().zip(ids).zip(states) {
            untouched.insert(place, (id, state));
        }
    }
    let mut steps = Vec::with_capacity(places.len());
    for &place in places {
        let Some((id, from)) = untouched.remove(&place) else {
            continue;
        };
        match aim(goal, lease, place, &from.state) {
            Ok(to) => {
                lease.seen(place, &id, from.clone());
                let change = Change { id, from, to };
                steps.push(Step { place, change });
            }
            Err(reason) => lease.end(place, Outcome::Skipped, Some(reason), now),
        }
    }
    Ok(steps)
}

/// Sends the changes, call by call. Looks at deadline and budget before each, and every moment at
/// flags.
async fn send(
    ports: &Ports,
    store: &dyn ItemStore,
    lease: &mut ChunkLease,
    steps: Vec<Step>,
    deadline: Timestamp,
) -> Result<Option<Stop>, Error> {
    let mut rest = steps.as_slice();
    let mut first = true;
    while !rest.is_empty() {
        if ports.clock.now() + RESERVE > deadline && !first {
            return Ok(Some(Stop::Deadline));
        }
        if let Some(stop) = lease.look_again(ports).await? {
            return Ok(Some(stop));
        }
        let wanted = rest.len().min(call_size(store, lease));
        let granted = match allow(ports, store, lease, wanted).await? {
            Take::Granted(granted) => granted as usize,
            Take::Wait(until) => return Ok(Some(Stop::Budget(until))),
        };
        let (now, later) = rest.split_at(granted.min(wanted));
        if let Some(stop) = call(ports, store, lease, now).await? {
            return Ok(Some(stop));
        }
        rest = later;
        first = false;
        if lease.unjudged_failures() && check_rules(ports, lease).await? {
            return Ok(Some(Stop::Told));
        }
        if !rest.is_empty() && lease.stored_at + CHECKPOINT <= ports.clock.now() {
            lease.checkpoint(ports).await?;
        }
    }
    Ok(None)
}

/// How many items go into the next call: a batch, as far as the provider takes it. The first call of
/// each lane is no larger than the brake needs to judge, so that mass failure is noticed before it is
/// mass.
fn call_size(store: &dyn ItemStore, lease: &ChunkLease) -> usize {
    let settings = &lease.job.settings;
    let most = store.call_items(lease.job.operation.name());
    let most = most.min(settings.batch_size).max(1) as usize;
    let untried = lease.first_attempt && lease.record.turn == 0;
    let lane_begins = lease.record.number < settings.parallel_chunks && untried;
    if settings.stop_on_error {
        most.min(CAREFUL_CALL)
    } else if lane_begins && settings.brake.enabled {
        most.min(settings.brake.after as usize)
    } else {
        most
    }
}

async fn allow(
    ports: &Ports,
    store: &dyn ItemStore,
    lease: &ChunkLease,
    wanted: usize,
) -> Result<Take, Error> {
    budget::take(
        ports,
        &lease.job.account,
        lease.job.operation.name(),
        store.abilities().allowance,
        u32::try_from(wanted).unwrap_or(u32::MAX),
    )
    .await
}

/// One provider call. Answers what stopped the chunk, if it did.
async fn call(
    ports: &Ports,
    store: &dyn ItemStore,
    lease: &mut ChunkLease,
    steps: &[Step],
) -> Result<Option<Stop>, Error> {
    let changes: Vec<Change> = steps.iter().map(|step| step.change.clone()).collect();
    let answer = store.change(&changes, lease.job.id.tail()).await;
    if let (Some(last), Ok(_) | Err(CallError::Unavailable(_) | CallError::Refused(_))) =
        (steps.last(), &answer)
    {
        lease.had_turn(last.place);
    }
    let effects = match answer {
        Ok(effects) => effects,
        Err(error @ CallError::Unavailable(_)) => {
            lease.unknown.extend(steps.iter().map(|step| step.place));
            return Ok(Some(Stop::Call(error)));
        }
        Err(CallError::Refused(reason)) => {
            let now = ports.clock.now();
            steps
                .iter()
                .for_each(|step| lease.end(step.place, Outcome::Failed, Some(reason), now));
            return Ok(None);
        }
        Err(error) => return Ok(Some(Stop::Call(error))),
    };
    lease.answered();
    let now = ports.clock.now();
    for (step, effect) in steps.iter().zip(effects) {
        let place = step.place;
        match effect {
            Effect::Done { id, state } => lease.succeed(place, id, state, now),
            Effect::Missing => lease.end(place, Outcome::Skipped, Some(ItemReason::Missing), now),
            Effect::Refused(reason) => lease.end(place, Outcome::Failed, Some(reason), now),
            Effect::Changed => lease.passing_failure(place, ItemReason::Contended, now),
            Effect::Unavailable => lease.passing_failure(place, ItemReason::Unavailable, now),
            Effect::Unknown => {
                lease.unknown.insert(place);
            }
        }
    }
    Ok(None)
}
