//! What is in a directory of mailboxes.

use serde::{Deserialize, Serialize};

use crate::kinds::mailbox::{ConflictRule, Mailbox};

/// A page of mailboxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mailboxes {
    /// By name.
    pub mailboxes: Vec<Mailbox>,
    /// All that match.
    pub total: u64,
    /// The rules that this directory can restore by.
    pub rules: Vec<ConflictRule>,
}
