//! Copies of what lists show, by address book.

use std::collections::BTreeMap;

use bulkhead_engine::kinds::version::ItemVersion;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::vcard::Shown;

/// Copies of all address books, by path.
#[derive(Default)]
pub(super) struct Copies {
    pub(super) books: BTreeMap<String, Copy>,
}

/// A copy of one address book.
#[derive(Default)]
pub(super) struct Copy {
    pub(super) token: Option<String>,
    /// By what the address means.
    pub(super) cards: BTreeMap<Vec<u8>, Kept>,
}

/// A card, shown, in the version that was read.
pub(super) struct Kept {
    pub(super) id: ItemId,
    pub(super) version: Option<ItemVersion>,
    pub(super) shown: Shown,
}
