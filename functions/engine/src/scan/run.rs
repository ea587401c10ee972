//! A worker reads headers: folder by folder, those that did not change left out.

use std::collections::HashMap;
use std::time::Duration;

use bulkhead_shared::api::ScanState;
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::{SignedDuration, Timestamp};

use super::{HOLD, folder, keep, kept_as_long, load, send};
use crate::access;
use crate::accounts;
use crate::error::Error;
use crate::limits::{backoff, budget};
use crate::ports::{CallError, Header, HeaderFolder, ListMail, MailStore, Ports};
use crate::records::store::{erase, packed_rows};
use crate::records::{ScanRecord, ScannedFolder, ScannedMail, ScannedSender, names};

/// Headers in one call.
const PAGE: u32 = 2_000;
/// After so many tries in a row that reached nobody a scan is given up.
const TRIES_MOST: u32 = 5;
/// How often others are told how far it is.
const TELL_EVERY: SignedDuration = SignedDuration::from_millis(400);
/// What is left of the time when work is put down, for storing it.
const MARGIN: SignedDuration = SignedDuration::from_secs(5);

/// Reads what is to be read of an account's headers. Work that would go beyond `deadline` is stored and asked for
/// again.
pub(crate) async fn run(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    deadline: Timestamp,
) -> Result<(), Error> {
    let Some(stored) = load(ports.table.as_ref(), account).await? else {
        // Erased.
        return Ok(());
    };
    let now = ports.clock.now();
    if stored.record.state != ScanState::Running {
        return Ok(());
    }
    if let Some(until) = stored.record.held_until.filter(|until| *until > now) {
        // Somebody works on it, or did: then this message goes on with it.
        return send(ports, owner, account, wait(until, now)).await;
    }
    if let Some(until) = budget::waits(ports, account).await? {
        return send(ports, owner, account, wait(until, now)).await;
    }
    let mut scan = Scan {
        ports,
        owner,
        account,
        deadline,
        version: stored.version,
        told_at: now,
        record: ScanRecord {
            scanned: 0,
            ..stored.record
        },
    };
    match scan.tell(ScanState::Running).await {
        Err(error) if error.is_conflict() => return Ok(()),
        told => told?,
    }
    match scan.read().await {
        Err(Error::Provider(error)) => scan.stopped(error).await,
        Err(error) if error.is_conflict() => Ok(()),
        read => read,
    }
}

/// A message about a scan was delivered too often: the scan is given up. Says whether there was one.
pub(crate) async fn dead_letter(ports: &Ports, account: &AccountId) -> Result<bool, Error> {
    let Some(stored) = load(ports.table.as_ref(), account).await? else {
        return Ok(false);
    };
    if stored.record.state != ScanState::Running {
        return Ok(false);
    }
    let record = ScanRecord {
        state: ScanState::Failed,
        problem: Some("Reading the headers broke down again and again.".to_owned()),
        held_until: None,
        updated_at: ports.clock.now(),
        ..stored.record
    };
    keep(ports, account, &record, stored.version).await?;
    Ok(true)
}

fn wait(until: Timestamp, now: Timestamp) -> Duration {
    until
        .duration_since(now)
        .max(SignedDuration::ZERO)
        .unsigned_abs()
}

/// A scan that is under way here.
struct Scan<'a> {
    ports: &'a Ports,
    owner: &'a UserId,
    account: &'a AccountId,
    deadline: Timestamp,
    record: ScanRecord,
    /// The version of the row that says how far it is.
    version: u64,
    told_at: Timestamp,
}

impl Scan<'_> {
    async fn read(&mut self) -> Result<(), Error> {
        let table = self.ports.table.as_ref();
        let account = match access::account_of(table, self.owner, self.account).await {
            // Forgotten meanwhile; so is what was kept.
            Err(Error::NotFound) => return erase(table, names::scan_partition(self.account)).await,
            found => found?,
        };
        let open = accounts::open(self.ports, &account).await?;
        let Some(mail) = open.mail() else {
            return self.give_up("This account has no mails.".to_owned()).await;
        };
        let there = mail.header_folders().await?;
        let known = there.iter().map(|folder| folder.mails);
        self.record.total = known.sum::<Option<u64>>();
        for folder in &there {
            if !self.read_folder(mail.as_ref(), folder).await? {
                return self.put_down().await;
            }
            if !self.record.folders.contains(&folder.name) {
                self.record.folders.push(folder.name.clone());
            }
        }
        // Of folders that are gone nothing is told any more; what is kept of them ends by itself.
        self.record.folders = there.into_iter().map(|folder| folder.name).collect();
        self.record.total = Some(self.record.scanned);
        self.record.tries = 0;
        self.record.held_until = None;
        self.tell(ScanState::Done).await
    }

    /// Reads a folder, unless nothing changed there. Whether all of it was read in time.
    async fn read_folder(
        &mut self,
        mail: &dyn MailStore,
        there: &HeaderFolder,
    ) -> Result<bool, Error> {
        let key = names::scanned_folder(self.account, &there.name);
        let known = folder(self.ports.table.as_ref(), key).await?;
        let known = known.filter(|known| known.mark.is_some() && known.mark == there.mark);
        let (mut reading, mut next) = match known {
            Some(known) if known.next.is_none() => {
                self.record.scanned += known.mails.len() as u64;
                return Ok(true);
            }
            Some(known) => {
                let next = known.next.clone();
                (Reading::from(known), next)
            }
            None => (Reading::of(there), None),
        };
        self.record.scanned += reading.folder.mails.len() as u64;
        loop {
            let page = mail.headers(&there.name, next.as_deref(), PAGE).await?;
            self.record.scanned += page.headers.len() as u64;
            page.headers
                .into_iter()
                .for_each(|header| reading.add(header));
            next = page.next;
            let in_time = self.ports.clock.now() + MARGIN < self.deadline;
            if next.is_none() || !in_time {
                reading.folder.next = next.clone();
                self.store(&reading.folder).await?;
                return Ok(next.is_none());
            }
            self.tell_now_and_then().await?;
        }
    }

    async fn store(&self, folder: &ScannedFolder) -> Result<(), Error> {
        let now = self.ports.clock.now();
        let key = names::scanned_folder(self.account, &folder.name);
        let rows = packed_rows(key, folder, now)?.into_rows();
        // What goes on in other rows is stored before the row that names them.
        for row in rows {
            self.ports
                .table
                .put_many(vec![kept_as_long(row, now)])
                .await?;
        }
        Ok(())
    }

    /// Lets others go on.
    async fn put_down(&mut self) -> Result<(), Error> {
        self.record.held_until = None;
        self.keep(ScanState::Running).await?;
        send(self.ports, self.owner, self.account, Duration::ZERO).await
    }

    /// The provider did not go along.
    async fn stopped(&mut self, error: CallError) -> Result<(), Error> {
        let delay = match error {
            CallError::Throttled { until } => {
                let until = budget::park(self.ports, self.account, until).await?;
                wait(until, self.ports.clock.now())
            }
            CallError::Unavailable(_) if self.record.tries < TRIES_MOST => {
                self.record.tries += 1;
                let bits = self.ports.random.bits();
                backoff::delay(self.record.tries, bits).unsigned_abs()
            }
            error => return self.give_up(error.to_string()).await,
        };
        self.record.held_until = None;
        self.keep(ScanState::Running).await?;
        send(self.ports, self.owner, self.account, delay).await
    }

    async fn give_up(&mut self, problem: String) -> Result<(), Error> {
        self.record.problem = Some(problem);
        self.record.held_until = None;
        self.keep(ScanState::Failed).await
    }

    async fn tell_now_and_then(&mut self) -> Result<(), Error> {
        if self.ports.clock.now().duration_since(self.told_at) < TELL_EVERY {
            return Ok(());
        }
        self.tell(ScanState::Running).await
    }

    /// Says how far it is; and, as long as it runs, that somebody works on it.
    async fn tell(&mut self, state: ScanState) -> Result<(), Error> {
        let running = state == ScanState::Running;
        self.record.held_until = running.then(|| self.ports.clock.now() + HOLD);
        self.keep(state).await
    }

    async fn keep(&mut self, state: ScanState) -> Result<(), Error> {
        self.told_at = self.ports.clock.now();
        self.record.updated_at = self.told_at;
        self.record.state = state;
        keep(self.ports, self.account, &self.record, self.version).await?;
        self.version += 1;
        Ok(())
    }
}

/// What tells a sender from others: who writes by two lists is two.
type Told = (String, Option<String>, bool, bool);

/// A folder that is being read.
struct Reading {
    folder: ScannedFolder,
    senders: HashMap<Told, u32>,
}

impl Reading {
    fn of(folder: &HeaderFolder) -> Self {
        let folder = ScannedFolder {
            name: folder.name.clone(),
            mark: folder.mark.clone(),
            ..ScannedFolder::default()
        };
        Self::from(folder)
    }

    fn from(folder: ScannedFolder) -> Self {
        let told = folder.senders.iter().map(|sender| {
            let ScannedSender { address, list, .. } = sender.clone();
            (address, list, sender.unsubscribe, sender.automatic)
        });
        Self {
            senders: told.zip(0..).collect(),
            folder,
        }
    }

    fn add(&mut self, header: Header) {
        let unsubscribe = header.list.as_ref().is_some_and(|list| list.unsubscribe);
        let list = header.list.map(|ListMail { id, .. }| id);
        let told = (header.address, list, unsubscribe, header.automatic);
        let senders = &mut self.folder.senders;
        let sender = match self.senders.get(&told) {
            Some(place) => *place,
            None => {
                let place = u32::try_from(senders.len()).unwrap_or(u32::MAX);
                senders.push(ScannedSender {
                    address: told.0.clone(),
                    list: told.1.clone(),
                    unsubscribe,
                    automatic: header.automatic,
                    name: String::new(),
                });
                self.senders.insert(told, place);
                place
            }
        };
        if let Some(known) = senders.get_mut(sender as usize)
            && !header.name.is_empty()
        {
            known.name = header.name;
        }
        self.folder.mails.push(ScannedMail {
            key: header.key,
            sender,
            received: header.received,
            size: header.size,
            unread: header.unread,
            starred: header.starred,
            answered: header.answered,
        });
    }
}
