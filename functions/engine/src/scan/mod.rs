//! The headers of all mails of an account: who sent them, when, how large, read or not. Read once as a message in
//! the background, kept packed folder by folder, and brought up to date by what changed since.
//!
//! For a person: [`start`] and [`senders`]; for advice: [`scanned`]; for a worker: [`run`].

mod run;
mod tally;

use bulkhead_shared::api::{GroupBy, GroupOrder, Scan, Senders};
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::{SignedDuration, Timestamp};

use crate::access::Owned;
use crate::background::{self, Background, KEPT};
use crate::error::Error;
use crate::ports::{Key, Message, Ports, Row, Table};
use crate::records::store::{Stored, load_packed};
use crate::records::{AccountRecord, ScanRecord, ScannedFolder, Standing, names};
use crate::unsubscribe;

pub(crate) use run::run;
pub(crate) use tally::word;

impl Background for ScanRecord {
    const MARGIN: SignedDuration = SignedDuration::from_secs(5);
    const BROKE_DOWN: &'static str = "Reading the headers broke down again and again.";

    fn key(account: &AccountId) -> Key {
        names::scan(account)
    }

    fn message(owner: UserId, account: AccountId) -> Message {
        Message::Scan { owner, account }
    }

    fn standing(&self) -> &Standing {
        &self.standing
    }

    fn standing_mut(&mut self) -> &mut Standing {
        &mut self.standing
    }
}

/// Asks for the headers of an account to be read, or brought up to date. Asked again while somebody does that,
/// nothing more happens.
pub async fn start(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
) -> Result<Scan, Error> {
    let id = &account.get().id;
    let now = ports.clock.now();
    let known = load(ports.table.as_ref(), id).await?;
    if let Some(stored) = &known
        && background::is_held(&stored.record, now)
    {
        return Ok(view(&stored.record));
    }
    let before = known.as_ref().map(|stored| &stored.record);
    let record = ScanRecord {
        standing: Standing::asked(now),
        scanned: 0,
        total: before.and_then(|before| before.total),
        folders: before
            .map(|before| before.folders.clone())
            .unwrap_or_default(),
    };
    let version = known.map_or(0, |stored| stored.version);
    background::ask(ports, user, id, &record, version).await?;
    Ok(view(&record))
}

/// Who fills a mailbox, as far as its headers were read: the first `most` groups.
pub async fn senders(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    by: GroupBy,
    order: GroupOrder,
    most: usize,
) -> Result<Senders, Error> {
    let id = &account.get().id;
    let Some(stored) = load(ports.table.as_ref(), id).await? else {
        return Ok(Senders {
            scan: None,
            groups: Vec::new(),
            total: 0,
            mails: 0,
            bytes: 0,
        });
    };
    let folders = folders(ports.table.as_ref(), id, &stored.record).await?;
    let mut tallied = tally::tally(&folders, by);
    tally::sort(&mut tallied.groups, order);
    let total = tallied.groups.len() as u64;
    tallied.groups.truncate(most);
    if matches!(by, GroupBy::Sender | GroupBy::List) {
        let asked = unsubscribe::asked(ports.table.as_ref(), id).await?;
        for group in &mut tallied.groups {
            group.unsubscribed = asked.of(&group.key, Some(group.latest));
        }
    }
    Ok(Senders {
        scan: Some(view(&stored.record)),
        groups: tallied.groups,
        total,
        mails: tallied.mails,
        bytes: tallied.bytes,
    })
}

/// All headers of an account that were read, folder by folder; none if nobody has asked for them yet.
pub async fn scanned(
    ports: &Ports,
    account: &AccountRecord,
) -> Result<Option<Vec<ScannedFolder>>, Error> {
    let table = ports.table.as_ref();
    let Some(stored) = load(table, &account.id).await? else {
        return Ok(None);
    };
    Ok(Some(folders(table, &account.id, &stored.record).await?))
}

/// How far the reading of an account's headers is; none if nobody has asked for it yet.
pub(crate) async fn progress(ports: &Ports, account: &AccountId) -> Result<Option<Scan>, Error> {
    let known = load(ports.table.as_ref(), account).await?;
    Ok(known.map(|stored| view(&stored.record)))
}

fn view(record: &ScanRecord) -> Scan {
    Scan {
        state: record.standing.state,
        scanned: record.scanned,
        total: record.total,
        at: record.standing.updated_at,
        problem: record.standing.problem.clone(),
    }
}

async fn load(table: &dyn Table, account: &AccountId) -> Result<Option<Stored<ScanRecord>>, Error> {
    background::load(table, account).await
}

/// The folders that a scan has read.
async fn folders(
    table: &dyn Table,
    account: &AccountId,
    record: &ScanRecord,
) -> Result<Vec<ScannedFolder>, Error> {
    let mut folders = Vec::with_capacity(record.folders.len());
    for name in &record.folders {
        folders.extend(folder(table, names::scanned_folder(account, name)).await?);
    }
    Ok(folders)
}

/// What is kept of a folder. What cannot be read any more, or lost a part when its time was over, is as good as
/// never read: it can be read anew.
async fn folder(table: &dyn Table, key: Key) -> Result<Option<ScannedFolder>, Error> {
    match load_packed(table, key).await {
        Err(error) if error.is_unreadable() => Ok(None),
        read => read,
    }
}

/// The same row, kept as long as a scan is.
fn kept_as_long(row: Row, now: Timestamp) -> Row {
    Row {
        expires: Some(now + KEPT),
        ..row
    }
}
