//! How much SES takes of a deployment: so many mails in a second, and so many in 24 hours (`GetAccount` of its API v2).

use bulkhead_shared::abilities::Allowance;
use serde::Deserialize;

/// Seconds over which the rate is kept: SES takes short bursts above it, and whoever is out of mails waits no longer.
const WINDOW_SECONDS: u32 = 10;
/// Seconds after which is asked again once a day's mails are used up: those days are 24 rolling hours.
const LATER_SECONDS: u32 = 3_600;

/// An answer of `GetAccount`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Account {
    send_quota: Quota,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Quota {
    /// Mails in a second.
    max_send_rate: f64,
    /// Mails in 24 hours; below zero means without a limit.
    #[serde(rename = "Max24HourSend")]
    most: f64,
    #[serde(rename = "SentLast24Hours")]
    sent: f64,
}

impl Account {
    /// What may be sent now.
    pub(super) fn allowance(&self) -> Allowance {
        let Quota {
            max_send_rate,
            most,
            sent,
        } = self.send_quota;
        let left = match most < 0.0 {
            true => f64::INFINITY,
            false => (most - sent).floor(),
        };
        if left < 1.0 {
            return Allowance {
                items: 0,
                seconds: LATER_SECONDS,
            };
        }
        let rate = max_send_rate * f64::from(WINDOW_SECONDS);
        Allowance {
            items: whole(rate.floor().clamp(1.0, left)),
            seconds: WINDOW_SECONDS,
        }
    }
}

/// As a whole number: a cast from a float takes the nearest one that there is.
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn allowed(rate: f64, most: f64, sent: f64) -> (u32, u32) {
        let answer = json!({
            "ProductionAccessEnabled": true,
            "SendQuota": {"Max24HourSend": most, "MaxSendRate": rate, "SentLast24Hours": sent},
        });
        let account: Account = serde_json::from_value(answer).unwrap();
        let Allowance { items, seconds } = account.allowance();
        (items, seconds)
    }

    #[test]
    fn the_rate_is_kept_over_some_seconds_and_the_day_ends_it() {
        assert_eq!(allowed(14.0, 50_000.0, 0.0), (140, 10));
        assert_eq!(allowed(1.0, 200.0, 0.0), (10, 10), "in its sandbox");
        assert_eq!(allowed(0.05, 200.0, 0.0), (1, 10), "never none by its rate");
        assert_eq!(allowed(1.0, 200.0, 195.5), (4, 10));
        assert_eq!(allowed(1.0, 200.0, 199.5), (0, 3_600));
        assert_eq!(allowed(1.0, 200.0, 300.0), (0, 3_600));
        assert_eq!(allowed(1.0, 0.0, 0.0), (0, 3_600));
        assert_eq!(allowed(90.0, -1.0, 1e9), (900, 10), "without a limit");
        assert_eq!(allowed(1e12, -1.0, 0.0), (u32::MAX, 10));
    }
}
