//! What is stored of advice: read and written.

use std::time::Duration;

use bulkhead_shared::advice::Decision;
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::{SignedDuration, Timestamp};

use crate::error::Error;
use crate::ports::{Expect, Key, Message, Outgoing, Ports, Table, Write};
use crate::records::store::{Stored, load_text, text_row};
use crate::records::{AdviceRecord, LearnedRecord, SuggestionsRecord, WeighedSoFar, names};

/// How long what is suggested lasts without being asked for anew.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 60);
/// Lessons that are kept: so many fit a row whatever is in them. The oldest go first, but who was chosen to stay.
const LESSONS_MOST: usize = 400;
/// How often a write is tried again that somebody else was faster with.
const TRIES: u32 = 5;

pub(super) async fn load(
    table: &dyn Table,
    account: &AccountId,
) -> Result<Option<Stored<AdviceRecord>>, Error> {
    load_text(table, &names::advice(account)).await
}

/// Writes how far it is, if nobody else did since this version.
pub(super) async fn keep(
    ports: &Ports,
    account: &AccountId,
    record: &AdviceRecord,
    version: u64,
) -> Result<(), Error> {
    let expires = Some(ports.clock.now() + KEPT);
    let row = text_row(names::advice(account), version + 1, record, expires)?;
    Ok(ports
        .table
        .write(vec![Write::Put(row, since(version))])
        .await?)
}

fn since(version: u64) -> Expect {
    match version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    }
}

pub(super) async fn suggestions(
    table: &dyn Table,
    account: &AccountId,
) -> Result<SuggestionsRecord, Error> {
    let stored = load_text(table, &names::suggestions(account)).await?;
    Ok(stored.map(|stored| stored.record).unwrap_or_default())
}

/// Writes what is suggested, and empties what was kept on the way there: a worker on AWS may write and not delete.
pub(super) async fn put_suggestions(
    ports: &Ports,
    account: &AccountId,
    record: &SuggestionsRecord,
) -> Result<(), Error> {
    let expires = Some(ports.clock.now() + KEPT);
    let nothing = WeighedSoFar::default();
    let rows = [
        text_row(names::suggestions(account), 1, record, expires)?,
        text_row(names::weighed(account), 1, &nothing, expires)?,
    ];
    let writes = rows.map(|row| Write::Put(row, Expect::Anything));
    Ok(ports.table.write(writes.into()).await?)
}

pub(super) async fn weighed(table: &dyn Table, account: &AccountId) -> Result<WeighedSoFar, Error> {
    let stored = load_text(table, &names::weighed(account)).await?;
    Ok(stored.map(|stored| stored.record).unwrap_or_default())
}

pub(super) async fn put_weighed(
    ports: &Ports,
    account: &AccountId,
    record: &WeighedSoFar,
) -> Result<(), Error> {
    let expires = Some(ports.clock.now() + KEPT);
    let row = text_row(names::weighed(account), 1, record, expires)?;
    Ok(ports
        .table
        .write(vec![Write::Put(row, Expect::Anything)])
        .await?)
}

pub(super) async fn drop_weighed(ports: &Ports, account: &AccountId) -> Result<(), Error> {
    delete(ports, names::weighed(account)).await
}

pub(super) async fn learned(
    table: &dyn Table,
    account: &AccountId,
) -> Result<LearnedRecord, Error> {
    let stored = load_text(table, &names::learned(account)).await?;
    Ok(stored.map(|stored| stored.record).unwrap_or_default())
}

/// Changes what was learned. It may be asked to do so again, should somebody else change it meanwhile.
pub(super) async fn change_learned(
    ports: &Ports,
    account: &AccountId,
    change: impl Fn(&mut LearnedRecord),
) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        let key = names::learned(account);
        let stored: Option<Stored<LearnedRecord>> = load_text(ports.table.as_ref(), &key).await?;
        let (mut record, version) = match stored {
            Some(stored) => (stored.record, stored.version),
            None => (LearnedRecord::default(), 0),
        };
        change(&mut record);
        shorten(&mut record);
        let row = text_row(key, version + 1, &record, None)?;
        let written = ports
            .table
            .write(vec![Write::Put(row, since(version))])
            .await;
        match written.map_err(Error::from) {
            Err(error) if error.is_conflict() && tries < TRIES => tries += 1,
            written => return written,
        }
    }
}

fn shorten(record: &mut LearnedRecord) {
    while record.lessons.len() > LESSONS_MOST {
        let lessons = record.lessons.iter();
        let place = lessons
            .take(record.lessons.len() - 1)
            .position(|it| it.decision != Decision::Keep);
        record.lessons.remove(place.unwrap_or(0));
    }
}

pub(super) async fn forget_learned(ports: &Ports, account: &AccountId) -> Result<(), Error> {
    delete(ports, names::learned(account)).await
}

async fn delete(ports: &Ports, key: Key) -> Result<(), Error> {
    let gone = Write::Delete(key, Expect::Anything);
    Ok(ports.table.write(vec![gone]).await?)
}

/// Asks for the weighing.
pub(super) async fn send(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    delay: Duration,
) -> Result<(), Error> {
    let message = Message::Advise {
        owner: owner.clone(),
        account: account.clone(),
    };
    let outgoing = vec![Outgoing { message, delay }];
    Ok(ports.queue.send(owner.as_str(), outgoing).await?)
}

/// How long it is until then.
pub(super) fn wait(until: Timestamp, now: Timestamp) -> Duration {
    let left = until.duration_since(now);
    left.max(SignedDuration::ZERO).unsigned_abs()
}
