//! Where a mail is and how it is marked, and how that is stored.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::kinds::not_a_state::NotAState;

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
    /// Whether it has a flag or label.
    pub(crate) fn has(&self, flag: &str) -> bool {
        has_flag(&self.flags, flag)
    }

    /// Whether the two are one folder and the same flags.
    pub(in crate::kinds) fn says_the_same(&self, other: &Self) -> bool {
        self.folder == other.folder && same_flags(&self.flags, &other.flags)
    }

    /// About as many bytes as it takes to be stored; never fewer.
    pub fn stored_bytes(&self) -> usize {
        // Each text with its length; ten bytes are the longest length.
        let flags = self.flags.iter().map(|flag| flag.len() + 10);
        self.folder.len() + 20 + flags.sum::<usize>()
    }
}

/// Whether a flag or label is among these, whatever its case (RFC 9051, section 2.3.2).
pub fn has_flag<'a>(flags: impl IntoIterator<Item = &'a String>, flag: &str) -> bool {
    flags.into_iter().any(|it| it.eq_ignore_ascii_case(flag))
}

/// Whether these are the same flags, whatever their case.
pub fn same_flags(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    one == other || one.len() == other.len() && one.iter().all(|flag| has_flag(other, flag))
}

/// The schema that [`encode`] writes.
pub(in crate::kinds) const SCHEMA: u8 = 1;

/// A place as it is stored, in schema 1.
#[derive(Serialize, Deserialize)]
struct StoredPlace {
    folder: String,
    flags: BTreeSet<String>,
}

/// A mail's place as bytes, in [`SCHEMA`]; never none.
pub(in crate::kinds) fn encode(place: &Place) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_stdvec(&StoredPlace {
        folder: place.folder.clone(),
        flags: place.flags.clone(),
    })
}

/// A mail's place from bytes of a schema that was ever released.
pub(in crate::kinds) fn decode(schema: u8, bytes: &[u8]) -> Result<Place, NotAState> {
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
