//! Ticking rows of a long list, also those that were never fetched: which ones they are is asked then.

use std::ops::Range;
use std::rc::Rc;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::limits::PAGE_ITEMS_MOST;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::hooks::rows::{Fetch, UseRows};
use crate::state::picks::{
    Anchor, HeaderTick, Pick, Picks, Reading, Stretch, Unticked, between, outside, reading,
};
use crate::state::rows::{Listed, Rows};

/// What a person ticks, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// One row, on or off.
    One(usize),
    /// Everything from the last tick to here, as this one becomes.
    To(usize),
    /// The row that the keyboard leaves and the one it comes to; back towards where it began, the one
    /// it leaves is let go.
    Along {
        /// The row it leaves.
        from: usize,
        /// The row it comes to.
        to: usize,
    },
    /// The header: everything that matches, or nothing if that is what is ticked.
    Header,
    /// Everything that matches.
    All,
    /// Nothing.
    Nothing,
}

/// The selection and how it is changed.
pub struct UsePicking {
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// Changes it.
    pub tick: Callback<Tick>,
}

/// Ticks rows of this list. Another `list` is another selection: nothing of the old one stays.
#[hook]
pub fn use_picking<K, T>(list: K, rows: &UseRows<T>) -> UsePicking
where
    K: PartialEq + 'static,
    T: Listed + 'static,
{
    let picks = use_reducer(Picks::default);
    {
        let dispatch = picks.dispatcher();
        use_effect_with(list, move |_| dispatch.dispatch(Pick::Clear));
    }
    let latest = use_mut_ref(|| None::<Ticking<T>>);
    *latest.borrow_mut() = Some(Ticking {
        picks: picks.clone(),
        rows: rows.rows.clone(),
        fetch: rows.fetch.clone(),
        reload: rows.reload.clone(),
    });
    let tick = use_callback((), move |tick: Tick, ()| {
        if let Some(ticking) = &*latest.borrow() {
            ticking.tick(tick);
        }
    });
    UsePicking { picks, tick }
}

struct Ticking<T> {
    picks: UseReducerHandle<Picks>,
    rows: Rc<Rows<T>>,
    fetch: Fetch<T>,
    reload: Callback<()>,
}

impl<T: Listed + 'static> Ticking<T> {
    fn tick(&self, tick: Tick) {
        let total = self.rows.total();
        match tick {
            Tick::One(place) => self.toggle(place),
            Tick::To(place) => match (self.begun(), self.at(place)) {
                (Some(begun), Some(end)) => {
                    let picked = !self.picks.has(&end.id);
                    self.stretch(in_order(begun, end.clone()), picked);
                    self.picks.dispatch(Pick::From(end));
                }
                _ => self.toggle(place),
            },
            Tick::Along { from, to } => self.along(from, to),
            Tick::Header if self.picks.header(total) == HeaderTick::All => {
                self.picks.dispatch(Pick::Clear);
            }
            Tick::Header | Tick::All => match self.rows.ids(0..total) {
                // What is wholly in sight is meant as it is seen, and not what will match later.
                Some(ids) => {
                    self.picks.dispatch(Pick::Clear);
                    self.picks.dispatch(Pick::These { ids, picked: true });
                }
                None => self.picks.dispatch(Pick::AllMatching),
            },
            Tick::Nothing => self.picks.dispatch(Pick::Clear),
        }
    }

    fn at(&self, place: usize) -> Option<Anchor> {
        let id = self.rows.get(place)?.id().clone();
        Some(Anchor { place, id })
    }

    /// The row that was ticked last, where it is now: rows move when mails come and go. None if another one is where it
    /// was, and nobody knows where it went.
    fn begun(&self) -> Option<Anchor> {
        let Anchor { place, id } = self.picks.anchor()?;
        let is_away = *place < self.rows.total() && self.rows.get(*place).is_none();
        let place = self.rows.place_of(id).or(is_away.then_some(*place))?;
        Some(Anchor {
            place,
            id: id.clone(),
        })
    }

    fn toggle(&self, place: usize) {
        if let Some(at) = self.at(place) {
            self.picks.dispatch(Pick::Toggle(at));
        }
    }

    fn along(&self, from: usize, to: usize) {
        let (Some(from), Some(to)) = (self.at(from), self.at(to)) else {
            return;
        };
        let begun = self.begun().map(|anchor| anchor.place);
        let begun = begun.filter(|_| self.picks.has(&from.id));
        let set = |ids, picked| self.picks.dispatch(Pick::These { ids, picked });
        match begun {
            Some(begun) if to.place.abs_diff(begun) < from.place.abs_diff(begun) => {
                set(vec![from.id], false);
            }
            Some(_) => set(vec![to.id], true),
            None => {
                self.picks.dispatch(Pick::From(from.clone()));
                set(vec![from.id, to.id], true);
            }
        }
    }

    fn stretch(&self, [first, last]: [Anchor; 2], picked: bool) {
        let places = first.place..last.place + 1;
        if let Some(ids) = self.rows.ids(places.clone()) {
            return self.picks.dispatch(Pick::These { ids, picked });
        }
        let total = self.rows.total();
        let what = reading(places.clone(), total);
        if what == Reading::TooMany {
            return self.picks.dispatch(Pick::Leave(Unticked::TooMany));
        }
        self.picks.dispatch(Pick::Await(Stretch { places, picked }));
        let (dispatch, fetch) = (self.picks.dispatcher(), self.fetch.clone());
        let (reload, ends) = (self.reload.clone(), [first.id, last.id]);
        spawn_local(async move {
            let read = async |places| ids(&fetch, places, total).await;
            let pick = match what {
                Reading::Inside(inside) => {
                    let ids = read(inside).await.and_then(|ids| between(ids, &ends));
                    ids.map(|ids| Pick::These { ids, picked })
                }
                Reading::Outside([before, behind]) => {
                    let both = async { Ok([read(before).await?, read(behind).await?]) }.await;
                    let outside = both.and_then(|both| outside(both, &ends));
                    outside.map(|outside| Pick::AllBut { outside, picked })
                }
                Reading::TooMany => return,
            };
            if let Err(Unticked::Changed) = pick {
                reload.emit(());
            }
            dispatch.dispatch(pick.unwrap_or_else(Pick::Leave));
        });
    }
}

/// The two ends of a range, the upper one first.
fn in_order(one: Anchor, other: Anchor) -> [Anchor; 2] {
    match one.place <= other.place {
        true => [one, other],
        false => [other, one],
    }
}

/// The ids in a stretch of a list of so many rows, page after page.
async fn ids<T: Listed>(
    fetch: &Fetch<T>,
    stretch: Range<usize>,
    total: usize,
) -> Result<Vec<ItemId>, Unticked> {
    let mut all = Vec::with_capacity(stretch.len());
    let mut place = stretch.start;
    while place < stretch.end {
        let until = stretch.end.min(place + PAGE_ITEMS_MOST as usize);
        let page = fetch(place..until).await.map_err(|_| Unticked::Unread)?;
        if page.total != total as u64 || page.rows.len() != until - place {
            return Err(Unticked::Changed);
        }
        all.extend(page.rows.iter().map(|row| row.id().clone()));
        place = until;
    }
    Ok(all)
}
