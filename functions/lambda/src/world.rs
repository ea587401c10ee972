//! The real time and real chance.

use bulkhead_engine::ports::{Clock, Random};
use jiff::Timestamp;

/// This machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Random bits fit for keys: a cryptographic generator that the operating system seeds.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn bits(&self) -> u128 {
        rand::random()
    }
}
