//! An item's state, whatever its kind, and changes from one state to another.
//!
//! Creating, changing, deleting and every undo are the same thing: bring these items from the state
//! they were seen in to another one. *Absent* is a state like any other.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::outcome::ItemReason;

use super::mail::Place;
use super::version::ItemVersion;

/// What an item is, as far as operations change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is not there.
    Absent,
    /// A mail: where it is and how it is marked.
    Mail(Place),
    /// A contact: its card, byte for byte as the provider has it.
    Contact(Vec<u8>),
}

impl State {
    /// What the item is; none where it is not there.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Absent => None,
            Self::Mail(_) => Some(Kind::Mail),
            Self::Contact(_) => Some(Kind::Contact),
        }
    }

    /// The folder it is in; none where there are no folders.
    pub fn folder(&self) -> Option<&str> {
        match self {
            Self::Mail(place) => Some(&place.folder),
            Self::Absent | Self::Contact(_) => None,
        }
    }

    /// About as many bytes as it takes to be stored; never fewer.
    pub fn stored_bytes(&self) -> usize {
        match self {
            // Its length alone; ten bytes are the longest.
            Self::Absent => 10,
            Self::Mail(place) => place.stored_bytes(),
            Self::Contact(card) => card.len() + 20,
        }
    }
}

/// An item as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemState {
    /// What it was.
    pub state: State,
    /// Differs after every change of this item by anybody. None where nothing tells, and where it is
    /// not there.
    pub version: Option<ItemVersion>,
    /// Recognises the same item under another id. None where ids never change.
    pub identity: Option<u64>,
}

impl ItemState {
    /// An item that is not there.
    pub const ABSENT: Self = Self {
        state: State::Absent,
        version: None,
        identity: None,
    };

    /// Whether it was not there.
    pub fn is_absent(&self) -> bool {
        self.state == State::Absent
    }
}

/// One item to be brought from what it was seen to be to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The item, under the id it has now.
    pub id: ItemId,
    /// As it was seen. The store changes nothing if it can tell that this no longer holds.
    pub from: ItemState,
    /// What it is to be. Never the same as `from.state`.
    pub to: State,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Done. The id and state it has now, from the answers to our own writes.
    Done {
        /// Its id now; the same as before where ids do not change.
        id: ItemId,
        /// Its state right after our write.
        state: ItemState,
    },
    /// Not done: somebody changed it since it was seen. Look again.
    Changed,
    /// Not done: it is no longer there.
    Missing,
    /// Not done, and not worth another attempt.
    Refused(ItemReason),
    /// Not done, for a reason that passes.
    Unavailable,
    /// The call went out and its answer never came: it may be done or not.
    Unknown,
}

/// What looking for the effect of an unanswered change found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Our change took effect.
    Done {
        /// Its id now.
        id: ItemId,
        /// Its state right after our change, or where the provider cannot tell that any more, now.
        state: ItemState,
    },
    /// Our change did not take effect. What it looks like now, ready for another attempt.
    NotDone {
        /// Its id now (a half-done change may have left another one).
        id: ItemId,
        /// Its state now.
        state: ItemState,
    },
    /// It is gone, and not by us.
    Missing,
    /// Looking did not tell.
    Unclear,
}
