//! Answers that never came and workers that slept: what was done is looked up and never repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bulkhead_engine::jobs::{control, results};
use bulkhead_engine::ports::CallError;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::stage::{Stage, changing_operations};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::Operation;
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::Outcome;
use futures::executor::block_on;

use super::{fused, options, stage};

#[test]
fn invariant_3_a_lost_answer_is_looked_up_and_not_repeated() {
    block_on(async {
        for (lose, half, broken) in [(2, 0, 0), (0, 2, 0), (0, 0, 2), (1, 1, 1)] {
            let stage = stage(20).await;
            let before = stage.mailbox.places();
            stage.mailbox.trouble(|trouble| {
                (trouble.lose_answers, trouble.half_way, trouble.break_off) = (lose, half, broken);
            });
            let patient = JobOptions {
                max_retries: Some(5),
                ..options()
            };
            let job = stage.archived(patient).await.unwrap();
            assert_eq!(
                (job.state, job.counts.succeeded),
                (State::Completed, 20),
                "{lose} {half} {broken}"
            );
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
            assert_eq!(stage.undo(&job.id).await.unwrap().counts.succeeded, 20);
            assert_eq!(stage.mailbox.places(), before);
        }
    });
}

#[test]
fn invariant_3_calls_that_worked_unheard_are_no_sign_that_the_provider_is_gone() {
    block_on(async {
        let stage = stage(20).await;
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 5);
        let one_attempt = JobOptions {
            batch_size: Some(1),
            max_retries: Some(0),
            ..options()
        };
        let job = stage.archived(one_attempt).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 20));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

#[test]
fn invariant_3_what_looking_does_not_tell_is_uncertain_and_never_repeated() {
    block_on(async {
        let stage = stage(8).await;
        stage
            .mailbox
            .trouble(|trouble| (trouble.lose_answers, trouble.blind) = (1, true));
        let job = stage.archived(options()).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.uncertain), (4, 4));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

/// Lets the provider's answers go wrong as `fails` says.
fn troubled(
    stage: &mut Stage,
    fails: impl Fn(Moment, &Call<'_>) -> Result<(), Failure> + Send + Sync + 'static,
) {
    let connectors = Arc::new(stage.mailbox.clone());
    stage.ports.connectors = intercept::connectors(connectors, &intercept::by(fails));
}

#[test]
fn invariant_3_a_refusal_to_look_ends_nothing() {
    block_on(async {
        let mut stage = stage(4).await;
        let refusals = AtomicU32::new(2);
        troubled(&mut stage, move |moment, call| match (moment, call) {
            (Moment::BeforeEffect, Call::Reconcile(_)) if counts_down(&refusals) => {
                Err(Failure::Refused)
            }
            _ => Ok(()),
        });
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        // What comes after the pause was not even tried when looking is refused.
        let in_pieces = JobOptions {
            batch_size: Some(2),
            delay_between_batches: Some(1.0),
            ..options()
        };
        let job = stage.archived(in_pieces).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.failed), (4, 0), "{job:?}");
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
        assert_eq!(stage.undo(&job.id).await.unwrap().counts.succeeded, 4);
    });
}

#[test]
fn invariant_3_what_may_be_done_never_ends_as_failed_however_often_looking_is_refused() {
    block_on(async {
        let mut stage = stage(4).await;
        troubled(&mut stage, |moment, call| match (moment, call) {
            (Moment::BeforeEffect, Call::Reconcile(_)) => Err(Failure::Refused),
            _ => Ok(()),
        });
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        let job = stage.archived(options()).await.unwrap();
        assert_eq!((job.counts.uncertain, job.counts.failed), (4, 0), "{job:?}");
    });
}

#[test]
fn invariant_8_being_throttled_or_signed_out_while_looking_is_no_look() {
    for failure in [
        || CallError::Throttled { until: None },
        || CallError::SignIn,
    ] {
        block_on(async {
            let mut stage = stage(4).await;
            let times = AtomicU32::new(9);
            troubled(&mut stage, move |moment, call| match (moment, call) {
                (Moment::BeforeEffect, Call::Reconcile(_)) if counts_down(&times) => {
                    Err(Failure::Call(failure()))
                }
                _ => Ok(()),
            });
            stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
            let id = stage.archiving(options()).await.unwrap();
            for _ in 0..10 {
                stage.run().await.unwrap();
                let job = stage.job(&id).await.unwrap();
                if job.reason == Some(StateReason::SignInNeeded) {
                    control::resume(&stage.ports, &stage.user, &id)
                        .await
                        .unwrap();
                }
            }
            let job = stage.job(&id).await.unwrap();
            assert_eq!((job.counts.succeeded, job.counts.uncertain), (4, 0));
        });
    }
}

#[test]
fn invariant_3_looks_count_in_a_row_and_not_over_a_whole_chunk() {
    block_on(async {
        let mut stage = stage(3).await;
        let looks = AtomicU32::new(0);
        troubled(&mut stage, move |moment, call| match (moment, call) {
            (Moment::AfterEffect, Call::Change(_)) => Err(Failure::Unavailable),
            // Of each three looks the third tells.
            (Moment::BeforeEffect, Call::Reconcile(_))
                if looks.fetch_add(1, Ordering::SeqCst) % 3 < 2 =>
            {
                Err(Failure::Unavailable)
            }
            _ => Ok(()),
        });
        let one_by_one = JobOptions {
            batch_size: Some(1),
            max_retries: Some(10),
            ..options()
        };
        let job = stage.archived(one_by_one).await.unwrap();
        assert_eq!(
            (job.counts.succeeded, job.counts.uncertain),
            (3, 0),
            "{job:?}"
        );
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

/// Whether it was above zero.
fn counts_down(number: &AtomicU32) -> bool {
    let less = |number: u32| number.checked_sub(1);
    number
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
        .is_ok()
}

#[test]
fn invariant_3_duplicate_messages_repeat_nothing() {
    block_on(async {
        let stage = stage(40).await;
        stage.queue.duplicate(2);
        let job = stage.archived(options()).await.unwrap();
        assert_eq!(job.counts.succeeded, 40);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

#[test]
fn invariant_3_a_worker_that_slept_past_its_lease_repeats_and_overwrites_nothing() {
    for operation in changing_operations() {
        for (after, moment) in [
            (0, Moment::BeforeEffect),
            (1, Moment::BeforeEffect),
            (0, Moment::AfterEffect),
            (1, Moment::AfterEffect),
        ] {
            block_on(sleeps(&operation, after, moment));
        }
    }
}

/// One worker sleeps at this moment until others have taken over, ended the job and undone it.
async fn sleeps(operation: &Operation, after: u32, moment: Moment) {
    let context = format!("{operation:?}, slept at change {after}, {moment:?}");
    let stage = Arc::new(stage(8).await);
    let before = stage.mailbox.places();
    let id = stage
        .draft(operation.clone(), Stage::inbox(), options())
        .await
        .unwrap();
    stage.confirm(&id).await.unwrap();
    let (others, job) = (stage.clone(), id.clone());
    let meanwhile = move || {
        block_on(async {
            others.clock.advance(Duration::from_secs(120));
            assert_eq!(others.run_to_end(&job).await.counts.succeeded, 8);
            assert_eq!(others.undo(&job).await.unwrap().counts.succeeded, 8);
        });
    };
    stage.mailbox.interrupt(after, moment, move || {
        std::thread::spawn(meanwhile).join().unwrap();
    });
    while stage.step().await.unwrap() {}
    stage.run().await.unwrap();
    assert_eq!(
        stage.job(&id).await.unwrap().counts.succeeded,
        8,
        "{context}"
    );
    assert_eq!(stage.mailbox.places(), before, "{context}");
    assert!(
        stage.mailbox.mails().iter().all(|mail| mail.touched == 2),
        "{context}"
    );
    // What the others stored is not overwritten by what the sleeper believes.
    let succeeded = Some(Outcome::Succeeded);
    let items = results::items(&stage.ports, &stage.user, &id, succeeded, None, 10)
        .await
        .unwrap();
    assert_eq!(items.items.len(), 8, "{context}");
}

/// A process died with a chunk claimed and its items changed.
async fn died_in_flight() -> (Stage, JobId) {
    let (stage, fuse) = fused(16).await;
    let id = stage.archiving(options()).await.unwrap();
    fuse.blow_at(7);
    let _ = stage.step().await;
    fuse.replace();
    assert!(stage.mailbox.mails().iter().any(|mail| mail.touched == 1));
    stage.clock.advance(Duration::from_secs(120));
    (stage, id)
}

#[test]
fn invariant_3_what_was_in_flight_stays_so_while_the_account_cannot_be_opened() {
    block_on(async {
        let (stage, id) = died_in_flight().await;
        let before = stage.mailbox.mails().len();
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        while stage.step().await.unwrap() {}
        stage.mailbox.trouble(|trouble| trouble.unreachable = false);
        stage.run().await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.counts.succeeded, before as u64, "{job:?}");
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
        assert_eq!(stage.undo(&id).await.unwrap().counts.succeeded, 16);
    });
}

#[test]
fn invariant_4_what_was_in_flight_ends_as_uncertain_when_nobody_answers_any_more() {
    block_on(async {
        let (stage, id) = died_in_flight().await;
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        let job = stage.run_to_end(&id).await;
        assert_eq!(
            (job.counts.uncertain, job.counts.failed),
            (4, 12),
            "{job:?}"
        );
    });
}
