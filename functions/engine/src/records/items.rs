//! What is stored of a chunk's items, for all of them together: see [`super::schema`] for how.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::{ItemReason, Outcome};

use crate::kinds::version::ItemVersion;
use crate::kinds::{Back, ItemState};

/// The frozen items of a chunk.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Manifest {
    /// The items, in the connector's order.
    pub items: Vec<Entry>,
    /// For an undo: what each item has to look like still, and what it goes back to.
    pub back: Vec<Back>,
}

/// One item of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The item.
    pub id: ItemId,
    /// How it was found when it was frozen.
    pub seen: Seen,
    /// What the operation brings for this item alone; only the operation's target looks into it.
    pub input: Option<Vec<u8>>,
}

/// How an item was found when it was frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Not there any more, and shown as such.
    Gone,
    /// There, in this version; none where the provider has no versions.
    At(Option<ItemVersion>),
}

impl Seen {
    /// How an item in this state is seen.
    pub fn of(state: &ItemState) -> Self {
        match state.is_absent() {
            true => Self::Gone,
            false => Self::At(state.version.clone()),
        }
    }

    /// The version it had, if it was there and has versions.
    pub fn version(&self) -> Option<&ItemVersion> {
        match self {
            Self::Gone => None,
            Self::At(version) => version.as_ref(),
        }
    }
}

/// What an item was before it was touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prior {
    /// Its id then, where it differs from the manifest's.
    pub id: Option<ItemId>,
    /// Its state then.
    pub state: ItemState,
}

/// Bytes of the states of a chunk's items, most. Less than half of what a packed record may hold
/// ([`PLAIN_BYTES_MOST`](super::pack::PLAIN_BYTES_MOST)), because ids and versions are stored with them and a
/// provider may make more of a state than it was asked for.
pub const STATE_BYTES_MOST: usize = 24 * 1024 * 1024;

/// What an item was right after it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// Its id then, where it differs from the manifest's.
    pub id: Option<ItemId>,
    /// Its state then.
    pub state: ItemState,
}

/// How an item ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub outcome: Outcome,
    /// Why, where it did not succeed.
    pub reason: Option<ItemReason>,
    /// When, in Unix milliseconds.
    pub at: i64,
    /// When the call began that did it, in Unix milliseconds; none where there was none, or it is not known.
    pub began: Option<i64>,
}
