//! How times are read. What is none is refused in one sentence.
//!
//! The browser is told times by our own server alone, in one form, and reads that one by hand: whatever the library
//! takes for a time, and all that it can say of what it does not, is as much code as a list of mails.

use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A time as text (RFC 3339).
pub(crate) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    parsed(&String::deserialize(from)?)
}

/// The same, or none.
pub(crate) fn read_optional<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.as_deref().map(parsed).transpose()
}

fn parsed<E: Error>(text: &str) -> Result<Timestamp, E> {
    time(text).ok_or_else(|| E::custom("a time is written like 2026-11-20T10:00:00Z"))
}

#[cfg(not(target_arch = "wasm32"))]
fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(target_arch = "wasm32")]
fn time(text: &str) -> Option<Timestamp> {
    as_we_write_it(text)
}

/// A time in UTC with all its parts; a year before our reckoning has six digits and a sign.
#[cfg(any(target_arch = "wasm32", test))]
fn as_we_write_it(text: &str) -> Option<Timestamp> {
    let (date, clock) = text.split_once('T')?;
    let clock = clock
        .strip_suffix('Z')
        .or_else(|| clock.strip_suffix("+00:00"))?;
    let (date, day) = date.rsplit_once('-')?;
    let (year, month) = date.rsplit_once('-')?;
    let year = match year.strip_prefix('-') {
        Some(before) => -digits(before, 6)?,
        None => digits(year, 4)?,
    };
    let (month, day) = (digits(month, 2)?, digits(day, 2)?);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.splitn(3, ':');
    let mut part = || digits(parts.next()?, 2);
    let (hours, minutes, seconds) = (part()?, part()?, part()?);
    let fits = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hours < 24
        && minutes < 60
        && seconds < 60
        && fraction.len() <= 9;
    let scale = 10_i64.checked_pow(u32::try_from(9_usize.checked_sub(fraction.len())?).ok()?)?;
    let nanos = digits(fraction, fraction.len())?.checked_mul(scale)?;
    let second = days(year, month, day) * 86_400 + hours * 3_600 + minutes * 60 + seconds;
    let time = Timestamp::new(second, i32::try_from(nanos).ok()?).ok();
    time.filter(|_| fits)
}

/// Days since 1970 in the Gregorian calendar, counted in years that begin in March, so that a leap day is the last.
#[cfg(any(target_arch = "wasm32", test))]
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let before = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // From 1 March of the year 0 to 1970.
    before + of_year - 719_468
}

/// Exactly so many digits.
#[cfg(any(target_arch = "wasm32", test))]
fn digits(text: &str, count: usize) -> Option<i64> {
    let is_number = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Deserialize)]
    struct Times {
        #[serde(deserialize_with = "read")]
        one: Timestamp,
        #[serde(default, deserialize_with = "read_optional")]
        other: Option<Timestamp>,
    }

    fn times(text: &str) -> Result<Times, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn times_are_read_as_the_library_does() {
        let text = r#"{"one":"2026-11-20T10:00:00.25+02:00","other":"2026-11-20T08:00:00.25Z"}"#;
        let both = times(text).unwrap();
        assert_eq!(Some(both.one), both.other);
        assert_eq!(both.one, "2026-11-20T08:00:00.25Z".parse().unwrap());
        let one = times(r#"{"one":"2026-11-20T10:00:00Z","other":null}"#).unwrap();
        assert_eq!(one.other, None);
        assert_eq!(
            times(r#"{"one":"2026-11-20T10:00:00Z"}"#).unwrap().other,
            None
        );
    }

    #[test]
    fn what_is_no_time_is_refused_in_a_sentence() {
        for text in [
            r#"{"one":"soon"}"#,
            r#"{"one":"2026-11-20T10:00:00Z","other":"x"}"#,
        ] {
            let refused = times(text).err().unwrap();
            assert!(refused.contains("2026-11-20T10:00:00Z"), "{refused}");
        }
        assert!(times(r#"{"one":7}"#).is_err());
    }

    #[test]
    fn what_we_write_is_read_by_hand_as_by_the_library() {
        let mut second = Timestamp::MIN.as_second() + 1;
        let mut seen = 0;
        // A step that comes to all months, days and hours.
        while second < Timestamp::MAX.as_second() {
            let nanos = seen * i32::from(seen % 3 == 0);
            let time = Timestamp::new(second, nanos).unwrap();
            assert_eq!(as_we_write_it(&time.to_string()), Some(time), "{time}");
            second += 12_345_677;
            seen += 1;
        }
        assert!(seen > 50_000);
        for written in [
            "2024-02-29T23:59:59.123456789Z",
            "2026-02-19T10:30:00+00:00",
            "-000001-12-31T23:59:59Z",
            "2026-01-31T00:00:00Z",
            "2026-12-01T23:00:00Z",
        ] {
            let time: Option<Timestamp> = written.parse().ok();
            assert!(time.is_some(), "{written}");
            assert_eq!(as_we_write_it(written), time, "{written}");
        }
        for none in [
            "",
            "soon",
            "2026-02-19",
            "2026-02-19T10:30Z",
            "2026-02-19T10:30:00",
            "2026-02-19T24:30:00Z",
            "2026-02-19T10:60:00Z",
            "2026-02-19T10:30:60Z",
            "2026-13-19T10:30:00Z",
            "2026-02-00T10:30:00Z",
            "2026-02-19T10:30:00.1234567890Z",
            "2026-02-19T10:30:00.Z",
            "2026-02-19T10:30:00+02:00",
            "+2026-02-19T10:30:00Z",
            "2026-02-19T10:30:+1Z",
            "2026-00-19T10:30:00Z",
            "2026-02-32T10:30:00Z",
            "2026-2-19T10:30:00Z",
            "+02026-02-19T10:30:00Z",
        ] {
            assert_eq!(as_we_write_it(none), None, "{none}");
        }
    }
}
