//! Counts mails by what they have in common.

use std::cmp::Reverse;
use std::collections::HashMap;

use bulkhead_shared::api::{Group, GroupBy, GroupOrder};
use jiff::tz::TimeZone;

use crate::records::{ScannedFolder, ScannedMail, ScannedSender};

/// Groups in no order, and what is in them.
pub(super) struct Tallied {
    pub(super) groups: Vec<Group>,
    pub(super) mails: u64,
    pub(super) bytes: u64,
}

/// Steps of sizes: what a mail has at least, in KiB, what the step is called, and the search for it.
const SIZES: [(u64, &str, &str); 5] = [
    (0, "under 100 KB", "smaller:100K"),
    (100, "100 KB to 1 MB", "-smaller:100K smaller:1M"),
    (1_024, "1 to 5 MB", "-smaller:1M smaller:5M"),
    (5 * 1_024, "5 to 20 MB", "-smaller:5M smaller:20M"),
    (20 * 1_024, "20 MB and more", "-smaller:20M"),
];

/// Counts all mails of these folders.
pub(super) fn tally(folders: &[ScannedFolder], by: GroupBy) -> Tallied {
    let mut places = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for folder in folders {
        // Most of what a group is called follows from the sender: once each, not for each mail.
        let named: Vec<Option<Named>> = folder.senders.iter().map(|it| of_sender(it, by)).collect();
        for mail in &folder.mails {
            let (Some(sender), Some(named)) = (
                folder.senders.get(mail.sender as usize),
                named.get(mail.sender as usize),
            ) else {
                continue;
            };
            let key = match (by, named) {
                (GroupBy::Year, _) => year(mail),
                (GroupBy::Size, _) => size(mail).to_owned(),
                (_, Some(named)) => named.key.clone(),
                (_, None) => continue,
            };
            let place = *places.entry(key).or_insert_with_key(|key| {
                groups.push(empty(key, by, mail));
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(place) {
                add(group, mail, sender, named.as_ref());
            }
        }
    }
    Tallied {
        mails: groups.iter().map(|group| group.mails).sum(),
        bytes: groups.iter().map(|group| group.bytes).sum(),
        groups,
    }
}

/// What a sender's mails are put together under.
struct Named {
    key: String,
    name: String,
}

fn of_sender(sender: &ScannedSender, by: GroupBy) -> Option<Named> {
    let (key, name) = match by {
        GroupBy::Sender => (sender.address.clone(), sender.name.clone()),
        GroupBy::Domain => {
            let (_, domain) = sender.address.rsplit_once('@')?;
            (domain.to_owned(), String::new())
        }
        // Without an id, the sender is the list.
        GroupBy::List => match sender.list.as_deref()? {
            "" => (sender.address.clone(), sender.name.clone()),
            list => (list.to_owned(), sender.name.clone()),
        },
        GroupBy::Year | GroupBy::Size => return None,
    };
    Some(Named { key, name })
}

fn empty(key: &str, by: GroupBy, first: &ScannedMail) -> Group {
    Group {
        key: key.to_owned(),
        name: String::new(),
        mails: 0,
        unread: 0,
        starred: 0,
        answered: 0,
        list_mails: 0,
        bytes: 0,
        earliest: first.received,
        latest: first.received,
        query: query(key, by),
        unsubscribed: None,
    }
}

fn add(group: &mut Group, mail: &ScannedMail, sender: &ScannedSender, named: Option<&Named>) {
    if let Some(named) = named
        && !named.name.is_empty()
        && (group.name.is_empty() || mail.received >= group.latest)
    {
        group.name.clone_from(&named.name);
    }
    group.mails += 1;
    group.unread += u64::from(mail.unread);
    group.starred += u64::from(mail.starred);
    group.answered += u64::from(mail.answered);
    group.list_mails += u64::from(sender.list.is_some());
    group.bytes += mail.size;
    group.earliest = group.earliest.min(mail.received);
    group.latest = group.latest.max(mail.received);
}

fn year(mail: &ScannedMail) -> String {
    mail.received.to_zoned(TimeZone::UTC).year().to_string()
}

fn size(mail: &ScannedMail) -> &'static str {
    let kibibytes = mail.size / 1_024;
    let step = SIZES.iter().rev().find(|(least, ..)| kibibytes >= *least);
    step.map_or("", |(_, name, _)| name)
}

/// A term of a search for this value of a field; none where it cannot be written.
pub(crate) fn word(field: &str, value: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@.-_+".contains(c);
    let quotable = !value.contains(['"', '\\']);
    match value.chars().all(plain) {
        true => Some(format!("{field}:{value}")),
        false => quotable.then(|| format!("{field}:\"{value}\"")),
    }
}

/// The search that finds the mails of a group.
fn query(key: &str, by: GroupBy) -> Option<String> {
    match by {
        _ if key.is_empty() => None,
        GroupBy::Sender => word("from", key),
        GroupBy::Domain => word("from", &format!("@{key}")),
        GroupBy::List if key.contains('@') => Some(format!("{} is:list", word("from", key)?)),
        GroupBy::List => word("list", key),
        GroupBy::Year => {
            let year: i32 = key.parse().ok()?;
            Some(format!(
                "after:{year:04}-01-01 before:{:04}-01-01",
                year + 1
            ))
        }
        GroupBy::Size => {
            let step = SIZES.iter().find(|(_, name, _)| *name == key)?;
            Some(step.2.to_owned())
        }
    }
}

/// Brings groups into an order; those that are alike in it by how many mails they have, and by name.
pub(super) fn sort(groups: &mut [Group], order: GroupOrder) {
    let alike = |group: &Group| (Reverse(group.mails), group.key.clone());
    let first = |group: &Group| -> u64 {
        match order {
            GroupOrder::Mails | GroupOrder::Name => group.mails,
            GroupOrder::Unread => group.unread,
            // In millionths.
            GroupOrder::UnreadShare => group.unread * 1_000_000 / group.mails.max(1),
            GroupOrder::Bytes => group.bytes,
            GroupOrder::Latest => group.latest.as_second().try_into().unwrap_or(0),
        }
    };
    match order {
        GroupOrder::Name => groups.sort_by_key(|group| {
            let step = SIZES.iter().position(|(_, name, _)| *name == group.key);
            let shown = if group.name.is_empty() {
                &group.key
            } else {
                &group.name
            };
            (step, shown.to_lowercase(), group.key.clone())
        }),
        _ => groups.sort_by_key(|group| (Reverse(first(group)), alike(group))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> ScannedFolder {
        let sender = |address: &str, name: &str, list: Option<&str>| ScannedSender {
            address: address.to_owned(),
            name: name.to_owned(),
            list: list.map(str::to_owned),
            unsubscribe: list.is_some(),
            automatic: false,
        };
        let mail = |sender, received: &str, size, unread| ScannedMail {
            key: 1,
            sender,
            received: received.parse().unwrap(),
            size,
            unread,
            starred: false,
            answered: false,
        };
        ScannedFolder {
            senders: vec![
                sender("news@a.org", "News", Some("news.a.org")),
                sender("shop@a.org", "Shop", Some("")),
                sender("ann@b.org", "Ann B.", None),
                sender("", "", None),
            ],
            mails: vec![
                mail(0, "2025-12-31T23:59:59Z", 10, true),
                mail(0, "2026-01-01T00:00:00Z", 200 * 1_024, false),
                mail(1, "2026-02-01T00:00:00Z", 6 << 20, true),
                mail(2, "2024-02-01T00:00:00Z", 30 << 20, false),
                mail(3, "2024-02-01T00:00:00Z", 5, true),
            ],
            ..ScannedFolder::default()
        }
    }

    fn told(by: GroupBy, order: GroupOrder) -> Vec<(String, u64, Option<String>)> {
        let mut tallied = tally(&[folder()], by);
        sort(&mut tallied.groups, order);
        let groups = tallied.groups.into_iter();
        groups.map(|it| (it.key, it.mails, it.query)).collect()
    }

    fn group(key: &str, mails: u64, query: &str) -> (String, u64, Option<String>) {
        let query = Some(query.to_owned()).filter(|query| !query.is_empty());
        (key.to_owned(), mails, query)
    }

    #[test]
    fn mails_are_counted_by_whatever_they_have_in_common() {
        let all = tally(&[folder()], GroupBy::Sender);
        assert_eq!((all.groups.len(), all.mails), (4, 5));
        assert_eq!(
            told(GroupBy::Sender, GroupOrder::Mails)[0],
            group("news@a.org", 2, "from:news@a.org")
        );
        assert_eq!(
            told(GroupBy::List, GroupOrder::Mails),
            [
                group("news.a.org", 2, "list:news.a.org"),
                group("shop@a.org", 1, "from:shop@a.org is:list"),
            ]
        );
        assert_eq!(
            told(GroupBy::Domain, GroupOrder::Mails)[0],
            group("a.org", 3, "from:@a.org")
        );
        assert_eq!(
            told(GroupBy::Year, GroupOrder::Name)[2],
            group("2026", 2, "after:2026-01-01 before:2027-01-01")
        );
        assert_eq!(
            told(GroupBy::Size, GroupOrder::Name),
            [
                group("under 100 KB", 2, "smaller:100K"),
                group("100 KB to 1 MB", 1, "-smaller:100K smaller:1M"),
                group("5 to 20 MB", 1, "-smaller:5M smaller:20M"),
                group("20 MB and more", 1, "-smaller:20M"),
            ]
        );
        // Nobody can search for who has no address.
        let nobody = told(GroupBy::Sender, GroupOrder::Name);
        assert!(nobody.contains(&group("", 1, "")));
    }

    #[test]
    fn a_group_tells_all_that_its_mails_have_in_common() {
        let mut folder = folder();
        folder.mails[1].starred = true;
        folder.mails[2].answered = true;
        let all = tally(&[folder], GroupBy::Domain);
        let (kib, mib) = (1_024, 1 << 20);
        assert_eq!((all.mails, all.bytes), (4, 10 + 200 * kib + 36 * mib));
        let at = |time: &str| time.parse().unwrap();
        let group = Group {
            key: "a.org".to_owned(),
            name: String::new(),
            mails: 3,
            unread: 2,
            starred: 1,
            answered: 1,
            list_mails: 3,
            bytes: 10 + 200 * kib + 6 * mib,
            earliest: at("2025-12-31T23:59:59Z"),
            latest: at("2026-02-01T00:00:00Z"),
            query: Some("from:@a.org".to_owned()),
            unsubscribed: None,
        };
        assert_eq!(all.groups[0], group);
    }

    #[test]
    fn a_group_is_called_as_whoever_wrote_last_says() {
        let mut folder = folder();
        let named = |folder: &ScannedFolder| {
            tally(std::slice::from_ref(folder), GroupBy::List).groups[0]
                .name
                .clone()
        };
        assert_eq!(named(&folder), "News");
        folder.senders[1].list = Some("news.a.org".to_owned());
        assert_eq!(named(&folder), "Shop", "it came last");
        // An earlier one says nothing of how it is called now, and of two at once the second one counts.
        folder.mails[2].received = "2025-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(named(&folder), "News");
        folder.mails[2].received = folder.mails[1].received;
        assert_eq!(named(&folder), "Shop");
        // Who says no name leaves it as it was.
        folder.senders[1].name.clear();
        assert_eq!(named(&folder), "News");
        folder.senders[0].name.clear();
        folder.senders[1].name = "Shop".to_owned();
        folder.mails[2].received = "2025-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(named(&folder), "Shop", "the only name there is");
    }

    #[test]
    fn each_step_of_sizes_begins_where_the_one_before_ends() {
        let (kib, mib) = (1_024, 1_048_576);
        for (bytes, key) in [
            (0, "under 100 KB"),
            (100 * kib - 1, "under 100 KB"),
            (100 * kib, "100 KB to 1 MB"),
            (mib - 1, "100 KB to 1 MB"),
            (mib, "1 to 5 MB"),
            (5 * mib - 1, "1 to 5 MB"),
            (5 * mib, "5 to 20 MB"),
            (20 * mib - 1, "5 to 20 MB"),
            (20 * mib, "20 MB and more"),
        ] {
            let mut folder = folder();
            folder.mails.truncate(1);
            folder.mails[0].size = bytes;
            let told = tally(&[folder], GroupBy::Size).groups;
            assert_eq!(
                (told.len(), told[0].key.as_str()),
                (1, key),
                "{bytes} bytes"
            );
        }
    }

    #[test]
    fn what_is_no_plain_word_is_in_quotes_and_what_cannot_be_is_not_searched_for() {
        for (value, told) in [
            ("a.b-c_d+e@x.example", Some("from:a.b-c_d+e@x.example")),
            ("Ann Lee", Some("from:\"Ann Lee\"")),
            ("jürgen@x.example", Some("from:\"jürgen@x.example\"")),
            ("a\"b", None),
            ("a\\b", None),
        ] {
            assert_eq!(word("from", value).as_deref(), told);
        }
    }

    #[test]
    fn groups_come_in_every_order() {
        let all = |order| {
            let told = told(GroupBy::Sender, order).into_iter();
            told.map(|it| it.0).collect::<Vec<_>>()
        };
        assert_eq!(all(GroupOrder::Mails)[0], "news@a.org");
        assert_eq!(all(GroupOrder::Bytes)[0], "ann@b.org");
        // Of equals those with more mails, and then by address.
        let unread = ["news@a.org", "", "shop@a.org", "ann@b.org"];
        assert_eq!(all(GroupOrder::Unread), unread);
        let share = ["", "shop@a.org", "news@a.org", "ann@b.org"];
        assert_eq!(all(GroupOrder::UnreadShare), share);
        let latest = ["shop@a.org", "news@a.org", "", "ann@b.org"];
        assert_eq!(all(GroupOrder::Latest), latest);
        let named = ["", "ann@b.org", "news@a.org", "shop@a.org"];
        assert_eq!(all(GroupOrder::Name), named);
    }

    #[test]
    fn every_search_can_be_read() {
        for by in [
            GroupBy::Sender,
            GroupBy::Domain,
            GroupBy::Year,
            GroupBy::Size,
        ] {
            for (_, _, query) in told(by, GroupOrder::Mails) {
                let Some(query) = query else { continue };
                let read = bulkhead_shared::query::Query::parse(&query);
                assert!(read.is_ok(), "{query}: {read:?}");
            }
        }
    }
}
