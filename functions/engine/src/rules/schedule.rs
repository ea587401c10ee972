//! When a rule's next turn is. Pure functions.

use bulkhead_shared::rules::{Weekday, When};
use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Between two looks whether new mail came, where nobody asks for one.
pub(super) const NEW_MAIL_EVERY: SignedDuration = SignedDuration::from_mins(5);
const HOUR: i64 = 3_600;
/// Days that are looked at for the next turn: a week, and one more for a day that clocks left out.
const DAYS: usize = 9;

/// The first turn after this time; none if it has none.
pub(super) fn next(when: &When, after: Timestamp) -> Option<Timestamp> {
    match when {
        When::ByHand {} => None,
        When::Hourly {} => {
            let full = after.as_second().div_euclid(HOUR) + 1;
            Timestamp::from_second(full * HOUR).ok()
        }
        When::Daily { hour, zone } => at_hour(*hour, zone, after, |_| true),
        When::Weekly { day, hour, zone } => {
            at_hour(*hour, zone, after, |weekday| weekday == on_calendar(*day))
        }
        When::NewMail {} => Some(after + NEW_MAIL_EVERY),
    }
}

/// Whether there is such a time zone.
pub(super) fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

fn at_hour(
    hour: u8,
    zone: &str,
    after: Timestamp,
    is_day: impl Fn(civil::Weekday) -> bool,
) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).ok()?;
    let mut day = after.to_zoned(zone.clone()).date();
    for _ in 0..DAYS {
        if is_day(day.weekday()) {
            let time = day.at(i8::try_from(hour).ok()?, 0, 0, 0);
            let at = time.to_zoned(zone.clone()).ok()?.timestamp();
            if at > after {
                return Some(at);
            }
        }
        day = day.tomorrow().ok()?;
    }
    None
}

fn on_calendar(day: Weekday) -> civil::Weekday {
    match day {
        Weekday::Monday => civil::Weekday::Monday,
        Weekday::Tuesday => civil::Weekday::Tuesday,
        Weekday::Wednesday => civil::Weekday::Wednesday,
        Weekday::Thursday => civil::Weekday::Thursday,
        Weekday::Friday => civil::Weekday::Friday,
        Weekday::Saturday => civil::Weekday::Saturday,
        Weekday::Sunday => civil::Weekday::Sunday,
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

    fn turns(when: &When, from: &str, count: usize) -> Vec<String> {
        let mut at: Timestamp = from.parse().unwrap();
        let turns = (0..count).map(|_| {
            at = next(when, at).unwrap();
            at.to_string()
        });
        turns.collect()
    }

    #[test]
    fn a_day_at_seven_is_at_seven_on_the_clock_in_summer_and_winter() {
        let berlin = daily(7, "Europe/Berlin");
        assert_eq!(
            turns(&berlin, "2026-03-27T06:00:00Z", 3),
            [
                "2026-03-28T06:00:00Z",
                "2026-03-29T05:00:00Z",
                "2026-03-30T05:00:00Z"
            ]
        );
        assert_eq!(
            turns(&berlin, "2026-10-24T04:59:59Z", 2),
            ["2026-10-24T05:00:00Z", "2026-10-25T06:00:00Z"]
        );
    }

    #[test]
    fn an_hour_that_is_left_out_is_the_next_one_and_one_there_twice_counts_once() {
        let two = daily(2, "Europe/Berlin");
        assert_eq!(
            turns(&two, "2026-03-28T12:00:00Z", 2),
            ["2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"]
        );
        assert_eq!(
            turns(&two, "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"]
        );
        // Midnight itself is left out there.
        let midnight = daily(0, "America/Santiago");
        assert_eq!(
            turns(&midnight, "2026-09-05T12:00:00Z", 2),
            ["2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"]
        );
        // And here a whole day was.
        let samoa = daily(7, "Pacific/Apia");
        let seen = turns(&samoa, "2011-12-29T12:00:00Z", 3);
        assert_eq!(
            seen,
            [
                "2011-12-29T17:00:00Z",
                "2011-12-30T17:00:00Z",
                "2011-12-31T17:00:00Z"
            ]
        );
    }

    #[test]
    fn a_week_is_counted_by_the_day_there() {
        let monday = When::Weekly {
            day: Weekday::Monday,
            hour: 0,
            zone: "Pacific/Auckland".to_owned(),
        };
        // Sunday at noon in UTC is Monday there.
        assert_eq!(
            turns(&monday, "2026-11-20T00:00:00Z", 2),
            ["2026-11-22T11:00:00Z", "2026-11-29T11:00:00Z"]
        );
    }

    #[test]
    fn each_hour_is_the_full_one_and_by_hand_is_none() {
        assert_eq!(
            turns(&When::Hourly {}, "2026-11-20T10:00:00Z", 2),
            ["2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z"]
        );
        let before = "1969-12-31T23:30:00Z".parse().unwrap();
        assert_eq!(next(&When::Hourly {}, before), Some(Timestamp::UNIX_EPOCH));
        assert_eq!(next(&When::ByHand {}, before), None);
        assert_eq!(next(&daily(7, "Nowhere/Land"), before), None);
        assert!(is_zone("Europe/Berlin") && !is_zone("Nowhere/Land"));
    }
}
