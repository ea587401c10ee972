//! A clock that tests can move, so that nobody waits for a visibility timeout to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

/// The machine's time plus what a test has added to it. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
    moved: watch::Sender<()>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            ahead_ms: Arc::default(),
            moved: watch::Sender::new(()),
        }
    }
}

impl Clock {
    /// What time it is here.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let ms = self.now_ms();
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
    }

    /// The same in milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        Timestamp::now().as_millisecond() + self.ahead_ms.load(Ordering::SeqCst)
    }

    /// Lets time pass at once; who waits for a point in it looks again.
    pub fn advance(&self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
        self.moved.send_replace(());
    }

    /// Sees every later move.
    pub(crate) fn moves(&self) -> watch::Receiver<()> {
        self.moved.subscribe()
    }
}
