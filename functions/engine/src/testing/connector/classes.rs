//! Searches by what mails are about: what is known of them is handed in with the search, and every connector does the
//! same with it, also with what nobody knows.

use std::collections::{BTreeSet, HashMap};

use bulkhead_shared::api::Item;
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::{Looked, Query};
use bulkhead_shared::unsearched::not_looked_at;

use super::under_test::{name, now, query};
use crate::ports::MailStore;

/// More than there are.
const ALL: u32 = 500;

/// The mails of the table by what is known of them, each by its name.
struct Known {
    newsletters: BTreeSet<String>,
    spam: BTreeSet<String>,
    unknown: BTreeSet<String>,
    unread: BTreeSet<String>,
    looked: Looked,
}

impl Known {
    /// Some of the mails that are there have a class, whatever is in them.
    async fn of(connector: &dyn MailStore) -> Self {
        let items = listed(connector, &query("in:anywhere")).await;
        let mut classes: HashMap<ItemId, Class> = HashMap::new();
        let mut parted: [BTreeSet<String>; 3] = Default::default();
        for item in &items {
            let name = name(item);
            let class = [Some(Class::Newsletter), Some(Class::Spam), None];
            let part = name.len() % class.len();
            if let Some(class) = class[part] {
                classes.insert(item.id.clone(), class);
            }
            parted[part].insert(name);
        }
        let unread = items.iter().filter(|item| item.unread);
        let [newsletters, spam, unknown] = parted;
        Self {
            newsletters,
            spam,
            unknown,
            unread: unread.map(name).collect(),
            looked: Looked::new(1, classes),
        }
    }
}

async fn listed(connector: &dyn MailStore, query: &Query) -> Vec<Item> {
    let page = connector.list(query, now(), None, ALL).await.unwrap();
    assert_eq!(page.total, Some(page.items.len() as u64));
    page.items
}

/// Every search by class finds what is known to match, and tells how many mails nobody has looked at may match too.
pub(super) async fn classes(connector: &dyn MailStore) {
    let known = Known::of(connector).await;
    let Known {
        newsletters,
        spam,
        unknown,
        unread,
        ..
    } = &known;
    assert!(!newsletters.is_empty() && !spam.is_empty() && !unknown.is_empty());
    let looked_at: BTreeSet<String> = newsletters | spam;
    let everything: BTreeSet<String> = &looked_at | unknown;
    let unread_spam: BTreeSet<String> = spam & unread;
    let open = |these: BTreeSet<String>| these.len() as u64;
    let all = unknown.len() as u64;
    for (text, expected, not_known) in [
        ("class:newsletter", newsletters.clone(), all),
        ("-class:newsletter", spam.clone(), all),
        ("class:receipt", BTreeSet::new(), all),
        ("class:newsletter OR class:spam", looked_at.clone(), all),
        ("class:none", unknown.clone(), 0),
        ("-class:none", looked_at, 0),
        ("class:none OR class:spam", unknown | spam, 0),
        // What is settled without it does not depend on it.
        (
            "is:unread OR class:newsletter",
            unread | newsletters,
            open(unknown - unread),
        ),
        (
            "-is:unread class:newsletter",
            newsletters - unread,
            open(unknown - unread),
        ),
        (
            "-(class:spam is:unread)",
            &(&everything - &unread_spam) - &(unknown & unread),
            open(unknown & unread),
        ),
    ] {
        let query = query(&format!("in:anywhere ({text})")).knowing(&known.looked);
        let list = listed(connector, &query).await;
        let found: BTreeSet<String> = list.iter().map(name).collect();
        assert_eq!(found, expected, "listed by {text:?}");
        let matches = connector.matches(&query, now(), None, ALL).await.unwrap();
        let ids: BTreeSet<ItemId> = matches.matches.into_iter().map(|found| found.id).collect();
        let listed: BTreeSet<ItemId> = list.iter().map(|item| item.id.clone()).collect();
        assert_eq!(ids, listed, "matched by {text:?}");
        assert_eq!(not_looked_at(&matches.unsearched), not_known, "{text:?}");
        let page = connector.list_at(&query, now(), 1, 3).await.unwrap();
        let mut here = page.items.iter();
        assert!(here.all(|item| listed.contains(&item.id)), "{text:?}");
        assert_eq!(page.total, Some(list.len() as u64), "{text:?}");
        assert_eq!(not_looked_at(&page.unsearched), not_known, "{text:?}");
    }
    // Who was told nothing knows nothing, and says so.
    let ignorant = query("in:anywhere class:newsletter");
    let page = connector.list(&ignorant, now(), None, ALL).await.unwrap();
    assert_eq!(page.total, Some(0));
    assert_eq!(not_looked_at(&page.unsearched), everything.len() as u64);
}
