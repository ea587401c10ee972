//! Work on a whole mailbox beside all jobs, by the example of reading headers: who has it, until when, and what is
//! told of it meanwhile.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_engine::advice;
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{CallError, Clock, Message, Ports, Row, Table, TableError};
use bulkhead_engine::records::names;
use bulkhead_engine::scan;
use bulkhead_engine::testing::intercept::{self, Call, Failure, Interceptor};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::api::{Advice, GroupBy, GroupOrder, Scan, ScanState};
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::others_are_faster::{busy, failing};
use super::restarts::dies_at;
use super::ruling::owned;
use super::{fused, stage};

const MOMENT: SignedDuration = SignedDuration::from_nanos(1);
/// How long somebody who works on it may be silent.
const HOLD: SignedDuration = SignedDuration::from_secs(60);

async fn ask(stage: &Stage) -> Result<Scan, Error> {
    scan::start(&stage.ports, &stage.user, &owned(stage).await).await
}

async fn told(stage: &Stage) -> Scan {
    let (by, order) = (GroupBy::Sender, GroupOrder::Mails);
    let told = scan::senders(&stage.ports, &owned(stage).await, by, order, 50).await;
    told.unwrap().scan.unwrap()
}

fn message(stage: &Stage) -> Message {
    Message::Scan {
        owner: stage.user.clone(),
        account: stage.account.clone(),
    }
}

/// Lets somebody work on it for this long.
async fn worked(stage: &Stage, time: SignedDuration) -> Result<(), Error> {
    let deadline = stage.clock.now() + time;
    work::handle(&stage.ports, &message(stage), deadline).await
}

async fn row(stage: &Stage) -> Row {
    let row = stage.table.get(&names::scan(&stage.account)).await;
    row.unwrap().unwrap()
}

/// What is told to who asks while that cannot be written.
async fn asked_while_writes_fail(
    stage: &Stage,
    failure: fn() -> TableError,
) -> Result<Scan, Error> {
    let (ports, _) = failing(stage, &names::scan(&stage.account).sort, 1, failure);
    scan::start(&ports, &stage.user, &owned(stage).await).await
}

#[test]
fn what_cannot_be_stored_is_not_asked_for_and_who_was_faster_asks_for_both() {
    block_on(async {
        let stage = stage(3).await;
        let refused = asked_while_writes_fail(&stage, busy).await;
        assert!(refused.is_err_and(|error| error.is_passing()));
        let asked = asked_while_writes_fail(&stage, || TableError::Conflict).await;
        assert_eq!(asked.unwrap().state, ScanState::Running);
        assert_eq!(stage.queue.pending(), 0);
        let asked = ask(&stage).await.unwrap();
        let at = stage.clock.now();
        let running = Scan {
            state: ScanState::Running,
            scanned: 0,
            total: None,
            at,
            problem: None,
        };
        assert_eq!((&asked, &told(&stage).await), (&running, &running));
        assert_eq!(stage.queue.pending(), 1);
        let kept = SignedDuration::from_hours(24 * 60);
        assert_eq!(row(&stage).await.expires, Some(at + kept));
    });
}

#[test]
fn asked_again_within_a_minute_nobody_else_is_asked_for() {
    block_on(async {
        let stage = stage(3).await;
        let began = stage.clock.now();
        ask(&stage).await.unwrap();
        for (after, sent) in [(SignedDuration::ZERO, 1), (HOLD - MOMENT, 1), (HOLD, 2)] {
            stage.clock.set(began + after);
            ask(&stage).await.unwrap();
            assert_eq!(stage.queue.sent(), sent, "after {after}");
        }
    });
}

/// One that began to read headers, and died. When that was.
async fn dead() -> (Stage, Timestamp) {
    let (stage, fuse) = fused(40).await;
    ask(&stage).await.unwrap();
    stage.queue.clear();
    // What it says at first is stored then, and nothing of what it read.
    dies_at(&fuse, 2, worked(&stage, SignedDuration::from_secs(30))).await;
    let died = stage.clock.now();
    (stage, died)
}

#[test]
fn a_second_message_waits_for_who_works_on_it_and_goes_on_when_they_are_silent_for_a_minute() {
    for (after, goes_on) in [
        (SignedDuration::ZERO, false),
        (HOLD - MOMENT, false),
        (HOLD, true),
    ] {
        block_on(async {
            let (stage, died) = dead().await;
            let calls = stage.mailbox.calls();
            stage.clock.set(died + after);
            worked(&stage, SignedDuration::from_secs(30)).await.unwrap();
            assert_eq!(stage.mailbox.calls() > calls, goes_on, "after {after}");
            let (state, next) = match goes_on {
                true => (ScanState::Done, None),
                false => (ScanState::Running, Some(died + HOLD)),
            };
            assert_eq!(told(&stage).await.state, state, "after {after}");
            assert_eq!(stage.queue.next_at(), next, "after {after}");
        });
    }
}

#[test]
fn asked_again_while_somebody_may_work_on_it_it_is_left_to_them() {
    block_on(async {
        let (stage, died) = dead().await;
        for (after, pending) in [(HOLD - MOMENT, 0), (HOLD, 1)] {
            stage.clock.set(died + after);
            ask(&stage).await.unwrap();
            assert_eq!(stage.queue.pending(), pending, "after {after}");
        }
    });
}

/// Lets each page of headers take so long, and hands the same message to somebody else while the fourth is read.
struct Second {
    clock: Arc<ManualClock>,
    takes: Duration,
    pages: AtomicU32,
    other: Mutex<Option<(Ports, Message)>>,
}

#[async_trait]
impl Interceptor for Second {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        if moment == Moment::BeforeEffect && matches!(call, Call::Ask("headers")) {
            self.clock.advance(self.takes);
            if self.pages.fetch_add(1, Ordering::SeqCst) + 1 == 4 {
                let other = self.other.lock().unwrap().take();
                if let Some((ports, message)) = other {
                    let handled = work::handle(&ports, &message, Timestamp::MAX).await;
                    handled.unwrap();
                }
            }
        }
        Ok(())
    }
}

/// Reads forty mails, seven at a time, each page taking so long. How many read pages then, and how often it was told
/// how far it is, the beginning and the end not counted.
async fn read_slowly(takes: Duration, is_second: bool) -> (u32, u64) {
    let mut stage = stage(40).await;
    ask(&stage).await.unwrap();
    stage.queue.clear();
    let plain = stage.ports.clone();
    let second = Arc::new(Second {
        clock: stage.clock.clone(),
        takes,
        pages: AtomicU32::new(0),
        other: Mutex::new(None),
    });
    let by = second.clone() as Arc<dyn Interceptor>;
    stage.ports.connectors = intercept::connectors(plain.connectors.clone(), &by);
    if is_second {
        *second.other.lock().unwrap() = Some((stage.ports.clone(), message(&stage)));
    }
    let before = row(&stage).await.version;
    worked(&stage, SignedDuration::from_hours(1)).await.unwrap();
    let scan = told(&stage).await;
    assert_eq!((scan.state, scan.scanned), (ScanState::Done, 40));
    let told = row(&stage).await.version - before - 2;
    (second.pages.load(Ordering::SeqCst), told)
}

#[test]
fn a_second_delivery_during_a_long_look_at_the_provider_leaves_it_to_who_began() {
    block_on(async {
        // A hundred seconds into it, which is longer than anybody may be silent.
        let (pages, told) = read_slowly(Duration::from_secs(25), true).await;
        assert_eq!((pages, told), (6, 5));
    });
}

#[test]
fn how_far_it_is_is_told_every_four_tenths_of_a_second() {
    block_on(async {
        for (millis, times) in [(79, 0), (80, 1), (199, 1), (200, 2), (399, 2), (400, 5)] {
            let (pages, told) = read_slowly(Duration::from_millis(millis), false).await;
            assert_eq!((pages, told), (6, times), "{millis} ms for a page");
        }
    });
}

#[test]
fn a_page_is_begun_as_long_as_there_is_time_to_store_what_was_read() {
    block_on(async {
        for (time, scanned) in [
            (SignedDuration::ZERO, 7),
            (SignedDuration::from_secs(5), 7),
            (SignedDuration::from_secs(5) + MOMENT, 40),
        ] {
            let stage = stage(40).await;
            ask(&stage).await.unwrap();
            stage.queue.clear();
            worked(&stage, time).await.unwrap();
            assert_eq!(told(&stage).await.scanned, scanned, "{time} left");
            // Whoever goes on does so at once, and is kept from it by nobody.
            let next = (scanned < 40).then(|| stage.clock.now());
            assert_eq!(stage.queue.next_at(), next, "{time} left");
            stage.run().await.unwrap();
            assert_eq!(told(&stage).await.state, ScanState::Done);
        }
    });
}

#[test]
fn a_sender_is_weighed_as_long_as_two_seconds_are_left() {
    block_on(async {
        for (time, weighed, state) in [
            (SignedDuration::from_secs(2), 1, ScanState::Running),
            (SignedDuration::from_secs(2) + MOMENT, 3, ScanState::Done),
        ] {
            let stage = stage(60).await;
            let account = owned(&stage).await;
            advice::start(&stage.ports, &stage.user, &account)
                .await
                .unwrap();
            worked(&stage, SignedDuration::from_hours(1)).await.unwrap();
            stage.queue.clear();
            let message = Message::Advise {
                owner: stage.user.clone(),
                account: stage.account.clone(),
            };
            let deadline = stage.clock.now() + time;
            work::handle(&stage.ports, &message, deadline)
                .await
                .unwrap();
            let told = advice::suggestions(&stage.ports, &account).await.unwrap();
            let advice = Advice {
                state,
                weighed,
                sources: Some(3),
                at: stage.clock.now(),
                problem: None,
            };
            assert_eq!(told.advice, Some(advice), "{time} left");
        }
    });
}

#[test]
fn a_provider_that_is_away_is_asked_five_times_more_and_then_it_is_given_up() {
    block_on(async {
        let mut stage = stage(3).await;
        let opened = Arc::new(AtomicU32::new(0));
        let counter = opened.clone();
        let by = intercept::by(move |moment, call| match (moment, call) {
            (Moment::BeforeEffect, Call::Open) => {
                counter.fetch_add(1, Ordering::SeqCst);
                let away = CallError::Unavailable("nobody is there".to_owned());
                Err(Failure::Call(away))
            }
            _ => Ok(()),
        });
        stage.ports.connectors = intercept::connectors(stage.ports.connectors.clone(), &by);
        ask(&stage).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(opened.load(Ordering::SeqCst), 6);
        let scan = told(&stage).await;
        assert_eq!(scan.state, ScanState::Failed);
        let problem = scan.problem.unwrap();
        assert!(problem.contains("nobody is there"), "{problem}");
    });
}

#[test]
fn what_broke_down_too_often_says_so_and_what_is_done_stays_done() {
    block_on(async {
        let stage = stage(3).await;
        let is_given_up = async |stage: &Stage| {
            let given_up = work::dead_letter(&stage.ports, &message(stage)).await;
            given_up.unwrap()
        };
        assert!(!is_given_up(&stage).await, "nobody has asked for it");
        ask(&stage).await.unwrap();
        stage.run().await.unwrap();
        assert!(!is_given_up(&stage).await, "it is done");
        assert_eq!(told(&stage).await.state, ScanState::Done);
        let (stage, died) = dead().await;
        assert!(is_given_up(&stage).await);
        let failed = Scan {
            state: ScanState::Failed,
            scanned: 0,
            total: None,
            at: died,
            problem: Some("Reading the headers broke down again and again.".to_owned()),
        };
        assert_eq!(told(&stage).await, failed);
        // Nobody works on it, so it can be asked for again at once.
        ask(&stage).await.unwrap();
        assert_eq!(stage.queue.pending(), 1);
    });
}
