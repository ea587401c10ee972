//! Freezing selections that one message's time is too short for, and planners that are asked to
//! wait, that die, or that sleep.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod counting;
mod deaths;
mod fails;
mod put_down;
mod waits;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::children;
use bulkhead_engine::ports::{Clock, Message};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::intercept::{self, Call};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

/// In pages of seven, of which a message's time is enough for about twelve.
const MAILS: u64 = 600;
/// Matches on a page, and pages.
const PAGE: u64 = 7;
const PAGES: u64 = MAILS.div_ceil(PAGE);

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
        assert!(stage.clock.now() <= deadline, "it ends in time");
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
        assert_eq!(stage.mailbox.calls(), PAGES + calls_before_pages().await);
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

/// Counts the pages that are read.
fn noting_pages(stage: &mut Stage) -> Arc<AtomicU64> {
    let pages = Arc::new(AtomicU64::new(0));
    let counter = pages.clone();
    let by = intercept::by(move |moment, call| {
        if moment == Moment::BeforeEffect && matches!(call, Call::Ask("matches")) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    });
    stage.ports = intercept::ports(&stage.ports, &by);
    pages
}

#[test]
fn a_page_is_as_large_as_the_provider_says() {
    block_on(async {
        let mailbox = MemoryMailbox::new(MAILS).with(|abilities| abilities.page_items = 100);
        let mut stage = Stage::new(mailbox).await.unwrap();
        let pages = noting_pages(&mut stage);
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        messages(&stage).await;
        assert_eq!(pages.swap(0, Ordering::Relaxed), 6);
        // Looked at again it has the same pages.
        stage.mailbox.act(7, |place| place.folder = "Work".into());
        let drifted = stage.confirm(&id).await.unwrap_err();
        assert!(matches!(drifted, Error::Drifted(_)), "{drifted}");
        assert_eq!(pages.load(Ordering::Relaxed) % 6, 0);
    });
}
