//! How often a provider is asked that breaks off or does not tell, before that is the end of it.

use std::sync::atomic::{AtomicU32, Ordering};

use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::ReasonCount;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use futures::executor::block_on;

use super::in_hand::counting;
use super::restarts::dies_at;
use super::{options, stage};

#[test]
fn a_provider_that_breaks_off_again_and_again_is_given_up_after_three_calls() {
    block_on(async {
        let mut stage = stage(4).await;
        // Every change breaks off, and looking finds that nothing was done.
        stage
            .mailbox
            .trouble(|trouble| trouble.break_off = u32::MAX);
        let hasty = JobOptions {
            max_retries: Some(0),
            batch_size: Some(1),
            parallel_chunks: Some(1),
            ..options()
        };
        let id = stage.archiving(hasty).await.unwrap();
        let changes = counting(&mut stage, |call| matches!(call, Call::Change(_)));
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.failed), (State::Failed, 4));
        assert_eq!(job.reasons[0].reason, ItemReason::Unavailable);
        assert_eq!(changes.load(Ordering::SeqCst), 3);
    });
}

#[test]
fn what_was_never_answered_is_looked_for_fourteen_times_where_nobody_can_be_reached() {
    block_on(async {
        let mut stage = stage(4).await;
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        let id = stage.archiving(options()).await.unwrap();
        stage.step().await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        let opened = counting(&mut stage, |call| matches!(call, Call::Open));
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.uncertain, 4);
        assert_eq!(opened.load(Ordering::SeqCst), 14);
    });
}

#[test]
fn what_looking_does_not_tell_is_looked_for_five_times_and_no_more() {
    for refused in [false, true] {
        block_on(async {
            let mut stage = stage(4).await;
            let looks = counting(&mut stage, |call| matches!(call, Call::Reconcile(_)));
            let by = intercept::by(move |moment, call| {
                let look = moment == Moment::BeforeEffect && matches!(call, Call::Reconcile(_));
                match look && refused {
                    true => Err(Failure::Refused),
                    false => Ok(()),
                }
            });
            stage.ports = intercept::ports(&stage.ports, &by);
            // Of those the innermost sees what gets through; this one counts what was asked.
            let asked = counting(&mut stage, |call| matches!(call, Call::Reconcile(_)));
            stage
                .mailbox
                .trouble(|trouble| (trouble.lose_answers, trouble.blind) = (1, true));
            let job = stage.archived(options()).await.unwrap();
            assert_eq!((job.counts.succeeded, job.counts.uncertain), (0, 4));
            assert_eq!(asked.load(Ordering::SeqCst), 5);
            let through = if refused { 0 } else { 5 };
            assert_eq!(looks.load(Ordering::SeqCst), through);
        });
    }
}

#[test]
fn what_the_fifth_look_tells_counts() {
    block_on(async {
        let mut stage = stage(4).await;
        let (looks, mailbox) = (AtomicU32::new(0), stage.mailbox.clone());
        let by = intercept::by(move |moment, call| {
            let look = moment == Moment::BeforeEffect && matches!(call, Call::Reconcile(_));
            if look && looks.fetch_add(1, Ordering::SeqCst) == 4 {
                mailbox.trouble(|trouble| trouble.blind = false);
            }
            Ok(())
        });
        stage.ports = intercept::ports(&stage.ports, &by);
        stage
            .mailbox
            .trouble(|trouble| (trouble.lose_answers, trouble.blind) = (1, true));
        let job = stage.archived(options()).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.uncertain), (4, 0));
    });
}

#[test]
fn what_somebody_died_with_is_looked_for_in_one_go() {
    block_on(async {
        let fuse = Fuse::new();
        let mailbox = MemoryMailbox::new(20).in_chunks_of(20);
        let stage = Stage::with_fuse(mailbox, Some(fuse.clone())).await;
        let mut stage = stage.unwrap();
        let one_lane = JobOptions {
            parallel_chunks: Some(1),
            ..options()
        };
        let id = stage.archiving(one_lane).await.unwrap();
        // Right after what all of the items were is stored. A call takes four of them.
        dies_at(&fuse, 6, stage.step()).await;
        stage.sweep().await.unwrap();
        let looks = counting(&mut stage, |call| matches!(call, Call::Reconcile(_)));
        stage.step().await.unwrap();
        assert!(looks.load(Ordering::SeqCst) >= 5);
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 20);
    });
}

#[test]
fn a_call_that_broke_off_at_once_makes_the_next_ones_no_smaller() {
    block_on(async {
        let mailbox = MemoryMailbox::new(40)
            .in_chunks_of(40)
            .with(|abilities| abilities.call_items = 40);
        let mut stage = Stage::new(mailbox).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.break_off = 1);
        let large = JobOptions {
            batch_size: Some(40),
            parallel_chunks: Some(1),
            brake: Some(Brake {
                enabled: false,
                ..Brake::default()
            }),
            ..options()
        };
        let whole = counting(&mut stage, |call| matches!(call, Call::Change(40)));
        let all = counting(&mut stage, |call| matches!(call, Call::Change(_)));
        let states = counting(&mut stage, |call| matches!(call, Call::Ask("states")));
        let job = stage.archived(large).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 40));
        let calls = (whole.load(Ordering::SeqCst), all.load(Ordering::SeqCst));
        assert_eq!(calls, (2, 2));
        // Looking what became of them told what they are now.
        assert_eq!(states.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_job_that_stops_at_the_first_error_and_meets_none_does_everything() {
    block_on(async {
        let careful = JobOptions {
            stop_on_error: Some(true),
            ..options()
        };
        let job = stage(20).await.archived(careful).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 20));
        assert_eq!(job.chunks.done, job.chunks.total);
    });
}

#[test]
fn nothing_more_is_done_while_nobody_can_look_what_became_of_the_last_call() {
    block_on(async {
        let mailbox = MemoryMailbox::new(8).in_chunks_of(8);
        let mut stage = Stage::new(mailbox).await.unwrap();
        // With a pause, so that the other half was not even prepared.
        let apart = JobOptions {
            batch_size: Some(4),
            parallel_chunks: Some(1),
            delay_between_batches: Some(1.0),
            ..options()
        };
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        let id = stage.archiving(apart).await.unwrap();
        stage.step().await.unwrap();
        let changes = counting(&mut stage, |call| matches!(call, Call::Change(_)));
        let whole = stage.ports.clone();
        let by = intercept::by(|_, call| match call {
            Call::Reconcile(_) => Err(Failure::Unavailable),
            _ => Ok(()),
        });
        stage.ports = intercept::ports(&stage.ports, &by);
        let at = stage.queue.next_at().unwrap();
        stage.clock.set(at);
        stage.step().await.unwrap();
        assert_eq!(changes.load(Ordering::SeqCst), 0);
        stage.ports = whole;
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 8);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

#[test]
fn what_somebody_else_changes_each_time_fails_because_of_that() {
    block_on(async {
        let mut stage = stage(4).await;
        let mailbox = stage.mailbox.clone();
        let by = intercept::by(move |moment, call| {
            if moment == Moment::BeforeEffect && matches!(call, Call::Change(_)) {
                mailbox.act(2, |place| {
                    place.flags.insert("theirs".into());
                });
            }
            Ok(())
        });
        stage.ports = intercept::ports(&stage.ports, &by);
        let job = stage.archived(options()).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.failed), (3, 1));
        let contended = ReasonCount {
            outcome: Outcome::Failed,
            reason: ItemReason::Contended,
            count: 1,
        };
        assert_eq!(job.reasons, [contended]);
    });
}

#[test]
fn the_brake_counts_what_is_uncertain_among_what_was_tried() {
    block_on(async {
        let stage = stage(40).await;
        stage.mailbox.trouble(|trouble| {
            (trouble.lose_answers, trouble.blind) = (1, true);
            trouble.refuse = (5..=40).collect();
        });
        let brake = JobOptions {
            brake: Some(Brake {
                after: 8,
                percent: 25,
                ..Brake::default()
            }),
            parallel_chunks: Some(1),
            // So long that nobody looks for the first chunk any more before the second one begins.
            delay_between_batches: Some(60.0),
            ..options()
        };
        let job = stage.archived(brake).await.unwrap();
        let why = Some(StateReason::Brake);
        assert_eq!((job.state, job.reason), (State::Failed, why));
        // Four of the first chunk, of which nobody knows, and four that failed.
        assert_eq!((job.counts.uncertain, job.counts.failed), (4, 4));
    });
}
