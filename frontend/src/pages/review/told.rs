//! What a person says of mails that wait.

use bulkhead_shared::api::ReviewVerdict;
use bulkhead_shared::ids::ItemId;

/// What is said.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Told {
    /// This, of these.
    Decide(Vec<ItemId>, ReviewVerdict),
    /// This, of all that match.
    DecideAll(ReviewVerdict),
    /// Tick it, or do not any more.
    Tick(ItemId),
    /// Show how it can be changed, or do not any more.
    Open(ItemId),
}
