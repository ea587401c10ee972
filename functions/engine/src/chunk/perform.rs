//! Letting a task act on the items of a chunk: prepare, store what was, perform, in the largest calls
//! the provider takes.

use bulkhead_shared::outcome::{ItemReason, Outcome};
use jiff::{SignedDuration, Timestamp};

use super::calls::{Calls, Size, acting};
use super::lease::ChunkLease;
use super::ledger;
use super::next::Stop;
use super::reconcile::{Untouched, reconcile};
use super::rules::check_rules;
use crate::dispatch::pause_between;
use crate::error::Error;
use crate::limits::budget::{self, Take, Whose};
use crate::ports::{CallError, Ports};
use crate::records::pace::Doing;
use crate::tasks::{Effect, Finished, Item, Performed, Step, Task};

/// A result is stored at least this often while a chunk takes longer, so that progress is seen.
const CHECKPOINT: SignedDuration = SignedDuration::from_secs(1);
/// Items of one call when the job stops at the first error: what is in the same call is done too.
const CAREFUL_CALL: u32 = 10;

/// A step and the place of its item.
type Placed = (usize, Step);
/// Effects that do not count yet; none where nothing is known.
type Held = Vec<(usize, Option<Effect>)>;

/// A task at work on a chunk.
struct Work<'a, 'b> {
    ports: &'a Ports,
    task: Box<dyn Task>,
    lease: &'a mut ChunkLease,
    calls: &'a mut Calls<'b>,
    held: Held,
}

/// Performs the task on what is open in the chunk. Answers what stopped it, if something did.
pub(super) async fn perform(
    ports: &Ports,
    mut task: Box<dyn Task>,
    lease: &mut ChunkLease,
    calls: &mut Calls<'_>,
) -> Result<Option<Stop>, Error> {
    let mut untouched = Untouched::new();
    if !task.repeats()
        && let Some(stop) = ledger::recall(ports, task.as_mut(), lease).await?
    {
        return Ok(Some(stop));
    }
    if lease.record.in_flight {
        match reconcile(ports, task.as_mut(), lease, calls).await? {
            Ok(found) => untouched = found,
            Err(stop) => return Ok(Some(stop)),
        }
        if lease.attempts_used_up() && lease.unknown.is_empty() {
            lease.end_open(Outcome::Failed, ItemReason::Unavailable, ports.clock.now());
            return Ok(None);
        }
    }
    let mut work = Work {
        ports,
        task,
        lease,
        calls,
        held: Held::new(),
    };
    let stop = match work.lease.look(ports).await? {
        Some(stop) => Some(stop),
        None => work.rounds(untouched).await?,
    };
    let Work {
        task, lease, held, ..
    } = work;
    finish(ports, task, lease, held).await?;
    let more = || {
        let pause = pause_between(&lease.job);
        (!lease.next_items(1).is_empty()).then(|| Stop::Pause(ports.clock.now() + pause))
    };
    Ok(stop.or_else(more))
}

/// Lets the effects count that were held back.
async fn finish(
    ports: &Ports,
    task: Box<dyn Task>,
    lease: &mut ChunkLease,
    held: Held,
) -> Result<(), Error> {
    let part = match task.finish().await? {
        Finished::Discarded => return Ok(()),
        Finished::Kept(part) => part,
    };
    lease.record.parts.extend(part);
    let now = ports.clock.now();
    for (place, effect) in held {
        lease.had_turn(place);
        if let Some(effect) = effect {
            take(lease, place, effect, now);
        }
    }
    Ok(())
}

/// What came of an item counts.
fn take(lease: &mut ChunkLease, place: usize, effect: Effect, now: Timestamp) {
    match effect {
        Effect::Done(Some((id, state))) => lease.succeed(place, id, state, now),
        Effect::Done(None) => lease.end(place, Outcome::Succeeded, None, now),
        Effect::Result(result) => {
            lease.results[place] = Some(result);
            lease.end(place, Outcome::Succeeded, None, now);
        }
        Effect::Missing => lease.end(place, Outcome::Skipped, Some(ItemReason::Missing), now),
        Effect::ChangedSince => {
            lease.end(place, Outcome::Skipped, Some(ItemReason::ChangedSince), now);
        }
        Effect::Refused(reason) => lease.end(place, Outcome::Failed, Some(reason), now),
        Effect::ModelUnavailable => {
            lease.passing_failure(place, ItemReason::ModelUnavailable, now);
        }
        Effect::Changed => lease.passing_failure(place, ItemReason::Contended, now),
        Effect::Unavailable => lease.passing_failure(place, ItemReason::Unavailable, now),
        Effect::Deferred(wait) => {
            lease.wait_at_least(now + wait);
            lease.passing_failure(place, ItemReason::Unavailable, now);
        }
        Effect::Unknown => {
            lease.unknown.insert(place);
        }
    }
}

impl Work<'_, '_> {
    /// Round after round until something was done and a pause follows, or nothing is left.
    async fn rounds(&mut self, mut untouched: Untouched) -> Result<Option<Stop>, Error> {
        // Since the last pause.
        let mut acted = 0;
        loop {
            let places = self.lease.next_items(self.at_once(acted));
            let Some(&last) = places.last() else {
                return Ok(None);
            };
            let steps = match self.prepare(&places, &mut untouched).await {
                Ok(steps) => steps,
                Err(stop) => return Ok(Some(stop)),
            };
            if self.lease.unjudged_failures() && check_rules(self.ports, self.lease).await? {
                return Ok(Some(Stop::Told));
            }
            let nothing_to_do = steps.is_empty();
            acted += steps.len();
            if !nothing_to_do {
                let stop = match self.task.repeats() {
                    true => self.begin_and_send(steps).await?,
                    false => self.note_and_send(steps, &places).await?,
                };
                if stop.is_some() {
                    return Ok(stop);
                }
            }
            if self.task.holds() {
                return Ok(None);
            }
            self.lease.had_turn(last);
            let goes_on = nothing_to_do || !self.is_batch(acted);
            if self.lease.next_items(1).is_empty() || !goes_on {
                return Ok(None);
            }
            if self.calls.is_late() {
                return Ok(Some(Stop::Deadline));
            }
            if let Some(stop) = self.lease.look_again(self.ports).await? {
                return Ok(Some(stop));
            }
        }
    }

    /// What the items were is stored before anything is done with them.
    async fn begin_and_send(&mut self, steps: Vec<Placed>) -> Result<Option<Stop>, Error> {
        if self.task.touches() {
            self.lease.begin(self.ports, false).await?;
        }
        self.send(steps).await
    }

    /// The same where nothing is done twice: it is noted in the ledger as well, and counted first.
    async fn note_and_send(
        &mut self,
        steps: Vec<Placed>,
        places: &[usize],
    ) -> Result<Option<Stop>, Error> {
        self.lease.record.notes += steps.len() as u64;
        self.lease.begin(self.ports, true).await?;
        let stop = match ledger::note(self.ports, self.lease, &steps).await {
            Ok(()) => self.send(steps).await?,
            Err(error) => Some(Stop::Call(error)),
        };
        self.forget_what_was_not_touched(places);
        Ok(stop)
    }

    /// What is prepared and was not done after all is nothing to look for.
    fn forget_what_was_not_touched(&mut self, places: &[usize]) {
        for &place in places {
            if self.lease.endings[place].is_none() && !self.lease.unknown.contains(&place) {
                self.lease.not_touched(place);
            }
        }
    }

    /// How many items are prepared before anything is done with one of them: all of the chunk, so that
    /// what they were is stored once, unless the provider is slow to tell; but only a batch where a pause follows, in which they may change, and no more than go into a call where what was
    /// prepared cannot be done again.
    fn at_once(&self, acted: usize) -> usize {
        if !self.task.repeats() {
            let batch = (self.lease.job.settings.batch_size as usize).max(1);
            return self.call_size().min(batch - acted % batch);
        }
        let told = match self.task.looks() {
            true => self.calls.items(LOOKING),
            false => usize::MAX,
        };
        if pause_between(&self.lease.job).is_zero() {
            told
        } else {
            told.min(self.lease.job.settings.batch_size as usize)
        }
    }

    /// Whether a pause follows, after so many items. Where nothing can be prepared twice a batch is many calls.
    fn is_batch(&self, acted: usize) -> bool {
        let is_whole = acted >= self.lease.job.settings.batch_size as usize;
        !pause_between(&self.lease.job).is_zero() && (self.task.repeats() || is_whole)
    }

    /// Finds out for each item what is to be done with it.
    async fn prepare(
        &mut self,
        places: &[usize],
        untouched: &mut Untouched,
    ) -> Result<Vec<Placed>, Stop> {
        let items = places.iter().map(|&place| {
            let item = self.lease.item(place);
            match untouched.remove(&place) {
                None => item,
                Some((id, state)) => Item {
                    id,
                    state: Some(state),
                    ..item
                },
            }
        });
        let items: Vec<Item<'_>> = items.collect();
        let looks = self.task.looks();
        let preparing = self.task.prepare(items);
        let prepared = match looks {
            false => Some(preparing.await),
            true => {
                let calls = &mut self.calls;
                let made = calls.make(LOOKING, places.len(), preparing, Result::is_ok);
                made.await
            }
        };
        let prepared = prepared.ok_or(Stop::Deadline)?.map_err(Stop::Call)?;
        let now = self.ports.clock.now();
        let mut steps = Vec::with_capacity(places.len());
        for (&place, step) in places.iter().zip(prepared) {
            match step {
                Ok(step) => {
                    if self.task.touches() {
                        self.lease.seen(place, &step.id, step.from.clone());
                    }
                    steps.push((place, step));
                }
                Err((outcome, reason)) => self.lease.end(place, outcome, Some(reason), now),
            }
        }
        if self.task.touches() {
            let wanted = steps.iter();
            let wanted = wanted.map(|(place, step)| (*place, step.act.stored_bytes()));
            self.lease.refuse_too_large(&wanted.collect(), now);
            steps.retain(|(place, _)| self.lease.endings[*place].is_none());
        }
        Ok(steps)
    }

    /// Takes the steps, call by call. Looks at deadline and budget before each, and every moment at
    /// flags.
    async fn send(&mut self, steps: Vec<Placed>) -> Result<Option<Stop>, Error> {
        let mut rest = steps.as_slice();
        while !rest.is_empty() {
            if self.calls.is_late() && !self.calls.is_first() {
                return Ok(Some(Stop::Deadline));
            }
            if let Some(stop) = self.lease.look_again(self.ports).await? {
                return Ok(Some(stop));
            }
            let wanted = rest.len().min(self.call_size());
            let granted = match self.allow(wanted).await? {
                Take::Granted(granted) => granted as usize,
                Take::Wait(until) => return Ok(Some(Stop::Budget(until))),
            };
            let (now, later) = rest.split_at(granted.min(wanted));
            if let Some(stop) = self.call(now).await? {
                return Ok(Some(stop));
            }
            rest = later;
            if self.lease.unjudged_failures() && check_rules(self.ports, self.lease).await? {
                return Ok(Some(Stop::Told));
            }
            let is_due = self.lease.stored_at + CHECKPOINT <= self.ports.clock.now();
            if !rest.is_empty() && is_due && !self.task.holds() {
                self.lease.checkpoint(self.ports).await?;
            }
        }
        Ok(None)
    }

    /// How many items go into the next call: a batch, as far as the provider takes it. Where something is
    /// touched, the first call of each lane is no larger than the brake needs to judge, so that mass failure
    /// is noticed before it is mass.
    fn call_size(&self) -> usize {
        let settings = &self.lease.job.settings;
        let paced = u32::try_from(self.calls.items(acting(self.task.as_ref()))).unwrap_or(u32::MAX);
        let most = paced.min(settings.batch_size).max(1);
        let untried = self.lease.first_attempt && self.lease.record.turn == 0;
        let lane_begins = self.lease.record.number < settings.parallel_chunks && untried;
        let size = if !self.task.touches() {
            most
        } else if settings.stop_on_error {
            most.min(CAREFUL_CALL)
        } else if lane_begins && settings.brake.enabled {
            most.min(settings.brake.after)
        } else {
            most
        };
        size as usize
    }

    /// What the provider's allowance leaves. Looking before a change takes nothing of it.
    async fn allow(&mut self, wanted: usize) -> Result<Take, Error> {
        let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
        let allowance = self.task.allowance().await?;
        let job = &self.lease.job;
        let operation = job.operation.name();
        let whose = match self.task.shares_with() {
            Some(outlet) => Whose::Outlet(outlet),
            None => Whose::Account(&job.account),
        };
        match budget::take(self.ports, whose, operation, allowance, wanted).await? {
            Take::Granted(granted) => self.task.admit(granted).await,
            later @ Take::Wait(_) => Ok(later),
        }
    }

    /// One provider call. Answers what stopped the chunk, if it did.
    async fn call(&mut self, placed: &[Placed]) -> Result<Option<Stop>, Error> {
        let steps: Vec<Step> = placed.iter().map(|(_, step)| step.clone()).collect();
        let began = self.ports.clock.now();
        let places = placed.iter().map(|(place, _)| *place);
        let Some(answer) = self.act(&steps).await? else {
            if self.task.touches() {
                self.lease.unknown.extend(places);
            }
            return Ok(Some(Stop::Deadline));
        };
        if self.task.holds() {
            self.held.extend(places.zip(answer.effects));
            return Ok(match answer.broke {
                Some(error) => Some(Stop::Call(error)),
                None => {
                    self.lease.answered();
                    None
                }
            });
        }
        self.lease.record.tokens += answer.spent;
        let now = self.ports.clock.now();
        if let Some(until) = answer.waits {
            let known = places.zip(answer.effects);
            for (place, effect) in known.filter_map(|(place, effect)| Some((place, effect?))) {
                take(self.lease, place, effect, now);
            }
            return Ok(Some(Stop::Model(until)));
        }
        if let (Some((last, _)), None | Some(CallError::Unavailable(_) | CallError::Refused(_))) =
            (placed.last(), &answer.broke)
        {
            self.lease.had_turn(*last);
        }
        match answer.broke {
            None => self.lease.answered(),
            Some(CallError::Refused(reason)) => {
                for place in places {
                    self.lease.end(place, Outcome::Failed, Some(reason), now);
                }
                return Ok(None);
            }
            Some(error) => {
                if self.task.touches() && matches!(error, CallError::Unavailable(_)) {
                    self.lease.unknown.extend(places);
                }
                return Ok(Some(Stop::Call(error)));
            }
        }
        self.lease.call_began = Some(began);
        for (place, effect) in places.zip(answer.effects) {
            // A provider that says nothing of an item has not answered.
            let effect = effect.unwrap_or(Effect::Unknown);
            take(self.lease, place, effect, now);
        }
        self.lease.call_began = None;
        Ok(None)
    }

    /// Takes the steps in one call; none if it had no end within the worker's time.
    async fn act(&mut self, steps: &[Step]) -> Result<Option<Performed>, Error> {
        let size = acting(self.task.as_ref());
        let is_answer = |answer: &Result<Performed, Error>| {
            let answer = answer.as_ref();
            answer.is_ok_and(|performed| performed.broke.is_none())
        };
        let holds = self.task.holds();
        let acting = self.task.perform(steps);
        if holds {
            let whole = self.calls.make_whole(size, steps.len(), acting, is_answer);
            return whole.await.map(Some);
        }
        let made = self.calls.make(size, steps.len(), acting, is_answer);
        made.await.transpose()
    }
}

/// How many items are asked for before something is done with one of them: all, in as many calls as that takes,
/// unless the provider is slow to tell.
const LOOKING: Size = Size {
    doing: Doing::Looking,
    first: u32::MAX,
    most: u32::MAX,
};
