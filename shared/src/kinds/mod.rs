//! What an item is.

pub mod mail;

use serde::{Deserialize, Serialize};

/// The kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Kind {
    /// A message in a mailbox.
    Mail,
}
