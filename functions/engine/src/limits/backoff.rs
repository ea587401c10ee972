//! When to try again: exponential backoff with full jitter, as a pure function of the attempt and
//! of chance.

use jiff::SignedDuration;

/// The first ceiling.
const BASE_MILLIS: u64 = 1_000;
/// The highest ceiling.
const MOST_MILLIS: u64 = 5 * 60 * 1_000;

/// The highest delay after this many attempts: 1 s, 2 s, 4 s … 5 min.
pub fn ceiling(attempts: u32) -> SignedDuration {
    let doublings = attempts.saturating_sub(1).min(20);
    let millis = (BASE_MILLIS << doublings).min(MOST_MILLIS);
    SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// A delay between nothing and the ceiling, evenly spread by `random`, so that workers that failed
/// together do not come back together.
pub fn delay(attempts: u32, random: u128) -> SignedDuration {
    let ceiling = u128::try_from(ceiling(attempts).as_millis()).unwrap_or(0);
    let millis = random % (ceiling + 1);
    SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceilings_double_up_to_five_minutes() {
        let seconds: Vec<i64> = (1..=12).map(|attempt| ceiling(attempt).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert_eq!(ceiling(u32::MAX).as_secs(), 300);
    }

    #[test]
    fn the_delay_is_spread_over_the_whole_range() {
        assert_eq!(delay(3, 0).as_millis(), 0);
        assert_eq!(delay(3, 4_000).as_millis(), 4_000);
        assert_eq!(delay(3, 4_001).as_millis(), 0);
        assert!(delay(3, u128::MAX) <= ceiling(3));
    }
}
