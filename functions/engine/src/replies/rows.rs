//! The rows of drafted replies.

use std::collections::HashMap;

use bulkhead_shared::ids::{AccountId, ItemId};
use jiff::Timestamp;

use crate::error::Error;
use crate::ports::{Span, Table};
use crate::records::store::{content_expiry, read_text, text_row};
use crate::records::{RepliedRecord, names};

/// The replies of an account, by the mails that they answer.
#[derive(Debug, Default)]
pub struct Replies(HashMap<ItemId, RepliedRecord>);

impl Replies {
    /// Those to these mails.
    pub fn to<'a>(&'a self, mails: impl Iterator<Item = &'a ItemId>) -> Vec<&'a RepliedRecord> {
        mails.filter_map(|mail| self.0.get(mail)).collect()
    }

    /// The latest ones, so many at the most.
    pub fn latest(&self, most: usize) -> Vec<&RepliedRecord> {
        let mut latest: Vec<&RepliedRecord> = self.0.values().collect();
        latest.sort_by_key(|reply| std::cmp::Reverse(reply.at));
        latest.truncate(most);
        latest
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// All of an account that are kept at this moment.
pub async fn of_account(
    table: &dyn Table,
    account: &AccountId,
    now: Timestamp,
) -> Result<Replies, Error> {
    let span = Span {
        partition: names::replied_partition(account),
        from: names::REPLIED_FROM.to_owned(),
        to: format!("{}~", names::REPLIED_FROM),
        reverse: false,
        limit: None,
    };
    let rows = table.range(&span).await?;
    let kept = rows
        .iter()
        .filter(|row| row.expires.is_none_or(|at| at > now));
    let records = kept.map(|row| {
        let record = read_text::<RepliedRecord>(row)?.record;
        Ok((record.mail.clone(), record))
    });
    records.collect::<Result<_, Error>>().map(Replies)
}

/// Keeps that these were drafted, in place of what was kept of replies to the same mails before.
pub(crate) async fn keep(
    table: &dyn Table,
    account: &AccountId,
    replies: &[RepliedRecord],
) -> Result<(), Error> {
    let rows = replies.iter().map(|reply| {
        let key = names::replied(account, &reply.mail);
        text_row(key, 1, reply, Some(content_expiry(reply.at)))
    });
    let rows = rows.collect::<Result<Vec<_>, Error>>()?;
    Ok(table.put_many(rows).await?)
}
