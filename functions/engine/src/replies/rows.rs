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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use bulkhead_shared::ids::JobId;
    use futures::executor::block_on;
    use jiff::SignedDuration;

    #[test]
    fn replies_are_kept_as_long_as_outcomes_and_one_for_each_mail() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
            let (table, account) = (stage.ports.table.as_ref(), &stage.account);
            let now = stage.ports.clock.now();
            let reply = |mail: &str, letter: &str, seconds| RepliedRecord {
                mail: mail.parse().unwrap(),
                letter: letter.parse().unwrap(),
                job: JobId::new("rpl", now, 1),
                at: now + SignedDuration::from_secs(seconds),
            };
            let (first, last) = (reply("a", "1", 1), reply("c", "3", 3));
            let all = [first.clone(), reply("b", "0", 0), last.clone()];
            keep(table, account, &all).await.unwrap();
            // Answered again, what was drafted before counts no more.
            let again = reply("b", "2", 2);
            keep(table, account, std::slice::from_ref(&again))
                .await
                .unwrap();
            let kept = of_account(table, account, now).await.unwrap();
            assert_eq!(kept.count(), 3);
            let wanted: Vec<ItemId> = ["c", "x", "b", "a"].map(|id| id.parse().unwrap()).into();
            assert_eq!(kept.to(wanted.iter()), [&last, &again, &first]);
            let ends = content_expiry(again.at);
            for (at, count) in [(ends - SignedDuration::from_nanos(1), 2), (ends, 1)] {
                let kept = of_account(table, account, at).await.unwrap();
                assert_eq!(kept.count(), count, "{at}");
            }
        });
    }
}
