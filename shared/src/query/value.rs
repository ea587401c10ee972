//! Values that are not any text: classes, sizes, dates and ages.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::field::error;
use super::{Moment, QueryError};
use crate::class::Class;
use crate::words;

/// What stands where no class is meant: mails that nobody has looked at.
const NO_CLASS: &str = "none";
/// A hundred years: more is a slip of the hand.
const DAYS_MOST: u32 = 36_500;

/// `newsletter`, `list-discussion`, or `none` for no class.
pub(super) fn class(text: &str, at: usize) -> Result<Option<Class>, QueryError> {
    let name = text.to_lowercase().replace(['-', ' '], "_");
    if name == NO_CLASS {
        return Ok(None);
    }
    Class::named(&name).map(Some).ok_or_else(|| {
        let known: Vec<&str> = Class::ALL.into_iter().map(Class::name).collect();
        let there_are = known.join(", ");
        let message = match nearest(&name, &known) {
            Some(meant) => words::query_class_meant(text, meant, &there_are),
            None => words::query_class(text, &there_are),
        };
        error(at, message)
    })
}

/// The name that this text is most of, by how it begins and ends, or that it is the beginning of; none if that is less
/// than half of either.
fn nearest<'a>(text: &str, names: &[&'a str]) -> Option<&'a str> {
    let alike = |name: &str| {
        let same = |(one, other): &(char, char)| one == other;
        let begin = text.chars().zip(name.chars()).take_while(same);
        let end = text.chars().rev().zip(name.chars().rev());
        let longest = text.chars().count().max(name.chars().count());
        let alike = (begin.count() + end.take_while(same).count()).min(longest);
        let is_begun = text.len() > 1 && name.starts_with(text);
        (is_begun || 2 * alike >= longest).then_some(alike)
    };
    let near = names.iter().filter_map(|name| Some((alike(name)?, *name)));
    near.max_by_key(|(alike, _)| *alike).map(|(_, name)| name)
}

/// `1000`, `100K`, `5M`, `1G`, with or without a `B` at the end.
pub(super) fn size(text: &str, at: usize) -> Result<u64, QueryError> {
    let upper = text.to_ascii_uppercase();
    let plain = upper.strip_suffix('B').unwrap_or(&upper);
    let (digits, unit) = match plain.char_indices().next_back() {
        Some((last, 'K')) => (plain.get(..last), 1 << 10),
        Some((last, 'M')) => (plain.get(..last), 1 << 20),
        Some((last, 'G')) => (plain.get(..last), 1 << 30),
        _ => (Some(plain), 1),
    };
    digits
        .and_then(number)
        .and_then(|count| count.checked_mul(unit))
        // What stores sizes as signed numbers must not turn it around.
        .filter(|&bytes| i64::try_from(bytes).is_ok())
        .ok_or_else(|| error(at, words::query_size()))
}

/// `2024`, `2024-01`, `2024-01-31`, or with slashes: the start of the first day, in UTC.
pub(super) fn date(text: &str, at: usize) -> Result<Moment, QueryError> {
    read_date(text)
        .and_then(|date| date.to_zoned(TimeZone::UTC).ok())
        .map(|day| Moment::At(day.timestamp()))
        .ok_or_else(|| error(at, words::query_date()))
}

fn read_date(text: &str) -> Option<Date> {
    let separator = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(separator);
    let year = parts.next().filter(|year| year.len() == 4)?;
    let year = i16::try_from(number(year)?).ok()?;
    let mut next = || match parts.next() {
        None => Some(1),
        Some(part) if part.len() <= 2 => i8::try_from(number(part)?).ok(),
        Some(_) => None,
    };
    let (month, day) = (next()?, next()?);
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month, day).ok()
}

/// `7d`, `2w`, `3m`, `1y`.
pub(super) fn age(text: &str, at: usize) -> Result<Moment, QueryError> {
    read_age(text)
        .map(Moment::DaysAgo)
        .ok_or_else(|| error(at, words::query_age()))
}

fn read_age(text: &str) -> Option<u32> {
    let (last, unit) = text.char_indices().next_back()?;
    let days = match unit.to_ascii_lowercase() {
        'd' => 1,
        'w' => 7,
        'm' => 30,
        'y' => 365,
        _ => return None,
    };
    u32::try_from(number(text.get(..last)?)?)
        .ok()?
        .checked_mul(days)
        .filter(|&days| days <= DAYS_MOST)
}

/// Digits only: `parse` alone would take a plus sign too.
fn number(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}
