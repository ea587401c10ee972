//! What is picked in a list: some items, or all that match except some. Whichever is shorter to say is
//! said, so that a selection of any size is a few thousand names at the most.

mod reading;

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::limits;
use bulkhead_shared::selection::Selection;
use yew::Reducible;

pub use reading::{Reading, Unticked, between, outside, reading};

/// The picked items, and where the last tick was set (the start of a range).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picks {
    reach: Reach,
    anchor: Option<Anchor>,
    awaited: Option<Stretch>,
    unticked: Option<Unticked>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    These(BTreeSet<ItemId>),
    AllMatchingExcept(BTreeSet<ItemId>),
}

impl Default for Reach {
    fn default() -> Self {
        Self::These(BTreeSet::new())
    }
}

/// Where a range begins: the row that was ticked last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Its place in the list.
    pub place: usize,
    /// Which one it was.
    pub id: ItemId,
}

/// Rows side by side, and what they become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub places: Range<usize>,
    /// Ticked or unticked.
    pub picked: bool,
}

/// What a person does to the selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Ticks or unticks one row, which is where the next range begins.
    Toggle(Anchor),
    /// Gives rows that are known the state they are to have.
    These {
        ids: Vec<ItemId>,
        /// Ticked or unticked.
        picked: bool,
    },
    /// The next range begins here.
    From(Anchor),
    /// Rows are shown as they will be; which ones they are is being asked.
    Await(Stretch),
    /// The awaited rows are all except these and what was picked before outside of them.
    AllBut {
        /// All rows outside of the awaited ones.
        outside: Vec<ItemId>,
        /// Ticked or unticked.
        picked: bool,
    },
    /// A range is not ticked, and the awaited rows are as they were.
    Leave(Unticked),
    /// Everything that matches the search, listed or not.
    AllMatching,
    /// Nothing.
    Clear,
}

/// How a selection stands towards the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Far from them.
    Plenty,
    /// This many more can be named one by one.
    Near(usize),
    /// More are named one by one than a request takes.
    Over,
}

/// How the header's checkbox stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderTick {
    /// Nothing is picked.
    None,
    /// Something is.
    Some,
    /// All that match are.
    All,
}

impl Picks {
    /// Whether this row is picked.
    pub fn has(&self, id: &ItemId) -> bool {
        match &self.reach {
            Reach::These(ids) => ids.contains(id),
            Reach::AllMatchingExcept(except) => !except.contains(id),
        }
    }

    /// Whether the row at a place is shown as picked; none: nobody knows which one is there.
    pub fn shows(&self, place: usize, id: Option<&ItemId>) -> bool {
        match &self.awaited {
            Some(stretch) if stretch.places.contains(&place) => stretch.picked,
            _ => id.map_or(self.is_all_matching(), |id| self.has(id)),
        }
    }

    /// Whether nothing is picked.
    pub fn is_empty(&self) -> bool {
        matches!(&self.reach, Reach::These(ids) if ids.is_empty()) && self.awaited.is_none()
    }

    /// Whether something is picked, all of it is known, and a request can carry it.
    pub fn is_ready(&self) -> bool {
        !self.is_empty() && !self.is_awaiting() && self.room() != Room::Over
    }

    /// Why the last range was not ticked; none if it was, or something else was done since.
    pub fn unticked(&self) -> Option<Unticked> {
        self.unticked
    }

    /// Whether it is still being asked which rows are picked.
    pub fn is_awaiting(&self) -> bool {
        self.awaited.is_some()
    }

    /// Whether all that match are meant, listed or not.
    pub fn is_all_matching(&self) -> bool {
        matches!(self.reach, Reach::AllMatchingExcept(_))
    }

    /// How many were left out of all that match.
    pub fn left_out(&self) -> usize {
        match &self.reach {
            Reach::These(_) => 0,
            Reach::AllMatchingExcept(except) => except.len(),
        }
    }

    /// How many are picked; `matching` is the total of the search, where it is known.
    pub fn count(&self, matching: Option<u64>) -> Option<u64> {
        match &self.reach {
            Reach::These(ids) => Some(ids.len() as u64),
            Reach::AllMatchingExcept(except) => {
                matching.map(|all| all.saturating_sub(except.len() as u64))
            }
        }
    }

    /// How much more can be named in one request.
    pub fn room(&self) -> Room {
        let named = self.named();
        let most = limits::IDS_PER_REQUEST;
        if named > most || self.unticked == Some(Unticked::TooMany) {
            Room::Over
        } else if named * 10 >= most * 9 {
            Room::Near(most - named)
        } else {
            Room::Plenty
        }
    }

    /// The header's checkbox over a list of so many.
    pub fn header(&self, total: usize) -> HeaderTick {
        let is_all = match &self.reach {
            Reach::These(ids) => ids.len() == total,
            Reach::AllMatchingExcept(except) => except.is_empty(),
        };
        match self.is_empty() {
            true => HeaderTick::None,
            false if is_all => HeaderTick::All,
            false => HeaderTick::Some,
        }
    }

    /// The selection as a request carries it. `query` is the search that the list shows.
    pub fn to_selection(&self, query: &str) -> Selection {
        match &self.reach {
            Reach::These(ids) => Selection::Ids {
                ids: ids.iter().cloned().collect(),
            },
            Reach::AllMatchingExcept(except) => Selection::Query {
                query: query.to_owned(),
                except: except.iter().cloned().collect(),
            },
        }
    }

    /// The rows that are named one by one; none where all that match are meant.
    pub fn one_by_one(&self) -> Option<&BTreeSet<ItemId>> {
        match &self.reach {
            Reach::These(ids) => Some(ids),
            Reach::AllMatchingExcept(_) => None,
        }
    }

    /// Where a range begins, if there was a tick to begin at.
    pub fn anchor(&self) -> Option<&Anchor> {
        self.anchor.as_ref()
    }

    /// Ids that a request would carry.
    fn named(&self) -> usize {
        match &self.reach {
            Reach::These(ids) | Reach::AllMatchingExcept(ids) => ids.len(),
        }
    }

    fn set(&mut self, id: ItemId, picked: bool) {
        let (ids, is_member) = match &mut self.reach {
            Reach::These(ids) => (ids, picked),
            Reach::AllMatchingExcept(except) => (except, !picked),
        };
        if is_member {
            ids.insert(id);
        } else {
            ids.remove(&id);
        }
    }

    /// All rows but these get a state; these keep theirs.
    fn set_all_but(&mut self, outside: Vec<ItemId>, picked: bool) {
        let (kept, other): (Vec<_>, Vec<_>) = outside.into_iter().partition(|id| self.has(id));
        self.reach = match picked {
            true => Reach::AllMatchingExcept(other.into_iter().collect()),
            false => Reach::These(kept.into_iter().collect()),
        };
    }
}

impl Reducible for Picks {
    type Action = Pick;

    fn reduce(self: Rc<Self>, action: Pick) -> Rc<Self> {
        let mut picks = (*self).clone();
        // Where the next range begins says nothing of the last one.
        if !matches!(action, Pick::From(_)) {
            picks.unticked = None;
        }
        match action {
            Pick::Toggle(at) => {
                let picked = !picks.has(&at.id);
                picks.set(at.id.clone(), picked);
                picks.anchor = Some(at);
            }
            Pick::These { ids, picked } => {
                picks.awaited = None;
                ids.into_iter().for_each(|id| picks.set(id, picked));
            }
            Pick::From(at) => picks.anchor = Some(at),
            Pick::Await(stretch) => picks.awaited = Some(stretch),
            Pick::AllBut { outside, picked } => {
                picks.awaited = None;
                picks.set_all_but(outside, picked);
            }
            Pick::Leave(why) => {
                picks.awaited = None;
                picks.unticked = Some(why);
            }
            Pick::AllMatching => {
                picks = Self {
                    reach: Reach::AllMatchingExcept(BTreeSet::new()),
                    ..Self::default()
                }
            }
            Pick::Clear => picks = Self::default(),
        }
        Rc::new(picks)
    }
}

#[cfg(test)]
mod tests;
