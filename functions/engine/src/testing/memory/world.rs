//! Time, chance and sealing that a test holds in its hand.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::BoxFuture;
use jiff::Timestamp;

use super::lock;
use crate::ports::{Clock, Random, SealError, SealedFor, Sealer};

/// Stands still until a test moves it.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<Timestamp>,
    /// Who waits for which time.
    waiting: Mutex<Vec<(Timestamp, oneshot::Sender<()>)>>,
}

impl ManualClock {
    /// A clock that shows this time.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now: Mutex::new(now),
            waiting: Mutex::default(),
        }
    }

    /// Shows another time from now on.
    pub fn set(&self, now: Timestamp) {
        *lock(&self.now) = now;
        let mut waiting = lock(&self.waiting);
        let (due, rest) = waiting.drain(..).partition(|(at, _)| *at <= now);
        *waiting = rest;
        drop(waiting);
        let due: Vec<(Timestamp, oneshot::Sender<()>)> = due;
        for (_, sender) in due {
            // Who waited may be gone.
            let _ = sender.send(());
        }
    }

    /// Lets time pass.
    pub fn advance(&self, time: Duration) {
        let now = self.now().saturating_add(time);
        self.set(now.unwrap_or(Timestamp::MAX));
    }
}

impl Default for ManualClock {
    /// Noon of a day in May 2026.
    fn default() -> Self {
        Self::new(Timestamp::constant(1_778_846_400, 0))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *lock(&self.now)
    }

    fn until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let (sender, passed) = oneshot::channel();
        if at <= self.now() {
            return Box::pin(std::future::ready(()));
        }
        lock(&self.waiting).push((at, sender));
        Box::pin(passed.map(|_| ()))
    }
}

/// The same bits each time for the same seed (SplitMix64).
#[derive(Debug)]
pub struct SeededRandom {
    state: Mutex<u64>,
}

impl SeededRandom {
    /// Random bits that follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            state: Mutex::new(seed),
        }
    }
}

impl Default for SeededRandom {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Random for SeededRandom {
    fn bits(&self) -> u128 {
        let mut state = lock(&self.state);
        let mut next = || {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            u128::from(z ^ (z >> 31))
        };
        next() << 64 | next()
    }
}

fn mark(whose: SealedFor<'_>) -> String {
    format!("{} {}\n", whose.account, whose.owner)
}

/// Hides nothing, but notices whose it is, as a real sealer does: what the first release sealed is bound
/// to the account alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainSealer;

#[async_trait]
impl Sealer for PlainSealer {
    async fn seal(&self, whose: SealedFor<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok([mark(whose).as_bytes(), plain].concat())
    }

    async fn unseal(&self, whose: SealedFor<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let of_account = format!("{}\n", whose.account);
        let plain = sealed.strip_prefix(mark(whose).as_bytes());
        let plain = plain.or_else(|| sealed.strip_prefix(of_account.as_bytes()));
        plain.map(<[u8]>::to_vec).ok_or(SealError::Broken)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_shared::ids::AccountId;
    use futures::executor::block_on;

    #[test]
    fn the_clock_moves_only_by_hand() {
        let clock = ManualClock::default();
        let before = clock.now();
        assert_eq!(clock.now(), before);
        clock.advance(Duration::from_secs(60));
        assert_eq!(clock.now().as_second() - before.as_second(), 60);
        clock.set(before);
        assert_eq!(clock.now(), before);
    }

    #[test]
    fn the_same_seed_gives_the_same_bits_and_another_seed_others() {
        let bits = |seed| {
            let random = SeededRandom::new(seed);
            (0..3).map(|_| random.bits()).collect::<Vec<_>>()
        };
        assert_eq!(bits(7), bits(7));
        assert_ne!(bits(7), bits(8));
        assert_ne!(bits(7)[0], bits(7)[1]);
    }

    #[test]
    fn another_account_or_owner_does_not_unseal() {
        let (ann, bob) = ("ann".parse().unwrap(), "bob".parse().unwrap());
        let account = |number| AccountId::new(Timestamp::UNIX_EPOCH, number);
        let (first, second) = (account(1), account(2));
        let whose = |owner, account| SealedFor { owner, account };
        let sealed = block_on(PlainSealer.seal(whose(&ann, &first), b"secret")).unwrap();
        let open = |whose| block_on(PlainSealer.unseal(whose, &sealed));
        assert_eq!(open(whose(&ann, &first)).unwrap(), b"secret");
        assert!(open(whose(&ann, &second)).is_err());
        assert!(open(whose(&bob, &first)).is_err());
    }
}
