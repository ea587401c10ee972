//! What a search finds.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::unsearched::Unsearched;

use crate::kinds::version::ItemVersion;

/// An item found while a selection is frozen, with its version then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The item.
    pub id: ItemId,
    /// See [`crate::kinds::ItemState::version`].
    pub version: Option<ItemVersion>,
    /// The folder it is in; none where there are no folders.
    pub folder: Option<String>,
}

/// A page of matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// In the connector's order: one that stays the same and keeps together what is changed
    /// together (by folder, then by id).
    pub matches: Vec<Match>,
    /// Hand it back for the next page; none at the end.
    pub next: Option<String>,
    /// What could not be searched, as far as this page came. The same may be told on several pages.
    pub unsearched: Vec<Unsearched>,
}
