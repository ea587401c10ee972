//! What is picked in the list: some mails, or all that match except some.

use std::collections::BTreeSet;
use std::rc::Rc;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::limits;
use bulkhead_shared::selection::Selection;
use yew::Reducible;

/// The picked mails, and where the last tick was set (the start of a range).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picks {
    reach: Reach,
    anchor: Option<ItemId>,
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

/// What a person does to the selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Ticks or unticks one mail.
    Toggle(ItemId),
    /// Gives every mail between the last tick and this one the state this one gets.
    Range {
        /// The mail that was clicked.
        to: ItemId,
        /// The mails in the order of the list.
        listed: Rc<Vec<ItemId>>,
    },
    /// Ticks all listed mails, or unticks everything if they all were ticked.
    Page(Rc<Vec<ItemId>>),
    /// Unticks what is not among these.
    Only(Rc<Vec<ItemId>>),
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
    /// No listed mail is picked.
    None,
    /// Some are.
    Some,
    /// All are.
    All,
}

impl Picks {
    /// Whether this mail is picked.
    pub fn has(&self, id: &ItemId) -> bool {
        match &self.reach {
            Reach::These(ids) => ids.contains(id),
            Reach::AllMatchingExcept(except) => !except.contains(id),
        }
    }

    /// Whether nothing is picked.
    pub fn is_empty(&self) -> bool {
        matches!(&self.reach, Reach::These(ids) if ids.is_empty())
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

    /// How many mails are picked; `matching` is the total of the search, where it is known.
    pub fn count(&self, matching: Option<u64>) -> Option<u64> {
        match &self.reach {
            Reach::These(ids) => Some(ids.len() as u64),
            Reach::AllMatchingExcept(except) => {
                matching.map(|all| all.saturating_sub(except.len() as u64))
            }
        }
    }

    /// How many of those picked one by one are not in the list: gone since, or not loaded.
    pub fn unlisted(&self, listed: &[ItemId]) -> u64 {
        match &self.reach {
            Reach::These(ids) => {
                let listed: BTreeSet<&ItemId> = listed.iter().collect();
                ids.iter().filter(|id| !listed.contains(id)).count() as u64
            }
            Reach::AllMatchingExcept(_) => 0,
        }
    }

    /// How much more can be named in one request.
    pub fn room(&self) -> Room {
        let named = match &self.reach {
            Reach::These(ids) | Reach::AllMatchingExcept(ids) => ids.len(),
        };
        let most = limits::IDS_PER_REQUEST;
        if named > most {
            Room::Over
        } else if named * 10 >= most * 9 {
            Room::Near(most - named)
        } else {
            Room::Plenty
        }
    }

    /// The header's checkbox over these mails.
    pub fn header(&self, listed: &[ItemId]) -> HeaderTick {
        match listed.iter().filter(|id| self.has(id)).count() {
            0 => HeaderTick::None,
            picked if picked == listed.len() => HeaderTick::All,
            _ => HeaderTick::Some,
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

    fn set(&mut self, id: &ItemId, picked: bool) {
        let (ids, is_member) = match &mut self.reach {
            Reach::These(ids) => (ids, picked),
            Reach::AllMatchingExcept(except) => (except, !picked),
        };
        if is_member {
            ids.insert(id.clone());
        } else {
            ids.remove(id);
        }
    }

    fn toggle(&mut self, id: ItemId) {
        let picked = !self.has(&id);
        self.set(&id, picked);
        self.anchor = Some(id);
    }

    fn range(&mut self, to: ItemId, listed: &[ItemId]) {
        let place = |wanted: &ItemId| listed.iter().position(|id| id == wanted);
        let ends = self.anchor.as_ref().and_then(place).zip(place(&to));
        let Some((from, until)) = ends else {
            return self.toggle(to);
        };
        let picked = !self.has(&to);
        for id in &listed[from.min(until)..=from.max(until)] {
            self.set(id, picked);
        }
        self.anchor = Some(to);
    }

    fn page(&mut self, listed: &[ItemId]) {
        if self.header(listed) == HeaderTick::All {
            *self = Self::default();
        } else {
            listed.iter().for_each(|id| self.set(id, true));
        }
    }
}

impl Reducible for Picks {
    type Action = Pick;

    fn reduce(self: Rc<Self>, action: Pick) -> Rc<Self> {
        let mut picks = (*self).clone();
        match action {
            Pick::Toggle(id) => picks.toggle(id),
            Pick::Range { to, listed } => picks.range(to, &listed),
            Pick::Page(listed) => picks.page(&listed),
            Pick::Only(listed) => {
                if let Reach::These(ids) = &mut picks.reach {
                    ids.retain(|id| listed.contains(id));
                }
            }
            Pick::AllMatching => {
                picks.reach = Reach::AllMatchingExcept(BTreeSet::new());
                picks.anchor = None;
            }
            Pick::Clear => picks = Self::default(),
        }
        Rc::new(picks)
    }
}

#[cfg(test)]
mod tests;
