//! Freezing lists: first the list of each mail is noted, then of each list the newest mail is kept that says how it is
//! asked.

use std::cmp::Reverse;
use std::collections::HashMap;

use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::unsubscribe::{MailingList, Way};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ports::Ports;
use crate::records::{Entry, Seen};
use crate::stores::{self, ItemStore};
use crate::unsubscribe;

/// The list of a mail, as it is stored until all are put together.
#[derive(Serialize, Deserialize)]
struct Noted {
    received: Timestamp,
    list: MailingList,
}

/// These mails, each with its list, but for those that are gone.
pub(super) async fn note(store: &dyn ItemStore, ids: &[ItemId]) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::with_capacity(ids.len());
    for call in stores::calls(store, ids) {
        let found = call.iter().zip(store.lists(call).await?);
        for (id, found) in found {
            if let Some((received, list)) = found {
                let noted = serde_json::to_vec(&Noted { received, list })?;
                entries.push(entry(id.clone(), noted));
            }
        }
    }
    Ok(entries)
}

fn entry(id: ItemId, input: Vec<u8>) -> Entry {
    Entry {
        id,
        // It is asked whatever becomes of the mail.
        seen: Seen::At(None),
        input: Some(input),
    }
}

/// A list, with the mail that says how it is asked.
struct Found {
    id: ItemId,
    noted: Noted,
}

/// The lists of mails that were noted, those with the most mails first. What is spam is not asked, and what was asked
/// before is told.
pub(super) async fn lists(
    ports: &Ports,
    store: &dyn ItemStore,
    account: &AccountId,
    noted: Vec<Entry>,
) -> Result<Vec<Entry>, Error> {
    let mut lists = each_once(noted)?;
    let askable = |found: &&mut Found| found.noted.list.way.obstacle().is_none();
    let mut asked: Vec<&mut Found> = lists.iter_mut().filter(askable).collect();
    let ids: Vec<ItemId> = asked.iter().map(|found| found.id.clone()).collect();
    let mut spam = Vec::with_capacity(ids.len());
    for call in stores::calls(store, &ids) {
        spam.extend(store.spam(ports.model.as_ref(), call).await?);
    }
    for (found, is_spam) in asked.iter_mut().zip(spam) {
        if is_spam {
            found.noted.list.way = Way::Spam;
        }
    }
    let before = unsubscribe::asked(ports.table.as_ref(), account).await?;
    let entries = lists.into_iter().map(|Found { id, noted }| {
        let mut list = noted.list;
        list.asked_at = before.asked_at(&list.key);
        entry(id, list.to_bytes())
    });
    Ok(entries.collect())
}

/// Each list once, with the number of its mails.
fn each_once(noted: Vec<Entry>) -> Result<Vec<Found>, Error> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut lists: Vec<Found> = Vec::new();
    for entry in noted {
        let input = entry.input.unwrap_or_default();
        let noted = serde_json::from_slice::<Noted>(&input);
        let noted = noted.map_err(|_| Error::Missing("the list of a mail"))?;
        let new = Found {
            id: entry.id,
            noted,
        };
        let place = *places
            .entry(new.noted.list.key.clone())
            .or_insert(lists.len());
        match lists.get_mut(place) {
            None => lists.push(new),
            Some(known) => {
                let mails = known.noted.list.mails + new.noted.list.mails;
                if says_more(&new.noted, &known.noted) {
                    *known = new;
                }
                known.noted.list.mails = mails;
            }
        }
    }
    lists.sort_by(|a, b| {
        let order = |list: &MailingList| (Reverse(list.mails), list.key.clone());
        order(&a.noted.list).cmp(&order(&b.noted.list))
    });
    Ok(lists)
}

/// Whether a mail is rather to be believed than another one of its list: it says how to unsubscribe, and is newer.
fn says_more(new: &Noted, known: &Noted) -> bool {
    let rank = |noted: &Noted| (noted.list.way != Way::NotTold, noted.received);
    rank(new) > rank(known)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn noted(id: &str, key: &str, day: i64, way: Way) -> Entry {
        let list = MailingList {
            key: key.to_owned(),
            name: id.to_owned(),
            address: String::new(),
            mails: 1,
            way,
            asked_at: None,
        };
        let received = Timestamp::from_second(day * 86_400).unwrap();
        let noted = serde_json::to_vec(&Noted { received, list }).unwrap();
        entry(id.parse().unwrap(), noted)
    }

    #[test]
    fn the_newest_mail_that_says_how_speaks_for_its_list() {
        let page = |url: &str| Way::WebPage {
            url: url.to_owned(),
        };
        let mails = vec![
            noted("1", "a", 1, page("https://a.example/1")),
            noted("2", "b", 1, Way::NotTold),
            noted("3", "a", 3, Way::NotTold),
            noted("4", "a", 2, page("https://a.example/2")),
            noted("5", "c", 9, Way::NotTold),
            noted("6", "c", 8, Way::NotTold),
            // Of the same moment: what was found first stays, however often it is planned.
            noted("7", "c", 9, Way::NotTold),
        ];
        let lists = each_once(mails).unwrap();
        let told: Vec<(&str, &str, u64)> = lists
            .iter()
            .map(|found| {
                let list = &found.noted.list;
                (list.key.as_str(), found.id.as_str(), list.mails)
            })
            .collect();
        assert_eq!(told, [("a", "4", 3), ("c", "5", 3), ("b", "2", 1)]);
        let damaged = Entry {
            input: Some(b"x".to_vec()),
            ..noted("1", "a", 1, Way::NotTold)
        };
        assert!(each_once(vec![damaged]).is_err());
    }
}
