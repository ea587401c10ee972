//! How many items the next call to a provider should hold: as many as it manages in a few seconds. A
//! worker that is about to be ended can then still store what was done, on a server that moves ten mails
//! a second as on one that moves ten thousand.
//!
//! What was learned is kept with the account, so that each worker begins where the last one ended.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A call should take no longer.
const LONGEST: Duration = Duration::from_secs(4);
/// It is sized to take about so long, so that one that takes a little longer changes nothing.
const AIM: Duration = Duration::from_secs(3);
/// However slow the provider is: each call costs a round trip.
const LEAST: u32 = 5;
/// How much larger the next call may be than one that was fast.
const GROWTH: u32 = 4;

/// What a call does. A provider has a pace for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doing {
    /// Asking what items are.
    Looking,
    /// Bringing them from one state to another, or handing them over.
    Changing,
    /// Reading all of them.
    Reading,
    /// Asking somebody else about them. Nothing is learned of that: it is no pace of the provider.
    Asking,
    /// Finding out what became of changes that were never answered.
    Finding,
}

/// The sizes that were learned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Paces(BTreeMap<Doing, u32>);

impl Paces {
    /// Whether nothing was learned that differs from what is tried first.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was learned of this.
    pub(crate) fn learned(&self, doing: Doing) -> Option<u32> {
        self.0.get(&doing).copied()
    }

    /// How many items the next call should hold: so many before anything is known, and never more than
    /// the provider takes.
    pub(crate) fn size(&self, doing: Doing, first: u32, most: u32) -> u32 {
        let size = self.learned(doing).unwrap_or(first);
        size.clamp(LEAST.min(most), most).max(1)
    }

    /// A call of so many items, where so many were allowed, took so long.
    pub(crate) fn took(
        &mut self,
        doing: Doing,
        items: u32,
        allowed: u32,
        most: u32,
        time: Duration,
    ) {
        let fit = f64::from(items) * AIM.as_secs_f64() / time.as_secs_f64().max(0.001);
        // A float too large becomes the largest number.
        let fit = fit as u32;
        let size = if time > LONGEST {
            fit.min(allowed)
        } else if items.saturating_mul(2) >= allowed && fit / 2 >= allowed {
            fit.min(allowed.saturating_mul(GROWTH)).min(most)
        } else {
            return;
        };
        if size.max(LEAST) != allowed {
            self.0.insert(doing, size.max(LEAST));
        }
    }

    /// A call of so many items had no end within its time.
    pub(crate) fn timed_out(&mut self, doing: Doing, items: u32) {
        self.0.insert(doing, (items / 2).max(LEAST));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: u32 = 100;
    const MOST: u32 = 1_000;

    /// Items until all are done, by a provider that does so many a second: the longest call.
    fn longest(paces: &mut Paces, mut items: u32, a_second: u32) -> Duration {
        let mut longest = Duration::ZERO;
        while items > 0 {
            let size = paces.size(Doing::Changing, FIRST, MOST);
            let call = size.min(items);
            let time = Duration::from_secs_f64(f64::from(call) / f64::from(a_second));
            if time > Duration::from_secs(30) {
                paces.timed_out(Doing::Changing, call);
            } else {
                paces.took(Doing::Changing, call, size, MOST, time);
                longest = longest.max(time);
                items -= call;
            }
        }
        longest
    }

    #[test]
    fn a_slow_provider_is_asked_for_little_and_a_fast_one_for_much() {
        let mut paces = Paces::default();
        assert!(
            longest(&mut paces, 5_000, 10) <= Duration::from_secs(10),
            "the first call"
        );
        assert!(longest(&mut paces, 5_000, 10) <= LONGEST);
        assert_eq!(paces.size(Doing::Changing, FIRST, MOST), 30);
        assert_eq!(paces.size(Doing::Looking, MOST, MOST), MOST);
        // It recovers.
        longest(&mut paces, 5_000, 10_000);
        assert_eq!(paces.size(Doing::Changing, FIRST, MOST), MOST);
        longest(&mut paces, 5_000, 1);
        assert_eq!(paces.size(Doing::Changing, FIRST, MOST), LEAST);
        // A provider that takes less than that has its way.
        assert_eq!(paces.size(Doing::Changing, FIRST, 2), 2);
    }

    #[test]
    fn halves_after_a_timeout_and_is_never_nothing() {
        let mut paces = Paces::default();
        paces.timed_out(Doing::Changing, FIRST);
        assert_eq!(paces.size(Doing::Changing, FIRST, MOST), 50);
        (0..20).for_each(|_| paces.timed_out(Doing::Changing, 1));
        assert_eq!(paces.size(Doing::Changing, FIRST, MOST), LEAST);
        // A small call that was fast says nothing about large ones.
        paces.took(Doing::Changing, 1, LEAST, MOST, Duration::from_millis(1));
        assert_eq!(paces.size(Doing::Changing, FIRST, MOST), LEAST);
    }

    #[test]
    fn a_pace_that_wavers_a_little_is_not_learned_anew() {
        let mut paces = Paces::default();
        paces.timed_out(Doing::Changing, 60);
        let learned = paces.clone();
        for time in [1_600, 2_400, 3_000, 3_900] {
            paces.took(Doing::Changing, 30, 30, MOST, Duration::from_millis(time));
        }
        assert_eq!(paces, learned);
    }

    /// What is learned of a call of so many items, where so many were allowed, that took so long.
    fn learned(items: u32, allowed: u32, millis: u64) -> Option<u32> {
        let mut paces = Paces::default();
        let time = Duration::from_millis(millis);
        paces.took(Doing::Changing, items, allowed, MOST, time);
        paces.learned(Doing::Changing)
    }

    #[test]
    fn a_call_that_took_too_long_is_made_as_small_as_takes_three_seconds() {
        for (items, allowed, millis, size) in [
            (100, 100, 4_000, None),
            (100, 100, 4_001, Some(74)),
            (100, 100, 6_000, Some(50)),
            (100, 100, 30_000, Some(10)),
            (100, 100, 300_000, Some(LEAST)),
            // However small it was, no more than was allowed.
            (2, 5, 9_000, None),
        ] {
            let case = format!("{items} of {allowed} in {millis} ms");
            assert_eq!(learned(items, allowed, millis), size, "{case}");
        }
    }

    #[test]
    fn a_call_that_was_twice_as_fast_grows_to_what_fits_and_by_four_at_most() {
        for (items, allowed, millis, size) in [
            // Half of what is allowed says something of it, and less does not.
            (50, 100, 750, Some(200)),
            (49, 100, 100, None),
            (100, 100, 1_500, Some(200)),
            (100, 100, 1_501, None),
            (100, 100, 1_000, Some(300)),
            (100, 100, 750, Some(400)),
            (100, 100, 10, Some(400)),
            (100, 100, 0, Some(400)),
            (600, 600, 10, Some(MOST)),
            // As large as it may be already.
            (MOST, MOST, 10, None),
        ] {
            let case = format!("{items} of {allowed} in {millis} ms");
            assert_eq!(learned(items, allowed, millis), size, "{case}");
        }
    }

    #[test]
    fn what_was_learned_of_one_thing_says_nothing_of_another() {
        let mut paces = Paces::default();
        assert!(paces.is_empty());
        paces.timed_out(Doing::Changing, 61);
        assert!(!paces.is_empty());
        assert_eq!(paces.learned(Doing::Changing), Some(30));
        assert_eq!(paces.learned(Doing::Looking), None);
        let stored = serde_json::to_value(&paces).unwrap();
        assert_eq!(stored, serde_json::json!({"changing": 30}));
        for (first, most, size) in [(100, 1_000, 100), (3, 1_000, 5), (3, 2, 2), (9, 0, 1)] {
            assert_eq!(paces.size(Doing::Looking, first, most), size, "{first}");
        }
        assert_eq!(paces.size(Doing::Changing, FIRST, 20), 20);
    }
}
