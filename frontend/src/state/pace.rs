//! When to ask again how a job stands.

/// What the pace depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Milliseconds the server named.
    pub asked_for: Option<u32>,
    /// Whether the tab is out of sight.
    pub hidden: bool,
    /// Calls in a row that brought no answer.
    pub losses: u32,
}

/// Where nobody named a time, as some gateways leave out headers that they do not know.
const UNNAMED: u32 = 1_000;
const SHORTEST: u32 = 20;
const LONGEST: u32 = 60_000;
const HIDDEN_FACTOR: u32 = 4;
/// A first loss waits for at least so long, whatever the server named before.
const LOST: u32 = 500;

impl Pace {
    /// Milliseconds until the next call: as the server says, four times as long in a hidden tab,
    /// doubled with every answer that did not come.
    pub fn millis(self) -> u32 {
        let base = self.asked_for.unwrap_or(UNNAMED).max(SHORTEST);
        let base = if self.losses > 0 {
            base.max(LOST)
        } else {
            base
        };
        let hidden = if self.hidden { HIDDEN_FACTOR } else { 1 };
        let lost = 2_u32.pow(self.losses.min(6));
        base.saturating_mul(hidden)
            .saturating_mul(lost)
            .min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEADY: Pace = Pace {
        asked_for: Some(2_000),
        hidden: false,
        losses: 0,
    };

    #[test]
    fn keeps_the_pace_the_server_names() {
        assert_eq!(STEADY.millis(), 2_000);
        let asked = |asked_for| {
            Pace {
                asked_for,
                ..STEADY
            }
            .millis()
        };
        assert_eq!(asked(None), 1_000);
        assert_eq!(asked(Some(100)), 100);
        assert_eq!(asked(Some(0)), 20);
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
        let quick = Pace {
            asked_for: Some(100),
            losses: 1,
            ..STEADY
        };
        assert_eq!(
            quick.millis(),
            1_000,
            "who is lost is not asked ten times a second"
        );
    }
}
