//! Which ids have to be known to tick a stretch of rows: those inside of it, or all others. A request
//! names ten thousand; so does a selection.

use std::ops::Range;

use bulkhead_shared::limits;

/// What has to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The rows of the stretch.
    Inside(Range<usize>),
    /// The rows before and behind it.
    Outside([Range<usize>; 2]),
    /// Both are too many.
    TooMany,
}

/// What is shorter to say of a stretch in a list of so many rows.
pub fn reading(stretch: Range<usize>, total: usize) -> Reading {
    let most = limits::IDS_PER_REQUEST;
    let inside = stretch.len();
    if inside <= most {
        Reading::Inside(stretch)
    } else if total.saturating_sub(inside) <= most {
        Reading::Outside([0..stretch.start, stretch.end..total])
    } else {
        Reading::TooMany
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_side_is_read_and_nothing_that_no_request_could_carry() {
        assert_eq!(reading(5..9, 100_000), Reading::Inside(5..9));
        assert_eq!(reading(0..10_000, 100_000), Reading::Inside(0..10_000));
        assert_eq!(
            reading(4_000..95_000, 100_000),
            Reading::Outside([0..4_000, 95_000..100_000])
        );
        assert_eq!(reading(0..50_000, 100_000), Reading::TooMany);
        assert_eq!(
            reading(0..10_001, 10_001),
            Reading::Outside([0..0, 10_001..10_001])
        );
    }
}
