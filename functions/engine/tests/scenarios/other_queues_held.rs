//! What was reported of holding, stopping and ending in other job queues (Bull, Celery, Sidekiq, DolphinScheduler,
//! Odoo's queue_job), tried on this one.

use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, control};
use bulkhead_engine::ports::{Clock, Fact};
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::{options, stage};

/// Handles whatever can be received now.
async fn handle_all(stage: &Stage) {
    while stage.step().await.unwrap() {}
}

/// Hours pass, with a sweep each minute.
async fn hours_pass(stage: &Stage) {
    for _ in 0..180 {
        stage.sweep().await.unwrap();
        handle_all(stage).await;
    }
}

/// A job of which the third mail is to be tried again after a while, five times.
async fn waits_to_try_again() -> (Stage, JobId) {
    let stage = stage(8).await;
    stage.mailbox.trouble(|trouble| {
        trouble.flaky.insert(3, 5);
    });
    let patient = JobOptions {
        max_retries: Some(5),
        ..options()
    };
    let id = stage.archiving(patient).await.unwrap();
    handle_all(&stage).await;
    let job = stage.job(&id).await.unwrap();
    assert_eq!((job.state, job.counts.succeeded), (State::Running, 7));
    (stage, id)
}

fn ends(stage: &Stage) -> usize {
    let facts = stage.meter.facts();
    let ended = |fact: &&Fact| matches!(fact, Fact::JobEnded { .. });
    facts.iter().filter(ended).count()
}

fn each_touched_once(stage: &Stage, job: &Job) {
    let mails = stage.mailbox.mails();
    let touched: u32 = mails.iter().map(|mail| mail.touched).sum();
    assert_eq!(job.counts.succeeded, u64::from(touched));
    assert!(mails.iter().all(|mail| mail.touched <= 1));
}

/// Bull 2540: what is to be tried again while the queue is held is stuck when it goes on.
#[test]
fn what_is_to_be_tried_again_while_it_is_held_goes_on_afterwards() {
    block_on(async {
        let (stage, id) = waits_to_try_again().await;
        let (ports, user) = (&stage.ports, &stage.user);
        control::pause(ports, user, &id).await.unwrap();
        let calls = stage.mailbox.calls();
        hours_pass(&stage).await;
        assert_eq!(stage.mailbox.calls(), calls, "nothing is tried meanwhile");
        control::resume(ports, user, &id).await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
        each_touched_once(&stage, &job);
    });
}

/// queue_job 773, Flower 92: what waits to be tried again cannot be stopped, or is tried again nevertheless.
#[test]
fn what_waits_to_be_tried_again_is_stopped_at_once_and_for_good() {
    block_on(async {
        let (stage, id) = waits_to_try_again().await;
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Cancelled, 7));
        assert_eq!(job.counts.pending + job.counts.running, 0, "{job:?}");
        let calls = stage.mailbox.calls();
        hours_pass(&stage).await;
        assert_eq!(stage.mailbox.calls(), calls);
        assert_eq!(stage.job(&id).await.unwrap().counts, job.counts);
        assert_eq!(ends(&stage), 1);
        each_touched_once(&stage, &job);
    });
}

/// Celery 1246 and 4300, quckoo 38, DolphinScheduler 915: what was revoked runs after all, from a message that a worker
/// had, or after a restart.
#[test]
fn what_was_stopped_before_it_began_never_runs_whatever_is_delivered() {
    block_on(async {
        let stage = stage(8).await;
        stage.queue.duplicate(2);
        let id = stage.archiving(options()).await.unwrap();
        // A worker has one in its hands.
        let in_hand = stage.queue.receive().unwrap();
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.queue.give_back(in_hand.receipt);
        let calls = stage.mailbox.calls();
        handle_all(&stage).await;
        let restarted = sweep(&stage.ports, Holders::Gone, Timestamp::MAX).await;
        restarted.unwrap();
        hours_pass(&stage).await;
        assert_eq!(stage.mailbox.calls(), calls);
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.cancelled), (State::Cancelled, 8));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

/// quill-vault 65: the first one that is held keeps all that come after it from running.
#[test]
fn a_job_that_is_held_keeps_no_other_although_the_queue_lost_everything() {
    block_on(async {
        let stage = stage(8).await;
        let mark = |identity| {
            let read = Operation::MarkRead(MarkRead {});
            stage.draft(read, stage.these([identity]), options())
        };
        let (held, other) = (mark(1).await.unwrap(), mark(2).await.unwrap());
        for id in [&held, &other] {
            stage.confirm(id).await.unwrap();
        }
        control::pause(&stage.ports, &stage.user, &held)
            .await
            .unwrap();
        stage.queue.clear();
        hours_pass(&stage).await;
        let state = async |id| stage.job(id).await.unwrap().state;
        assert_eq!(
            (state(&held).await, state(&other).await),
            (State::Paused, State::Completed)
        );
        control::resume(&stage.ports, &stage.user, &held)
            .await
            .unwrap();
        assert_eq!(stage.run_to_end(&held).await.counts.succeeded, 1);
    });
}

/// The same report: what died while it waited is held for ever, because only what runs is looked after.
#[test]
fn what_was_lost_while_the_provider_had_it_wait_goes_on_soon_after() {
    block_on(async {
        let stage = stage(8).await;
        let until = stage.clock.now() + SignedDuration::from_mins(90);
        let id = stage.archiving(options()).await.unwrap();
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        handle_all(&stage).await;
        assert_eq!(stage.job(&id).await.unwrap().state, State::Paused);
        stage.queue.clear();
        stage.clock.set(until + SignedDuration::from_secs(1));
        let calls = stage.mailbox.calls();
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        assert!(stage.mailbox.calls() > calls);
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
    });
}

/// sidekiq-batch 50 and 69, Sidekiq 6260: a batch is told as done while parts of it were never begun, or stays pending
/// for ever because one was lost.
#[test]
fn a_job_of_which_a_lane_was_lost_is_not_told_as_done_and_ends_once() {
    block_on(async {
        let stage = stage(8).await;
        let two = JobOptions {
            parallel_chunks: Some(2),
            ..options()
        };
        let id = stage.archiving(two).await.unwrap();
        stage.queue.take().unwrap();
        handle_all(&stage).await;
        stage.deliver().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Running, 4));
        assert_eq!((job.counts.pending, ends(&stage)), (4, 0));
        stage.clock.advance(Duration::from_secs(60));
        let job = stage.run_to_end(&id).await;
        hours_pass(&stage).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
        assert_eq!(ends(&stage), 1);
    });
}

/// Sidekiq 3050 and 5455: a batch that turns out to be empty never ends, and neither does what waits for it.
#[test]
fn a_child_without_anything_to_do_ends_or_is_refused_and_leaves_nothing_open() {
    block_on(async {
        let stage = stage(4).await;
        let job = stage.archived(options()).await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        let refused = children::retry(ports, user, &job.id, limits::OPEN_JOBS).await;
        assert!(matches!(refused, Err(Error::NotPossible(_))), "{refused:?}");
        // All of it was changed since: nothing goes back.
        for identity in 1..=4 {
            stage
                .mailbox
                .act(identity, |place| place.folder = "Work".into());
        }
        let undo = stage.undo(&job.id).await.unwrap();
        assert!(undo.state.is_ended());
        assert_eq!((undo.total, undo.counts.succeeded), (4, 0), "{undo:?}");
        assert_eq!(undo.counts.skipped, 4);
    });
}
