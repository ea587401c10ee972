//! Which ids have to be known to tick a stretch of rows: those inside of it, or all others. A request
//! names ten thousand; so does a selection.

use std::ops::Range;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::limits;

/// What has to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The rows of the stretch.
    Inside(Range<usize>),
    /// The rows before and behind it, with the end of it that is next to them.
    Outside([Range<usize>; 2]),
    /// Both are too many.
    TooMany,
}

/// Why a range was not ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unticked {
    /// Its rows cannot be named one by one, and neither can all others.
    TooMany,
    /// The list is no longer the one of which the ends were ticked, so nobody knows what was between them.
    Changed,
    /// Which rows they are could not be learned.
    Unread,
}

/// What is shorter to say of a stretch in a list of so many rows.
pub fn reading(stretch: Range<usize>, total: usize) -> Reading {
    let most = limits::IDS_PER_REQUEST;
    let inside = stretch.len();
    if inside <= most {
        Reading::Inside(stretch)
    } else if total.saturating_sub(inside) <= most {
        Reading::Outside([0..stretch.start + 1, stretch.end - 1..total])
    } else {
        Reading::TooMany
    }
}

/// The rows of a stretch, if it still goes from the one end to the other.
pub fn between(ids: Vec<ItemId>, [first, last]: &[ItemId; 2]) -> Result<Vec<ItemId>, Unticked> {
    match (ids.first(), ids.last()) {
        (Some(begin), Some(end)) if begin == first && end == last => Ok(ids),
        _ => Err(Unticked::Changed),
    }
}

/// The rows before and behind a stretch without its two ends, if these are where they were.
pub fn outside(
    [mut before, mut behind]: [Vec<ItemId>; 2],
    [first, last]: &[ItemId; 2],
) -> Result<Vec<ItemId>, Unticked> {
    if before.last() != Some(first) || behind.first() != Some(last) {
        return Err(Unticked::Changed);
    }
    before.pop();
    before.extend(behind.drain(1..));
    Ok(before)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn ids(places: Range<usize>) -> Vec<ItemId> {
        places.map(id).collect()
    }

    fn id(place: usize) -> ItemId {
        format!("m{place}").parse().unwrap()
    }

    #[test]
    fn the_shorter_side_is_read_and_nothing_that_no_request_could_carry() {
        assert_eq!(reading(5..9, 100_000), Reading::Inside(5..9));
        assert_eq!(reading(0..10_000, 100_000), Reading::Inside(0..10_000));
        assert_eq!(
            reading(4_000..95_000, 100_000),
            Reading::Outside([0..4_001, 94_999..100_000])
        );
        assert_eq!(reading(0..50_000, 100_000), Reading::TooMany);
        assert_eq!(
            reading(0..10_001, 10_001),
            Reading::Outside([0..1, 10_000..10_001])
        );
    }

    /// A mail that came, or one that left, moves all rows below it by one.
    #[test]
    fn rows_between_two_that_have_moved_are_not_the_ones_that_were_meant() {
        let ends = [id(3), id(6)];
        assert_eq!(between(ids(3..7), &ends), Ok(ids(3..7)));
        for moved in [2..6, 4..8, 3..6, 4..7, 0..0] {
            let told = between(ids(moved.clone()), &ends);
            assert_eq!(told, Err(Unticked::Changed), "{moved:?}");
        }
        let others = |before, behind| outside([ids(before), ids(behind)], &ends);
        let rest: Vec<ItemId> = [ids(0..3), ids(7..9)].concat();
        assert_eq!(others(0..4, 6..9), Ok(rest));
        for (before, behind) in [
            (0..3, 6..9),
            (0..4, 5..9),
            (0..4, 7..9),
            (0..0, 6..9),
            (0..4, 0..0),
        ] {
            let told = others(before.clone(), behind.clone());
            assert_eq!(told, Err(Unticked::Changed), "{before:?} {behind:?}");
        }
    }
}
