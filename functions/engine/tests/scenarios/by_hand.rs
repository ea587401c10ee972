//! What a person says to a job at an odd moment: to one that waits, that is stopped, that another request
//! changes at the same time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, control};
use bulkhead_engine::ports::{CallError, Clock, Ports};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::Confirm;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Operation};
use futures::executor::block_on;
use jiff::SignedDuration;

use super::{options, stage};

/// These ports, where something happens once, before the first call of which `at` says so.
pub(super) fn meanwhile(
    stage: &Stage,
    at: impl Fn(&Call<'_>) -> bool + Send + Sync + 'static,
    happens: impl Fn(&Ports) + Send + Sync + 'static,
) -> Ports {
    let (others, happened) = (stage.ports.clone(), AtomicBool::new(false));
    let by = intercept::by(move |moment, call| {
        let now = moment == Moment::BeforeEffect && at(call);
        if now && !happened.swap(true, Ordering::SeqCst) {
            // On a thread of its own, as another process would.
            thread::scope(|scope| {
                scope.spawn(|| happens(&others));
            });
        }
        Ok(())
    });
    intercept::ports(&stage.ports, &by)
}

pub(super) fn writes_a_job(call: &Call<'_>) -> bool {
    call.writes().contains(&"JOB")
}

async fn drafted(stage: &Stage) -> JobId {
    let archive = Operation::Archive(Archive {});
    stage
        .draft(archive, Stage::inbox(), options())
        .await
        .unwrap()
}

async fn yes_to(stage: &Stage, id: &JobId) -> Confirm {
    Confirm {
        manifest_hash: stage.job(id).await.unwrap().manifest_hash.unwrap(),
        drift_hash: None,
    }
}

#[test]
fn a_job_that_waits_for_its_provider_can_be_held_beyond_that() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage.archiving(options()).await.unwrap();
        let until = stage.ports.clock.now() + SignedDuration::from_secs(120);
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        stage.step().await.unwrap();
        control::pause(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        stage.clock.advance(Duration::from_secs(120));
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        let held = stage.job(&id).await.unwrap();
        let by_user = Some(StateReason::ByUser);
        assert_eq!((held.state, held.reason), (State::Paused, by_user));
    });
}

#[test]
fn what_was_confirmed_is_cancelled_and_what_was_not_is_discarded() {
    block_on(async {
        let stage = stage(8).await;
        let (ports, user) = (&stage.ports, &stage.user);
        let id = drafted(&stage).await;
        for _ in 0..2 {
            control::discard(ports, user, &id).await.unwrap();
            assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelled);
        }
        let expired = drafted(&stage).await;
        stage.clock.advance(Duration::from_secs(25 * 3_600));
        stage.sweep().await.unwrap();
        assert_eq!(stage.job(&expired).await.unwrap().state, State::Expired);
        control::discard(ports, user, &expired).await.unwrap();
        let id = stage.archiving(options()).await.unwrap();
        let refused = control::discard(ports, user, &id).await;
        assert!(matches!(refused, Err(Error::NotPossible(_))), "{refused:?}");
        control::cancel(ports, user, &id).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelled);
        let refused = control::discard(ports, user, &id).await;
        assert!(matches!(refused, Err(Error::NotPossible(_))), "{refused:?}");
    });
}

#[test]
fn a_thousand_items_are_looked_at_by_the_request_itself_and_one_more_by_a_message() {
    let most = control::CHECKED_INSIDE;
    for (items, inside) in [(most, true), (most + 1, false)] {
        block_on(async {
            let mailbox = MemoryMailbox::new(items).in_chunks_of(1_000);
            let mailbox = mailbox.with(|abilities| abilities.page_items = 5_000);
            let stage = Stage::new(mailbox).await.unwrap();
            let id = drafted(&stage).await;
            stage.mailbox.act(7, |place| place.folder = "Work".into());
            let yes = yes_to(&stage, &id).await;
            let said = control::confirm(&stage.ports, &stage.user, &id, &yes).await;
            assert_eq!(matches!(said, Err(Error::Drifted(_))), inside, "{said:?}");
            let state = stage.job(&id).await.unwrap().state;
            assert_eq!(state == State::Checking, !inside, "{items}: {state:?}");
            stage.run().await.unwrap();
            assert_eq!(stage.job(&id).await.unwrap().state, State::Draft);
        });
    }
}

#[test]
fn a_yes_is_told_why_nobody_could_look() {
    block_on(async {
        let stage = stage(8).await;
        let id = drafted(&stage).await;
        stage.mailbox.act(7, |place| place.folder = "Work".into());
        let yes = yes_to(&stage, &id).await;
        let by = intercept::by(|_, call| match call {
            Call::Ask("matches") => Err(Failure::Call(CallError::SignIn)),
            _ => Ok(()),
        });
        let ports = intercept::ports(&stage.ports, &by);
        let said = control::confirm(&ports, &stage.user, &id, &yes).await;
        let signed_out = matches!(said, Err(Error::Provider(CallError::SignIn)));
        assert!(signed_out, "{said:?}");
        let job = stage.job(&id).await.unwrap();
        let why = Some(StateReason::SignInNeeded);
        assert_eq!((job.state, job.reason), (State::Draft, why));
    });
}

#[test]
fn a_draft_that_is_stopped_while_somebody_says_yes_to_it_stays_stopped() {
    block_on(async {
        // While what changed is looked at: the yes was heard, and whoever stopped it was heard later.
        let stage = stage(8).await;
        let id = drafted(&stage).await;
        stage.mailbox.act(7, |place| place.folder = "Work".into());
        let yes = yes_to(&stage, &id).await;
        let (user, stopped) = (stage.user.clone(), id.clone());
        let ports = meanwhile(
            &stage,
            |call| matches!(call, Call::Ask("matches")),
            move |ports| block_on(control::cancel(ports, &user, &stopped)).unwrap(),
        );
        control::confirm(&ports, &stage.user, &id, &yes)
            .await
            .unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelled);
        // Before the yes is stored: then it was not heard, and the person is told.
        let id = drafted(&stage).await;
        let yes = yes_to(&stage, &id).await;
        let (user, stopped) = (stage.user.clone(), id.clone());
        let ports = meanwhile(&stage, writes_a_job, move |ports| {
            block_on(control::cancel(ports, &user, &stopped)).unwrap();
        });
        let said = control::confirm(&ports, &stage.user, &id, &yes).await;
        assert!(matches!(said, Err(Error::NotPossible(_))), "{said:?}");
        assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelled);
    });
}

#[test]
fn a_yes_that_cannot_be_stored_now_can_be_said_again() {
    block_on(async {
        let stage = stage(8).await;
        let id = drafted(&stage).await;
        let yes = yes_to(&stage, &id).await;
        let by = intercept::by(|_, call| match writes_a_job(call) {
            true => Err(Failure::Unavailable),
            false => Ok(()),
        });
        let ports = intercept::ports(&stage.ports, &by);
        let said = control::confirm(&ports, &stage.user, &id, &yes).await;
        assert!(said.is_err_and(|error| error.is_passing()));
        assert_eq!(stage.job(&id).await.unwrap().state, State::Draft);
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 8);
    });
}

/// A job in which one of eight items failed, so that it can be taken back and tried again.
async fn one_failed() -> (Stage, JobId) {
    let stage = stage(8).await;
    stage
        .mailbox
        .trouble(|trouble| trouble.refuse = [3].into_iter().collect());
    let id = stage.archived(options()).await.unwrap().id;
    (stage, id)
}

#[test]
fn the_open_draft_of_a_child_is_the_one_that_is_asked_for_and_no_other() {
    block_on(async {
        let (stage, id) = one_failed().await;
        let (ports, user) = (&stage.ports, &stage.user);
        let retry = || children::retry(ports, user, &id, limits::OPEN_JOBS);
        let first = children::undo(ports, user, &id).await.unwrap();
        let second = retry().await.unwrap();
        assert_ne!(first, second);
        stage.run().await.unwrap();
        // Each is there once, whichever was asked for last.
        assert_eq!(children::undo(ports, user, &id).await.unwrap(), first);
        assert_eq!(retry().await.unwrap(), second);
        // What was discarded is not open, although its time has not passed.
        control::discard(ports, user, &first).await.unwrap();
        let third = children::undo(ports, user, &id).await.unwrap();
        assert_ne!(third, first);
        stage.run().await.unwrap();
        // Nor is a draft whose time has passed, although no sweep has looked at it.
        let made = stage.clock.now();
        stage
            .clock
            .set(made + SignedDuration::from_hours(limits::DRAFT_HOURS));
        assert_ne!(children::undo(ports, user, &id).await.unwrap(), third);
    });
}

#[test]
fn two_requests_at_once_for_a_child_have_the_same_one() {
    block_on(async {
        let (stage, id) = one_failed().await;
        let (user, parent) = (stage.user.clone(), id.clone());
        let ports = meanwhile(&stage, writes_a_job, move |ports| {
            block_on(children::undo(ports, &user, &parent)).unwrap();
        });
        let slower = children::undo(&ports, &stage.user, &id).await.unwrap();
        let faster = children::undo(&stage.ports, &stage.user, &id).await;
        assert_eq!(slower, faster.unwrap());
        assert_eq!(stage.job(&id).await.unwrap().children.len(), 1);
    });
}

#[test]
fn a_child_that_cannot_be_stored_now_is_not_there() {
    block_on(async {
        let (stage, id) = one_failed().await;
        let failed = AtomicBool::new(false);
        let by = intercept::by(move |moment, call| {
            let now = moment == Moment::BeforeEffect && writes_a_job(call);
            match now && !failed.swap(true, Ordering::SeqCst) {
                true => Err(Failure::Unavailable),
                false => Ok(()),
            }
        });
        let ports = intercept::ports(&stage.ports, &by);
        let undo = children::undo(&ports, &stage.user, &id).await;
        assert!(undo.is_err_and(|error| error.is_passing()));
        assert_eq!(stage.job(&id).await.unwrap().children, []);
    });
}
