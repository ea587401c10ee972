//! The machine's clock.

use std::time::Duration;

use bulkhead_engine::ports::Clock;
use futures::future::BoxFuture;
use jiff::Timestamp;

/// Shows the machine's time, and lets time pass.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let left = Duration::try_from(at.duration_since(Timestamp::now()));
        Box::pin(tokio::time::sleep(left.unwrap_or_default()))
    }
}
