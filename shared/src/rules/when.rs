//! When a rule runs.

use serde::{Deserialize, Serialize};

use crate::problem::Invalid;
use crate::words;

/// Hours of a day, on a clock.
pub const HOURS: std::ops::Range<u8> = 0..24;
/// Bytes of a time zone's name; the longest that there is has 32.
const ZONE_BYTES: usize = 64;

/// When a rule runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum When {
    /// When a person says so, and at no other time.
    ByHand {},
    /// At each full hour.
    Hourly {},
    /// Each day at a full hour.
    Daily {
        /// By the clocks there, 0 to 23. An hour that clocks leave out is the one after it, and one that they have
        /// twice is the first of them.
        hour: u8,
        /// Where: a name of the time zone database, `Europe/Berlin`.
        zone: String,
    },
    /// Each week on a day at a full hour.
    Weekly {
        day: Weekday,
        /// As of each day.
        hour: u8,
        /// As of each day.
        zone: String,
    },
    /// When new mail came: it is about mails that came since, and about no others.
    NewMail {},
}

impl Default for When {
    fn default() -> Self {
        Self::ByHand {}
    }
}

impl When {
    /// Whether it runs only when a person says so.
    pub fn is_by_hand(&self) -> bool {
        *self == Self::ByHand {}
    }

    /// The time zone whose clocks it goes by, if it goes by any.
    pub fn zone(&self) -> Option<&str> {
        match self {
            Self::Daily { zone, .. } | Self::Weekly { zone, .. } => Some(zone),
            Self::ByHand {} | Self::Hourly {} | Self::NewMail {} => None,
        }
    }

    /// Checks what can be checked without knowing all time zones. `at` is where it stands in what was sent.
    pub fn validate(&self, at: &str) -> Result<(), Invalid> {
        let (Self::Daily { hour, zone } | Self::Weekly { hour, zone, .. }) = self else {
            return Ok(());
        };
        if !HOURS.contains(hour) {
            let text = words::rules_hour();
            return Err(Invalid::new(format!("{at}.hour"), text));
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
        if zone.is_empty() || zone.len() > ZONE_BYTES || !zone.chars().all(is_plain) {
            let text = words::rules_zone();
            return Err(Invalid::new(format!("{at}.zone"), text));
        }
        Ok(())
    }

    /// In words, as the end of a sentence: “each Monday at 7:00”.
    pub fn text(&self) -> String {
        match self {
            Self::ByHand {} => words::rules_when_by_hand().to_owned(),
            Self::Hourly {} => words::rules_when_hourly().to_owned(),
            Self::Daily { hour, .. } => words::rules_when_daily(&hour.to_string()),
            Self::Weekly { day, hour, .. } => {
                words::rules_when_weekly(day.label(), &hour.to_string())
            }
            Self::NewMail {} => words::rules_when_new_mail().to_owned(),
        }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Monday => words::weekday_monday(),
            Self::Tuesday => words::weekday_tuesday(),
            Self::Wednesday => words::weekday_wednesday(),
            Self::Thursday => words::weekday_thursday(),
            Self::Friday => words::weekday_friday(),
            Self::Saturday => words::weekday_saturday(),
            Self::Sunday => words::weekday_sunday(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily(hour: u8, zone: &str) -> When {
        When::Daily {
            hour,
            zone: zone.to_owned(),
        }
    }

    fn weekly(hour: u8, zone: &str) -> When {
        When::Weekly {
            day: Weekday::Monday,
            hour,
            zone: zone.to_owned(),
        }
    }

    #[test]
    fn when_it_runs_is_the_end_of_a_sentence() {
        let weekly = weekly(7, "Europe/Berlin");
        assert_eq!(weekly.text(), "each Monday at 7:00");
        let text = r#"{"kind":"weekly","day":"monday","hour":7,"zone":"Europe/Berlin"}"#;
        assert_eq!(serde_json::to_string(&weekly).unwrap(), text);
        assert_eq!(serde_json::from_str::<When>(text).unwrap(), weekly);
        assert_eq!(daily(0, "UTC").text(), "each day at 0:00");
        assert_eq!(When::ByHand {}.text(), "when you say so");
        assert_eq!(When::Hourly {}.text(), "each hour");
        assert_eq!(When::NewMail {}.text(), "when new mail comes");
        let days = Weekday::ALL.map(Weekday::label).join(" ");
        assert_eq!(
            days,
            "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
        );
    }

    #[test]
    fn only_days_and_weeks_go_by_the_clocks_of_a_zone() {
        assert_eq!(weekly(7, "Europe/Berlin").zone(), Some("Europe/Berlin"));
        assert_eq!(daily(1, "UTC").zone(), Some("UTC"));
        for none in [When::ByHand {}, When::Hourly {}, When::NewMail {}] {
            assert_eq!(none.zone(), None);
            assert_eq!(none.validate("when"), Ok(()));
            assert_eq!(none.is_by_hand(), none == When::default());
        }
    }

    #[test]
    fn an_hour_is_one_of_a_clock_and_a_zone_has_a_plain_name() {
        let wrong = |hour: u8, zone: &str| {
            let when = [daily(hour, zone), weekly(hour, zone)];
            let fields = when.map(|when| when.validate("when").err().map(|wrong| wrong.field));
            assert_eq!(fields[0], fields[1]);
            fields[0].clone().unwrap_or_default()
        };
        for (hour, zone, field) in [
            (0, "UTC", ""),
            (23, "America/Port-au-Prince", ""),
            (23, "Etc/GMT+1", ""),
            (23, "a_b", ""),
            (24, "UTC", "when.hour"),
            (7, "", "when.zone"),
            (7, "Europe Berlin", "when.zone"),
            (7, "Zürich", "when.zone"),
        ] {
            assert_eq!(wrong(hour, zone), field, "{hour} {zone}");
        }
        assert_eq!(wrong(7, &"x".repeat(64)), "");
        assert_eq!(wrong(7, &"x".repeat(65)), "when.zone");
    }
}
