//! A folder, as it was told.

use bulkhead_shared::api::{Folder, Role};

use super::listed::Counts;

/// A folder as LIST told it.
#[derive(Debug, Clone, Default)]
pub(super) struct Listed {
    /// What we call it. No other folder has this name.
    pub(super) name: String,
    /// What a person calls it: what its name says, unless another folder's says the same.
    pub(super) shown: String,
    pub(super) role: Option<Role>,
    /// Lies in the trash, or in spam.
    pub(super) within: Option<Role>,
    /// The server itself says what it is for.
    pub(super) special: bool,
    /// Of several folders for one role, the one that mails are brought to has the lowest.
    pub(super) rank: usize,
    pub(super) selectable: bool,
    /// Shows mails that lie in other folders too (Gmail's All Mail).
    pub(super) view: bool,
    /// Another user's, or shared.
    pub(super) foreign: bool,
    pub(super) separator: Option<char>,
    pub(super) counts: Counts,
}

impl Listed {
    /// As the screen lists it.
    pub(super) fn shown(self) -> Folder {
        Folder {
            name: self.shown,
            role: self.role,
            shared: self.foreign,
            total: self.counts.get("MESSAGES"),
            unread: self.counts.get("UNSEEN"),
        }
    }

    /// Whether a person means this folder by a name.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name == name || self.shown == name
    }
}
