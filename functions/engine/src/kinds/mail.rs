//! A mail's state as far as operations change it, and changes from one state to another.
//!
//! Archive, label, mark, move and every undo are the same thing to a connector: bring these items
//! from the state they were seen in to another one. That keeps connectors small and makes undo no
//! second code path.

use std::collections::BTreeSet;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use serde::{Deserialize, Serialize};

use super::not_a_state::NotAState;
use super::version::ItemVersion;

pub use bulkhead_shared::kinds::mail::{FLAGGED, SEEN};

/// Where a mail is and how it is marked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The folder's full name.
    pub folder: String,
    /// System flags with their backslash (`\Seen`), labels as they are. Never `\Recent`, which is
    /// the session's, and never our own claim.
    pub flags: BTreeSet<String>,
}

impl Place {
    /// About as many bytes as it takes to be stored; never fewer.
    pub fn stored_bytes(&self) -> usize {
        // Each text with its length; ten bytes are the longest length.
        let flags = self.flags.iter().map(|flag| flag.len() + 10);
        self.folder.len() + 20 + flags.sum::<usize>()
    }
}

/// A mail as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemState {
    /// Where it was and how marked.
    pub place: Place,
    /// Differs after every change of this item by anybody (IMAP MODSEQ; where a server has no such
    /// thing, a hash of the place). None where nothing tells.
    pub version: Option<ItemVersion>,
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

/// The schema that [`encode`] writes.
pub(super) const SCHEMA: u8 = 1;

/// A place as it is stored, in schema 1.
#[derive(Serialize, Deserialize)]
struct StoredPlace {
    folder: String,
    flags: BTreeSet<String>,
}

/// A mail's place as bytes, in [`SCHEMA`]; never none.
pub(super) fn encode(place: &Place) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_stdvec(&StoredPlace {
        folder: place.folder.clone(),
        flags: place.flags.clone(),
    })
}

/// A mail's place from bytes of a schema that was ever released.
pub(super) fn decode(schema: u8, bytes: &[u8]) -> Result<Place, NotAState> {
    match schema {
        SCHEMA => {
            let (StoredPlace { folder, flags }, rest) = postcard::take_from_bytes(bytes)
                .map_err(|error| NotAState::Damaged(error.into()))?;
            if rest.is_empty() {
                Ok(Place { folder, flags })
            } else {
                Err(NotAState::Longer)
            }
        }
        schema => Err(NotAState::Newer(schema)),
    }
}

/// Where mails are to go, in the words of their account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// All into one folder.
    Folder(String),
    /// Flags put on and taken off, where they are.
    Flags {
        /// Put on.
        add: Vec<String>,
        /// Taken off.
        remove: Vec<String>,
    },
}

impl Goal {
    /// Where a mail is to go that is here now.
    pub fn of(&self, now: &Place) -> Place {
        match self {
            Self::Folder(folder) => Place {
                folder: folder.clone(),
                flags: now.flags.clone(),
            },
            Self::Flags { add, remove } => {
                let mut to = now.clone();
                to.flags.extend(add.iter().cloned());
                remove.iter().for_each(|flag| {
                    to.flags.remove(flag);
                });
                to
            }
        }
    }
}
