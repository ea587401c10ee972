//! A worker reads headers: folder by folder, those that did not change left out.

use std::collections::HashMap;
use std::time::Duration;

use bulkhead_shared::ids::{AccountId, UserId};
use jiff::Timestamp;

use super::{folder, kept_as_long};
use crate::access;
use crate::accounts;
use crate::background::{self, Working};
use crate::error::Error;
use crate::ports::{Header, HeaderFolder, ListMail, MailStore, Ports};
use crate::records::store::{erase, packed_rows};
use crate::records::{ScanRecord, ScannedFolder, ScannedMail, ScannedSender, names};

/// Headers in one call.
const PAGE: u32 = 2_000;

/// Reads what is to be read of an account's headers. Work that would go beyond `deadline` is stored and asked for
/// again.
pub(crate) async fn run(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    deadline: Timestamp,
) -> Result<(), Error> {
    let Some(work) = background::take(ports, owner, account, deadline).await? else {
        return Ok(());
    };
    let mut scan = Scan { work };
    scan.work.record.scanned = 0;
    let read = scan.read().await;
    scan.work.ended(read).await
}

/// A scan that is under way here.
struct Scan<'a> {
    work: Working<'a, ScanRecord>,
}

impl Scan<'_> {
    async fn read(&mut self) -> Result<(), Error> {
        self.work.tell().await?;
        let (ports, id) = (self.work.ports, self.work.account);
        let table = ports.table.as_ref();
        let account = match access::account_of(table, self.work.owner, id).await {
            // Forgotten meanwhile; so is what was kept.
            Err(Error::NotFound) => return erase(table, names::scan_partition(id)).await,
            found => found?,
        };
        let open = accounts::open(ports, &account).await?;
        let Some(mail) = open.mail() else {
            let problem = "This account has no mails.".to_owned();
            return self.work.give_up(problem).await;
        };
        let there = mail.header_folders().await?;
        let known = there.iter().map(|folder| folder.mails);
        self.work.record.total = known.sum::<Option<u64>>();
        for folder in &there {
            if !self.read_folder(mail.as_ref(), folder).await? {
                return self.work.put_down(Duration::ZERO).await;
            }
            let folders = &mut self.work.record.folders;
            if !folders.contains(&folder.name) {
                folders.push(folder.name.clone());
            }
        }
        let record = &mut self.work.record;
        // Of folders that are gone nothing is told any more; what is kept of them ends by itself.
        record.folders = there.into_iter().map(|folder| folder.name).collect();
        record.total = Some(record.scanned);
        self.work.done().await
    }

    /// Reads a folder, unless nothing changed there. Whether all of it was read in time.
    async fn read_folder(
        &mut self,
        mail: &dyn MailStore,
        there: &HeaderFolder,
    ) -> Result<bool, Error> {
        let key = names::scanned_folder(self.work.account, &there.name);
        let known = folder(self.work.ports.table.as_ref(), key).await?;
        let known = known.filter(|known| known.mark.is_some() && known.mark == there.mark);
        let (mut reading, mut next) = match known {
            Some(known) if known.next.is_none() => {
                self.work.record.scanned += known.mails.len() as u64;
                return Ok(true);
            }
            Some(known) => {
                let next = known.next.clone();
                (Reading::from(known), next)
            }
            None => (Reading::of(there), None),
        };
        self.work.record.scanned += reading.folder.mails.len() as u64;
        loop {
            let page = mail.headers(&there.name, next.as_deref(), PAGE).await?;
            self.work.record.scanned += page.headers.len() as u64;
            page.headers
                .into_iter()
                .for_each(|header| reading.add(header));
            next = page.next;
            if next.is_none() || !self.work.is_in_time() {
                reading.folder.next = next.clone();
                self.store(&reading.folder).await?;
                return Ok(next.is_none());
            }
            self.work.tell_now_and_then().await?;
        }
    }

    async fn store(&self, folder: &ScannedFolder) -> Result<(), Error> {
        let now = self.work.ports.clock.now();
        let key = names::scanned_folder(self.work.account, &folder.name);
        let rows = packed_rows(key, folder, now)?.into_rows();
        // What goes on in other rows is stored before the row that names them.
        for row in rows {
            self.work
                .ports
                .table
                .put_many(vec![kept_as_long(row, now)])
                .await?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A mail from this address, with this name, by a list of this id.
    fn header(key: u64, address: &str, name: &str, list: Option<(&str, bool)>) -> Header {
        Header {
            key,
            address: address.to_owned(),
            name: name.to_owned(),
            list: list.map(|(id, unsubscribe)| ListMail {
                id: id.to_owned(),
                unsubscribe,
            }),
            automatic: false,
            received: Timestamp::UNIX_EPOCH,
            size: 10 + key,
            unread: key == 1,
            starred: key == 2,
            answered: key == 3,
        }
    }

    fn sender(address: &str, name: &str, list: Option<(&str, bool)>) -> ScannedSender {
        ScannedSender {
            address: address.to_owned(),
            name: name.to_owned(),
            list: list.map(|(id, _)| id.to_owned()),
            unsubscribe: list.is_some_and(|(_, unsubscribe)| unsubscribe),
            automatic: false,
        }
    }

    #[test]
    fn who_writes_by_two_lists_is_two_and_is_called_as_the_last_one_that_has_a_name() {
        let folder = HeaderFolder {
            name: "INBOX".to_owned(),
            mark: Some("7".to_owned()),
            mails: None,
        };
        let mut reading = Reading::of(&folder);
        let (news, left) = (Some(("news", true)), Some(("news", false)));
        reading.add(header(1, "a@x.example", "Ann", None));
        reading.add(header(2, "a@x.example", "News", news));
        reading.add(header(3, "a@x.example", "", None));
        // As it goes on with what was stored.
        let mut reading = Reading::from(reading.folder);
        reading.add(header(4, "a@x.example", "Ann Lee", None));
        reading.add(header(5, "a@x.example", "", news));
        reading.add(header(6, "a@x.example", "", left));
        reading.add(Header {
            automatic: true,
            ..header(7, "a@x.example", "", None)
        });
        let senders = vec![
            sender("a@x.example", "Ann Lee", None),
            sender("a@x.example", "News", news),
            sender("a@x.example", "", left),
            ScannedSender {
                automatic: true,
                ..sender("a@x.example", "", None)
            },
        ];
        let mails = [0, 1, 0, 0, 1, 2, 3].into_iter().zip(1..);
        let mails = mails.map(|(sender, key)| ScannedMail {
            key,
            sender,
            received: Timestamp::UNIX_EPOCH,
            size: 10 + key,
            unread: key == 1,
            starred: key == 2,
            answered: key == 3,
        });
        let expected = ScannedFolder {
            name: "INBOX".to_owned(),
            mark: Some("7".to_owned()),
            next: None,
            senders,
            mails: mails.collect(),
        };
        assert_eq!(reading.folder, expected);
    }
}
