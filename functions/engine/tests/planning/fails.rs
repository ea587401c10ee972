//! Selections that cannot be frozen, and rows of earlier planners that cannot be read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bulkhead_engine::ports::{CallError, Clock, Expect, Key, Table, Write};
use bulkhead_engine::records::JobRecord;
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::load_job;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, Operation};
use futures::executor::block_on;
use jiff::SignedDuration;

use super::{PAGE, ask, mailbox, messages};

async fn stored(stage: &Stage, id: &JobId) -> JobRecord {
    let job = load_job(stage.table.as_ref(), id).await;
    job.unwrap().unwrap().record
}

/// Lets the page with this number, from 0 on, be answered with an error; once. Counts the pages that are asked
/// for.
fn page_fails(
    stage: &mut Stage,
    page: u64,
    error: impl Fn() -> CallError + Send + Sync + 'static,
) -> Arc<AtomicU64> {
    let pages = Arc::new(AtomicU64::new(0));
    let counter = pages.clone();
    let by = intercept::by(move |moment, call| {
        let is_page = moment == Moment::BeforeEffect && matches!(call, Call::Ask("matches"));
        match is_page && counter.fetch_add(1, Ordering::SeqCst) == page {
            true => Err(Failure::Call(error())),
            false => Ok(()),
        }
    });
    stage.ports = intercept::ports(&stage.ports, &by);
    pages
}

fn archive() -> Operation {
    Operation::Archive(Archive {})
}

/// What became of a draft that nothing could be frozen for, with one message.
async fn failed(stage: &Stage) -> Option<StateReason> {
    let id = ask(stage, archive()).await;
    assert_eq!(messages(stage).await, 1);
    let job = stage.job(&id).await.unwrap();
    assert_eq!(job.state, State::Failed);
    assert_eq!(stage.queue.pending(), 0);
    job.reason
}

#[test]
fn what_can_never_be_frozen_fails_at_once_and_says_why() {
    block_on(async {
        let mut stage = Stage::new(mailbox(8)).await.unwrap();
        let cannot = || CallError::Unsupported("not that".to_owned());
        page_fails(&mut stage, 0, cannot);
        assert_eq!(failed(&stage).await, Some(StateReason::CannotSearch));
        let mut stage = Stage::new(mailbox(8)).await.unwrap();
        page_fails(&mut stage, 0, || CallError::SignIn);
        assert_eq!(failed(&stage).await, Some(StateReason::SignInNeeded));
        // The account was forgotten meanwhile.
        let stage = Stage::new(mailbox(8)).await.unwrap();
        let id = ask(&stage, archive()).await;
        let key = names::account(&stage.user, &stage.account);
        let gone = Write::Delete(key, Expect::Anything);
        stage.table.write(vec![gone]).await.unwrap();
        assert_eq!(messages(&stage).await, 1);
        let job = stage.job(&id).await.unwrap();
        let why = Some(StateReason::PlanFailed);
        assert_eq!((job.state, job.reason), (State::Failed, why));
        assert_eq!(stage.queue.pending(), 0);
    });
}

#[test]
fn a_provider_that_cannot_be_reached_is_left_alone_for_a_while() {
    block_on(async {
        let mut stage = Stage::new(mailbox(8)).await.unwrap();
        let away = || CallError::Unavailable("not now".to_owned());
        let pages = page_fails(&mut stage, 0, away);
        let id = ask(&stage, archive()).await;
        messages(&stage).await;
        let until = stored(&stage, &id).await.planning_until;
        assert!(until.is_some_and(|until| until > stage.clock.now()));
        assert_eq!(pages.load(Ordering::SeqCst), 1);
        assert_eq!(stage.queue.next_at(), until);
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Draft);
    });
}

/// What is to be wrong with the first row of the planner before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    /// It is damaged.
    Cut,
    /// The table does not answer when it is read for the first time.
    Busy,
}

/// A plan that was asked to wait at this page, and went on with something wrong. Says how many pages were asked
/// for.
async fn goes_on(waits_at: u64, chunk: u32, wrong: Wrong) -> u64 {
    let mailbox = MemoryMailbox::new(60).in_chunks_of(5);
    let mut stage = Stage::new(mailbox).await.unwrap();
    let until = stage.clock.now() + SignedDuration::from_secs(60);
    let pages = page_fails(&mut stage, waits_at, move || CallError::Throttled {
        until: Some(until),
    });
    let id = ask(&stage, archive()).await;
    messages(&stage).await;
    let job = stored(&stage, &id).await;
    assert_eq!((job.state, job.total), (State::Planning, waits_at * PAGE));
    let key = names::manifest(&id, job.generation, chunk);
    match wrong {
        Wrong::Cut => cut(&stage, &key).await,
        Wrong::Busy => busy_once(&mut stage, key),
    }
    stage.clock.set(until);
    while let Some(delivery) = stage.queue.receive() {
        let deadline = stage.clock.now() + SignedDuration::from_secs(30);
        let user = stage.user.as_str();
        work::receive(&stage.ports, &delivery.message, user, deadline).await;
        stage.queue.ack(delivery.receipt);
        let next = stage.queue.next_at();
        stage
            .clock
            .set(next.map_or(stage.clock.now(), |at| at.max(stage.clock.now())));
    }
    let job = stage.job(&id).await.unwrap();
    assert_eq!((job.state, job.total), (State::Draft, 60), "{wrong:?}");
    pages.load(Ordering::SeqCst)
}

async fn cut(stage: &Stage, key: &Key) {
    let mut row = stage.table.get(key).await.unwrap().unwrap();
    row.body.truncate(row.body.len() / 2);
    let put = Write::Put(row, Expect::Anything);
    stage.table.write(vec![put]).await.unwrap();
}

fn busy_once(stage: &mut Stage, key: Key) {
    let reads = AtomicU64::new(0);
    let by = intercept::by(move |moment, call| {
        let is_it = moment == Moment::BeforeEffect
            && matches!(call, Call::Get(read) if **read == key)
            && reads.fetch_add(1, Ordering::SeqCst) == 0;
        match is_it {
            true => Err(Failure::Unavailable),
            false => Ok(()),
        }
    });
    stage.ports = intercept::ports(&stage.ports, &by);
}

#[test]
fn what_was_put_down_and_is_damaged_is_read_anew_and_what_is_only_busy_is_not() {
    block_on(async {
        let all = 60_u64.div_ceil(PAGE);
        // After one page all of it may still be cut otherwise; after three only what is not full is read back.
        for (waits_at, chunk) in [(1, 0), (3, 4)] {
            let again = goes_on(waits_at, chunk, Wrong::Cut).await;
            assert_eq!(again, waits_at + 1 + all, "from the beginning");
            let on = goes_on(waits_at, chunk, Wrong::Busy).await;
            assert_eq!(on, 1 + all, "from where it was");
        }
    });
}

#[test]
fn no_page_is_begun_that_would_probably_end_too_late() {
    for (seconds, pages_in_time) in [(5, 5), (10, 2)] {
        block_on(async {
            let mailbox = MemoryMailbox::new(60).in_chunks_of(5);
            let mut stage = Stage::new(mailbox).await.unwrap();
            let (pages, clock) = (Arc::new(AtomicU64::new(0)), stage.clock.clone());
            let counter = pages.clone();
            let slow = intercept::by(move |moment, call| {
                if moment == Moment::BeforeEffect && matches!(call, Call::Ask("matches")) {
                    counter.fetch_add(1, Ordering::SeqCst);
                    clock.advance(Duration::from_secs(seconds));
                }
                Ok(())
            });
            stage.ports = intercept::ports(&stage.ports, &slow);
            let id = ask(&stage, archive()).await;
            // Of 30 seconds, five are kept for storing what was read.
            stage.step().await.unwrap();
            assert_eq!(pages.load(Ordering::SeqCst), pages_in_time);
            messages(&stage).await;
            assert_eq!(stage.job(&id).await.unwrap().state, State::Draft);
        });
    }
}
