//! A mail's state as far as operations change it, and what they make of it.

use std::collections::BTreeSet;

use bulkhead_shared::outcome::ItemReason;
use serde::{Deserialize, Serialize};

use super::not_a_state::NotAState;
use super::state::{OfKind, State};

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

/// A mail as it was seen. Its version is a MODSEQ in IMAP, or where a server has no such thing a hash of
/// the place; its identity a hash of what the provider offers for that (EMAILID, X-GUID, or Message-ID with
/// size and date).
pub type ItemState = super::ItemState<Place>;
/// A change of one mail.
pub type Change = super::Change<Place>;
/// What became of the change of one mail.
pub type Effect = super::Effect<Place>;
/// What looking for the effect of an unanswered change of a mail found.
pub type Found = super::Found<Place>;

/// No mail is made or deleted for good: that is no change of a mailbox that could go back.
impl OfKind for Place {
    fn into_state(self) -> State {
        State::Mail(self)
    }

    fn of(state: &State) -> Option<Self> {
        match state {
            State::Mail(place) => Some(place.clone()),
            _ => None,
        }
    }
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
    /// What a mail is to become that is this now; or why it is not to be touched.
    pub(super) fn aim(&self, now: &State) -> Result<State, ItemReason> {
        match now {
            State::Mail(place) => Ok(State::Mail(self.of(place))),
            State::Absent => Err(ItemReason::Missing),
            _ => Err(ItemReason::Internal),
        }
    }

    fn of(&self, now: &Place) -> Place {
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
