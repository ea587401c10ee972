//! How long an access token is used.

/// Seconds before its end at which a token is renewed: a call that has left has to arrive, and the
/// clocks of two machines differ.
const MARGIN_SECONDS: f64 = 60.0;
/// Of a token that lives but a short time, the margin is this part.
const MARGIN_SHARE: f64 = 0.2;

/// The time of a token, by this machine's clock alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lease {
    got_at_ms: i64,
    seconds: f64,
}

impl Lease {
    /// A token that came now and lives so many seconds.
    pub fn new(got_at_ms: i64, seconds: f64) -> Self {
        Self { got_at_ms, seconds }
    }

    /// Whether it can be sent without a second thought.
    pub fn is_fresh(self, now_ms: i64) -> bool {
        let margin = MARGIN_SECONDS.min(self.seconds * MARGIN_SHARE);
        self.age(now_ms) < self.seconds - margin
    }

    /// Whether it may still be good, where no other can be had.
    pub fn is_alive(self, now_ms: i64) -> bool {
        self.age(now_ms) < self.seconds
    }

    fn age(self, now_ms: i64) -> f64 {
        (now_ms - self.got_at_ms) as f64 / 1_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_renewed_a_minute_before_its_end() {
        let lease = Lease::new(1_000, 3_600.0);
        assert!(lease.is_fresh(1_000));
        assert!(lease.is_fresh(1_000 + 3_539_000));
        assert!(!lease.is_fresh(1_000 + 3_540_000));
        assert!(lease.is_alive(1_000 + 3_540_000));
        assert!(!lease.is_alive(1_000 + 3_600_000));
    }

    #[test]
    fn a_short_one_is_used_for_most_of_its_time() {
        let lease = Lease::new(0, 10.0);
        assert!(lease.is_fresh(7_900));
        assert!(!lease.is_fresh(8_000));
    }
}
