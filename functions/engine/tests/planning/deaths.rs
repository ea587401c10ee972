//! Planners that die without a word, and planners that sleep.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_engine::ports::{Clock, Expect, Fact, Message, Outgoing, Ports, Queue, Table, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::load_job;
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::intercept::{self, Call, Failure, Interceptor};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, Operation};
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::{MAILS, PAGE, PAGES, SlowWork, ask, in_one_go, messages, noting_pages, slow};

#[test]
fn invariant_4_a_plan_that_kills_every_planner_fails_with_a_reason() {
    block_on(async {
        let fuse = Fuse::new();
        let stage = slow(Some(fuse.clone())).await;
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        for _ in 0..20 {
            // With the first page in its hands.
            fuse.blow_at(2);
            let _ = stage.run().await;
            assert!(fuse.is_blown() || stage.job(&id).await.unwrap().state == State::Failed);
            fuse.replace();
            stage.queue.clear();
            let _ = stage.sweep().await;
            let _ = stage.sweep().await;
        }
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.state, job.reason),
            (State::Failed, Some(StateReason::PlanFailed))
        );
    });
}

/// Lets a planner die right after it has stored a page.
#[derive(Default)]
struct DiesAfterAPage {
    /// How often a job was stored.
    stored: AtomicU64,
    dead: AtomicBool,
}

impl DiesAfterAPage {
    fn is_replaced(&self) -> bool {
        self.stored.store(0, Ordering::SeqCst);
        self.dead.swap(false, Ordering::SeqCst)
    }
}

#[async_trait]
impl Interceptor for DiesAfterAPage {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        if self.dead.load(Ordering::SeqCst) {
            return Err(Failure::Unavailable);
        }
        let is_job = call.writes().contains(&names::JOB);
        // The first time it is taken.
        let dies = is_job
            && moment == Moment::AfterEffect
            && self.stored.fetch_add(1, Ordering::SeqCst) == 1;
        self.dead.store(dies, Ordering::SeqCst);
        Ok(())
    }
}

#[test]
fn invariant_4_a_plan_of_which_every_planner_stores_a_page_before_it_dies_comes_to_its_end() {
    block_on(async {
        let mut stage = Stage::new(MemoryMailbox::new(60).in_chunks_of(5))
            .await
            .unwrap();
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let dies = Arc::new(DiesAfterAPage::default());
        let by: Arc<dyn Interceptor> = dies.clone();
        stage.ports = intercept::ports(&stage.ports, &by);
        let mut deaths = 0;
        loop {
            let _ = stage.run().await;
            if !dies.is_replaced() {
                break;
            }
            deaths += 1;
            stage.queue.clear();
            stage.clock.advance(Duration::from_secs(60));
            let plan = Message::Plan { job: id.clone() };
            let lost = vec![Outgoing {
                message: plan,
                delay: Duration::ZERO,
            }];
            stage.queue.send("ann", lost).await.unwrap();
        }
        // One for each page: more of them than a plan has attempts.
        assert_eq!(deaths, 60u64.div_ceil(PAGE));
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.total), (State::Draft, 60));
    });
}

/// Lets the process die at each step in turn while a selection of these mails is frozen.
async fn wherever_it_dies(mails: u64, chunk: u32) -> u32 {
    let mailbox = || MemoryMailbox::new(mails).in_chunks_of(chunk);
    let whole = {
        let stage = Stage::new(mailbox()).await.unwrap();
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        messages(&stage).await;
        stage.job(&id).await.unwrap()
    };
    let mut step = 0;
    loop {
        let fuse = Fuse::new();
        let mut stage = Stage::with_fuse(mailbox(), Some(fuse.clone()))
            .await
            .unwrap();
        stage.ports.clock = Arc::new(SlowWork(stage.clock.clone()));
        let pages = noting_pages(&mut stage);
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        fuse.blow_at(step);
        let _ = stage.run().await;
        let died = fuse.is_blown();
        fuse.replace();
        if step % 2 == 0 {
            stage.queue.clear();
        }
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.state, State::Draft, "died at {step}");
        assert_eq!(job.manifest_hash, whole.manifest_hash, "died at {step}");
        assert_eq!(job.chunks, whole.chunks, "died at {step}");
        let (read, all) = (pages.load(Ordering::Relaxed), mails.div_ceil(PAGE));
        let lost = u64::from(died);
        assert!(read <= all + lost, "died at {step}: {read} of {all}");
        if !died {
            return step;
        }
        if step % 25 == 0 {
            // What was confirmed is what is done: the rows say what the hash says.
            stage.confirm(&id).await.unwrap();
            let done = stage.run_to_end(&id).await;
            assert_eq!(done.counts.succeeded, mails, "died at {step}");
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
        }
        step += 1;
    }
}

#[test]
fn invariant_4_wherever_a_planner_dies_another_goes_on_after_the_last_page() {
    let steps = block_on(wherever_it_dies(120, 5));
    assert!(steps > 70, "{steps}");
}

#[test]
fn invariant_4_wherever_a_planner_dies_that_cuts_for_the_lanes_in_the_end_another_goes_on() {
    let steps = block_on(wherever_it_dies(60, 1_000));
    assert!(steps > 30, "{steps}");
}

#[test]
fn what_is_put_down_and_cannot_be_read_is_planned_anew() {
    block_on(async {
        let stage = slow(None).await;
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        stage.step().await.unwrap();
        let job = load_job(stage.table.as_ref(), &id).await.unwrap().unwrap();
        assert!(job.record.total > 10 && job.record.put_down.is_some());
        // The one that is not full.
        let last = job.record.chunks() - 1;
        assert!(job.record.chunk_size(last) < 5);
        let key = names::manifest(&id, job.record.generation, last);
        let mut row = stage.table.get(&key).await.unwrap().unwrap();
        row.body.truncate(10);
        let put = vec![Write::Put(row, Expect::Anything)];
        stage.table.write(put).await.unwrap();
        messages(&stage).await;
        let job = stage.job(&id).await.unwrap();
        let whole = in_one_go(Operation::Archive(Archive {})).await;
        assert_eq!((job.state, job.total), (State::Draft, MAILS));
        assert_eq!(job.manifest_hash, whole.manifest_hash);
    });
}

/// A planner's way to the world, on which it sleeps before a page until another one has frozen everything. The first
/// mail of that page leaves the inbox then: what is read of it is another one.
struct SleepsOnce {
    /// After so many pages.
    after: u64,
    pages: AtomicU64,
    mailbox: MemoryMailbox,
    clock: Arc<ManualClock>,
    others: Ports,
    job: JobId,
}

#[async_trait]
impl Interceptor for SleepsOnce {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        let is_page = moment == Moment::BeforeEffect && matches!(call, Call::Ask("matches"));
        if is_page && self.pages.fetch_add(1, Ordering::SeqCst) == self.after {
            self.clock.advance(Duration::from_secs(120));
            let swept = sweep(&self.others, Holders::Alive, Timestamp::MAX).await;
            swept.unwrap();
            let job = self.job.clone();
            let deadline = self.clock.now() + SignedDuration::from_secs(3_600);
            let another = work::handle(&self.others, &Message::Plan { job }, deadline).await;
            another.unwrap();
            self.mailbox
                .act(leaves(self.after), |place| place.folder = "Work".into());
        }
        Ok(())
    }
}

fn leaves(pages_before: u64) -> u64 {
    pages_before * PAGE + 1
}

#[test]
fn a_planner_that_slept_mixes_nothing_and_ends_nothing() {
    // Small enough to be cut for the lanes in the end, and large enough not to be; with a page that it cannot keep, and
    // with the last one, after which it stores all that it froze.
    for (chunk, after) in [(5, 2), (1_000, 2), (5, PAGES - 1), (1_000, PAGES - 1)] {
        block_on(async {
            let mailbox = MemoryMailbox::new(MAILS).in_chunks_of(chunk);
            let stage = Stage::new(mailbox).await.unwrap();
            let id = ask(&stage, Operation::Archive(Archive {})).await;
            let sleeper: Arc<dyn Interceptor> = Arc::new(SleepsOnce {
                after,
                pages: AtomicU64::new(0),
                mailbox: stage.mailbox.clone(),
                clock: stage.clock.clone(),
                others: stage.ports.clone(),
                job: id.clone(),
            });
            let ports = intercept::ports(&stage.ports, &sleeper);
            let plan = Message::Plan { job: id.clone() };
            let deadline = stage.clock.now() + SignedDuration::from_secs(60);
            work::handle(&ports, &plan, deadline).await.unwrap();
            let job = stage.job(&id).await.unwrap();
            assert_eq!((job.state, job.total), (State::Draft, MAILS));
            let whole = in_one_go(Operation::Archive(Archive {})).await;
            if chunk == 5 {
                assert_eq!(job.manifest_hash, whole.manifest_hash);
            }
            let ended = |fact: &Fact| matches!(fact, Fact::JobEnded { .. });
            assert!(!stage.meter.facts().iter().any(ended));
            // What was confirmed is what is done: none of its rows is the sleeper's.
            stage.confirm_with_drift(&id).await.unwrap();
            let done = stage.run_to_end(&id).await;
            assert_eq!((done.counts.succeeded, done.counts.skipped), (MAILS - 1, 1));
            for mail in stage.mailbox.mails() {
                let touched = u32::from(mail.identity != leaves(after));
                assert_eq!(mail.touched, touched, "{}", mail.identity);
            }
        });
    }
}

/// A planner's way to the world, on which its second page takes more than a minute. Meanwhile others are asked to plan.
struct SlowPage {
    pages: AtomicU64,
    clock: Arc<ManualClock>,
    others: Ports,
    mailbox: MemoryMailbox,
    job: JobId,
}

#[async_trait]
impl Interceptor for SlowPage {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        let is_page = moment == Moment::BeforeEffect && matches!(call, Call::Ask("matches"));
        if is_page && self.pages.fetch_add(1, Ordering::SeqCst) == 1 {
            let calls = self.mailbox.calls();
            self.clock.advance(Duration::from_secs(70));
            let swept = sweep(&self.others, Holders::Alive, Timestamp::MAX).await;
            swept.unwrap();
            for _ in 0..5 {
                let job = self.job.clone();
                let deadline = self.clock.now() + SignedDuration::from_secs(60);
                let another = work::handle(&self.others, &Message::Plan { job }, deadline).await;
                another.unwrap();
            }
            assert_eq!(self.mailbox.calls(), calls, "somebody else planned");
        }
        Ok(())
    }
}

#[test]
fn a_page_that_takes_longer_than_a_minute_is_no_reason_to_take_the_job_away() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(MAILS).in_chunks_of(5))
            .await
            .unwrap();
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let slow: Arc<dyn Interceptor> = Arc::new(SlowPage {
            pages: AtomicU64::new(0),
            clock: stage.clock.clone(),
            others: stage.ports.clone(),
            mailbox: stage.mailbox.clone(),
            job: id.clone(),
        });
        let ports = intercept::ports(&stage.ports, &slow);
        let plan = Message::Plan { job: id.clone() };
        let deadline = stage.clock.now() + SignedDuration::from_secs(120);
        work::handle(&ports, &plan, deadline).await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.total), (State::Draft, MAILS));
        let stored = load_job(stage.table.as_ref(), &id).await.unwrap().unwrap();
        assert_eq!(stored.record.plan_attempts, 1);
        let whole = in_one_go(Operation::Archive(Archive {})).await;
        assert_eq!(job.manifest_hash, whole.manifest_hash);
    });
}
