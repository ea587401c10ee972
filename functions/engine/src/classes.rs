//! What mails are about, kept for all mails of an account that somebody looked at: by a job, or by saying so. Searches
//! and lists go by it. One packed row, a few bytes a mail.

use std::collections::btree_map::Entry;

use bulkhead_shared::api::{Item, ItemClass, ToldBy};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::query::{Looked, Query};
use jiff::SignedDuration;

use crate::error::Error;
use crate::ports::{Expect, Ports, Row, Write};
use crate::records::store::{Stored, load_packed_row, packed_rows};
use crate::records::{KeptClass, KeptClasses, names};

/// How long it is kept after the last time that something was added.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 365);
/// Mails that are kept, most: those that were told last. About 3 MB, in the row and those in which it goes on.
const MAILS_MOST: usize = 200_000;
/// How often a write is tried again that somebody else was faster with.
const TRIES: u32 = 5;

/// What is kept of an account's mails.
#[derive(Debug, Default)]
pub struct Kept {
    record: KeptClasses,
    /// That of the row; 0 where there is none.
    version: u64,
}

impl Kept {
    /// Reads it. That it cannot be read is an error, and never nothing: what persons said is in it, and another version of
    /// this program may be able to read it.
    pub async fn load(ports: &Ports, account: &AccountId) -> Result<Self, Error> {
        let stored = load_packed_row(ports.table.as_ref(), names::classes(account)).await?;
        let stored = stored.map(|Stored { record, version }| Self { record, version });
        Ok(stored.unwrap_or_default())
    }

    /// The same for a list of what this query finds, which shows mails without their classes where those cannot be read
    /// and were not asked for.
    pub async fn load_for(
        ports: &Ports,
        account: &AccountId,
        query: &Query,
    ) -> Result<Self, Error> {
        match Self::load(ports, account).await {
            Err(error) if error.is_unreadable() && query.looked().is_none() => {
                tracing::error!(account.id = %account, error = %error, "What mails are about cannot be read.");
                Ok(Self::default())
            }
            loaded => loaded,
        }
    }

    /// The same query for who knows this.
    pub fn knowing(&self, query: Query) -> Query {
        match query.looked() {
            Some(_) => {
                let mails = self.record.mails.iter();
                let classes = mails.map(|(id, kept)| (id.clone(), kept.class));
                query.knowing(&Looked::new(self.version, classes.collect()))
            }
            None => query,
        }
    }

    /// Says of each of these mails what it is about, as far as that is known.
    pub fn mark(&self, items: &mut [Item]) {
        for item in items {
            let kept = self.record.mails.get(&item.id);
            item.class = kept.map(|kept| ItemClass {
                class: kept.class.name().to_owned(),
                percent: kept.percent,
                by: kept.by,
            });
        }
    }
}

/// A query for who knows what an account's mails are about. Nothing is read where it does not ask.
pub async fn knowing(ports: &Ports, account: &AccountId, query: Query) -> Result<Query, Error> {
    match query.looked() {
        Some(_) => Ok(Kept::load(ports, account).await?.knowing(query)),
        None => Ok(query),
    }
}

/// Keeps what was told of mails. What a person said stays, whatever a model says afterwards; of two models the last
/// one counts. What cannot be read is left as it is, and nothing is kept.
pub(crate) async fn keep(
    ports: &Ports,
    account: &AccountId,
    told: &[(ItemId, KeptClass)],
) -> Result<(), Error> {
    change(ports, account, |kept| {
        for (id, new) in told {
            note(kept, id.clone(), *new);
        }
    })
    .await
}

/// Whether anything is kept of an account.
pub(crate) async fn are_kept(ports: &Ports, account: &AccountId) -> Result<bool, Error> {
    let row = ports.table.get(&names::classes(account)).await?;
    Ok(row.is_some())
}

/// Knows mails by the ids that they have since. What cannot be read is left as it is.
pub(crate) async fn follow(
    ports: &Ports,
    account: &AccountId,
    moved: &[(ItemId, ItemId)],
) -> Result<(), Error> {
    change(ports, account, |kept| {
        for (before, since) in moved {
            if let Some(known) = kept.mails.remove(before) {
                note(kept, since.clone(), known);
            }
        }
    })
    .await
}

fn note(kept: &mut KeptClasses, id: ItemId, new: KeptClass) {
    match kept.mails.entry(id) {
        Entry::Vacant(room) => {
            room.insert(new);
        }
        Entry::Occupied(mut known) => {
            let known = known.get_mut();
            let is_said = known.by == ToldBy::Person && new.by != ToldBy::Person;
            if !is_said && known.at <= new.at {
                *known = new;
            }
        }
    }
}

/// Changes what is kept, and stores it if that made a difference.
async fn change(
    ports: &Ports,
    account: &AccountId,
    mut change: impl FnMut(&mut KeptClasses),
) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        let Kept {
            mut record,
            version,
        } = Kept::load(ports, account).await?;
        let before = record.clone();
        change(&mut record);
        if record == before {
            return Ok(());
        }
        forget_the_oldest(&mut record);
        match store(ports, account, &record, version).await {
            Err(error) if error.is_conflict() && tries < TRIES => tries += 1,
            stored => return stored,
        }
    }
}

async fn store(
    ports: &Ports,
    account: &AccountId,
    record: &KeptClasses,
    version: u64,
) -> Result<(), Error> {
    let now = ports.clock.now();
    let rows = packed_rows(names::classes(account), record, now)?;
    let kept = |row| Row {
        expires: Some(now + KEPT),
        ..row
    };
    let pieces = rows.pieces.into_iter().map(kept).collect();
    ports.table.put_many(pieces).await?;
    let head = Row {
        version: version + 1,
        ..kept(rows.head)
    };
    let expect = match version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    };
    Ok(ports.table.write(vec![Write::Put(head, expect)]).await?)
}

/// Drops those beyond what is kept: what a model told longest ago before anything that a person said.
fn forget_the_oldest(kept: &mut KeptClasses) {
    let beyond = kept.mails.len().saturating_sub(MAILS_MOST);
    if beyond == 0 {
        return;
    }
    let mails = kept.mails.iter();
    let ages = mails.map(|(id, mail)| ((mail.by == ToldBy::Person, mail.at), id.clone()));
    let mut ages: Vec<_> = ages.collect();
    ages.sort_unstable();
    for (_, id) in ages.into_iter().take(beyond) {
        kept.mails.remove(&id);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::ports::{Clock, MailStore};
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use bulkhead_shared::class::Class;
    use futures::executor::block_on;
    use std::collections::BTreeMap;
    use std::time::Duration;

    fn kept(class: Class, by: ToldBy, at: i64) -> KeptClass {
        KeptClass {
            class,
            percent: Some(80),
            by,
            at,
        }
    }

    fn mail(number: u64) -> ItemId {
        format!("INBOX.{number}").parse().unwrap()
    }

    /// Nobody overrules a person but that person, and of two models the later one counts.
    #[test]
    fn what_is_told_later_counts_and_what_a_person_said_stays() {
        use Class::{Newsletter, Receipt};
        use ToldBy::{BuiltIn, Endpoint, Person};
        for (before, new, is_taken) in [
            ((BuiltIn, 5), (BuiltIn, 6), true),
            ((BuiltIn, 5), (Endpoint, 5), true),
            ((BuiltIn, 5), (Endpoint, 4), false),
            ((BuiltIn, 5), (Person, 5), true),
            ((Person, 5), (Endpoint, 6), false),
            ((Person, 5), (Person, 6), true),
            ((Person, 5), (Person, 4), false),
        ] {
            let known = kept(Newsletter, before.0, before.1);
            let told = kept(Receipt, new.0, new.1);
            let mut all = KeptClasses {
                mails: [(mail(1), known)].into(),
            };
            note(&mut all, mail(1), told);
            note(&mut all, mail(2), told);
            let first = if is_taken { told } else { known };
            let expected = BTreeMap::from([(mail(1), first), (mail(2), told)]);
            assert_eq!(all.mails, expected, "{new:?} after {before:?}");
        }
    }

    #[test]
    fn what_is_kept_stays_for_a_year_after_the_last_change_and_says_so_of_mails() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
            let (ports, account) = (&stage.ports, &stage.account);
            let row = async || ports.table.get(&names::classes(account)).await.unwrap();
            assert!(row().await.is_none() && !are_kept(ports, account).await.unwrap());
            let told = kept(Class::Receipt, ToldBy::BuiltIn, 5);
            keep(ports, account, &[(mail(1), told), (mail(2), told)])
                .await
                .unwrap();
            assert!(are_kept(ports, account).await.unwrap());
            let first = row().await.unwrap();
            let year = SignedDuration::from_hours(8_760);
            assert_eq!(first.expires, Some(stage.clock.now() + year));
            assert_eq!(first.version, 1);
            // What says nothing new is not stored anew.
            stage.clock.advance(Duration::from_secs(60));
            keep(ports, account, &[(mail(1), told)]).await.unwrap();
            follow(ports, account, &[(mail(9), mail(8))]).await.unwrap();
            assert_eq!(row().await, Some(first));
            follow(ports, account, &[(mail(2), mail(3))]).await.unwrap();
            let second = row().await.unwrap();
            assert_eq!(second.expires, Some(stage.clock.now() + year));
            assert_eq!(second.version, 2);
            let ids = [1, 2, 3].map(mail);
            let items = stage.mailbox.items(&ids).await.unwrap();
            let mut items: Vec<Item> = items.into_iter().flatten().collect();
            Kept::load(ports, account).await.unwrap().mark(&mut items);
            let marked = items.iter().map(|item| item.class.as_ref());
            let marked: Vec<_> = marked
                .map(|class| class.map(|it| (it.class.as_str(), it.percent, it.by)))
                .collect();
            let receipt = Some(("receipt", Some(80), ToldBy::BuiltIn));
            assert_eq!(marked, [receipt, None, receipt]);
        });
    }

    #[test]
    fn beyond_what_is_kept_goes_what_a_model_told_longest_ago() {
        let kept = |by, at| kept(Class::Other, by, at);
        let id = |number: usize| -> ItemId { format!("mail-{number}").parse().unwrap() };
        let told =
            (2..=MAILS_MOST).map(|number| (id(number), kept(ToldBy::BuiltIn, number as i64)));
        let mut record = KeptClasses {
            mails: told.chain([(id(1), kept(ToldBy::Person, 1))]).collect(),
        };
        let all = record.clone();
        forget_the_oldest(&mut record);
        assert_eq!(record, all, "as many as are kept");
        for number in [0, MAILS_MOST + 1] {
            let mail = kept(ToldBy::BuiltIn, number as i64);
            record.mails.insert(id(number), mail);
        }
        forget_the_oldest(&mut record);
        assert_eq!(record.mails.len(), MAILS_MOST);
        let gone = [0, 2].map(|number| record.mails.contains_key(&id(number)));
        assert_eq!(gone, [false, false]);
        assert!(record.mails.contains_key(&id(1)), "a person said it");
    }
}
