//! What was done with a deleted mailbox, noted in itself: an annotation that only the administrator sees.
//! What a restore copied is written before and after each command that copies, so whoever comes after a death
//! knows what may have been copied, and an undo knows what was. Where a recovered mailbox came from is
//! written before it goes, with what the row says of its person, which Cyrus has no place for.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_shared::kinds::mailbox::{ConflictRule, Profile};
use serde::{Deserialize, Serialize};

use crate::imap::fault::Fault;
use crate::imap::session::Session;
use crate::imap::uids;
use crate::imap::words::Words;

/// RFC 5464, section 3.2: a comment on a mailbox, private to who wrote it.
pub(super) const ENTRY: &str = "/private/comment";
/// The schema of what is written.
const SCHEMA: u32 = 1;

/// What was done with one mailbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    bulkhead: u32,
    /// None while it is deleted, and where somebody else recovered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) recovered: Option<Recovered>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) restores: Vec<Restored>,
}

/// A recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recovered {
    /// The name it had among the deleted ones.
    pub(super) was: String,
    /// When folders of it were deleted that took a moment longer, by what the server calls them for good.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) later: BTreeMap<String, String>,
    /// What whose it is now might do in folders of it before, by what the server calls them for good.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) had: BTreeMap<String, String>,
    /// Whose it is now, as the row says.
    pub(super) profile: Profile,
}

/// One restore.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Restored {
    /// What the server calls the target's inbox for good.
    pub(super) target: String,
    /// By which rule, and into which folder there.
    pub(super) rule: ConflictRule,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) folder: Option<String>,
    /// All was copied.
    pub(super) done: bool,
    pub(super) folders: Vec<Copied>,
    /// A folder that is being made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) making: Option<Making>,
}

/// A folder that is made where there was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Making {
    pub(super) name: String,
    /// The folder above, and what the administrator may do there while more is lent.
    pub(super) above: String,
    pub(super) had: String,
}

/// What was copied into one folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copied {
    /// What the server calls the folder for good, and by its name.
    pub(super) unique: String,
    pub(super) name: String,
    pub(super) validity: u32,
    /// It was made for this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) made: bool,
    /// UIDs in the source, and those of their copies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) from: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) to: Vec<String>,
    /// What the administrator may do in the source and here by themselves, while more is lent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) had: Option<[String; 2]>,
    /// The folder in the source, while more is lent there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) read: Option<String>,
    /// A command whose end is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) open: Option<Open>,
    /// Mails that had to make room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) replaced: Vec<Replaced>,
    /// Mails that were to make room, by a command whose end is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) room: Option<Room>,
    /// Nothing is left to be done here.
    #[serde(default)]
    pub(super) done: bool,
}

/// A copy that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Open {
    /// UIDs where they are copied from.
    pub(super) asked: String,
    /// Copies have this UID or a higher one.
    pub(super) next: u32,
}

/// Mails that were copied elsewhere, to be removed here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Replaced {
    /// The folder they are in now, and its UIDVALIDITY.
    pub(super) folder: String,
    pub(super) validity: u32,
    pub(super) uids: String,
    /// UIDs that they had here; empty where they were moved.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) from: String,
    /// On the way back: a copy whose end is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) open: Option<Open>,
    /// They are here again, and to be removed there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) returned: bool,
}

/// A copy to another folder that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Room {
    /// That folder, and its UIDVALIDITY.
    pub(super) folder: String,
    pub(super) validity: u32,
    pub(super) open: Open,
}

impl Copied {
    /// UIDs in the source that were copied.
    pub(super) fn originals(&self) -> Result<BTreeSet<u32>, Fault> {
        expanded(&self.from)
    }

    /// UIDs of the copies.
    pub(super) fn copies(&self) -> Result<BTreeSet<u32>, Fault> {
        expanded(&self.to)
    }

    /// UIDs of the copies by those of what they are copies of.
    pub(super) fn pairs(&self) -> Result<BTreeMap<u32, u32>, Fault> {
        let mut pairs = BTreeMap::new();
        for (from, to) in self.from.iter().zip(&self.to) {
            let from = uids::read(from).ok_or(Fault::Senseless)?;
            let to = uids::read(to).ok_or(Fault::Senseless)?;
            pairs.extend(from.into_iter().zip(to));
        }
        Ok(pairs)
    }

    /// Notes copies by what they are copies of: as runs that ascend on both sides, so that the two lists
    /// tell which is which.
    pub(super) fn took(&mut self, arrived: BTreeMap<u32, u32>) {
        self.open = None;
        let (from, to): (Vec<u32>, Vec<u32>) = arrived.into_iter().unzip();
        let mut rest = (from.as_slice(), to.as_slice());
        while !rest.1.is_empty() {
            let ascends = rest.1.windows(2).take_while(|pair| pair[0] < pair[1]);
            let length = ascends.count() + 1;
            let (from, later_from) = rest.0.split_at(length);
            let (to, later_to) = rest.1.split_at(length);
            self.from.push(uids::set(from));
            self.to.push(uids::set(to));
            rest = (later_from, later_to);
        }
    }
}

impl Replaced {
    /// UIDs of the copies by those that the mails had here; none where they were moved.
    pub(super) fn pairs(&self) -> Result<BTreeMap<u32, u32>, Fault> {
        if self.from.is_empty() {
            return Ok(BTreeMap::new());
        }
        let from = uids::read(&self.from).ok_or(Fault::Senseless)?;
        let to = uids::read(&self.uids).ok_or(Fault::Senseless)?;
        match from.len() == to.len() {
            true => Ok(from.into_iter().zip(to).collect()),
            false => Err(Fault::Senseless),
        }
    }
}

impl Open {
    /// UIDs that a copy was asked of.
    pub(super) fn asked(&self) -> Result<BTreeSet<u32>, Fault> {
        expanded(std::slice::from_ref(&self.asked))
    }
}

fn expanded(sets: &[String]) -> Result<BTreeSet<u32>, Fault> {
    let mut all = BTreeSet::new();
    for set in sets {
        all.extend(uids::read(set).ok_or(Fault::Senseless)?);
    }
    Ok(all)
}

impl Journal {
    /// The restore into this target.
    pub(super) fn of(&self, target: &str) -> Option<&Restored> {
        self.restores.iter().find(|known| known.target == target)
    }

    /// Puts a restore in place of what was noted of it.
    pub(super) fn note(&mut self, restored: &Restored) {
        self.drop(&restored.target);
        self.restores.push(restored.clone());
    }

    /// Forgets the restore into this target.
    pub(super) fn drop(&mut self, target: &str) {
        self.restores.retain(|known| known.target != target);
    }

    /// Reads what a mailbox has. A comment that somebody else wrote is not ours to overwrite.
    pub(super) fn of_comment(comment: Option<&[u8]>) -> Result<Self, Fault> {
        match comment {
            None => Ok(Self::default()),
            Some(comment) => Self::decode(comment).ok_or_else(not_ours),
        }
    }

    pub(super) fn decode(comment: &[u8]) -> Option<Self> {
        let journal: Self = serde_json::from_slice(comment).ok()?;
        (journal.bulkhead == SCHEMA).then_some(journal)
    }

    /// Keeps it in a mailbox.
    pub(super) async fn write(
        &mut self,
        session: &mut Session,
        mailbox: &str,
    ) -> Result<(), Fault> {
        self.bulkhead = SCHEMA;
        let words = Words::new("SETMETADATA ")
            .text(mailbox)
            .plain(&format!(" ({ENTRY} "));
        let words = match self.restores.is_empty() && self.recovered.is_none() {
            true => words.plain("NIL"),
            false => {
                let text = serde_json::to_string(self).map_err(|_| Fault::Senseless)?;
                words.text(&text)
            }
        };
        session.write(words.plain(")"), &mut |_| {}).await?.ok()?;
        Ok(())
    }
}

fn not_ours() -> Fault {
    Fault::Call(bulkhead_engine::ports::CallError::Unsupported(
        "This mailbox has a comment of somebody else where what is done is noted; take it away first."
            .to_owned(),
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_is_read_as_it_was_written_and_nobody_elses_is() {
        let mut journal = Journal {
            bulkhead: SCHEMA,
            ..Journal::default()
        };
        let copied = Copied {
            unique: "u".to_owned(),
            name: "user/ann/Work".to_owned(),
            validity: 7,
            made: true,
            from: vec!["1:50".to_owned()],
            to: vec!["51:100".to_owned()],
            had: Some(["la".to_owned(), String::new()]),
            read: Some("DELETED/user/bob/6B07E612".to_owned()),
            open: Some(Open {
                asked: "51:60".to_owned(),
                next: 101,
            }),
            replaced: Vec::new(),
            room: None,
            done: false,
        };
        let restored = |target: &str| Restored {
            target: target.to_owned(),
            rule: ConflictRule::KeepNewer,
            folder: Some("Old".to_owned()),
            done: false,
            folders: vec![copied.clone()],
            making: Some(Making {
                name: "user/ann/Work/Deep".to_owned(),
                above: "user/ann/Work".to_owned(),
                had: String::new(),
            }),
        };
        journal.note(&restored("a"));
        journal.note(&restored("b"));
        journal.note(&restored("a"));
        let text = serde_json::to_vec(&journal).unwrap();
        assert_eq!(Journal::decode(&text), Some(journal.clone()));
        assert_eq!(journal.restores.len(), 2);
        journal.drop("a");
        assert!(journal.of("a").is_none() && journal.of("b").is_some());
        for text in ["hello", "{}", r#"{"bulkhead":2}"#] {
            assert_eq!(Journal::decode(text.as_bytes()), None);
        }
    }

    #[test]
    fn what_the_first_release_wrote_stays_readable() {
        let text = r#"{"bulkhead":1,"restores":[{"target":"t","rule":"keep_target","done":true,"folders":[{"unique":"u","name":"user/ann","validity":7,"from":["1:2"],"to":["3:4"],"done":true,"replaced":[{"folder":"user/ann/Trash","validity":9,"uids":"1"}]}]}]}"#;
        let journal = Journal::decode(text.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&journal).unwrap().len(), text.len());
        let folder = &journal.of("t").unwrap().folders[0];
        assert_eq!(folder.replaced[0].uids, "1");
        assert!(!folder.made && folder.open.is_none());
    }
}
