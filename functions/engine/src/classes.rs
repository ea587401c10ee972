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
    use bulkhead_shared::class::Class;

    #[test]
    fn beyond_what_is_kept_goes_what_a_model_told_longest_ago() {
        let kept = |by, at| KeptClass {
            class: Class::Other,
            percent: None,
            by,
            at,
        };
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
