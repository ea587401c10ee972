//! The list, read.

use std::collections::BTreeMap;

use bulkhead_shared::address::Mailbox;
use bulkhead_shared::api::{LeftOutRow, SuppressedAddress, SuppressedAddresses};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::operations::recipient::Recipient;

use crate::access::Owned;
use crate::error::Error;
use crate::letters::{address_key, key_of};
use crate::ports::{Ports, Span, Table};
use crate::records::store::{load_text, read_text};
use crate::records::{AccountRecord, SuppressedRecord, names};

/// An account's list, by the keys of the addresses.
#[derive(Debug, Default)]
pub struct SuppressionList(pub(super) BTreeMap<String, SuppressedRecord>);

impl SuppressionList {
    /// Why this recipient gets no mail; none if nothing is known against it.
    pub(crate) fn of(&self, recipient: &Recipient) -> Option<&SuppressedRecord> {
        self.0.get(&address_key(recipient)?)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The row that is left out because of it.
    pub fn left_out(&self, row: u32, recipient: &Recipient) -> Option<LeftOutRow> {
        let why = self.of(recipient)?.why;
        let address = recipient.mailbox()?.address.to_string();
        Some(LeftOutRow { row, address, why })
    }
}

/// The whole list of an account.
pub(crate) async fn list_of(
    table: &dyn Table,
    account: &AccountId,
) -> Result<SuppressionList, Error> {
    let span = Span {
        partition: names::suppressed_partition(account),
        from: names::SUPPRESSED_FROM.to_owned(),
        to: format!("{}\u{10ffff}", names::SUPPRESSED_FROM),
        reverse: false,
        limit: None,
    };
    let rows = table.range(&span).await?;
    let named = rows.iter().map(|row| {
        let key = row.key.sort.strip_prefix(names::SUPPRESSED_FROM);
        Ok((key.unwrap_or_default().to_owned(), read_text(row)?.record))
    });
    named.collect::<Result<_, Error>>().map(SuppressionList)
}

/// The whole list of an account of this person.
pub async fn list(ports: &Ports, account: &Owned<AccountRecord>) -> Result<SuppressionList, Error> {
    list_of(ports.table.as_ref(), &account.get().id).await
}

/// Whether the list has this recipient.
pub(crate) async fn has(
    table: &dyn Table,
    account: &AccountId,
    recipient: &Recipient,
) -> Result<bool, Error> {
    let Some(key) = address_key(recipient) else {
        return Ok(false);
    };
    let row = load_text::<SuppressedRecord>(table, &names::suppressed(account, &key)).await?;
    Ok(row.is_some())
}

/// A page of the list: those with this text in them, in the order of their addresses, behind the one that a page
/// before ended with.
pub async fn page(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    search: Option<&str>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<SuppressedAddresses, Error> {
    let SuppressionList(all) = list(ports, account).await?;
    let total = all.len() as u64;
    let wanted = search.map(|search| search.trim().to_lowercase());
    let matches = |record: &SuppressedRecord| {
        let wanted = wanted.as_deref().unwrap_or_default();
        record.address.to_lowercase().contains(wanted)
    };
    let found: Vec<_> = all
        .into_iter()
        .filter(|(_, record)| matches(record))
        .collect();
    let matching = found.len() as u64;
    let behind = |key: &str| cursor.is_none_or(|cursor| key > cursor);
    let mut rest = found.into_iter().filter(|(key, _)| behind(key)).peekable();
    let mut addresses = Vec::new();
    let mut last = None;
    while addresses.len() < limit as usize
        && let Some((key, record)) = rest.next()
    {
        addresses.push(shown(record));
        last = Some(key);
    }
    Ok(SuppressedAddresses {
        addresses,
        total,
        matching,
        next_cursor: rest.peek().and(last),
    })
}

fn shown(record: SuppressedRecord) -> SuppressedAddress {
    SuppressedAddress {
        address: record.address,
        why: record.why,
        at: record.at,
        note: record.note,
        job: record.job,
    }
}

/// The key of an address as a person writes it; none if it is none.
pub(super) fn key_of_text(text: &str) -> Option<String> {
    key_of(&Mailbox::read(text).ok()?.address)
}
