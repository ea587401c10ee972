//! How much of what somebody sends is read, as far as headers were read.

use std::collections::{HashMap, HashSet};

use bulkhead_shared::api::{Item, ReadRate};

use crate::error::Error;
use crate::header::bare_address;
use crate::ports::Ports;
use crate::records::AccountRecord;
use crate::scan;

/// By address, of those whose mails these are; nobody where no headers were read.
pub(super) async fn rates<'a>(
    ports: &Ports,
    account: &AccountRecord,
    mails: impl Iterator<Item = &'a Item>,
) -> Result<HashMap<String, ReadRate>, Error> {
    let wanted: HashSet<String> = mails.map(|mail| bare_address(&mail.from)).collect();
    let mut rates: HashMap<String, ReadRate> = HashMap::new();
    for folder in scan::scanned(ports, account).await?.unwrap_or_default() {
        for mail in &folder.mails {
            let sender = folder.senders.get(mail.sender as usize);
            let Some(sender) = sender.filter(|sender| wanted.contains(&sender.address)) else {
                continue;
            };
            let rate = rates.entry(sender.address.clone()).or_insert(ReadRate {
                is_list: false,
                read: 0,
                mails: 0,
            });
            rate.is_list |= sender.list.is_some();
            rate.mails += 1;
            rate.read += u64::from(!mail.unread);
        }
    }
    Ok(rates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::account_of;
    use crate::ports::MailStore;
    use crate::records::store::{packed_rows, text_row};
    use crate::records::{ScanRecord, ScannedFolder, ScannedMail, ScannedSender, Standing, names};
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use futures::executor::block_on;

    fn sender(address: &str, list: Option<&str>) -> ScannedSender {
        ScannedSender {
            address: address.to_owned(),
            list: list.map(str::to_owned),
            ..ScannedSender::default()
        }
    }

    #[test]
    fn of_each_sender_it_is_told_how_many_mails_were_read_in_all_folders() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(1)).await.unwrap();
            let now = stage.ports.clock.now();
            let folder = |name: &str, mails: &[(u32, bool)]| ScannedFolder {
                name: name.to_owned(),
                senders: vec![
                    sender("ann@x.example", None),
                    sender("ann@x.example", Some("talk.x.example")),
                    sender("bob@x.example", None),
                    sender("eve@x.example", None),
                ],
                mails: mails
                    .iter()
                    .map(|(sender, unread)| ScannedMail {
                        key: 1,
                        sender: *sender,
                        received: now,
                        size: 1,
                        unread: *unread,
                        starred: false,
                        answered: false,
                    })
                    .collect(),
                ..ScannedFolder::default()
            };
            let folders = [
                folder("INBOX", &[(0, false), (0, true), (1, false), (2, true)]),
                folder("Work", &[(2, false), (2, true), (3, false)]),
            ];
            let record = ScanRecord {
                standing: Standing::asked(now),
                scanned: 7,
                total: None,
                folders: folders.iter().map(|it| it.name.clone()).collect(),
            };
            let account = &stage.account;
            let mut rows = vec![text_row(names::scan(account), 1, &record, None).unwrap()];
            for folder in &folders {
                let key = names::scanned_folder(account, &folder.name);
                rows.extend(packed_rows(key, folder, now).unwrap().into_rows());
            }
            stage.ports.table.put_many(rows).await.unwrap();
            let record = account_of(stage.ports.table.as_ref(), &stage.user, account).await;
            let ids = [stage.mailbox.id_of(1).unwrap()];
            let item = stage.mailbox.items(&ids).await.unwrap().remove(0).unwrap();
            let mails = ["Ann <Ann@x.example>", "bob@x.example", ""].map(|from| Item {
                from: from.to_owned(),
                ..item.clone()
            });
            let told = rates(&stage.ports, &record.unwrap(), mails.iter()).await;
            let told = told.unwrap();
            let rate = |is_list, read, mails| ReadRate {
                is_list,
                read,
                mails,
            };
            assert_eq!(told.len(), 2, "{told:?}");
            assert_eq!(told["ann@x.example"], rate(true, 2, 3));
            assert_eq!(told["bob@x.example"], rate(false, 1, 3));
        });
    }
}
