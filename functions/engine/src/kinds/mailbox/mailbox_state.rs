//! A mailbox's state itself, how two are compared, and how one is stored.

use bulkhead_shared::kinds::mailbox::{ConflictRule, Profile};
use serde::{Deserialize, Serialize};

use crate::kinds::not_a_state::NotAState;

/// What a mailbox or a restore is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailboxState {
    /// A mailbox that is deleted and kept.
    Inactive,
    /// A mailbox that is in use, by whom this says.
    Active(Profile),
    /// The source of a restore of which nothing is in its target by us.
    NotRestored,
    /// A restore that is there.
    Restored(Restored),
}

/// What a restore brought into its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What became of what was in both.
    pub rule: ConflictRule,
    /// The folder of the target that everything went into; none: each message into the folder that it was in.
    pub folder: Option<String>,
    /// Messages that it copied.
    pub copied: u64,
    /// What the directory needs to take exactly that out again; only the directory looks into it. Empty in
    /// what a restore is to be, and where a look does not tell.
    pub receipt: Vec<u8>,
}

impl MailboxState {
    /// Whether a person would take the two for the same. What only the directory knows of a restore, and
    /// how many messages it was, is not part of that.
    pub fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Active(one), Self::Active(other)) => one.says_the_same(other),
            (Self::Restored(one), Self::Restored(other)) => {
                (one.rule, &one.folder) == (other.rule, &other.folder)
            }
            _ => self == other,
        }
    }

    /// About as many bytes as it takes to be stored; never fewer.
    pub(in crate::kinds) fn stored_bytes(&self) -> usize {
        /// Numbers and lengths.
        const AROUND: usize = 100;
        AROUND
            + match self {
                Self::Inactive | Self::NotRestored => 0,
                Self::Active(profile) => {
                    let texts = texts(profile);
                    texts.iter().map(|text| text.len()).sum()
                }
                Self::Restored(restored) => {
                    restored.receipt.len() + restored.folder.as_ref().map_or(0, String::len)
                }
            }
    }
}

fn texts(profile: &Profile) -> [&String; 7] {
    [
        &profile.upn,
        &profile.smtp,
        &profile.display_name,
        &profile.first_name,
        &profile.last_name,
        &profile.department,
        &profile.company,
    ]
}

/// The schema that [`encode`] writes.
pub(in crate::kinds) const SCHEMA: u8 = 1;

/// A state as it is stored, in schema 1. Its numbers are never used for anything else.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// 1 inactive, 2 active, 3 not restored, 4 restored.
    what: u8,
    /// Of an active one its profile: sign-in name, address, display name, first and last name, department,
    /// company.
    texts: Vec<String>,
    restored: Option<StoredRestored>,
}

#[derive(Serialize, Deserialize)]
struct StoredRestored {
    /// 1 keeps the target's, 2 the source's, 3 the newer, 4 both.
    rule: u8,
    folder: Option<String>,
    copied: u64,
    receipt: Vec<u8>,
}

/// A state as bytes, in [`SCHEMA`]; never none.
pub(in crate::kinds) fn encode(mailbox: &MailboxState) -> Result<Vec<u8>, postcard::Error> {
    let (what, texts, restored) = match mailbox {
        MailboxState::Inactive => (1, Vec::new(), None),
        MailboxState::Active(profile) => (2, texts(profile).map(String::clone).into(), None),
        MailboxState::NotRestored => (3, Vec::new(), None),
        MailboxState::Restored(restored) => (4, Vec::new(), Some(StoredRestored::from(restored))),
    };
    postcard::to_stdvec(&Stored {
        what,
        texts,
        restored,
    })
}

/// A state from bytes of a schema that was ever released.
pub(in crate::kinds) fn decode(schema: u8, bytes: &[u8]) -> Result<MailboxState, NotAState> {
    if schema != SCHEMA {
        return Err(NotAState::Newer(schema));
    }
    let (stored, rest) = postcard::take_from_bytes::<Stored>(bytes)
        .map_err(|error| NotAState::Damaged(error.into()))?;
    if !rest.is_empty() {
        return Err(NotAState::Longer);
    }
    let damaged = || NotAState::Damaged("it is no state of a mailbox".into());
    match (stored.what, stored.restored) {
        (1, None) => Ok(MailboxState::Inactive),
        (2, None) => {
            let texts: [String; 7] = stored.texts.try_into().map_err(|_| damaged())?;
            let [
                upn,
                smtp,
                display_name,
                first_name,
                last_name,
                department,
                company,
            ] = texts;
            Ok(MailboxState::Active(Profile {
                upn,
                smtp,
                display_name,
                first_name,
                last_name,
                department,
                company,
            }))
        }
        (3, None) => Ok(MailboxState::NotRestored),
        (4, Some(stored)) => stored
            .restored()
            .map(MailboxState::Restored)
            .ok_or_else(damaged),
        _ => Err(damaged()),
    }
}

impl From<&Restored> for StoredRestored {
    fn from(restored: &Restored) -> Self {
        Self {
            rule: match restored.rule {
                ConflictRule::KeepTarget => 1,
                ConflictRule::KeepSource => 2,
                ConflictRule::KeepNewer => 3,
                ConflictRule::KeepBoth => 4,
            },
            folder: restored.folder.clone(),
            copied: restored.copied,
            receipt: restored.receipt.clone(),
        }
    }
}

impl StoredRestored {
    fn restored(self) -> Option<Restored> {
        Some(Restored {
            rule: match self.rule {
                1 => ConflictRule::KeepTarget,
                2 => ConflictRule::KeepSource,
                3 => ConflictRule::KeepNewer,
                4 => ConflictRule::KeepBoth,
                _ => return None,
            },
            folder: self.folder,
            copied: self.copied,
            receipt: self.receipt,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_state_is_read_back_and_nothing_else_is() {
        let profile = Profile {
            upn: "ann@x.example".to_owned(),
            display_name: "Ann".to_owned(),
            ..Profile::default()
        };
        let restored = |rule| {
            MailboxState::Restored(Restored {
                rule,
                folder: Some("Old/2025".to_owned()),
                copied: 7,
                receipt: b"1:7".to_vec(),
            })
        };
        let mut states = vec![
            MailboxState::Inactive,
            MailboxState::Active(profile),
            MailboxState::NotRestored,
        ];
        states.extend(ConflictRule::ALL.map(restored));
        for state in states {
            let bytes = encode(&state).unwrap();
            assert!(bytes.len() <= state.stored_bytes());
            assert_eq!(decode(SCHEMA, &bytes).unwrap(), state);
            assert!(decode(SCHEMA, &bytes[..bytes.len() - 1]).is_err());
            assert!(decode(SCHEMA, &[bytes.as_slice(), b"x"].concat()).is_err());
            assert!(decode(SCHEMA + 1, &bytes).is_err());
        }
        assert!(decode(SCHEMA, b"\x05\0\0").is_err());
    }
}
