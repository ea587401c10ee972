//! What was reported of other job queues (Sidekiq, Celery, Bull, pg-boss, Temporal), tried on this one.

use std::time::Duration;

use bulkhead_engine::jobs::{children, draft};
use bulkhead_engine::ports::{Clock, Fact};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemReason;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::{fused, options, stage};

/// Handles whatever can be received now.
async fn handle_all(stage: &Stage) {
    while stage.step().await.unwrap() {}
}

/// Hours pass, with a sweep each minute and every message twice. Says how many messages there were at the most.
async fn hours_pass(stage: &Stage, until: Timestamp) -> usize {
    let mut most = 0;
    while stage.clock.now() < until - SignedDuration::from_mins(2) {
        stage.sweep().await.unwrap();
        handle_all(stage).await;
        most = most.max(stage.queue.pending());
    }
    most
}

/// Celery and Kombu: what waits longer than the queue hides or delays a message comes again and again, each time as
/// one more copy, and is done once for each in the end.
#[test]
fn what_waits_for_hours_becomes_no_more_messages_and_is_done_once() {
    block_on(async {
        let stage = stage(40).await;
        let until = stage.clock.now() + SignedDuration::from_hours(6);
        let id = stage.archiving(options()).await.unwrap();
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        handle_all(&stage).await;
        let calls = stage.mailbox.calls();
        let most = hours_pass(&stage, until).await;
        // One for each lane, and one of the sweep's.
        let lanes = stage.job(&id).await.unwrap().settings.parallel_chunks as usize;
        assert!(most <= 2 * lanes + 1, "{most}");
        assert_eq!(stage.mailbox.calls(), calls, "nobody asks before the time");
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 40));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

/// The same of a selection that is being frozen.
#[test]
fn a_plan_that_waits_for_hours_becomes_no_more_messages() {
    block_on(async {
        let stage = stage(40).await;
        let until = stage.clock.now() + SignedDuration::from_hours(6);
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        let request = stage.request(Operation::Archive(Archive {}), Stage::inbox(), options());
        let (ports, user) = (&stage.ports, &stage.user);
        let id = draft::create(ports, user, None, request, limits::OPEN_JOBS);
        let id = id.await.unwrap();
        stage.queue.duplicate(1);
        handle_all(&stage).await;
        stage.queue.duplicate(0);
        let most = hours_pass(&stage, until).await;
        assert!(most <= 4, "{most}");
        assert_eq!(stage.run_to_end(&id).await.total, 40);
    });
}

async fn given_up() -> (Stage, JobId) {
    let (stage, fuse) = fused(4).await;
    let id = stage.archiving(options()).await.unwrap();
    for death in 1..=5 {
        fuse.blow_at(if death == 1 { 4 } else { 2 });
        let _ = stage.step().await;
        fuse.replace();
        stage.queue.clear();
        stage.sweep().await.unwrap();
    }
    let job = stage.run_to_end(&id).await;
    assert_eq!(job.reasons[0].reason, ItemReason::Internal);
    (stage, id)
}

/// BullMQ: what stalled too often and is tried again by hand is at once taken for stalled too often.
#[test]
fn what_was_given_up_is_tried_again_with_a_clean_slate() {
    block_on(async {
        let (stage, id) = given_up().await;
        let (ports, user) = (&stage.ports, &stage.user);
        let retry = children::retry(ports, user, &id, limits::OPEN_JOBS).await;
        let retry = retry.unwrap();
        stage.run().await.unwrap();
        stage.confirm(&retry).await.unwrap();
        let retry = stage.run_to_end(&retry).await;
        assert_eq!((retry.state, retry.counts.succeeded), (State::Completed, 4));
    });
}

/// Bull: one that stalls takes all others with it.
#[test]
fn what_kills_its_workers_holds_up_no_other_job() {
    block_on(async {
        let (stage, fuse) = fused(8).await;
        let read = Operation::MarkRead(MarkRead {});
        let other = stage.draft(read, stage.these([7, 8]), options()).await;
        let other = other.unwrap();
        let deadly = stage.archiving(options()).await.unwrap();
        fuse.blow_at(4);
        let _ = stage.step().await;
        assert!(fuse.is_blown());
        fuse.replace();
        // Its lease is held by a worker that is gone.
        stage.confirm(&other).await.unwrap();
        while stage.step().await.unwrap() {}
        assert_eq!(stage.job(&other).await.unwrap().state, State::Completed);
        assert!(!stage.job(&deadly).await.unwrap().state.is_ended());
        assert!(stage.run_to_end(&deadly).await.state.is_ended());
    });
}

/// Sidekiq's batches: what is told when everything has ended is told before all was tried again, and never after.
#[test]
fn the_end_is_told_once_and_after_the_last_retry() {
    block_on(async {
        let stage = stage(8).await;
        stage.mailbox.trouble(|trouble| {
            trouble.flaky.insert(3, 2);
        });
        let options = JobOptions {
            max_retries: Some(3),
            ..options()
        };
        let id = stage.archiving(options).await.unwrap();
        let ends = || {
            let facts = stage.meter.facts();
            let ended = |fact: &&Fact| matches!(fact, Fact::JobEnded { .. });
            facts.iter().filter(ended).count()
        };
        let mut waited = 0;
        while !stage.job(&id).await.unwrap().state.is_ended() {
            stage.deliver().await.unwrap();
            assert_eq!(ends(), 0);
            if !stage.step().await.unwrap() {
                stage.clock.advance(Duration::from_secs(1));
                waited += 1;
                assert!(waited < 600);
            }
        }
        for _ in 0..3 {
            stage.deliver().await.unwrap();
            stage.sweep().await.unwrap();
        }
        assert_eq!(ends(), 1);
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
    });
}
