//! How fast a job goes, and when it will be done.

use std::time::Duration;

use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::job::State;
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;

use super::options;

#[test]
fn the_time_left_is_told_once_every_lane_has_brought_something() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(40).in_chunks_of(10))
            .await
            .unwrap();
        let options = JobOptions {
            batch_size: Some(10),
            parallel_chunks: Some(2),
            ..options()
        };
        let id = stage.archiving(options).await.unwrap();
        let second = Duration::from_secs(1);
        stage.step().await.unwrap();
        stage.clock.advance(second);
        let half = stage.job(&id).await.unwrap();
        assert_eq!((half.counts.succeeded, half.rate_per_second), (10, None));
        assert!(half.eta.is_none());

        stage.step().await.unwrap();
        stage.clock.advance(second);
        let both = stage.job(&id).await.unwrap();
        assert_eq!(both.rate_per_second, Some(10.0), "20 mails in 2 seconds");
        let eta = both.eta.unwrap();
        let now = stage.ports.clock.now();
        assert_eq!(
            (eta.earliest, eta.latest),
            (now + 2 * second, now + 5 * second)
        );
    });
}

#[test]
fn the_time_left_counts_the_waits_that_a_limit_brings() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(48).in_chunks_of(12).limited_to(12, 60))
            .await
            .unwrap();
        let options = JobOptions {
            batch_size: Some(12),
            parallel_chunks: Some(1),
            ..options()
        };
        let id = stage.archiving(options).await.unwrap();
        while stage.job(&id).await.unwrap().state != State::Paused {
            stage.step().await.unwrap();
        }
        let waits = stage.job(&id).await.unwrap();
        assert_eq!(waits.counts.succeeded, 12);
        let eta = waits.eta.unwrap();
        let left = eta.earliest.duration_since(stage.ports.clock.now());
        assert!(
            (150..=260).contains(&left.as_secs()),
            "36 mails at 12 a minute are told as {left:?}"
        );
    });
}
