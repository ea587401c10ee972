//! Durations and dates. Where a person's own time zone matters, the browser tells it; everything
//! here works on numbers that were read from it, so that it can be tested on the host.

use crate::copy::numbers::counted;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A month, from 0 to 11.
pub fn month_name(month: u32) -> &'static str {
    MONTHS.get(month as usize).copied().unwrap_or("")
}

/// A moment on the person's own wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    pub year: u32,
    /// 0 to 11.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
}

impl Local {
    fn is_same_day(self, other: Self) -> bool {
        (self.year, self.month, self.day) == (other.year, other.month, other.day)
    }

    /// As a list of mails shows it: the time today, the day this year, else the year too.
    pub fn short(self, now: Self) -> String {
        if self.is_same_day(now) {
            self.clock()
        } else if self.year == now.year {
            format!("{} {}", self.day, month_name(self.month))
        } else {
            format!("{} {} {}", self.day, month_name(self.month), self.year)
        }
    }

    /// As a promise names it: day and time, with the year if it is another one.
    pub fn full(self, now: Self) -> String {
        if self.is_same_day(now) {
            return format!("today, {}", self.clock());
        }
        let year = if self.year == now.year {
            String::new()
        } else {
            format!(" {}", self.year)
        };
        format!(
            "{} {}{year}, {}",
            self.day,
            month_name(self.month),
            self.clock()
        )
    }

    /// Hours and minutes.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// How long something took: “0.4 s”, “42 s”, “3 min 42 s”, “2 h 5 min”.
pub fn took(seconds: f64) -> String {
    if seconds < 9.95 {
        let text = format!("{:.1}", seconds.max(0.1));
        return format!("{} s", text.trim_end_matches(".0"));
    }
    let whole = seconds.round() as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3_600 => joined(whole / 60, "min", whole % 60, "s"),
        3_600..86_400 => joined(whole / 3_600, "h", whole % 3_600 / 60, "min"),
        _ => joined(whole / 86_400, "d", whole % 86_400 / 3_600, "h"),
    }
}

fn joined(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    if small == 0 {
        format!("{large} {large_unit}")
    } else {
        format!("{large} {large_unit} {small} {small_unit}")
    }
}

/// A span of time that is only known roughly: “a few seconds”, “2 to 4 minutes”, “about 3 hours”.
pub fn roughly(least_seconds: u64, most_seconds: u64) -> String {
    if most_seconds <= 5 {
        return "a few seconds".to_owned();
    }
    let (unit, noun) = match most_seconds {
        0..100 => (1, "second"),
        100..5_400 => (60, "minute"),
        5_400..172_800 => (3_600, "hour"),
        _ => (86_400, "day"),
    };
    let least = rounded(least_seconds, unit);
    let most = rounded(most_seconds, unit).max(1);
    if least >= most {
        format!("about {}", counted(most, noun))
    } else if least == 0 {
        format!("up to {}", counted(most, noun))
    } else {
        format!("{least} to {}", counted(most, noun))
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
    let text = match far {
        0..45 => {
            return if seconds > 0 {
                "in a moment"
            } else {
                "just now"
            }
            .to_owned();
        }
        45..5_400 => counted(((far + 30) / 60).max(1), "minute"),
        5_400..129_600 => counted((far + 1_800) / 3_600, "hour"),
        _ => counted((far + 43_200) / 86_400, "day"),
    };
    if seconds > 0 {
        format!("in {text}")
    } else {
        format!("{text} ago")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Local = Local {
        year: 2026,
        month: 10,
        day: 20,
        hour: 12,
        minute: 5,
    };

    #[test]
    fn a_list_shows_the_time_today_and_the_year_only_when_it_differs() {
        assert_eq!(NOON.short(NOON), "12:05");
        assert_eq!(Local { day: 3, ..NOON }.short(NOON), "3 Nov");
        let old = Local { year: 2019, ..NOON };
        assert_eq!(old.short(NOON), "20 Nov 2019");
        assert_eq!(old.full(NOON), "20 Nov 2019, 12:05");
        assert_eq!(NOON.full(NOON), "today, 12:05");
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
