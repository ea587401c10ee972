//! Changes from one state to another, whatever the kind: to a store that knows one kind alone they are of
//! that kind's states, to the engine of any [`State`].
//!
//! Creating, changing, deleting and every undo are the same thing: bring these items from the state
//! they were seen in to another one. *Absent* is a state like any other.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;

use super::state::{OfKind, State};
use super::version::ItemVersion;

/// An item as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemState<S = State> {
    /// What it was.
    pub state: S,
    /// Differs after every change of this item by anybody. None where nothing tells, and where it is
    /// not there.
    pub version: Option<ItemVersion>,
    /// Recognises the same item under another id. None where ids never change.
    pub identity: Option<u64>,
}

/// One item to be brought from what it was seen to be to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<S = State> {
    /// The item, under the id it has now.
    pub id: ItemId,
    /// As it was seen. The store changes nothing if it can tell that this no longer holds.
    pub from: ItemState<S>,
    /// What it is to be. Never the same as `from.state`.
    pub to: S,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect<S = State> {
    /// Done. The id and state it has now, from the answers to our own writes.
    Done {
        /// Its id now; the same as before where ids do not change.
        id: ItemId,
        /// Its state right after our write.
        state: ItemState<S>,
    },
    /// Not done: somebody changed it, or made it, since it was seen. Look again.
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
pub enum Found<S = State> {
    /// Our change took effect.
    Done {
        /// Its id now.
        id: ItemId,
        /// Its state right after our change: with that, an undo later tells what somebody else changed
        /// since. Where the provider cannot tell any more, its state now.
        state: ItemState<S>,
    },
    /// Our change did not take effect. What it looks like now, ready for another attempt.
    NotDone {
        /// Its id now (a half-done change may have left another one).
        id: ItemId,
        /// Its state now.
        state: ItemState<S>,
    },
    /// It is gone, and not by us.
    Missing,
    /// Looking did not tell.
    Unclear,
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

    /// The same to a store of one kind; none if it is of another one.
    pub fn narrow<S: OfKind>(&self) -> Option<ItemState<S>> {
        Some(ItemState {
            state: S::of(&self.state)?,
            version: self.version.clone(),
            identity: self.identity,
        })
    }
}

impl<T> ItemState<Option<T>> {
    /// An item that is not there.
    pub fn absent() -> Self {
        Self {
            state: None,
            version: None,
            identity: None,
        }
    }
}

impl<S: OfKind> ItemState<S> {
    /// The same to the engine.
    pub fn widen(self) -> ItemState {
        ItemState {
            state: self.state.into_state(),
            version: self.version,
            identity: self.identity,
        }
    }
}

impl Change {
    /// The same to a store of one kind; none if it is of another one.
    pub fn narrow<S: OfKind>(&self) -> Option<Change<S>> {
        Some(Change {
            id: self.id.clone(),
            from: self.from.narrow()?,
            to: S::of(&self.to)?,
        })
    }
}

impl<S: OfKind> Effect<S> {
    /// The same to the engine.
    pub fn widen(self) -> Effect {
        match self {
            Self::Done { id, state } => Effect::Done {
                id,
                state: state.widen(),
            },
            Self::Changed => Effect::Changed,
            Self::Missing => Effect::Missing,
            Self::Refused(reason) => Effect::Refused(reason),
            Self::Unavailable => Effect::Unavailable,
            Self::Unknown => Effect::Unknown,
        }
    }
}

impl<S: OfKind> Found<S> {
    /// The same to the engine.
    pub fn widen(self) -> Found {
        match self {
            Self::Done { id, state } => Found::Done {
                id,
                state: state.widen(),
            },
            Self::NotDone { id, state } => Found::NotDone {
                id,
                state: state.widen(),
            },
            Self::Missing => Found::Missing,
            Self::Unclear => Found::Unclear,
        }
    }
}
