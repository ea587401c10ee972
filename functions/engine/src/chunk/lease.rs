//! A chunk in a worker's hands: its items, what is known of each, and how to store it.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_shared::api::ReasonCount;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::job::StateReason;
use bulkhead_shared::limits;
use bulkhead_shared::operations::Task;
use bulkhead_shared::outcome::{Counts, ItemReason, ItemResult, Outcome};
use jiff::{SignedDuration, Timestamp};

use super::next::{Next, Stop, next_attempt};
use super::put_off::put_off;
use crate::dispatch::{pause_between, successor};
use crate::error::Error;
use crate::jobs::settle::add_reason;
use crate::kinds::ItemState;
use crate::limits::budget;
use crate::plan::load_manifest;
use crate::ports::{Expect, Ports, Write};
use crate::records::pack::one_each;
use crate::records::store::{
    PackedRows, Stored, chunk_row, load_job, load_job_with_chunks, load_packed, packed_rows,
};
use crate::records::{
    After, ChunkRecord, Ending, Hold, JobRecord, Manifest, Prior, STATE_BYTES_MOST, names,
};
use crate::tasks::Item;

/// Attempts to look for what was never answered, while the provider cannot even be reached: with the
/// backoff's five minutes at the most, about half an hour. Then it is left as uncertain, because
/// every job reaches an end.
const UNANSWERED_MOST: u32 = 14;

/// So many calls in a row may break off, or more if the job's settings allow more retries, before the
/// provider is taken for gone and what is left of the chunk for failed.
const BREAKS_MOST: u32 = 2;
/// While a worker makes call after call it looks this often whether the job was held or stopped, and
/// whether the provider asked somebody to wait. Whoever stops a job waits so long and for one call.
const LOOK_EVERY: SignedDuration = SignedDuration::from_millis(100);
/// Bytes of the states that items were left with, most: what was asked for twice over. With ids and
/// versions that is less than a packed record may hold.
const AFTER_BYTES_MOST: usize = 2 * STATE_BYTES_MOST;

/// A claimed chunk.
pub(super) struct ChunkLease {
    /// The job, as it was when the chunk was claimed.
    pub(super) job: JobRecord,
    /// The chunk's row.
    pub(super) record: ChunkRecord,
    version: u64,
    /// When the lease ends by itself.
    until: Timestamp,
    /// Its items.
    pub(super) manifest: Manifest,
    /// How each item ended.
    pub(super) endings: Vec<Option<Ending>>,
    /// What each item was before it was touched.
    pub(super) prior: Vec<Option<Prior>>,
    after: Vec<Option<After>>,
    /// What was found of each item, where something is computed.
    pub(super) results: Vec<Option<ItemResult>>,
    /// Items whose call was never answered.
    pub(super) unknown: BTreeSet<usize>,
    /// What the items were is not yet stored as it is here.
    prior_changed: bool,
    /// Whoever held it last died in the middle of a call.
    pub(super) was_left: bool,
    /// No attempt at this chunk has ended before.
    pub(super) first_attempt: bool,
    failed_before: u64,
    /// Failures that the rules for stopping the job have seen.
    judged: u64,
    /// Too much failed under this lease, so the job was told to stop.
    pub(super) stopped_job: bool,
    /// Outcomes of the job's other chunks, and when they were read.
    others: Option<(Timestamp, Counts)>,
    /// When the call began whose answers are taken.
    pub(super) call_began: Option<Timestamp>,
    looked_at: Timestamp,
    /// Before this time no further attempt is worth anything.
    not_before: Timestamp,
    /// Outcomes that are stored.
    stored: Counts,
    /// When it was claimed.
    pub(super) claimed_at: Timestamp,
    /// When its result was last stored.
    pub(super) stored_at: Timestamp,
}

/// Who has the session of the lane that this chunk is in.
pub(super) fn lane_holder(job: &JobRecord, chunk: u32) -> String {
    let lane = chunk % job.settings.parallel_chunks.max(1);
    format!("{}.lane{lane}", job.id)
}

impl ChunkLease {
    /// Who has the session in which it is worked on, and until when it is needed. That is the lane, which keeps it
    /// from chunk to chunk; an attempt beside the lane is this claim alone.
    pub(super) fn holder(&self) -> (String, Timestamp) {
        let (job, chunk) = (&self.job, self.record.number);
        let holder = match self.first_attempt {
            true => lane_holder(job, chunk),
            false => format!("{}.{chunk}.{}", job.id, self.claimed_at.as_microsecond()),
        };
        (holder, self.until)
    }

    /// Whether the lane goes on with its next chunk at once.
    pub(super) fn lane_goes_on(&self) -> bool {
        let goes_on = successor(&self.job, self.record.number).is_some();
        self.first_attempt && !self.has_open() && goes_on && pause_between(&self.job).is_zero()
    }

    /// Reads what belongs to a chunk that was just claimed.
    pub(super) async fn open(
        ports: &Ports,
        job: JobRecord,
        chunk: Stored<ChunkRecord>,
    ) -> Result<Self, Error> {
        let Stored { record, version } = chunk;
        let manifest = load_manifest(ports, &job, record.number).await?;
        let items = manifest.items.len();
        let (mut endings, mut prior, mut after, mut results) = (None, None, None, None);
        if version > 1 {
            let table = ports.table.as_ref();
            let read = futures::join!(
                load_packed(table, names::outcomes(&job.id, record.number)),
                load_packed(table, names::prior(&job.id, record.number)),
                load_packed(table, names::after(&job.id, record.number)),
            );
            (endings, prior, after) = (read.0?, read.1?, read.2?);
            if job.operation.about().task == Task::Compute {
                results = load_packed(table, names::results(&job.id, record.number)).await?;
            }
        }
        let until = match record.hold {
            Hold::Leased { until } => until,
            _ => record.updated_at,
        };
        let mut lease = Self {
            until,
            first_attempt: record.attempts == 0,
            failed_before: record.counts.failed,
            judged: record.counts.failed,
            stopped_job: false,
            others: None,
            call_began: None,
            looked_at: Timestamp::MIN,
            not_before: Timestamp::MIN,
            stored: record.counts,
            claimed_at: record.updated_at,
            stored_at: record.updated_at,
            unknown: BTreeSet::new(),
            prior_changed: false,
            was_left: false,
            job,
            record,
            version,
            manifest,
            endings: one_each(endings, items)?,
            prior: one_each(prior, items)?,
            after: one_each(after, items)?,
            results: one_each(results, items)?,
        };
        if lease.record.in_flight {
            // Until it was looked for. Whatever ends this claim before that must not forget it.
            let open = lease.open_items().into_iter();
            lease.unknown = open.filter(|&place| lease.prior[place].is_some()).collect();
        }
        lease.skip_what_left(ports).await?;
        Ok(lease)
    }

    /// Items that had left when the job was confirmed are not swept along (invariant 5).
    async fn skip_what_left(&mut self, ports: &Ports) -> Result<(), Error> {
        let Some(drift) = &self.job.drift else {
            return Ok(());
        };
        let key = names::left(&self.job.id, drift, self.record.number);
        let left: Option<Vec<u32>> = load_packed(ports.table.as_ref(), key).await?;
        let now = ports.clock.now();
        for place in left.unwrap_or_default() {
            let place = place as usize;
            if self.endings.get(place).is_some_and(Option::is_none) {
                self.end(place, Outcome::Skipped, Some(ItemReason::Missing), now);
            }
        }
        Ok(())
    }

    /// Places of the items without an outcome.
    pub(super) fn open_items(&self) -> Vec<usize> {
        (0..self.endings.len())
            .filter(|&place| self.endings[place].is_none())
            .collect()
    }

    /// Places of the items whose turn comes next in this attempt, at most so many. What was never
    /// answered has none before it was looked for.
    pub(super) fn next_items(&self, most: usize) -> Vec<usize> {
        (self.record.turn as usize..self.endings.len())
            .filter(|place| self.endings[*place].is_none() && !self.unknown.contains(place))
            .take(most)
            .collect()
    }

    /// The item at this place, and all before it, had their turn in this attempt.
    pub(super) fn had_turn(&mut self, place: usize) {
        let turn = u32::try_from(place + 1).unwrap_or(u32::MAX);
        self.record.turn = self.record.turn.max(turn);
    }

    /// The item's id, as it was last seen.
    pub(super) fn id_of(&self, place: usize) -> &ItemId {
        let seen = self.prior[place]
            .as_ref()
            .and_then(|prior| prior.id.as_ref());
        seen.unwrap_or(&self.manifest.items[place].id)
    }

    /// The item's place in the whole job.
    pub(super) fn number_of(&self, place: usize) -> u64 {
        u64::from(self.record.number) * u64::from(self.job.full_chunk()) + place as u64
    }

    /// The item, for whoever acts on it.
    pub(super) fn item(&self, place: usize) -> Item<'_> {
        Item {
            number: self.number_of(place),
            id: self.id_of(place).clone(),
            state: None,
            back: self.manifest.back.get(place),
            input: self.manifest.items[place].input.as_deref(),
        }
    }

    /// The item was not touched after all.
    pub(super) fn not_touched(&mut self, place: usize) {
        self.prior[place] = None;
        self.prior_changed = true;
    }

    /// The item was found untouched, under the id that it always had.
    pub(super) fn forget(&mut self, place: usize) {
        if self.id_of(place) == &self.manifest.items[place].id {
            self.not_touched(place);
        }
    }

    /// What the item was right before it is touched.
    pub(super) fn seen(&mut self, place: usize, id: &ItemId, state: ItemState) {
        let id = (*id != self.manifest.items[place].id).then(|| id.clone());
        self.prior[place] = Some(Prior { id, state });
        self.prior_changed = true;
    }

    /// The item may be gone, under this id and in this state; none where that cannot be told.
    pub(super) fn may_be_gone(
        &mut self,
        place: usize,
        gone: Option<(ItemId, ItemState)>,
        now: Timestamp,
    ) {
        match gone {
            Some((id, state)) => {
                self.seen(place, &id, state);
                self.unknown.insert(place);
                self.record.in_flight = true;
            }
            None => {
                let reason = self.no_answer();
                self.end(place, Outcome::Uncertain, Some(reason), now);
            }
        }
    }

    /// Whether any item has no outcome.
    pub(super) fn has_open(&self) -> bool {
        self.endings.iter().any(Option::is_none)
    }

    /// Whether something failed since the chunk was claimed.
    pub(super) fn new_failures(&self) -> bool {
        self.counts().failed > self.failed_before
    }

    /// Whether something failed since this was asked last.
    pub(super) fn unjudged_failures(&mut self) -> bool {
        let failed = self.counts().failed;
        std::mem::replace(&mut self.judged, failed) < failed
    }

    /// The item ended.
    pub(super) fn end(
        &mut self,
        place: usize,
        outcome: Outcome,
        reason: Option<ItemReason>,
        now: Timestamp,
    ) {
        self.unknown.remove(&place);
        self.endings[place] = Some(Ending {
            outcome,
            reason,
            at: now.as_millisecond(),
            began: self.call_began.map(Timestamp::as_millisecond),
        });
    }

    /// The item is as asked; this is what it looks like now.
    pub(super) fn succeed(&mut self, place: usize, id: ItemId, state: ItemState, now: Timestamp) {
        let id = (id != self.manifest.items[place].id).then_some(id);
        self.after[place] = Some(After { id, state });
        self.end(place, Outcome::Succeeded, None, now);
    }

    /// It did not work this time, but may at another, if there is one.
    pub(super) fn passing_failure(&mut self, place: usize, reason: ItemReason, now: Timestamp) {
        self.unknown.remove(&place);
        if self.record.attempts >= self.retries() {
            self.end(place, Outcome::Failed, Some(reason), now);
        }
    }

    /// The provider wants to be asked again after this time, not before.
    pub(super) fn wait_at_least(&mut self, until: Timestamp) {
        self.not_before = self.not_before.max(until);
    }

    /// Why an item is uncertain.
    pub(super) fn no_answer(&self) -> ItemReason {
        match self.job.operation.about().task {
            Task::Deliver if self.job.takes_lists() => ItemReason::MayBeUnsubscribed,
            Task::Deliver => ItemReason::MayHaveArrived,
            Task::Change | Task::Compute | Task::Export => ItemReason::NoAnswer,
        }
    }

    /// Ends all items without an outcome, but for those that were never answered.
    pub(super) fn end_open(&mut self, outcome: Outcome, reason: ItemReason, now: Timestamp) {
        for place in self.open_items() {
            if !self.unknown.contains(&place) {
                self.end(place, outcome, Some(reason), now);
            }
        }
    }

    /// Every item had its turn: another attempt after a while, or the end of what is open.
    pub(super) fn end_attempt(&mut self, now: Timestamp, random: u128) -> Next {
        if !self.has_open() {
            return Next::Done;
        }
        self.record.attempts += 1;
        self.record.turn = 0;
        if self.attempts_used_up() {
            self.end_open(Outcome::Failed, ItemReason::Unavailable, now);
        }
        // What was never answered is looked for in any case.
        if self.has_open() {
            let next = next_attempt(self.record.attempts, now, random);
            Next::RetryAt(next.max(self.not_before))
        } else {
            Next::Done
        }
    }

    /// Nothing more is to be had: ends what is open. What was never answered is still looked for.
    pub(super) fn give_up(&mut self, reason: ItemReason, now: Timestamp, random: u128) -> Next {
        self.end_open(Outcome::Failed, reason, now);
        self.end_attempt(now, random)
    }

    /// A call broke off, or nobody could be reached. What had no turn yet has it after a while, and
    /// uses no attempt for what others met; unless this went on for too long.
    pub(super) fn break_off(&mut self, now: Timestamp, random: u128) -> Next {
        self.record.breaks += 1;
        if self.record.breaks > UNANSWERED_MOST {
            self.leave_unknown(now);
        }
        if self.next_items(1).is_empty() {
            self.end_attempt(now, random)
        } else if self.record.breaks > self.retries().max(BREAKS_MOST) {
            self.give_up(ItemReason::Unavailable, now, random)
        } else {
            Next::Pause(next_attempt(self.record.breaks, now, random))
        }
    }

    /// The provider answered a call.
    pub(super) fn answered(&mut self) {
        self.record.breaks = 0;
        self.record.waits_since = None;
    }

    /// The provider asks to wait until then. One that has asked for as long as a job may be held is waited
    /// for no longer: says whether it is. What was never answered is uncertain then.
    pub(super) fn may_wait(&mut self, until: Timestamp, now: Timestamp) -> bool {
        let since = *self.record.waits_since.get_or_insert(now);
        let longest = since + SignedDuration::from_hours(24 * limits::PAUSE_DAYS);
        // Another chunk of the job may have waited that long before this one.
        let may = until <= longest && self.job.why != Some(StateReason::PausedTooLong);
        if !may {
            self.leave_unknown(now);
        }
        may
    }

    /// What was never answered, and is looked for no longer, is uncertain.
    pub(super) fn leave_unknown(&mut self, now: Timestamp) {
        for place in std::mem::take(&mut self.unknown) {
            let reason = self.no_answer();
            self.end(place, Outcome::Uncertain, Some(reason), now);
        }
    }

    /// Whether what is open gets no further attempt.
    pub(super) fn attempts_used_up(&self) -> bool {
        self.record.attempts > self.retries()
    }

    /// Further attempts after the first.
    fn retries(&self) -> u32 {
        let settings = &self.job.settings;
        if settings.retry_failed {
            settings.max_retries
        } else {
            0
        }
    }

    /// The name of the part this lease may write.
    pub(super) fn next_part(&self) -> String {
        format!("{:06}-{:06}", self.record.number, self.version)
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for ending in self.endings.iter().flatten() {
            counts.add(ending.outcome, 1);
        }
        counts
    }

    fn reasons(&self) -> Vec<ReasonCount> {
        let mut reasons = Vec::new();
        let mut tally: BTreeMap<(u8, ItemReason), ReasonCount> = BTreeMap::new();
        for ending in self.endings.iter().flatten() {
            if let Some(reason) = ending.reason {
                let fresh = ReasonCount {
                    outcome: ending.outcome,
                    reason,
                    count: 0,
                };
                tally
                    .entry((ending.outcome as u8, reason))
                    .or_insert(fresh)
                    .count += 1;
            }
        }
        tally
            .into_values()
            .for_each(|reason| add_reason(&mut reasons, reason));
        reasons
    }

    /// Succeeded, failed and uncertain items of the whole job, with what this lease has not stored.
    /// Those of the other chunks are as they were a moment ago.
    pub(super) async fn tally_of_job(&mut self, ports: &Ports) -> Result<Counts, Error> {
        let now = ports.clock.now();
        let known = self.others.filter(|(at, _)| now < *at + LOOK_EVERY);
        let (at, mut tally) = match known {
            Some(known) => known,
            None => (now, self.read_others(ports).await?),
        };
        self.others = Some((at, tally));
        tally += self.counts();
        Ok(tally)
    }

    async fn read_others(&self, ports: &Ports) -> Result<Counts, Error> {
        let mut others = Counts::default();
        if let Some(state) = load_job_with_chunks(ports.table.as_ref(), &self.job.id).await? {
            let chunks = state.chunks.iter().map(|chunk| &chunk.record);
            chunks
                .filter(|chunk| chunk.number != self.record.number)
                .for_each(|chunk| others += chunk.counts);
        }
        Ok(others)
    }

    /// Looks whether the job was held or stopped, and whether the provider asked to wait. Read after
    /// the claim is stored, so that whoever stops a job either sees our claim or is seen here.
    pub(super) async fn look(&mut self, ports: &Ports) -> Result<Option<Stop>, Error> {
        self.looked_at = ports.clock.now();
        let (job, wait) = futures::join!(
            load_job(ports.table.as_ref(), &self.job.id),
            budget::waits(ports, &self.job.account)
        );
        if !job?.is_some_and(|job| job.record.state.may_work()) {
            return Ok(Some(Stop::Told));
        }
        Ok(wait?.map(Stop::Budget))
    }

    /// Looks, if the last time was not just now.
    pub(super) async fn look_again(&mut self, ports: &Ports) -> Result<Option<Stop>, Error> {
        if ports.clock.now() < self.looked_at + LOOK_EVERY {
            return Ok(None);
        }
        self.look(ports).await
    }

    /// Bytes of the states that are stored of this item: of the larger one, before or after.
    fn state_bytes(&self, place: usize) -> usize {
        let prior = self.prior[place].as_ref().map(|prior| &prior.state);
        let after = self.after[place].as_ref().map(|after| &after.state);
        let states = [prior, after].into_iter().flatten();
        let bytes = states.map(|state| state.state.stored_bytes());
        bytes.max().unwrap_or(0)
    }

    /// Ends items that would make the states of the chunk too large to be stored, before they are
    /// touched: afterwards nobody could take them back. `wanted` has the bytes of the state that each
    /// is to have.
    pub(super) fn refuse_too_large(&mut self, wanted: &BTreeMap<usize, usize>, now: Timestamp) {
        let mut sum = 0;
        for place in 0..self.prior.len() {
            let bytes = self.state_bytes(place);
            let bytes = wanted.get(&place).map_or(bytes, |after| bytes.max(*after));
            if sum + bytes > STATE_BYTES_MOST && wanted.contains_key(&place) {
                self.prior[place] = None;
                self.end(place, Outcome::Failed, Some(ItemReason::TooLarge), now);
            } else {
                sum += bytes;
            }
        }
    }

    /// A provider may have made far more of states than it was asked for. What came of the items is stored
    /// in any case, so the largest of those states are let go of: their items cannot be taken back, and an
    /// undo says so.
    fn drop_largest_states(&mut self) {
        let bytes = |after: &Option<After>| {
            let after = after.as_ref();
            after.map_or(0, |after| after.state.state.stored_bytes())
        };
        let mut sum: usize = self.after.iter().map(bytes).sum();
        while sum > AFTER_BYTES_MOST {
            let Some(largest) = self.after.iter_mut().max_by_key(|after| bytes(after)) else {
                return;
            };
            sum -= bytes(largest);
            *largest = None;
        }
    }

    /// Stores what the items were, before any of them is touched (invariant 2), and that an effect
    /// may be out there from now on. With what is known of the others, where nobody could find it out again.
    pub(super) async fn begin(&mut self, ports: &Ports, with_results: bool) -> Result<(), Error> {
        let now = ports.clock.now();
        self.record.in_flight = true;
        let rows = match with_results {
            true => self.result_rows(now)?,
            false => self.prior_rows(now)?,
        };
        self.write(ports, now, rows).await
    }

    /// Stores a partial result and keeps the chunk.
    pub(super) async fn checkpoint(&mut self, ports: &Ports) -> Result<(), Error> {
        let now = ports.clock.now();
        let rows = self.result_rows(now)?;
        self.write(ports, now, rows).await
    }

    /// Lets go of the chunk after an error that passes by itself.
    pub(super) async fn put_off(&self, ports: &Ports, error: &Error) {
        let (chunk, version) = (self.record.number, self.version + 1);
        put_off(ports, &self.job, chunk, self.until, version, error).await;
    }

    /// Stores the result and lets go of the chunk.
    pub(super) async fn store(&mut self, ports: &Ports, hold: Hold) -> Result<(), Error> {
        let now = ports.clock.now();
        self.record.hold = hold;
        self.record.lapses = 0;
        self.record.in_flight = !self.unknown.is_empty();
        let rows = self.result_rows(now)?;
        self.write(ports, now, rows).await
    }

    /// What the items were, unless it is stored.
    fn prior_rows(&mut self, now: Timestamp) -> Result<Vec<PackedRows>, Error> {
        if !std::mem::take(&mut self.prior_changed) {
            return Ok(Vec::new());
        }
        let key = names::prior(&self.job.id, self.record.number);
        Ok(vec![packed_rows(key, &self.prior, now)?])
    }

    fn result_rows(&mut self, now: Timestamp) -> Result<Vec<PackedRows>, Error> {
        self.record.counts = self.counts();
        self.record.reasons = self.reasons();
        self.drop_largest_states();
        let mut rows = self.prior_rows(now)?;
        if self.endings.iter().any(Option::is_some) {
            let key = names::outcomes(&self.job.id, self.record.number);
            let outcomes = packed_rows(key, &self.endings, now)?;
            self.record.outcomes_hash = Some(sha256_hex(&outcomes.head.body));
            rows.push(outcomes);
        }
        if self.after.iter().any(Option::is_some) {
            let key = names::after(&self.job.id, self.record.number);
            rows.push(packed_rows(key, &self.after, now)?);
        }
        if self.results.iter().any(Option::is_some) {
            let key = names::results(&self.job.id, self.record.number);
            rows.push(packed_rows(key, &self.results, now)?);
        }
        Ok(rows)
    }

    /// Writes the chunk's row and others as one, and only if nobody has taken the chunk over. What does
    /// not fit into those rows is stored before them, under names that mean nothing without them.
    async fn write(
        &mut self,
        ports: &Ports,
        now: Timestamp,
        rows: Vec<PackedRows>,
    ) -> Result<(), Error> {
        self.record.updated_at = now;
        if self.record.counts.ended() > self.stored.ended() {
            // Whoever dies after this did not die of what others died of.
            self.record.lapses = 0;
        }
        let chunk = chunk_row(&self.job.id, &self.record, self.version + 1, now)?;
        let mut writes = vec![Write::Put(chunk, Expect::Version(self.version))];
        let mut pieces = Vec::new();
        for rows in rows {
            writes.push(Write::Put(rows.head, Expect::Anything));
            pieces.extend(rows.pieces);
        }
        if !pieces.is_empty() {
            ports.table.put_many(pieces).await?;
        }
        ports.table.write(writes).await?;
        self.version += 1;
        self.stored_at = now;
        if let Some(fact) = self.job.items_ended(self.record.counts, self.stored) {
            ports.meter.note(fact);
        }
        self.stored = self.record.counts;
        Ok(())
    }
}
