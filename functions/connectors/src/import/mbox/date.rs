//! The dates of separators, in the many orders in which writers have put their parts.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// The moment that these words tell, all of them; UTC where no zone is told, by custom.
pub(super) fn date(words: &[&str]) -> Option<Timestamp> {
    if let [one] = words {
        return iso(one);
    }
    let mut parts = Parts::default();
    for word in words {
        let word = word.trim_matches([',', '(', ')']);
        if !word.is_empty() {
            parts.take(word)?;
        }
    }
    parts.moment()
}

fn iso(word: &str) -> Option<Timestamp> {
    if !word.contains('T') {
        return None;
    }
    let zoned = || word.parse::<Timestamp>().ok();
    let plain = || in_utc(word.parse::<DateTime>().ok()?);
    zoned().or_else(plain)
}

fn in_utc(time: DateTime) -> Option<Timestamp> {
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// What the words of a date told so far; each is told once.
#[derive(Default)]
struct Parts {
    weekday: bool,
    month: Option<i8>,
    day: Option<i8>,
    year: Option<i16>,
    time: Option<Time>,
    afternoon: Option<bool>,
    zone: Option<Offset>,
}

/// Puts a part down; none if it was told before.
fn once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    let new = slot.is_none();
    *slot = Some(value);
    new.then_some(())
}

impl Parts {
    fn take(&mut self, word: &str) -> Option<()> {
        let number = || word.parse::<i16>().ok();
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && word.len() == 4 {
            return once(&mut self.year, number()?);
        }
        if is_number && word.len() <= 2 {
            return match self.day {
                None => once(&mut self.day, word.parse().ok()?),
                Some(_) => once(&mut self.year, century(number()?)),
            };
        }
        if let Some(offset) = offset(word) {
            return once(&mut self.zone, offset);
        }
        if word.contains(':') {
            return once(&mut self.time, time(word)?);
        }
        if let Some((zone, hours)) = word
            .find(['+', '-'])
            .and_then(|at| word.split_at_checked(at))
            && self::zone(zone).is_some()
            && let Some(offset) = offset(hours)
        {
            return once(&mut self.zone, offset);
        }
        if let Some((first, second)) = word.split_once('-') {
            return self.take_hyphened(first, second);
        }
        if let Some(month) = month(word) {
            return once(&mut self.month, month);
        }
        if is_weekday(word) {
            let new = !self.weekday;
            self.weekday = true;
            return new.then_some(());
        }
        match word.to_ascii_uppercase().as_str() {
            "AM" => once(&mut self.afternoon, false),
            "PM" => once(&mut self.afternoon, true),
            _ => once(&mut self.zone, zone(word)?),
        }
    }

    /// `4-Mar-2026` or `2026-03-04`.
    fn take_hyphened(&mut self, first: &str, rest: &str) -> Option<()> {
        let (second, third) = rest.split_once('-')?;
        if first.len() == 4 {
            once(&mut self.year, first.parse().ok()?)?;
            once(&mut self.month, second.parse().ok()?)?;
            return once(&mut self.day, third.parse().ok()?);
        }
        once(&mut self.day, first.parse().ok()?)?;
        once(&mut self.month, month(second)?)?;
        let year = third.parse().ok()?;
        let year = if third.len() == 2 {
            century(year)
        } else {
            year
        };
        once(&mut self.year, year)
    }

    fn moment(&self) -> Option<Timestamp> {
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
        let time = self.time?;
        let hour = match self.afternoon {
            Some(true) if time.hour() < 12 => time.hour() + 12,
            Some(false) if time.hour() == 12 => 0,
            _ => time.hour(),
        };
        let time = Time::new(hour, time.minute(), time.second(), 0).ok()?;
        let offset = self.zone.unwrap_or(Offset::UTC);
        offset.to_timestamp(date.to_datetime(time)).ok()
    }
}

/// A year of two digits (RFC 5322, section 4.3, but for years before mail).
fn century(year: i16) -> i16 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

/// `10:00`, `10:00:00`, `10:00:00.5`.
fn time(word: &str) -> Option<Time> {
    let mut parts = word.split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let second: i8 = match parts.next() {
        Some(second) => second.split('.').next()?.parse().ok()?,
        None => 0,
    };
    // A leap second has no number of its own.
    let second = if second == 60 { 59 } else { second };
    parts.next().is_none().then_some(())?;
    Time::new(hour, minute, second, 0).ok()
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The name or its first three letters or more.
fn is_name(word: &str, name: &str) -> bool {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    word.len() >= 3 && name.starts_with(&word)
}

fn month(word: &str) -> Option<i8> {
    let found = MONTHS.iter().position(|name| is_name(word, name))?;
    i8::try_from(found + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|name| is_name(word, name))
}

/// `+0100`, `-05:00`.
fn offset(word: &str) -> Option<Offset> {
    let (sign, digits) = match word.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, word.strip_prefix('-')?),
    };
    let digits = digits.replace(':', "");
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    Offset::from_seconds(sign * (number / 100 * 3_600 + number % 100 * 60)).ok()
}

/// The zones that mail knows by name (RFC 5322, section 4.3) and those that writers use beside them;
/// any other name of the kind counts as UTC.
fn zone(word: &str) -> Option<Offset> {
    let hours = match word {
        "EDT" | "AST" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "CET" | "MET" | "BST" | "WEST" => 1,
        "CEST" | "MEST" | "EET" | "SAST" => 2,
        "EEST" | "MSK" => 3,
        "SGT" | "HKT" => 8,
        "JST" | "KST" => 9,
        "AEST" => 10,
        "AEDT" => 11,
        "NZST" => 12,
        _ => 0,
    };
    let is_zone = word.len() <= 5 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    is_zone.then(|| Offset::from_seconds(hours * 3_600).ok())?
}
