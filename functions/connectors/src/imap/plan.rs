//! Sorts changes into groups that one command can serve, and says what a change adds and removes.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_engine::kinds::mail::{Change, has_flag};
use bulkhead_engine::kinds::version::ItemVersion;

use super::name::Name;

/// Changes that are alike: from one folder, to one folder, with the same flags on and off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Alike {
    pub(super) folder: String,
    pub(super) validity: u32,
    /// Where to; none if it stays.
    pub(super) target: Option<String>,
    pub(super) add: BTreeSet<String>,
    pub(super) remove: BTreeSet<String>,
}

/// One change on its way: its place in the call, and its message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) index: usize,
    pub(super) uid: u32,
    pub(super) change: &'a Change,
}

/// The version of a state that somebody else changed in the same moment: no message ever has it, so
/// whoever compares finds that this one changed since.
pub(super) const CHANGED_SINCE: u64 = 0;

impl Item<'_> {
    /// The version it was seen in. One that this module did not make is one that no message has.
    pub(super) fn version(&self) -> u64 {
        let version = self.change.from.version.as_ref();
        version
            .and_then(ItemVersion::number)
            .unwrap_or(CHANGED_SINCE)
    }
}

/// A group with its changes.
pub(super) type Alikes<'a> = (Alike, Vec<Item<'a>>);

/// Groups by folder, then by what is done. Ids that are not ours are left out: no such item.
pub(super) fn groups(
    changes: &[Change],
    names: Vec<Option<Name>>,
) -> BTreeMap<Alike, Vec<Item<'_>>> {
    let mut groups: BTreeMap<Alike, Vec<Item<'_>>> = BTreeMap::new();
    for ((index, change), name) in changes.iter().enumerate().zip(names) {
        let Some(name) = name else { continue };
        let (add, remove) = flags(change);
        let target = (change.to.folder != name.folder).then(|| change.to.folder.clone());
        let alike = Alike {
            folder: name.folder,
            validity: name.validity,
            target,
            add,
            remove,
        };
        groups.entry(alike).or_default().push(Item {
            index,
            uid: name.uid,
            change,
        });
    }
    groups
}

/// Flags to put on and to take off. Servers compare keywords without regard to case.
fn flags(change: &Change) -> (BTreeSet<String>, BTreeSet<String>) {
    let missing = |these: &BTreeSet<String>, from: &BTreeSet<String>| {
        let is_in = |flag: &&String| has_flag(from, flag);
        these.iter().filter(|flag| !is_in(flag)).cloned().collect()
    };
    let (from, to) = (&change.from.state.flags, &change.to.flags);
    (missing(to, from), missing(from, to))
}

impl Alike {
    /// The flags a message has after our change, if nobody else touches it.
    pub(super) fn expected(&self, item: &Item<'_>) -> BTreeSet<String> {
        let before = &item.change.from.state.flags;
        before
            .iter()
            .filter(|flag| !has_flag(&self.remove, flag))
            .chain(&self.add)
            .cloned()
            .collect()
    }

    /// Whether our part of the flags is as it has to be.
    pub(super) fn holds(&self, flags: &BTreeSet<String>) -> bool {
        self.add.iter().all(|flag| has_flag(flags, flag))
            && !self.remove.iter().any(|flag| has_flag(flags, flag))
    }
}
