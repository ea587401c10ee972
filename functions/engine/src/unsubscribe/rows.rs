//! What is kept of lists that were asked: a row for each, of the account, and erased with it.

use std::collections::HashMap;

use bulkhead_shared::ids::AccountId;
use bulkhead_shared::unsubscribe::Unsubscribed;
use jiff::Timestamp;

use crate::error::Error;
use crate::ports::{Expect, Span, Table, Write};
use crate::records::store::{read_text, text_row};
use crate::records::{UnsubscribedRecord, names};

/// The lists of an account that were asked, by what names them: the id of the list, or the sender's address.
#[derive(Debug, Default)]
pub struct AskedLists(HashMap<String, UnsubscribedRecord>);

impl AskedLists {
    /// When this one was asked the last time.
    pub fn asked_at(&self, key: &str) -> Option<Timestamp> {
        self.0.get(key).map(|record| record.at)
    }

    /// That this one was asked, of which the last mail came then.
    pub fn of(&self, key: &str, latest: Option<Timestamp>) -> Option<Unsubscribed> {
        let record = self.0.get(key)?;
        Some(Unsubscribed::of(record.at, record.answered, latest))
    }
}

/// All of an account.
pub async fn asked(table: &dyn Table, account: &AccountId) -> Result<AskedLists, Error> {
    let span = Span {
        partition: names::unsubscribed_partition(account),
        from: names::UNSUBSCRIBED_FROM.to_owned(),
        to: format!("{}~", names::UNSUBSCRIBED_FROM),
        reverse: false,
        limit: None,
    };
    let rows = table.range(&span).await?;
    let records = rows.iter().map(|row| {
        let record = read_text::<UnsubscribedRecord>(row)?.record;
        Ok((record.list.clone(), record))
    });
    records.collect::<Result<_, Error>>().map(AskedLists)
}

/// Keeps that a list was asked, in place of what was kept of it before.
pub(crate) async fn keep(
    table: &dyn Table,
    account: &AccountId,
    record: &UnsubscribedRecord,
) -> Result<(), Error> {
    let key = names::unsubscribed(account, &record.list);
    let row = text_row(key, 1, record, None)?;
    Ok(table.write(vec![Write::Put(row, Expect::Anything)]).await?)
}
