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
