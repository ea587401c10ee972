//! How many items the next call should hold: as many as the server manages in a few seconds. A worker
//! that is about to be ended can then still store what was done, on a server that moves ten mails a
//! second as on one that moves ten thousand.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A call should take about so long.
const WISHED: Duration = Duration::from_secs(4);
/// However slow the server is: a command costs a round trip.
const LEAST: u32 = 10;
/// Before anything is known of the server.
const FIRST: u32 = 250;
/// How much larger the next call may be than one that was fast.
const GROWTH: u32 = 4;

/// What was learned of a server's speed.
#[derive(Debug)]
pub(super) struct Pace {
    size: Mutex<u32>,
    most: u32,
}

impl Pace {
    /// Calls of at most so many items.
    pub(super) fn new(most: u32) -> Self {
        Self {
            size: Mutex::new(FIRST.min(most)),
            most,
        }
    }

    /// How many items the next call should hold.
    pub(super) fn size(&self) -> u32 {
        *self.size.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call with so many items took so long.
    pub(super) fn took(&self, items: usize, time: Duration) {
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        let fit = f64::from(items) * WISHED.as_secs_f64() / time.as_secs_f64().max(0.001);
        // A float too large becomes the largest number.
        let fit = fit as u32;
        self.set(|size| {
            if time > WISHED {
                size.min(fit)
            } else if items.saturating_mul(2) >= size {
                fit.min(size.saturating_mul(GROWTH)).max(size)
            } else {
                size
            }
        });
    }

    /// A call had no end within its time.
    pub(super) fn timed_out(&self) {
        self.set(|size| size / 2);
    }

    fn set(&self, next: impl Fn(u32) -> u32) {
        let mut size = self.size.lock().unwrap_or_else(PoisonError::into_inner);
        *size = next(*size).clamp(LEAST.min(self.most), self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items until all are done, by a server that does so many a second: the longest call.
    fn longest(pace: &Pace, mut items: u32, a_second: u32) -> Duration {
        let mut longest = Duration::ZERO;
        while items > 0 {
            let call = pace.size().min(items);
            let time = Duration::from_secs_f64(f64::from(call) / f64::from(a_second));
            if time > Duration::from_secs(30) {
                pace.timed_out();
            } else {
                pace.took(call as usize, time);
                longest = longest.max(time);
                items -= call;
            }
        }
        longest
    }

    #[test]
    fn a_slow_server_is_asked_for_little_and_a_fast_one_for_much() {
        let slow = Pace::new(1_000);
        assert!(
            longest(&slow, 5_000, 10) <= Duration::from_secs(25),
            "the first call"
        );
        assert!(longest(&slow, 5_000, 10) <= Duration::from_secs(4));
        assert_eq!(slow.size(), 40);
        // It recovers.
        longest(&slow, 5_000, 10_000);
        assert_eq!(slow.size(), 1_000);
        longest(&slow, 5_000, 1);
        assert_eq!(slow.size(), LEAST);
    }

    #[test]
    fn halves_after_a_timeout_and_is_never_nothing() {
        let pace = Pace::new(1_000);
        pace.timed_out();
        assert_eq!(pace.size(), 125);
        (0..20).for_each(|_| pace.timed_out());
        assert_eq!(pace.size(), LEAST);
        // A small call that was fast says nothing about large ones.
        pace.took(1, Duration::from_millis(1));
        assert_eq!(pace.size(), LEAST);
    }
}
