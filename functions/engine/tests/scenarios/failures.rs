//! Items that need nothing, or fail: tried again, left to a child job, or too many.

use std::collections::BTreeSet;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, leaving, preview};
use bulkhead_engine::kinds::mail::SEEN;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::limits;
use bulkhead_shared::operations::{MarkRead, Move, Operation, Trash};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use futures::executor::block_on;

use super::{options, stage};

#[test]
fn invariant_1_counts_add_up_after_every_message() {
    block_on(async {
        let stage = stage(30).await;
        stage.mailbox.trouble(|trouble| {
            trouble.refuse = BTreeSet::from([2, 9]);
            trouble.flaky.insert(5, 1);
            trouble.lose_answers = 1;
        });
        let id = stage.archiving(options()).await.unwrap();
        let mut ended = 0;
        loop {
            let more = stage.step().await.unwrap();
            let job = stage.job(&id).await.unwrap();
            assert!(job.counts.ended() >= ended);
            ended = job.counts.ended();
            match (more, stage.queue.next_at()) {
                (true, _) => {}
                (false, Some(at)) => stage.clock.set(at),
                (false, None) => break,
            }
        }
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.failed), (28, 2));
        assert_eq!(job.chunks.done, job.chunks.total);
    });
}

#[test]
fn what_is_already_so_is_skipped_and_nothing_is_sent_for_it() {
    block_on(async {
        let stage = stage(8).await;
        stage.mailbox.act(3, |place| {
            place.flags.insert(SEEN.into());
        });
        let job = stage
            .complete(Operation::MarkRead(MarkRead {}), Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!((job.counts.succeeded, job.counts.skipped), (7, 1));
        assert_eq!(job.reasons[0].reason, ItemReason::AlreadyDone);
        let again = stage
            .complete(Operation::MarkRead(MarkRead {}), Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!((again.state, again.counts.skipped), (State::Completed, 8));
        assert!(
            again.undo_until.is_none(),
            "nothing was changed, so nothing can be undone"
        );
    });
}

#[test]
fn passing_failures_are_retried_and_lasting_ones_get_a_child_job() {
    block_on(async {
        let stage = stage(10).await;
        stage.mailbox.trouble(|trouble| {
            trouble.flaky.insert(2, 2);
            trouble.flaky.insert(3, 9);
        });
        let job = stage.archived(options()).await.unwrap();
        assert_eq!(
            (job.state, job.counts.succeeded, job.counts.failed),
            (State::Completed, 9, 1)
        );
        assert_eq!(job.reasons[0].reason, ItemReason::Unavailable);
        stage.mailbox.trouble(|trouble| trouble.flaky.clear());
        let child = children::retry(&stage.ports, &stage.user, &job.id, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(
            children::retry(&stage.ports, &stage.user, &job.id, limits::OPEN_JOBS)
                .await
                .unwrap(),
            child,
            "one open retry at a time"
        );
        stage.confirm(&child).await.unwrap();
        stage.run().await.unwrap();
        let retried = stage.job(&child).await.unwrap();
        assert_eq!((retried.total, retried.counts.succeeded), (1, 1));
        assert_eq!(retried.parent.as_ref(), Some(&job.id));
        assert_eq!(stage.job(&job.id).await.unwrap().children, [child]);
    });
}

#[test]
fn retrying_by_itself_can_be_turned_off() {
    block_on(async {
        let stage = stage(4).await;
        stage.mailbox.trouble(|trouble| {
            trouble.flaky.insert(1, 1);
        });
        let once = JobOptions {
            retry_failed: Some(false),
            ..options()
        };
        let job = stage.archived(once).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.failed), (3, 1));
    });
}

#[test]
fn the_brake_stops_mass_failure_and_names_itself() {
    block_on(async {
        let stage = stage(60).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = (1..=60).collect());
        let brake = Some(Brake {
            after: 8,
            ..Brake::default()
        });
        let job = stage
            .archived(JobOptions { brake, ..options() })
            .await
            .unwrap();
        assert_eq!(
            (job.state, job.reason),
            (State::Failed, Some(StateReason::Brake))
        );
        assert!(
            job.counts.failed >= 8 && job.counts.failed <= 16,
            "{:?}",
            job.counts
        );
        assert_eq!(job.counts.failed + job.counts.cancelled, 60);
        let left = job.reasons.iter().map(|one| one.reason);
        assert_eq!(
            left.collect::<Vec<_>>(),
            [ItemReason::Braked, ItemReason::Refused]
        );
        let off = JobOptions {
            brake: Some(Brake {
                enabled: false,
                ..Brake::default()
            }),
            ..options()
        };
        let all = stage.archived(off).await.unwrap();
        assert_eq!(
            (all.counts.failed, all.reason),
            (60, Some(StateReason::NothingSucceeded))
        );
    });
}

#[test]
fn stop_on_error_stops_at_the_first() {
    block_on(async {
        let stage = stage(40).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = BTreeSet::from([1]));
        let careful = JobOptions {
            stop_on_error: Some(true),
            parallel_chunks: Some(1),
            ..options()
        };
        let job = stage.archived(careful).await.unwrap();
        assert_eq!(
            (job.state, job.reason),
            (State::Failed, Some(StateReason::StopOnError))
        );
        assert_eq!((job.counts.failed, job.counts.cancelled), (1, 36));
        let left = job.reasons.iter().find(|one| one.count == 36).unwrap();
        assert_eq!(left.reason, ItemReason::StoppedOnError);
        assert!(job.undo_until.is_some(), "what was done can be undone");
    });
}

#[test]
fn stop_on_error_stops_for_what_fails_when_an_attempt_ends_too() {
    block_on(async {
        let stage = stage(8).await;
        stage.mailbox.trouble(|trouble| trouble.break_off = 1);
        // So long that it is known what became of the first chunk before the second one begins.
        let careful = JobOptions {
            parallel_chunks: Some(1),
            stop_on_error: Some(true),
            max_retries: Some(0),
            delay_between_batches: Some(60.0),
            ..options()
        };
        let job = stage.archived(careful).await.unwrap();
        assert_eq!(job.counts.succeeded, 0, "{job:?}");
        assert_eq!((job.counts.failed, job.counts.cancelled), (4, 4));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

#[test]
fn a_folder_that_is_gone_is_made_by_the_retry() {
    block_on(async {
        let stage = stage(4).await;
        let into = Operation::Move(Move::into_folder("Work"));
        let id = stage.draft(into, Stage::inbox(), options()).await.unwrap();
        stage.confirm(&id).await.unwrap();
        stage
            .mailbox
            .trouble(|trouble| trouble.gone = Some("Work".to_owned()));
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.reasons[0].reason, ItemReason::NoSuchFolder);
        let (ports, user, most) = (&stage.ports, &stage.user, limits::OPEN_JOBS);
        let plain = children::retry(ports, user, &id, most).await.unwrap();
        stage.run().await.unwrap();
        let child = children::retry_making_folder(ports, user, &id, most).await;
        let child = child.unwrap();
        assert_ne!(
            child, plain,
            "what was confirmed for one is not confirmed for the other"
        );
        let again = children::retry_making_folder(ports, user, &id, most).await;
        assert_eq!(again.unwrap(), child);
        stage.run().await.unwrap();
        stage.confirm(&child).await.unwrap();
        let retried = stage.run_to_end(&child).await;
        assert_eq!(retried.counts.succeeded, 4);
        // A job that names no folder has none to make.
        stage
            .mailbox
            .trouble(|trouble| trouble.gone = Some("Trash".to_owned()));
        let trash = Operation::Trash(Trash {});
        let all = stage.these(1..=4);
        let failed = stage.complete(trash, all, options()).await.unwrap();
        assert_eq!(failed.counts.failed, 4);
        let refused = children::retry_making_folder(ports, user, &failed.id, most).await;
        assert!(matches!(refused, Err(Error::NotPossible(_))));
    });
}

#[test]
fn what_is_left_as_it_is_is_tried_again_by_nobody() {
    block_on(async {
        let stage = stage(12).await;
        stage.mailbox.trouble(|trouble| {
            trouble.refuse = BTreeSet::from([2, 9]);
            trouble.flaky.insert(5, 9);
        });
        let job = stage.archived(options()).await.unwrap();
        assert_eq!(job.counts.failed, 3);
        let (ports, user, most) = (&stage.ports, &stage.user, limits::OPEN_JOBS);
        let leave = |reason| leaving::leave(ports, user, &job.id, Outcome::Failed, reason);
        for _ in 0..2 {
            leave(ItemReason::Refused).await.unwrap();
        }
        let refused = leave(ItemReason::TooLarge).await;
        assert!(matches!(refused, Err(Error::NotPossible(_))));
        let told = stage.job(&job.id).await.unwrap();
        assert_eq!((told.counts, &told.reasons), (job.counts, &job.reasons));
        assert_eq!(told.left_as_is.len(), 1);
        assert_eq!(told.left_as_is[0].count, 2);
        stage
            .mailbox
            .trouble(|trouble| *trouble = Default::default());
        let child = children::retry(ports, user, &job.id, most).await.unwrap();
        stage.run().await.unwrap();
        stage.confirm(&child).await.unwrap();
        let retried = stage.run_to_end(&child).await;
        assert_eq!((retried.total, retried.counts.succeeded), (1, 1));
        // Nothing of it is told as unreadable: it was left, and is no part of the retry.
        let shown = preview::preview(ports, user, &child).await.unwrap();
        assert!(!shown.risk.reasons.iter().any(|it| it.contains("left out")));
        leave(ItemReason::Unavailable).await.unwrap();
        let none = children::retry(ports, user, &job.id, most).await;
        assert!(matches!(none, Err(Error::NotPossible(_))));
    });
}
