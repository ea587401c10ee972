//! What a planner reads at once.

use bulkhead_shared::ids::ItemId;

use crate::kinds::ItemState;
use crate::records::{Back, Entry, Found};

/// A piece of what a job's items come from.
#[derive(Default)]
pub(super) struct Page {
    /// The items; with the way back for an undo.
    pub(super) entries: Vec<(Entry, Option<Back>)>,
    /// What is noted of them with the job.
    pub(super) found: Found,
    /// Names the next page; none at the end.
    pub(super) next: Option<String>,
}

/// An item that the parent changed.
pub(super) struct Changed {
    /// Under the id it was left with.
    pub(super) id: ItemId,
    /// As it was left.
    pub(super) after: ItemState,
    pub(super) back: Back,
}
