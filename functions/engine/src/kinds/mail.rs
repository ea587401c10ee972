//! A mail's state as far as operations change it, and what they make of it.

pub(super) mod place;

use bulkhead_shared::outcome::ItemReason;

use super::state::State;

pub use bulkhead_shared::kinds::mail::{ANSWERED, FLAGGED, SEEN};
pub use place::{Place, has_flag, same_flags};

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
                let new = add.iter().filter(|flag| !now.has(flag));
                to.flags.extend(new.cloned());
                to.flags.retain(|flag| !has_flag(remove, flag));
                to
            }
        }
    }
}
