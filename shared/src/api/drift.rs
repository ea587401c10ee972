//! What changed since a selection was frozen.

use serde::{Deserialize, Serialize};

use crate::ids::ItemId;

/// What changed between freezing and now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Drift {
    /// Frozen, but no longer there or no longer matching.
    pub left: u64,
    /// Frozen and still there, but changed.
    pub changed: u64,
    /// Matching now, but not frozen: not part of the job.
    pub joined: u64,
    /// A few of those that left or changed.
    pub sample: Vec<ItemId>,
    /// Names exactly this drift; a confirmation carries it to say it was seen.
    pub hash: String,
}
