//! Freezing selections that one message's time is too short for, and planners that are asked to
//! wait, that die, or that sleep.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bulkhead_engine::jobs::children;
use bulkhead_engine::ports::{Clock, Fact, Message};
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, MarkRead, Operation, OperationName};
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

/// In pages of seven, of which a message's time is enough for about twelve.
const MAILS: u64 = 600;

fn options() -> JobOptions {
    JobOptions::default()
}

/// Chunks of five: they end neither where a page does nor where a message's time does.
fn mailbox(mails: u64) -> MemoryMailbox {
    MemoryMailbox::new(mails).in_chunks_of(5)
}

/// Every look at it lets a second pass, so that work takes time.
struct SlowWork(Arc<ManualClock>);

impl Clock for SlowWork {
    fn now(&self) -> Timestamp {
        self.0.advance(Duration::from_secs(1));
        self.0.now()
    }
}

async fn slow(fuse: Option<Arc<Fuse>>) -> Stage {
    let mut stage = Stage::with_fuse(mailbox(MAILS), fuse).await.unwrap();
    stage.ports.clock = Arc::new(SlowWork(stage.clock.clone()));
    stage
}

/// Asks for a draft without letting it be frozen.
async fn ask(stage: &Stage, operation: Operation) -> JobId {
    let request = stage.request(operation, Stage::inbox(), options());
    let (ports, user) = (&stage.ports, &stage.user);
    bulkhead_engine::jobs::draft::create(ports, user, None, request, limits::OPEN_JOBS)
        .await
        .unwrap()
}

/// Handles messages until there is none; says how many plans were among them.
async fn messages(stage: &Stage) -> u32 {
    let mut plans = 0;
    while let Some(delivery) = stage.queue.receive() {
        plans += u32::from(matches!(delivery.message, Message::Plan { .. }));
        let deadline = stage.clock.now() + SignedDuration::from_secs(30);
        work::handle(&stage.ports, &delivery.message, deadline)
            .await
            .unwrap();
        stage.queue.ack(delivery.receipt);
    }
    plans
}

/// The same draft, frozen in one go.
async fn in_one_go(operation: Operation) -> Job {
    let stage = Stage::new(mailbox(MAILS)).await.unwrap();
    let id = ask(&stage, operation).await;
    assert_eq!(messages(&stage).await, 1);
    stage.job(&id).await.unwrap()
}

#[test]
fn what_one_message_cannot_freeze_several_do() {
    block_on(async {
        let stage = slow(None).await;
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let plans = messages(&stage).await;
        assert!(plans > 3, "{plans}");
        let (job, whole) = (
            stage.job(&id).await.unwrap(),
            in_one_go(Operation::Archive(Archive {})).await,
        );
        assert_eq!((job.state, job.total), (State::Draft, MAILS));
        assert_eq!(job.manifest_hash, whole.manifest_hash);
        // Nothing is read twice: as many calls as there are pages, and the mark with each beginning.
        let pages = MAILS.div_ceil(7);
        assert_eq!(stage.mailbox.calls(), pages + calls_before_pages().await);
        stage.confirm(&id).await.unwrap();
        stage.run_to_end(&id).await;
        let undo = children::undo(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert!(messages(&stage).await > 3);
        let undo = stage.job(&undo).await.unwrap();
        assert_eq!((undo.state, undo.total), (State::Draft, MAILS));
        stage.confirm(&undo.id).await.unwrap();
        let undone = stage.run_to_end(&undo.id).await;
        assert_eq!(undone.counts.succeeded, MAILS);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 2));
    });
}

/// Calls of a draft that finds nothing, but for its one page.
async fn calls_before_pages() -> u64 {
    let stage = Stage::new(mailbox(0)).await.unwrap();
    ask(&stage, Operation::Archive(Archive {})).await;
    messages(&stage).await;
    stage.mailbox.calls() - 1
}

#[test]
fn a_retry_is_frozen_by_several_messages_too() {
    block_on(async {
        let stage = slow(None).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = (1..=MAILS).filter(|n| n % 2 == 0).collect());
        let options = JobOptions {
            brake: Some(bulkhead_shared::options::Brake {
                enabled: false,
                ..Default::default()
            }),
            ..options()
        };
        let request = stage.request(Operation::MarkRead(MarkRead {}), Stage::inbox(), options);
        let (ports, user) = (&stage.ports, &stage.user);
        let full = limits::OPEN_JOBS;
        let id = bulkhead_engine::jobs::draft::create(ports, user, None, request, full)
            .await
            .unwrap();
        messages(&stage).await;
        stage.confirm(&id).await.unwrap();
        assert_eq!(stage.run_to_end(&id).await.counts.failed, MAILS / 2);
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = BTreeSet::new());
        let retry = children::retry(ports, user, &id, full).await.unwrap();
        assert!(messages(&stage).await > 3);
        stage.confirm(&retry).await.unwrap();
        let retry = stage.run_to_end(&retry).await;
        assert_eq!(retry.counts.succeeded, MAILS / 2);
    });
}

#[test]
fn invariant_8_a_planner_that_is_asked_to_wait_goes_on_where_it_was() {
    block_on(async {
        let stage = slow(None).await;
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let mut waits = 0;
        while stage.job(&id).await.unwrap().state == State::Planning {
            // More often than a plan has attempts.
            let until = stage.clock.now() + SignedDuration::from_secs(600);
            stage
                .mailbox
                .trouble(|trouble| trouble.throttle = Some((1, until)));
            stage.step().await.unwrap();
            let calls = stage.mailbox.calls();
            stage.sweep().await.unwrap();
            messages(&stage).await;
            assert_eq!(stage.mailbox.calls(), calls, "nobody asks before the time");
            stage.clock.set(until);
            stage.step().await.unwrap();
            waits += 1;
        }
        assert!(waits > 5, "{waits}");
        let job = stage.job(&id).await.unwrap();
        let whole = in_one_go(Operation::Archive(Archive {})).await;
        assert_eq!(job.manifest_hash, whole.manifest_hash);
        let throttled = Fact::ProviderThrottled {
            operation: OperationName::Archive,
        };
        let noted = stage.meter.facts();
        assert_eq!(noted.iter().filter(|f| **f == throttled).count(), waits);
    });
}

#[test]
fn invariant_4_a_plan_that_kills_every_planner_fails_with_a_reason() {
    block_on(async {
        let fuse = Fuse::new();
        let stage = slow(Some(fuse.clone())).await;
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        for _ in 0..20 {
            fuse.blow_at(6);
            let _ = stage.run().await;
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

#[test]
fn invariant_4_wherever_a_planner_dies_another_freezes_the_same() {
    block_on(async {
        let whole = in_one_go(Operation::Archive(Archive {})).await;
        let mut step = 0;
        loop {
            let fuse = Fuse::new();
            let stage = slow(Some(fuse.clone())).await;
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
            if !died {
                break;
            }
            step += 1;
        }
        assert!(step > 200, "{step}");
    });
}

#[test]
fn a_planner_that_slept_mixes_nothing_and_ends_nothing() {
    block_on(async {
        let stage = Stage::new(mailbox(MAILS)).await.unwrap();
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let sleeper = SleepsOnce::new(&stage, &id);
        let mut ports = stage.ports.clone();
        ports.clock = sleeper;
        let plan = Message::Plan { job: id.clone() };
        let deadline = stage.clock.now() + SignedDuration::from_secs(60);
        work::handle(&ports, &plan, deadline).await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.total), (State::Draft, MAILS));
        assert_eq!(
            job.manifest_hash,
            in_one_go(Operation::Archive(Archive {}))
                .await
                .manifest_hash
        );
        let ended = |fact: &Fact| matches!(fact, Fact::JobEnded { .. });
        assert!(!stage.meter.facts().iter().any(ended));
    });
}

/// The clock of a planner that sleeps in its third page, until another one has frozen everything.
struct SleepsOnce {
    looks: std::sync::Mutex<u32>,
    job: JobId,
    stage: bulkhead_engine::ports::Ports,
    clock: Arc<ManualClock>,
}

impl SleepsOnce {
    fn new(stage: &Stage, job: &JobId) -> Arc<Self> {
        Arc::new(Self {
            job: job.clone(),
            looks: std::sync::Mutex::new(0),
            stage: stage.ports.clone(),
            clock: stage.clock.clone(),
        })
    }
}

impl Clock for SleepsOnce {
    fn now(&self) -> Timestamp {
        let mut looks = self.looks.lock().unwrap();
        *looks += 1;
        if *looks == 6 {
            self.clock.advance(Duration::from_secs(120));
            let (ports, clock) = (self.stage.clone(), self.clock.clone());
            let job = self.job.clone();
            std::thread::spawn(move || {
                block_on(async {
                    sweep(&ports, Holders::Alive, Timestamp::MAX).await.unwrap();
                    let deadline = clock.now() + SignedDuration::from_secs(3_600);
                    let plan = Message::Plan { job };
                    work::handle(&ports, &plan, deadline).await.unwrap();
                });
            })
            .join()
            .unwrap();
        }
        self.clock.now()
    }
}
