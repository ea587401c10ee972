//! Planners that are asked to wait, and trouble of the moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bulkhead_engine::jobs::{control, preview};
use bulkhead_engine::ports::{CallError, Clock, Expect, Fact, Row, Table, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::load_job;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work::{self, Received};
use bulkhead_shared::api::Confirm;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, Operation, OperationName};
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::{MAILS, ask, in_one_go, mailbox, messages, slow};

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
fn invariant_8_a_wait_beyond_all_measure_is_asked_about_again_after_a_day() {
    block_on(async {
        let stage = Stage::new(mailbox(MAILS)).await.unwrap();
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let far: Timestamp = "9000-01-01T00:00:00Z".parse().unwrap();
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, far)));
        let asked_at = stage.clock.now();
        messages(&stage).await;
        let planned_from = async |id| {
            let job = load_job(stage.table.as_ref(), id).await.unwrap();
            let job = job.unwrap().record;
            assert_eq!(job.state, State::Planning);
            job.planning_until.unwrap().duration_since(asked_at)
        };
        assert_eq!(planned_from(&id).await, SignedDuration::from_hours(24));
        // Nor is one that was stored by a clock that was wrong.
        let row = Row {
            key: names::wait(&stage.account),
            version: 1,
            body: format!(r#"{{"until":"{far}"}}"#).into_bytes(),
            expires: None,
            listing: None,
            due: None,
        };
        let put = vec![Write::Put(row, Expect::Anything)];
        stage.table.write(put).await.unwrap();
        let second = ask(&stage, Operation::Archive(Archive {})).await;
        messages(&stage).await;
        assert_eq!(planned_from(&second).await, SignedDuration::from_hours(24));
    });
}

/// A plan whose table fails once, at this call. Says how long it took, and whether there were so many calls.
async fn with_a_busy_table(step: u64) -> (SignedDuration, bool) {
    let mailbox = MemoryMailbox::new(60).in_chunks_of(5);
    let mut stage = Stage::new(mailbox).await.unwrap();
    let id = ask(&stage, Operation::Archive(Archive {})).await;
    let calls = Arc::new(AtomicU64::new(0));
    let counter = calls.clone();
    let by = intercept::by(move |moment, call| {
        let counts = moment == Moment::BeforeEffect && call.is_of_table();
        match counts && counter.fetch_add(1, Ordering::Relaxed) == step {
            true => Err(Failure::Unavailable),
            false => Ok(()),
        }
    });
    stage.ports = intercept::ports(&stage.ports, &by);
    let began = stage.clock.now();
    loop {
        let job = load_job(stage.table.as_ref(), &id).await.unwrap().unwrap();
        if job.record.state != State::Planning {
            assert_eq!(job.record.state, State::Draft, "{step}");
            assert_eq!(job.record.total, 60, "{step}");
            let took = stage.clock.now().duration_since(began);
            return (took, calls.load(Ordering::Relaxed) > step);
        }
        let Some(delivery) = stage.queue.receive() else {
            let at = stage.queue.next_at().expect("somebody goes on");
            stage.clock.set(at.max(stage.clock.now()));
            continue;
        };
        let deadline = stage.clock.now() + SignedDuration::from_secs(50);
        let user = stage.user.as_str();
        match work::receive(&stage.ports, &delivery.message, user, deadline).await {
            Received::Done | Received::PutOff => stage.queue.ack(delivery.receipt),
            Received::Left => {}
        }
    }
}

#[test]
fn invariant_8_wherever_the_table_is_busy_for_a_moment_a_plan_goes_on_within_seconds() {
    block_on(async {
        let mut step = 0;
        loop {
            let (took, met) = with_a_busy_table(step).await;
            assert!(took <= SignedDuration::from_secs(16), "{step}: {took:?}");
            if !met {
                break;
            }
            step += 1;
        }
        assert!(step > 20, "{step}");
    });
}

/// Lets so many pages fail from the third on, as where a folder cannot be opened right now.
fn no_pages_for_now(stage: &mut Stage, fails: u64) -> Arc<AtomicU64> {
    let pages = Arc::new(AtomicU64::new(0));
    let counter = pages.clone();
    let by = intercept::by(move |moment, call| {
        let is_page = moment == Moment::BeforeEffect && matches!(call, Call::Ask("matches"));
        if !is_page {
            return Ok(());
        }
        let page = counter.fetch_add(1, Ordering::Relaxed);
        match (2..2 + fails).contains(&page) {
            true => Err(Failure::Call(CallError::Unavailable("not now".to_owned()))),
            false => Ok(()),
        }
    });
    stage.ports = intercept::ports(&stage.ports, &by);
    pages
}

#[test]
fn what_cannot_be_searched_right_now_is_asked_for_again_and_never_left_out() {
    block_on(async {
        let mailbox = || MemoryMailbox::new(60).in_chunks_of(5);
        let mut stage = Stage::new(mailbox()).await.unwrap();
        no_pages_for_now(&mut stage, 4);
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.total), (State::Draft, 60));
        assert_eq!(job.unsearched, []);
        // What comes never ends with a reason, and as no smaller draft.
        let mut stage = Stage::new(mailbox()).await.unwrap();
        no_pages_for_now(&mut stage, u64::MAX / 2);
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let job = stage.run_to_end(&id).await;
        let why = Some(StateReason::PlanFailed);
        assert_eq!((job.state, job.reason), (State::Failed, why));
    });
}

#[test]
fn what_cannot_be_searched_right_now_has_not_left_when_it_is_confirmed() {
    block_on(async {
        let mailbox = MemoryMailbox::new(60).in_chunks_of(5);
        let mut stage = Stage::new(mailbox).await.unwrap();
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        messages(&stage).await;
        stage.mailbox.act(60, |place| place.folder = "Work".into());
        let manifest_hash = stage.job(&id).await.unwrap().manifest_hash.unwrap();
        no_pages_for_now(&mut stage, 2);
        let yes = Confirm {
            manifest_hash,
            drift_hash: None,
        };
        // Nobody can say now what left, so it is found out later.
        let _ = control::confirm(&stage.ports, &stage.user, &id, &yes).await;
        assert_eq!(stage.job(&id).await.unwrap().state, State::Checking);
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.state, State::Draft, "{job:?}");
        let shown = preview::preview(&stage.ports, &stage.user, &id).await;
        let drift = shown.unwrap().drift.unwrap();
        assert_eq!((drift.left, drift.changed), (1, 0));
    });
}
