//! From a mail's address to its UUID and back, without a row for each mail.
//!
//! A person has a random key, and a list of what addresses share: the account, and what stands around their
//! numbers, which is a folder. A mail is then two numbers: 16 bits say which entry of the list, 40 bits are its
//! own. With 66 zeros in front they are 122 bits, which are mixed with the key and put into a UUID of version 8
//! (RFC 9562, section 5.8). What does not unmix to 66 zeros was never handed out to this person: of made-up ids,
//! one in 2^66 is taken for real, and then has to name a mail of theirs. The list only grows, so that an id is
//! good for as long as the mail has its address.

use bulkhead_engine::access;
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Expect, Ports, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::{load_text, text_row};
use bulkhead_shared::api::EmailId;
use bulkhead_shared::ids::{AccountId, ItemId, UserId};
use serde::{Deserialize, Serialize};

use super::address::{self, Around, NUMBER_BITS};
use super::permutation::{Key, mix, unmix};

/// Entries of the list, at most: what one row holds of folders with the longest of names.
const ENTRIES_MOST: usize = 700;

/// The row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Record {
    key: Key,
    shared: Vec<Shared>,
}

/// What the addresses of many mails share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Shared {
    account: AccountId,
    before: String,
    behind: String,
}

impl Shared {
    fn is(&self, account: &AccountId, around: Around<'_>) -> bool {
        self.account == *account && self.before == around.before && self.behind == around.behind
    }
}

/// A person's mails by their UUIDs.
pub(super) struct Directory {
    record: Record,
    /// The row's version; none if there is no such row yet.
    version: Option<u64>,
    has_grown: bool,
}

impl Directory {
    /// A person's; an empty one where none was ever kept.
    pub(super) async fn load(ports: &Ports, user: &UserId) -> Result<Self, Error> {
        let stored = load_text(ports.table.as_ref(), &names::of_face(user, "BATCH#IDS")).await?;
        Ok(match stored {
            Some(stored) => Self {
                record: stored.record,
                version: Some(stored.version),
                has_grown: false,
            },
            None => Self {
                record: Record {
                    key: key(ports.random.bits(), ports.random.bits()),
                    shared: Vec::new(),
                },
                version: None,
                has_grown: false,
            },
        })
    }

    /// The UUID of a mail; none where its address has no number. The list grows where that is needed: then it
    /// has to be kept before the id is handed out.
    pub(super) fn id(
        &mut self,
        account: &AccountId,
        item: &ItemId,
    ) -> Result<Option<EmailId>, Error> {
        let Some((around, number)) = address::apart(item) else {
            return Ok(None);
        };
        let known = self
            .record
            .shared
            .iter()
            .position(|shared| shared.is(account, around));
        let place = match known {
            Some(place) => place,
            None if self.record.shared.len() < ENTRIES_MOST => {
                self.record.shared.push(Shared {
                    account: account.clone(),
                    before: around.before.to_owned(),
                    behind: around.behind.to_owned(),
                });
                self.has_grown = true;
                self.record.shared.len() - 1
            }
            None => {
                return Err(Error::NotPossible(
                    "This mailbox has too many folders for this API.",
                ));
            }
        };
        Ok(Some(uuid(mix(
            &self.record.key,
            (place as u128) << NUMBER_BITS | u128::from(number),
        ))))
    }

    /// The mail of a UUID; none if it was not handed out to this person.
    pub(super) fn mail(&self, id: EmailId) -> Option<(AccountId, ItemId)> {
        let number = unmix(&self.record.key, bits(id)?);
        let place = usize::try_from(number >> NUMBER_BITS).ok()?;
        let shared = self.record.shared.get(place)?;
        let around = Around {
            before: &shared.before,
            behind: &shared.behind,
        };
        let own = (number & ((1 << NUMBER_BITS) - 1)) as u64;
        Some((shared.account.clone(), address::together(around, own)?))
    }

    /// Keeps what is new. Whether it was kept: if not, somebody else kept something meanwhile, and all has to be
    /// asked anew.
    pub(super) async fn keep(&self, ports: &Ports, user: &UserId) -> Result<bool, Error> {
        if !self.has_grown {
            return Ok(true);
        }
        let expect = self.version.map_or(Expect::Absent, Expect::Version);
        let version = self.version.unwrap_or(0) + 1;
        let row = text_row(
            names::of_face(user, "BATCH#IDS"),
            version,
            &self.record,
            None,
        )?;
        match ports.table.write(vec![Write::Put(row, expect)]).await {
            Ok(()) => Ok(true),
            Err(error) => match Error::from(error) {
                error if error.is_conflict() => Ok(false),
                error => Err(error),
            },
        }
    }

    /// The mails of UUIDs, each in an account that this person still has.
    pub(super) async fn mails(
        &self,
        ports: &Ports,
        user: &UserId,
        ids: &[EmailId],
    ) -> Result<Vec<(AccountId, ItemId)>, Error> {
        let mut mails = Vec::with_capacity(ids.len());
        let mut owned: Vec<AccountId> = Vec::new();
        for id in ids {
            let (account, item) = self.mail(*id).ok_or(Error::NotFound)?;
            if !owned.contains(&account) {
                access::account(ports, user, &account).await?;
                owned.push(account.clone());
            }
            mails.push((account, item));
        }
        Ok(mails)
    }
}

fn key(one: u128, other: u128) -> Key {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&one.to_be_bytes());
    key[16..].copy_from_slice(&other.to_be_bytes());
    key
}

/// 122 bits as a UUID: 48, the version, 12, the variant, 62.
fn uuid(bits: u128) -> EmailId {
    let low = bits & ((1 << 62) - 1);
    let middle = bits >> 62 & 0xfff;
    EmailId(bits >> 74 << 80 | 8 << 76 | middle << 64 | 0b10 << 62 | low)
}

/// The 122 bits of a UUID; none if it is of another version or variant.
fn bits(EmailId(uuid): EmailId) -> Option<u128> {
    let is_ours = uuid >> 76 & 0xf == 8 && uuid >> 62 & 0b11 == 0b10;
    is_ours.then_some(uuid >> 80 << 74 | (uuid >> 64 & 0xfff) << 62 | uuid & ((1 << 62) - 1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn directory(key: u8) -> Directory {
        Directory {
            record: Record {
                key: [key; 32],
                shared: Vec::new(),
            },
            version: None,
            has_grown: false,
        }
    }

    fn account(number: u128) -> AccountId {
        AccountId::new(jiff::Timestamp::UNIX_EPOCH, number)
    }

    #[test]
    fn an_id_names_one_mail_of_one_person() {
        let (mut mine, mut yours) = (directory(1), directory(2));
        let mut ids = BTreeSet::new();
        for number in 0..500u32 {
            for folder in ["INBOX", "Archive"] {
                let item: ItemId = format!("7.{number}.{folder}").parse().unwrap();
                let id = mine.id(&account(1), &item).unwrap().unwrap();
                let theirs = yours.id(&account(1), &item).unwrap().unwrap();
                assert_eq!(mine.mail(id), Some((account(1), item)));
                assert_eq!(yours.mail(id), None);
                assert_ne!(id, theirs);
                assert!(ids.insert(id));
                // As other programs expect it.
                let text = id.to_string();
                assert_eq!(
                    (&text[14..15], "89ab".contains(&text[19..20])),
                    ("8", true),
                    "{text}"
                );
            }
        }
        assert_eq!(mine.record.shared.len(), 2);
    }

    #[test]
    fn ids_that_were_made_up_name_nothing() {
        let mut mine = directory(1);
        mine.id(&account(1), &"5".parse().unwrap()).unwrap();
        let mut number = 1u128;
        for _ in 0..2_000 {
            number = number.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645) | 1;
            assert_eq!(mine.mail(EmailId(number)), None);
            assert_eq!(mine.mail(uuid(number >> 6)), None);
        }
        let example = "550e8400-e29b-41d4-a716-446655440000";
        assert_eq!(mine.mail(example.parse().unwrap()), None);
    }

    #[test]
    fn a_list_that_is_full_says_so() {
        let mut mine = directory(1);
        for folder in 0..ENTRIES_MOST {
            mine.id(&account(1), &format!("1.1.f{folder}").parse().unwrap())
                .unwrap();
        }
        let more = mine.id(&account(1), &"1.1.more".parse().unwrap());
        assert!(matches!(more, Err(Error::NotPossible(_))));
        assert_eq!(
            mine.id(&account(1), &"nothing".parse().unwrap()).unwrap(),
            None
        );
    }
}
