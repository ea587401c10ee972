//! A mail's state as far as operations change it, and changes from one state to another.
//!
//! Archive, label, mark, move and every undo are the same thing to a connector: bring these items
//! from the state they were seen in to another one. That keeps connectors small and makes undo no
//! second code path.

use std::collections::BTreeSet;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use serde::{Deserialize, Serialize};

/// The flag of a mail that was read (RFC 9051, section 2.3.2).
pub const SEEN: &str = "\\Seen";
/// The flag of a mail with a star.
pub const FLAGGED: &str = "\\Flagged";

/// Where a mail is and how it is marked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The folder's full name.
    pub folder: String,
    /// System flags with their backslash (`\Seen`), labels as they are. Never `\Recent`, which is
    /// the session's, and never our own claim.
    pub flags: BTreeSet<String>,
}

/// A mail as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemState {
    /// Where it was and how marked.
    pub place: Place,
    /// Differs after every change of this item by anybody (IMAP MODSEQ). Where a provider has no such
    /// thing: a hash of the place.
    pub version: u64,
    /// Recognises the same mail under another id: a hash of what the provider offers for that
    /// (EMAILID, X-GUID, or Message-ID with size and date). None where ids never change.
    pub identity: Option<u64>,
}

/// One item to be brought from where it was seen to somewhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The item, under the id it has now.
    pub id: ItemId,
    /// As it was seen. The connector changes nothing if it can tell that this no longer holds.
    pub from: ItemState,
    /// Where it is to be and how marked. Never equal to `from.place`.
    pub to: Place,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Done. The id and state it has now, from the answers to our own writes.
    Done {
        /// Its id now; the same as before where ids do not change.
        id: ItemId,
        /// Its state right after our write.
        state: ItemState,
    },
    /// Not done: somebody changed it since it was seen. Look again.
    Moved,
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
pub enum Found {
    /// Our change took effect.
    Done {
        /// Its id now.
        id: ItemId,
        /// Its state right after our change: with that, an undo later tells what somebody else changed
        /// since. Where the provider cannot tell any more, its state now.
        state: ItemState,
    },
    /// Our change did not take effect. What it looks like now, ready for another attempt.
    NotDone {
        /// Its id now (a half-done change may have left another one).
        id: ItemId,
        /// Its state now.
        state: ItemState,
    },
    /// It is gone, and not by us.
    Missing,
    /// Looking did not tell.
    Unclear,
}
