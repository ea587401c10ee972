//! Durations and dates. Where a person's own time zone or locale matters, the browser tells it; everything here works
//! on numbers that were read from it, so that it can be tested on the host.

use bulkhead_words::decimal;

use crate::copy::numbers::thousands;
use crate::words;

/// A day on the person's own wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub year: u32,
    /// 0 to 11.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// What of a moment is written; how, is for the reader's locale to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Hours and minutes.
    Clock,
    /// Day and month.
    Day,
    /// Day, month and year.
    Date,
    /// Day, month, hours and minutes.
    DayClock,
    /// All of them.
    DateClock,
    /// Month and year.
    Month,
}

impl Day {
    /// As a list of mails shows a moment of this day: the time today, the day this year, else the year too.
    pub fn short(self, today: Self) -> Shape {
        match self {
            _ if self == today => Shape::Clock,
            _ if self.year == today.year => Shape::Day,
            _ => Shape::Date,
        }
    }

    /// As a promise names it: day and time, with the year if it is another one. Of today only the time.
    pub fn full(self, today: Self) -> Shape {
        match self {
            _ if self == today => Shape::Clock,
            _ if self.year == today.year => Shape::DayClock,
            _ => Shape::DateClock,
        }
    }
}

/// How long something took: “0.4 s”, “42 s”, “3 min 42 s”, “2 h 5 min”.
pub fn took(seconds: f64) -> String {
    if seconds < 9.95 {
        let tenths = (seconds.max(0.1) * 10.0).round();
        let digits = if tenths % 10.0 == 0.0 { 0 } else { 1 };
        return words::moments_seconds(&decimal(tenths / 10.0, digits));
    }
    let whole = seconds.round() as u64;
    match whole {
        0..60 => words::moments_seconds(&whole.to_string()),
        60..3_600 => words::moments_minutes(whole / 60, whole % 60),
        3_600..86_400 => words::moments_hours(whole / 3_600, whole % 3_600 / 60),
        _ => words::moments_days(whole / 86_400, whole % 86_400 / 3_600),
    }
}

/// What says so many of something.
type Counts = fn(u64) -> String;

/// A span of time that is only known roughly: “a few seconds”, “2 to 4 minutes”, “about 3 hours”.
pub fn roughly(least_seconds: u64, most_seconds: u64) -> String {
    if most_seconds <= 5 {
        return words::moments_few_seconds().to_owned();
    }
    let (unit, noun): (u64, Counts) = match most_seconds {
        0..100 => (1, words::moments_count_seconds),
        100..5_400 => (60, words::moments_count_minutes),
        5_400..172_800 => (3_600, words::moments_count_hours),
        _ => (86_400, words::moments_count_days),
    };
    let least = rounded(least_seconds, unit);
    let most = rounded(most_seconds, unit).max(1);
    if least >= most {
        words::moments_about(&noun(most))
    } else if least == 0 {
        words::moments_up_to(&noun(most))
    } else {
        words::moments_range(&thousands(least), &noun(most))
    }
}

/// Seconds are told in steps of five once they are many: more would be false exactness.
fn rounded(seconds: u64, unit: u64) -> u64 {
    if unit == 1 && seconds > 10 {
        (seconds + 2) / 5 * 5
    } else {
        (seconds + unit / 2) / unit
    }
}

/// A clock that runs down: “0:42”, “12:05”, “1:02:03”.
pub fn countdown(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// How far away a moment is: “in 7 days”, “12 minutes ago”, “just now”.
pub fn away(seconds: i64) -> String {
    let far = seconds.unsigned_abs();
    let (ahead, behind): (Counts, Counts) = match far {
        0..45 if seconds > 0 => return words::moments_in_a_moment().to_owned(),
        0..45 => return words::moments_just_now().to_owned(),
        45..5_400 => (words::moments_in_minutes, words::moments_minutes_ago),
        5_400..129_600 => (words::moments_in_hours, words::moments_hours_ago),
        _ => (words::moments_in_days, words::moments_days_ago),
    };
    let number = match far {
        0..5_400 => ((far + 30) / 60).max(1),
        5_400..129_600 => (far + 1_800) / 3_600,
        _ => (far + 43_200) / 86_400,
    };
    if seconds > 0 {
        ahead(number)
    } else {
        behind(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = Day {
        year: 2026,
        month: 10,
        day: 20,
    };

    #[test]
    fn a_list_shows_the_time_today_and_the_year_only_when_it_differs() {
        assert_eq!(TODAY.short(TODAY), Shape::Clock);
        assert_eq!(Day { day: 3, ..TODAY }.short(TODAY), Shape::Day);
        let old = Day {
            year: 2019,
            ..TODAY
        };
        assert_eq!(old.short(TODAY), Shape::Date);
        assert_eq!(old.full(TODAY), Shape::DateClock);
        assert_eq!(Day { month: 0, ..TODAY }.full(TODAY), Shape::DayClock);
        assert_eq!(TODAY.full(TODAY), Shape::Clock);
    }

    #[test]
    fn durations_name_two_units_at_most() {
        assert_eq!(took(0.0), "0.1 s");
        assert_eq!(took(0.41), "0.4 s");
        assert_eq!(took(2.0), "2 s");
        assert_eq!(took(2.31), "2.3 s");
        assert_eq!(took(42.0), "42 s");
        assert_eq!(took(222.0), "3 min 42 s");
        assert_eq!(took(7_200.0), "2 h");
        assert_eq!(took(90_000.0), "1 d 1 h");
    }

    #[test]
    fn rough_spans_are_ranges_unless_both_ends_agree() {
        assert_eq!(roughly(0, 3), "a few seconds");
        assert_eq!(roughly(18, 41), "20 to 40 seconds");
        assert_eq!(roughly(0, 41), "up to 40 seconds");
        assert_eq!(roughly(120, 240), "2 to 4 minutes");
        assert_eq!(roughly(178, 182), "about 3 minutes");
        assert_eq!(roughly(3_600, 10_800), "1 to 3 hours");
    }

    #[test]
    fn a_clock_runs_down_to_nothing() {
        assert_eq!(countdown(0), "0:00");
        assert_eq!(countdown(42), "0:42");
        assert_eq!(countdown(725), "12:05");
        assert_eq!(countdown(3_723), "1:02:03");
    }

    #[test]
    fn distances_say_before_or_after() {
        assert_eq!(away(7 * 86_400), "in 7 days");
        assert_eq!(away(-720), "12 minutes ago");
        assert_eq!(away(-3), "just now");
        assert_eq!(away(20), "in a moment");
        assert_eq!(away(3_600), "in 60 minutes");
        assert_eq!(away(7_200), "in 2 hours");
    }
}
