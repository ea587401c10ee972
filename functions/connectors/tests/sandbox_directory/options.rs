//! The options and what holds where none are set, each seen to act by a clock that only the test moves.

use std::time::Duration;

use bulkhead_engine::ports::{Clock, SandboxDials};
use bulkhead_shared::api::{Dials, Job};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::mailbox::Mailbox;
use bulkhead_shared::operations::RecoverMailboxes;
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemReason;

use crate::fixture::{World, recoveries};

async fn drafted(world: &World, count: usize, options: JobOptions) -> JobId {
    let wanted: Vec<Mailbox> = world.recoverable().await.into_iter().take(count).collect();
    assert_eq!(wanted.len(), count);
    let draft = world.stage.draft(
        RecoverMailboxes::default().into(),
        recoveries(&wanted),
        options,
    );
    draft.await.unwrap()
}

async fn dials(world: &World, dials: Dials) {
    world.fixture.sandbox.turn(dials).await.unwrap();
}

async fn recovered(world: &World) -> usize {
    world.fixture.directory.touches().await.unwrap().len()
}

#[tokio::test]
async fn batches_of_ten_one_after_the_other_with_a_second_between() {
    let world = World::of(100, 60).await;
    let draft = drafted(&world, 25, JobOptions::default()).await;
    let settings = world.stage.job(&draft).await.unwrap().settings;
    assert_eq!(
        (
            settings.batch_size,
            settings.parallel_chunks,
            settings.stop_on_error
        ),
        (10, 1, false)
    );
    assert_eq!(
        (
            settings.retry_failed,
            settings.max_retries,
            settings.delay_between_batches
        ),
        (true, 3, 1.0)
    );
    world.stage.confirm(&draft).await.unwrap();
    for done in [10, 20, 25] {
        assert!(world.stage.step().await.unwrap());
        assert_eq!(recovered(&world).await, done);
        // Before the second is over nothing goes on.
        world.stage.clock.advance(Duration::from_millis(900));
        world.stage.step().await.unwrap();
        assert_eq!(recovered(&world).await, done);
        world.stage.clock.advance(Duration::from_millis(101));
    }
    assert_eq!(
        world.stage.job(&draft).await.unwrap().state,
        State::Completed
    );
}

#[tokio::test]
async fn the_first_error_stops_the_job_where_that_is_asked_for() {
    for stop in [false, true] {
        let world = World::of(150, 90).await;
        dials(
            &world,
            Dials {
                fail_percent: 20,
                ..Dials::default()
            },
        )
        .await;
        let options = JobOptions {
            stop_on_error: Some(stop),
            ..JobOptions::default()
        };
        let draft = drafted(&world, 40, options).await;
        world.stage.confirm(&draft).await.unwrap();
        let job: Job = world.stage.run_to_end(&draft).await;
        match stop {
            true => {
                // One mailbox goes into a call, so nothing is begun after the one that failed.
                assert_eq!(job.counts.failed, 1, "{job:#?}");
                let cancelled = job
                    .reasons
                    .iter()
                    .find(|row| row.reason == ItemReason::StoppedOnError);
                assert_eq!(cancelled.unwrap().count, job.counts.cancelled);
                assert!(job.counts.cancelled > 0);
            }
            false => {
                assert!(
                    job.counts.failed > 1 && job.counts.cancelled == 0,
                    "{job:#?}"
                );
                assert_eq!(job.counts.succeeded + job.counts.failed, 40);
            }
        }
    }
}

#[tokio::test]
async fn what_fails_for_now_is_tried_again_three_times_unless_nothing_is() {
    for (retry, most) in [
        (Some(true), None),
        (None, None),
        (Some(false), None),
        (None, Some(0)),
    ] {
        let world = World::of(100, 60).await;
        dials(
            &world,
            Dials {
                flaky_percent: 50,
                ..Dials::default()
            },
        )
        .await;
        let options = JobOptions {
            retry_failed: retry,
            max_retries: most,
            ..JobOptions::default()
        };
        let draft = drafted(&world, 20, options).await;
        world.stage.confirm(&draft).await.unwrap();
        let job = world.stage.run_to_end(&draft).await;
        let tries_again = retry != Some(false) && most != Some(0);
        match tries_again {
            true => assert_eq!(job.counts.succeeded, 20, "{job:#?}"),
            false => assert!(job.counts.failed > 0, "{job:#?}"),
        }
    }
}

#[tokio::test]
async fn batches_run_side_by_side_where_that_is_asked_for() {
    let world = World::of(100, 60).await;
    let options = JobOptions {
        batch_size: Some(5),
        parallel_chunks: Some(4),
        delay_between_batches: Some(0.0),
        ..JobOptions::default()
    };
    let draft = drafted(&world, 20, options).await;
    world.stage.confirm(&draft).await.unwrap();
    let before = world.stage.clock.now();
    let job = world.stage.run_to_end(&draft).await;
    assert_eq!((job.counts.succeeded, job.chunks.total), (20, 4));
    assert!(world.stage.clock.now() >= before);
}
