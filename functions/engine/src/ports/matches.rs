//! What a search finds.

use std::collections::BTreeSet;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mail::{ANSWERED, FLAGGED, SEEN};
use bulkhead_shared::unsearched::Unsearched;
use jiff::Timestamp;

use crate::kinds::version::ItemVersion;

/// An item found while a selection is frozen, with its version then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The item.
    pub id: ItemId,
    /// See [`crate::kinds::ItemState::version`].
    pub version: Option<ItemVersion>,
    /// The folder it is in; none where there are no folders.
    pub folder: Option<String>,
    /// What is told of a mail in the same breath; none of what is no mail.
    pub facts: Option<Facts>,
    /// Where [`crate::ports::MailStore::headers`] tells of it; none where the store tells all of it here.
    pub header: Option<HeaderPlace>,
}

/// Where the header of a mail is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderPlace {
    /// The name of its folder there.
    pub folder: String,
    /// Its key there.
    pub key: u64,
    /// What stands in the folder's mark as long as the key names this mail.
    pub marked: String,
}

/// What a search tells of a mail that it finds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    pub unread: bool,
    pub starred: bool,
    pub answered: bool,
    /// Its labels.
    pub labels: Vec<String>,
    /// None where the provider does not tell, or telling it would take long: of mails on later pages.
    pub received: Option<Timestamp>,
    /// Bytes; none as above.
    pub size: Option<u64>,
    /// None as above.
    pub sender: Option<FromWhom>,
}

impl Facts {
    /// What the flags and labels of a mail tell of it.
    pub fn of_flags(flags: &BTreeSet<String>) -> Self {
        Self::default().with_flags(flags)
    }

    /// The same, with what flags and labels tell.
    pub fn with_flags(self, flags: &BTreeSet<String>) -> Self {
        let labels = flags.iter().filter(|flag| !flag.starts_with(['\\', '$']));
        Self {
            unread: !flags.contains(SEEN),
            starred: flags.contains(FLAGGED),
            answered: flags.contains(ANSWERED),
            labels: labels.cloned().collect(),
            ..self
        }
    }
}

/// Who sent a mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FromWhom {
    /// The bare address in small letters; empty if there is none that can be read.
    pub address: String,
    /// The name; empty if there is none.
    pub name: String,
}

/// A page of matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// In the connector's order: one that stays the same and keeps together what is changed
    /// together (by folder, then by id).
    pub matches: Vec<Match>,
    /// Hand it back for the next page; none at the end.
    pub next: Option<String>,
    /// What could not be searched, as far as this page came. The same may be told on several pages.
    pub unsearched: Vec<Unsearched>,
}
