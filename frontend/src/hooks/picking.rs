//! Ticking rows of a long list, also those that were never fetched: which ones they are is asked then.

use std::ops::Range;
use std::rc::Rc;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::limits::PAGE_ITEMS_MOST;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::Answer;
use crate::hooks::rows::{Fetch, UseRows};
use crate::state::picks::{Anchor, HeaderTick, Pick, Picks, Reading, Stretch, reading};
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
}

impl<T: Listed + 'static> Ticking<T> {
    fn tick(&self, tick: Tick) {
        let total = self.rows.total();
        match tick {
            Tick::One(place) => self.toggle(place),
            Tick::To(place) => match (self.picks.anchor(), self.at(place)) {
                (Some(anchor), Some(end)) => {
                    let first = anchor.place.min(place);
                    let last = anchor.place.max(place).min(total.saturating_sub(1));
                    let picked = !self.picks.has(&end.id);
                    self.stretch(first..last + 1, picked);
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

    fn toggle(&self, place: usize) {
        if let Some(at) = self.at(place) {
            self.picks.dispatch(Pick::Toggle(at));
        }
    }

    fn along(&self, from: usize, to: usize) {
        let (Some(from), Some(to)) = (self.at(from), self.at(to)) else {
            return;
        };
        let begun = self.picks.anchor().map(|anchor| anchor.place);
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

    fn stretch(&self, places: Range<usize>, picked: bool) {
        if let Some(ids) = self.rows.ids(places.clone()) {
            return self.picks.dispatch(Pick::These { ids, picked });
        }
        let what = reading(places.clone(), self.rows.total());
        if what == Reading::TooMany {
            return self.picks.dispatch(Pick::TooMany);
        }
        self.picks.dispatch(Pick::Await(Stretch { places, picked }));
        let (dispatch, fetch) = (self.picks.dispatcher(), self.fetch.clone());
        spawn_local(async move {
            let pick = match what {
                Reading::Inside(inside) => {
                    let ids = ids(&fetch, inside).await;
                    ids.map(|ids| Pick::These { ids, picked })
                }
                Reading::Outside([before, behind]) => {
                    let both = both(&fetch, before, behind).await;
                    both.map(|outside| Pick::AllBut { outside, picked })
                }
                Reading::TooMany => return,
            };
            dispatch.dispatch(pick.unwrap_or(Pick::GiveUp));
        });
    }
}

async fn both<T: Listed>(
    fetch: &Fetch<T>,
    before: Range<usize>,
    behind: Range<usize>,
) -> Answer<Vec<ItemId>> {
    let mut all = ids(fetch, before).await?;
    all.extend(ids(fetch, behind).await?);
    Ok(all)
}

/// The ids in a stretch, page after page.
async fn ids<T: Listed>(fetch: &Fetch<T>, stretch: Range<usize>) -> Answer<Vec<ItemId>> {
    let mut all = Vec::with_capacity(stretch.len());
    let mut place = stretch.start;
    while place < stretch.end {
        let until = stretch.end.min(place + PAGE_ITEMS_MOST as usize);
        let page = fetch(place..until).await?;
        all.extend(page.rows.iter().map(|row| row.id().clone()));
        place = until;
    }
    Ok(all)
}
