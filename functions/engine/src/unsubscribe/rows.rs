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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::memory::MemoryTable;
    use futures::executor::block_on;

    fn record(list: &str, at: &str, answered: bool) -> UnsubscribedRecord {
        UnsubscribedRecord {
            list: list.to_owned(),
            name: "The News".to_owned(),
            to: "x.example".to_owned(),
            at: at.parse().unwrap(),
            answered,
            job: "arc_01arz3ndektsv4rrffq69g5fav".parse().unwrap(),
        }
    }

    #[test]
    fn what_is_known_of_a_list_is_how_it_was_asked_the_last_time() {
        block_on(async {
            let table = MemoryTable::new();
            let ann: AccountId = "acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
            let bob: AccountId = "acc_01arz3ndektsv4rrffq69g5fb0".parse().unwrap();
            let (first, later) = ("2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z");
            for (list, at, answered) in [
                ("news.example", first, false),
                ("shop.example", first, true),
                ("news.example", later, true),
            ] {
                keep(&table, &ann, &record(list, at, answered))
                    .await
                    .unwrap();
            }
            let lists = asked(&table, &ann).await.unwrap();
            let at = |at: &str| Some(at.parse().unwrap());
            assert_eq!(lists.asked_at("news.example"), at(later));
            assert_eq!(lists.asked_at("shop.example"), at(first));
            assert_eq!(lists.asked_at("other.example"), None);
            let of = |latest: &str| lists.of("news.example", at(latest)).unwrap();
            let unsubscribed = |still_comes| Unsubscribed {
                at: later.parse().unwrap(),
                answered: true,
                still_comes,
            };
            assert_eq!(of("2026-11-21T00:00:00Z"), unsubscribed(false));
            assert_eq!(of("2026-12-21T00:00:00Z"), unsubscribed(true));
            assert_eq!(lists.of("other.example", None), None);
            let others = asked(&table, &bob).await.unwrap();
            assert_eq!(others.asked_at("news.example"), None);
            assert_eq!(table.len(), 2);
        });
    }
}
