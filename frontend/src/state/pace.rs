//! When to ask again how a job stands.

/// What the pace depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Seconds the server named.
    pub asked_for: Option<f64>,
    /// Whether the tab is out of sight.
    pub hidden: bool,
    /// Calls in a row that brought no answer.
    pub losses: u32,
}

const DEFAULT_SECONDS: f64 = 1.0;
const SHORTEST_SECONDS: f64 = 0.25;
const LONGEST_SECONDS: f64 = 60.0;
const HIDDEN_FACTOR: f64 = 4.0;

impl Pace {
    /// Milliseconds until the next call: as the server says, four times as long in a hidden tab,
    /// doubled with every answer that did not come.
    pub fn millis(self) -> u32 {
        let base = self.asked_for.unwrap_or(DEFAULT_SECONDS);
        let hidden = if self.hidden { HIDDEN_FACTOR } else { 1.0 };
        let lost = 2_f64.powi(self.losses.min(6) as i32);
        let seconds = (base.max(SHORTEST_SECONDS) * hidden * lost).min(LONGEST_SECONDS);
        (seconds * 1_000.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEADY: Pace = Pace {
        asked_for: Some(2.0),
        hidden: false,
        losses: 0,
    };

    #[test]
    fn keeps_the_pace_the_server_names() {
        assert_eq!(STEADY.millis(), 2_000);
        let unnamed = Pace {
            asked_for: None,
            ..STEADY
        };
        assert_eq!(unnamed.millis(), 1_000);
        let zero = Pace {
            asked_for: Some(0.0),
            ..STEADY
        };
        assert_eq!(zero.millis(), 250);
    }

    #[test]
    fn a_hidden_tab_asks_four_times_as_rarely() {
        let hidden = Pace {
            hidden: true,
            ..STEADY
        };
        assert_eq!(hidden.millis(), 8_000);
    }

    #[test]
    fn lost_connections_back_off_up_to_a_minute() {
        let after = |losses| Pace { losses, ..STEADY }.millis();
        assert_eq!(after(1), 4_000);
        assert_eq!(after(3), 16_000);
        assert_eq!(after(40), 60_000);
    }
}
