//! How fast a job goes, and when it will be done.

use std::time::Duration;

use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
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
