//! The rows of a long list, of which only some are here: each is known by its place, and what is not
//! here is fetched when somebody looks at its place.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use bulkhead_shared::api::Item;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Card;

/// Rows that are fetched at once.
pub const PAGE: usize = 100;
/// Rows that are kept around the ones on the screen.
const KEPT: usize = 2_000;

/// What a list has in its rows.
pub trait Listed {
    /// Which one it is.
    fn id(&self) -> &ItemId;
}

impl Listed for Card {
    fn id(&self) -> &ItemId {
        &self.id
    }
}

impl Listed for Item {
    fn id(&self) -> &ItemId {
        &self.id
    }
}

/// The rows of one list. Cheap to clone.
#[derive(Debug, PartialEq, Eq)]
pub struct Rows<T> {
    total: usize,
    known: BTreeMap<usize, Rc<T>>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self::new(0)
    }
}

impl<T> Clone for Rows<T> {
    fn clone(&self) -> Self {
        Self {
            total: self.total,
            known: self.known.clone(),
        }
    }
}

impl<T> Rows<T> {
    /// So many rows, none of them here.
    pub fn new(total: usize) -> Self {
        Self {
            total,
            known: BTreeMap::new(),
        }
    }

    /// All rows, here or not.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The row at a place, if it is here.
    pub fn get(&self, place: usize) -> Option<&Rc<T>> {
        self.known.get(&place)
    }

    /// The rows that are here, in their order.
    pub fn known(&self) -> impl Iterator<Item = (usize, &Rc<T>)> {
        self.known.iter().map(|(place, row)| (*place, row))
    }

    /// Takes rows in. Another total than before says that the list has changed: then the places of what
    /// is here mean nothing any more.
    pub fn arrive(&mut self, place: usize, rows: Vec<T>, total: usize) {
        if total != self.total {
            *self = Self::new(total);
        }
        let rows = rows.into_iter().map(Rc::new);
        self.known.extend((place..total).zip(rows));
        let middle = place + PAGE / 2;
        self.known.retain(|place, _| place.abs_diff(middle) <= KEPT);
    }

    /// The first stretch of this window that is not here, as long as a page at the most.
    pub fn missing(&self, window: Range<usize>) -> Option<Range<usize>> {
        let end = window.end.min(self.total);
        let first = (window.start..end).find(|place| !self.known.contains_key(place))?;
        let until = self.known.range(first..).next().map(|(place, _)| *place);
        let until = until.unwrap_or(self.total).min(first + PAGE);
        Some(first..until)
    }
}

impl<T: Listed> Rows<T> {
    /// The ids in this stretch; none unless all of it is here.
    pub fn ids(&self, stretch: Range<usize>) -> Option<Vec<ItemId>> {
        if stretch.end > self.total {
            return None;
        }
        let ids = self.known.range(stretch.clone());
        let ids: Vec<ItemId> = ids.map(|(_, row)| row.id().clone()).collect();
        (ids.len() == stretch.len()).then_some(ids)
    }

    /// Where this row is, if it is here.
    pub fn place_of(&self, id: &ItemId) -> Option<usize> {
        let mut known = self.known();
        known.find_map(|(place, row)| (row.id() == id).then_some(place))
    }

    /// Takes these rows out, as far as they are here: what is behind them moves up.
    pub fn leave(&mut self, ids: &BTreeSet<ItemId>) {
        let mut gone = 0;
        let mut stayed = BTreeMap::new();
        for (place, row) in std::mem::take(&mut self.known) {
            if ids.contains(row.id()) {
                gone += 1;
            } else {
                stayed.insert(place - gone, row);
            }
        }
        self.known = stayed;
        self.total -= gone;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Row(ItemId);

    impl Listed for Row {
        fn id(&self) -> &ItemId {
            &self.0
        }
    }

    fn id(place: usize) -> ItemId {
        format!("m{place}").parse().unwrap()
    }

    fn page(places: Range<usize>) -> Vec<Row> {
        places.map(|place| Row(id(place))).collect()
    }

    fn rows(total: usize, pages: &[(usize, usize)]) -> Rows<Row> {
        let mut rows = Rows::new(total);
        for &(from, to) in pages {
            rows.arrive(from, page(from..to), total);
        }
        rows
    }

    #[test]
    fn what_is_missing_is_asked_for_from_where_it_begins_to_where_it_is_known_again() {
        let rows = rows(1_000, &[(0, 100), (130, 200)]);
        assert_eq!(rows.missing(0..90), None);
        assert_eq!(rows.missing(80..140), Some(100..130));
        assert_eq!(rows.missing(190..220), Some(200..300));
        assert_eq!(rows.missing(990..1_050), Some(990..1_000));
        assert_eq!(rows.missing(1_000..1_050), None);
    }

    #[test]
    fn another_total_makes_old_places_worthless() {
        let mut rows = rows(1_000, &[(0, 100)]);
        rows.arrive(500, page(500..600), 999);
        assert_eq!((rows.total(), rows.get(0)), (999, None));
        assert_eq!(rows.get(500).unwrap().id(), &id(500));
    }

    #[test]
    fn rows_leave_and_the_others_move_up() {
        let mut rows = rows(1_000, &[(0, 100), (500, 600)]);
        rows.leave(&[id(0), id(3), id(550), id(777)].into());
        assert_eq!(rows.total(), 997);
        assert_eq!(rows.get(0).unwrap().id(), &id(1));
        assert_eq!(rows.get(2).unwrap().id(), &id(4));
        assert_eq!(rows.get(498).unwrap().id(), &id(500));
        assert_eq!(rows.get(548).unwrap().id(), &id(551));
        assert_eq!(rows.missing(90..110), Some(98..198));
        assert_eq!(rows.place_of(&id(551)), Some(548));
        assert_eq!(rows.place_of(&id(550)), None);
        assert_eq!(rows.place_of(&id(300)), None);
    }

    #[test]
    fn ids_are_told_only_of_what_is_wholly_here() {
        let rows = rows(200, &[(0, 100)]);
        assert_eq!(rows.ids(10..13), Some(vec![id(10), id(11), id(12)]));
        assert_eq!(rows.ids(90..101), None);
        assert_eq!(rows.ids(190..210), None);
    }

    #[test]
    fn what_is_far_away_is_forgotten() {
        let mut rows = rows(100_000, &[(0, 100)]);
        rows.arrive(50_000, page(50_000..50_100), 100_000);
        assert_eq!(rows.get(0), None);
        assert_eq!(rows.known().count(), 100);
    }
}
