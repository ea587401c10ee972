//! The row that the keyboard is on.

use std::collections::BTreeSet;
use std::rc::Rc;

use bulkhead_shared::ids::ItemId;
use yew::prelude::*;

use crate::hooks::rows::UseRows;
use crate::state::rows::{Listed, Rows};

/// Where the keyboard is in a list, and how that changes.
pub struct UseCursor<K: 'static> {
    /// The row; none before the keyboard came to the list.
    pub place: Option<usize>,
    /// Grows with each step of the keyboard, and not where its row moves by itself.
    pub steps: u32,
    /// Goes to a row of the list that is shown.
    pub go: Callback<usize>,
    /// Goes to the first row of a list, which may be one that is not shown yet.
    pub enter: Callback<K>,
}

impl<K> UseCursor<K> {
    /// The same list, in which the keyboard goes on to the next row that stays, before its own leaves.
    pub fn going_on<T: Listed + 'static>(&self, list: UseRows<T>) -> UseRows<T> {
        let (place, go) = (self.place, self.go.clone());
        let (rows, leave) = (list.rows.clone(), list.leave);
        let leave = Callback::from(move |ids: Rc<BTreeSet<ItemId>>| {
            if let Some(next) = place.and_then(|place| next(place, &ids, &rows)) {
                go.emit(next);
            }
            leave.emit(ids);
        });
        UseRows { leave, ..list }
    }
}

/// Where the keyboard went.
struct Went<K> {
    list: K,
    place: usize,
    /// What was there, if it was known.
    id: Option<ItemId>,
}

/// Where it is, after so many steps.
struct Steps<K> {
    count: u32,
    last: Option<Went<K>>,
}

impl<K> Reducible for Steps<K> {
    type Action = Went<K>;

    fn reduce(self: Rc<Self>, went: Went<K>) -> Rc<Self> {
        Rc::new(Self {
            count: self.count.wrapping_add(1),
            last: Some(went),
        })
    }
}

/// Where the keyboard is in this list. In another `list` it is nowhere, unless that one was entered. It stays with its
/// row when others come and go; where its row is gone, the next one is in its place.
#[hook]
pub fn use_cursor<K, T>(list: K, rows: &Rc<Rows<T>>) -> UseCursor<K>
where
    K: PartialEq + Clone + 'static,
    T: Listed + 'static,
{
    let steps = use_reducer(|| Steps {
        count: 0,
        last: None,
    });
    let latest = use_mut_ref(Rc::<Rows<T>>::default);
    *latest.borrow_mut() = rows.clone();
    let go = use_callback(
        (list.clone(), steps.dispatcher()),
        move |place, (list, steps)| {
            let id = latest.borrow().get(place).map(|row| row.id().clone());
            let list = list.clone();
            steps.dispatch(Went { list, place, id });
        },
    );
    let enter = use_callback(steps.dispatcher(), |list, steps| {
        let (place, id) = (0, None);
        steps.dispatch(Went { list, place, id });
    });
    let here = steps.last.as_ref().filter(|went| went.list == list);
    UseCursor {
        place: here.map(|went| now(went.place, went.id.as_ref(), rows)),
        steps: steps.count,
        go,
        enter,
    }
}

/// Where the row is that was at a place.
fn now<T: Listed>(place: usize, id: Option<&ItemId>, rows: &Rows<T>) -> usize {
    let is_there = rows.get(place).is_none_or(|row| Some(row.id()) == id);
    let moved = id.filter(|_| !is_there).and_then(|id| rows.place_of(id));
    moved.unwrap_or(place)
}

/// Where to go from a row that is among those that leave: the next one that stays, or the last one before it. None if
/// the row itself stays, or no other does.
fn next<T: Listed>(place: usize, leaving: &BTreeSet<ItemId>, rows: &Rows<T>) -> Option<usize> {
    let leaves = |place: usize| {
        rows.get(place)
            .is_some_and(|row| leaving.contains(row.id()))
    };
    if !leaves(place) {
        return None;
    }
    let mut onwards = (place..rows.total()).chain((0..place).rev());
    onwards.find(|&place| !leaves(place))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    struct Row(ItemId);

    impl Listed for Row {
        fn id(&self) -> &ItemId {
            &self.0
        }
    }

    fn id(name: &str) -> ItemId {
        name.parse().unwrap()
    }

    /// Mails that came, or left, while somebody was on the second row.
    #[test]
    fn the_keyboard_stays_with_its_row_while_others_come_and_go() {
        let b = id("b");
        for (listed, place) in [
            ("a b c", 1),
            ("x y a b c", 3),
            ("b c", 0),
            ("a c", 1),
            ("", 1),
        ] {
            let listed: Vec<Row> = listed.split_whitespace().map(|it| Row(id(it))).collect();
            let total = listed.len();
            let mut rows = Rows::new(total);
            rows.arrive(0, listed, total);
            assert_eq!(now(1, Some(&b), &rows), place, "{total} rows");
            assert_eq!(now(1, None, &rows), 1);
        }
    }

    #[test]
    fn the_keyboard_goes_on_to_what_stays() {
        let listed = "a b c d".split_whitespace().map(|it| Row(id(it))).collect();
        let mut rows = Rows::new(6);
        rows.arrive(0, listed, 6);
        for (place, leaving, to) in [
            (1, "b", Some(2)),
            (1, "b c", Some(3)),
            (1, "b c d", Some(4)),
            (1, "a c", None),
            (5, "a", None),
        ] {
            let leaving = leaving.split_whitespace().map(id).collect();
            assert_eq!(next(place, &leaving, &rows), to, "{leaving:?}");
        }
        let listed = "a b".split_whitespace().map(|it| Row(id(it))).collect();
        let mut rows = Rows::new(2);
        rows.arrive(0, listed, 2);
        let all: BTreeSet<ItemId> = [id("a"), id("b")].into();
        assert_eq!(next(1, &[id("b")].into(), &rows), Some(0));
        assert_eq!(next(1, &all, &rows), None);
    }
}
