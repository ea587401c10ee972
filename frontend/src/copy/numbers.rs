//! Counts, sizes and shares as people read them.

use bulkhead_shared::kinds::Kind;
use bulkhead_words::decimal;

use crate::words;

/// A number as the reader writes it.
pub fn thousands(number: u64) -> String {
    bulkhead_words::number(number)
}

/// “1 mail”, “12,403 mails”.
pub fn items(number: u64, kind: Kind) -> String {
    format!("{} {}", thousands(number), kind.word(number))
}

/// The share of a total in whole percent. 100 only when all is there, 0 only when nothing is.
pub fn percent(part: u64, total: u64) -> u64 {
    match (part, total) {
        (_, 0) => 100,
        (0, _) => 0,
        _ if part >= total => 100,
        _ => (part * 100 / total).clamp(1, 99),
    }
}

/// Items a second, without digits nobody needs.
pub fn rate(items_per_second: f64) -> String {
    if items_per_second >= 10.0 {
        words::numbers_a_second(&thousands(items_per_second.round() as u64))
    } else if items_per_second >= 1.0 {
        words::numbers_a_second(&decimal(items_per_second, 1))
    } else {
        words::numbers_a_minute(&decimal(items_per_second * 60.0, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_commas_between_thousands() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(12_403), "12,403");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(items(1, Kind::Mail), "1 mail");
        assert_eq!(items(0, Kind::Mail), "0 mails");
    }

    #[test]
    fn a_percentage_is_never_rounded_to_done_or_to_nothing() {
        assert_eq!(percent(1, 100_000), 1);
        assert_eq!(percent(99_999, 100_000), 99);
        assert_eq!(percent(23, 50), 46);
        assert_eq!(percent(50, 50), 100);
        assert_eq!(percent(0, 0), 100);
    }

    #[test]
    fn slow_rates_are_told_by_the_minute() {
        assert_eq!(rate(1_204.4), "1,204 a second");
        assert_eq!(rate(2.34), "2.3 a second");
        assert_eq!(rate(0.25), "15 a minute");
    }
}
