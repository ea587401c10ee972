//! Rules about looking: folders, lists, matches, states, marks, messages.

use std::collections::BTreeSet;

use async_trait::async_trait;
use bulkhead_shared::api::Role;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits;
use bulkhead_shared::operations::OperationName;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use super::letters::letters;
use super::under_test::{TAG, UnderTest, all, name, now, query, state_of};
use crate::kinds::mail::FLAGGED;
use crate::ports::{Header, HeaderFolder, Match, MessageSink, PartsError};

pub(super) async fn declares_what_it_can_do<T: UnderTest>(under_test: &T) {
    let abilities = under_test.connector().abilities();
    assert!(limits::BATCH_SIZE.contains(&abilities.batch_size));
    assert!(limits::PARALLEL_CHUNKS.contains(&abilities.parallel_chunks));
    assert!(abilities.call_items > 0 && abilities.calls_per_batch > 0);
    assert!(abilities.batch_millis.0 <= abilities.batch_millis.1);
    for kind in OperationName::offered_for(Kind::Mail) {
        let ability = abilities
            .of(kind)
            .unwrap_or_else(|| panic!("{kind:?} is missing"));
        assert!(
            !ability.note.is_empty(),
            "{kind:?} says nothing about its undo"
        );
    }
    assert!(!under_test.account().test().await.unwrap().is_empty());
}

pub(super) async fn finds_the_folder_for_each_role<T: UnderTest>(under_test: &T) {
    let connector = under_test.connector();
    assert_eq!(connector.folder_for(Role::Inbox).await.unwrap(), "INBOX");
    for role in [Role::Archive, Role::Trash] {
        let name = connector.folder_for(role).await.unwrap();
        let folders = connector.folders().await.unwrap().folders;
        let folder = folders.iter().find(|folder| folder.name == name);
        assert_eq!(folder.unwrap().role, Some(role), "{name}");
    }
    let names: BTreeSet<String> = connector
        .folders()
        .await
        .unwrap()
        .folders
        .into_iter()
        .map(|folder| folder.name)
        .collect();
    for letter in letters() {
        assert!(
            names.contains(letter.folder),
            "{} is not listed",
            letter.folder
        );
    }
}

/// Queries with the letters they find. Those that a connector says it cannot answer are left out.
const QUERIES: [(&str, &[&str]); 26] = [
    (
        "",
        &[
            "apple", "banana", "cherry", "date", "elder", "fig", "grape", "hazel", "iris",
            "juniper", "kiwi",
        ],
    ),
    ("in:anywhere fruit", &["apple", "banana", "iris", "lemon"]),
    ("fruit", &["apple", "banana", "iris"]),
    ("lighthouse", &["date", "iris"]),
    ("in:inbox is:unread", &["apple", "cherry", "fig", "grape"]),
    ("in:archive", &["hazel", "iris"]),
    ("in:Work", &["juniper", "kiwi"]),
    ("in:trash", &["lemon"]),
    ("-in:inbox", &["hazel", "iris", "juniper", "kiwi"]),
    ("is:starred", &["cherry", "date"]),
    (
        "is:read is:unstarred",
        &["banana", "elder", "hazel", "juniper"],
    ),
    ("label:todo", &["elder", "fig"]),
    ("label:todo -label:garden", &["elder"]),
    ("from:ANN", &["apple", "banana", "hazel"]),
    ("from:two.example", &["cherry", "date", "elder", "fig"]),
    (
        "from:ann OR from:bob",
        &["apple", "banana", "cherry", "date", "hazel"],
    ),
    ("is:starred from:ann OR from:bob", &["cherry", "date"]),
    ("subject:\"fresh fruit\"", &["apple", "banana"]),
    ("subject:zürich", &["grape"]),
    ("to:owner@home.example in:work", &["juniper", "kiwi"]),
    ("larger:20K", &["kiwi"]),
    ("in:archive smaller:20K", &["hazel", "iris"]),
    ("before:2023", &["kiwi"]),
    ("after:2026-05", &["apple", "banana", "cherry"]),
    ("newer_than:30d", &["apple", "banana", "cherry"]),
    (
        "-(from:ann OR from:bob) in:inbox",
        &["elder", "fig", "grape"],
    ),
];

pub(super) async fn list_and_matches_agree_with_the_query<T: UnderTest>(under_test: &T) {
    let connector = under_test.connector();
    let cannot = &connector.abilities().cannot_search;
    for (text, expected) in QUERIES {
        if cannot.iter().any(|part| text.contains(part.as_str())) {
            continue;
        }
        let expected: BTreeSet<String> = expected.iter().map(|&name| name.to_owned()).collect();
        let page = connector
            .list(&query(text), now(), None, 100)
            .await
            .unwrap();
        let listed: BTreeSet<String> = page.items.iter().map(name).collect();
        assert_eq!(listed, expected, "listed by {text:?}");
        assert!(page.next_cursor.is_none(), "{text:?} has another page");
        assert!(
            page.total
                .is_none_or(|total| total == expected.len() as u64),
            "{text:?}"
        );
        let newest_first = page.items.is_sorted_by(|one, next| one.date >= next.date);
        assert!(newest_first, "{text:?} is not newest first");

        let found = connector
            .matches(&query(text), now(), None, 100)
            .await
            .unwrap();
        let ids: Vec<ItemId> = found.matches.iter().map(|found| found.id.clone()).collect();
        let items = connector.items(&ids).await.unwrap();
        let matched: BTreeSet<String> = items
            .iter()
            .map(|item| name(item.as_ref().unwrap()))
            .collect();
        assert_eq!(matched, expected, "matched by {text:?}");
        let states = connector.states(&ids).await.unwrap();
        for (found, state) in found.matches.iter().zip(states) {
            assert_eq!(
                found.version,
                state.unwrap().version,
                "version of a match of {text:?}"
            );
        }
    }
}

pub(super) async fn pages_join_into_the_whole_list<T: UnderTest>(under_test: &T) {
    let connector = under_test.connector();
    let everything = query("in:anywhere");
    let whole = connector
        .list(&everything, now(), None, 100)
        .await
        .unwrap()
        .items;
    assert_eq!(whole.len(), letters().len());
    let mut joined = Vec::new();
    let mut cursor = None;
    loop {
        let page = connector
            .list(&everything, now(), cursor.as_deref(), 5)
            .await
            .unwrap();
        assert!(page.items.len() <= 5);
        joined.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(joined, whole);
    for place in [0, 1, 4, whole.len() - 1, whole.len(), whole.len() + 7] {
        let page = connector
            .list_at(&everything, now(), place as u64, 3)
            .await
            .unwrap();
        let wanted: Vec<_> = whole.iter().skip(place).take(3).cloned().collect();
        assert_eq!(page.items, wanted, "from place {place} on");
        assert_eq!(page.total, Some(whole.len() as u64));
        let more = place + 3 < whole.len();
        assert_eq!(page.next_cursor.is_some(), more, "after place {place}");
    }
}

/// What costs something to tell need not be told of a mail on a later page; but what is told is the same.
fn fill_in(found: &mut Match, known: &Match) {
    let (Some(facts), Some(known)) = (&mut found.facts, &known.facts) else {
        return;
    };
    facts.received = facts.received.or(known.received);
    facts.size = facts.size.or(known.size);
    facts.sender = facts.sender.take().or_else(|| known.sender.clone());
}

pub(super) async fn matches_are_stable_and_paged<T: UnderTest>(under_test: &T) {
    let whole = matches_by(under_test, 100).await;
    assert_eq!(whole.len(), letters().len());
    assert_eq!(matches_by(under_test, 100).await, whole, "asked again");
    for limit in [1, 3, 4] {
        let mut joined = matches_by(under_test, limit).await;
        for (found, known) in joined.iter_mut().zip(&whole) {
            fill_in(found, known);
        }
        assert_eq!(joined, whole, "in pages of {limit}");
    }
    let ids: Vec<ItemId> = whole.into_iter().map(|found| found.id).collect();
    let states = under_test.connector().states(&ids).await.unwrap();
    let mut folders: Vec<String> = states
        .into_iter()
        .map(|state| state.unwrap().state.folder)
        .collect();
    folders.dedup();
    let different: BTreeSet<&String> = folders.iter().collect();
    assert_eq!(
        folders.len(),
        different.len(),
        "a folder's mails are not together: {folders:?}"
    );
}

async fn matches_by<T: UnderTest>(under_test: &T, limit: u32) -> Vec<Match> {
    let everything = query("in:anywhere");
    let mut matches = Vec::new();
    let mut cursor = None;
    loop {
        let connector = under_test.connector();
        let page = connector
            .matches(&everything, now(), cursor.as_deref(), limit)
            .await
            .unwrap();
        matches.extend(page.matches);
        cursor = page.next;
        if cursor.is_none() {
            return matches;
        }
    }
}

pub(super) async fn answers_in_the_order_asked<T: UnderTest>(under_test: &T) {
    let connector = under_test.connector();
    let names = ["kiwi", "apple", "lemon", "hazel", "date"];
    let all = all(under_test).await;
    let ids = names.map(|name| all[name].id.clone());
    under_test.delete_as_somebody_else("hazel").await;

    let items = connector.items(&ids).await.unwrap();
    let got: Vec<Option<String>> = items.iter().map(|item| item.as_ref().map(name)).collect();
    let expected = [
        Some("kiwi"),
        Some("apple"),
        Some("lemon"),
        None,
        Some("date"),
    ];
    assert_eq!(got, expected.map(|name| name.map(str::to_owned)));

    let states = connector.states(&ids).await.unwrap();
    let folders: Vec<Option<String>> = states
        .into_iter()
        .map(|state| state.map(|state| state.state.folder))
        .collect();
    let expected = [
        Some("Work"),
        Some("INBOX"),
        Some("Trash"),
        None,
        Some("INBOX"),
    ];
    assert_eq!(folders, expected.map(|name| name.map(str::to_owned)));
}

pub(super) async fn takes_nothing_and_nonsense<T: UnderTest>(under_test: &T) {
    let connector = under_test.connector();
    assert_eq!(connector.items(&[]).await.unwrap(), []);
    assert_eq!(connector.states(&[]).await.unwrap(), []);
    assert_eq!(connector.change(&[], TAG).await.unwrap(), []);
    assert_eq!(connector.reconcile(&[], TAG).await.unwrap(), []);
    for nonsense in ["x", "s0", "s-1", "../1", "INBOX", "1", "\u{1f4e7}"] {
        let id: ItemId = nonsense.parse().unwrap();
        assert_eq!(
            connector.states(std::slice::from_ref(&id)).await.unwrap(),
            [None],
            "{nonsense}"
        );
        assert_eq!(connector.items(&[id]).await.unwrap(), [None], "{nonsense}");
    }
}

pub(super) async fn the_mark_changes_with_changes<T: UnderTest>(under_test: &T) {
    let connector = under_test.connector();
    let Some(before) = connector.sync_token().await.unwrap() else {
        return;
    };
    assert_eq!(
        connector.sync_token().await.unwrap().as_ref(),
        Some(&before)
    );
    let mut place = state_of(under_test, "apple").await.state;
    place.flags.insert(FLAGGED.to_owned());
    under_test.change_as_somebody_else("apple", &place).await;
    let starred = connector.sync_token().await.unwrap().unwrap();
    assert_ne!(starred, before, "somebody changed a flag");
    under_test.delete_as_somebody_else("fig").await;
    assert_ne!(
        connector.sync_token().await.unwrap().unwrap(),
        starred,
        "somebody deleted a mail"
    );
}

/// All headers of a mailbox, by their folder's mark.
async fn headers<T: UnderTest>(under_test: &T) -> (Vec<HeaderFolder>, Vec<Header>) {
    let connector = under_test.connector();
    let folders = connector.header_folders().await.unwrap();
    let mut all = Vec::new();
    for folder in &folders {
        let mut cursor: Option<String> = None;
        let mut keys = Vec::new();
        loop {
            let page = connector.headers(&folder.name, cursor.as_deref(), 2).await;
            let page = page.unwrap();
            keys.extend(page.headers.iter().map(|header| header.key));
            all.extend(page.headers);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert!(keys.is_sorted_by(|one, next| one < next), "{keys:?}");
        assert!(folder.mails.is_none_or(|mails| mails == keys.len() as u64));
    }
    (folders, all)
}

pub(super) async fn tells_the_header_of_every_mail<T: UnderTest>(under_test: &T) {
    let connector = under_test.connector();
    let (before, found) = headers(under_test).await;
    let listed = connector.list(&query(""), now(), None, 100).await.unwrap();
    let mut told: Vec<_> = found
        .iter()
        .map(|it| (it.received, it.address.clone(), it.unread, it.starred))
        .collect();
    let address = |from: &str| from.rsplit(['<', ' ']).next().unwrap().replace('>', "");
    let mut expected: Vec<_> = listed
        .items
        .iter()
        .map(|it| (it.date, address(&it.from), it.unread, it.starred))
        .collect();
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
    assert!(found.iter().all(|header| header.size > 0));

    let again = connector.header_folders().await.unwrap();
    assert_eq!(again, before, "nothing changed");
    let mut place = state_of(under_test, "apple").await.state;
    place.flags.insert(FLAGGED.to_owned());
    under_test.change_as_somebody_else("apple", &place).await;
    let (after, found) = headers(under_test).await;
    let marks = |folders: &[HeaderFolder]| -> Vec<Option<String>> {
        folders.iter().map(|folder| folder.mark.clone()).collect()
    };
    assert_ne!(marks(&after), marks(&before), "somebody changed a flag");
    let starred = found.iter().filter(|header| header.starred).count();
    let before = listed.items.iter().filter(|item| item.starred).count();
    assert_eq!(starred, before + 1);
}

pub(super) async fn fetches_the_bytes_that_were_loaded<T: UnderTest>(under_test: &T) {
    let letters = letters();
    let all = all(under_test).await;
    let mut ids: Vec<ItemId> = letters
        .iter()
        .map(|letter| all[letter.name].id.clone())
        .collect();
    ids.reverse();
    under_test.delete_as_somebody_else("iris").await;
    let mut sink = Collected::default();
    under_test.connector().fetch(&ids, &mut sink).await.unwrap();
    assert!(sink.open.is_none(), "a message was not ended");
    assert_eq!(sink.got.len(), letters.len());
    for (index, (letter, got)) in letters.iter().rev().zip(sink.got).enumerate() {
        let expected = match letter.name {
            "iris" => Got::Skipped(index, ItemReason::Missing),
            _ => Got::Message(
                index,
                letter.received,
                letter.sender.to_owned(),
                letter.raw.clone(),
            ),
        };
        assert!(got == expected, "{} came differently", letter.name);
    }
}

/// Whoever reads no more than the beginning of each gets that, whatever else comes.
pub(super) async fn fetches_beginnings_of_what_was_loaded<T: UnderTest>(under_test: &T) {
    const BYTES: usize = 60;
    let letters = letters();
    let all = all(under_test).await;
    let ids: Vec<ItemId> = letters
        .iter()
        .map(|letter| all[letter.name].id.clone())
        .collect();
    under_test.delete_as_somebody_else("iris").await;
    let mut sink = Collected::default();
    let connector = under_test.connector();
    let fetched = connector.fetch_beginnings(&ids, BYTES, &mut sink).await;
    fetched.unwrap();
    let mut got: Vec<Got> = sink.got;
    assert_eq!(got.len(), letters.len());
    for (index, letter) in letters.iter().enumerate() {
        let place = got.iter().position(|got| got.index() == index).unwrap();
        match got.remove(place) {
            Got::Message(_, _, _, raw) => {
                let read = BYTES.min(letter.raw.len());
                assert!(raw.len() >= read, "{} is too short", letter.name);
                assert!(
                    raw[..read] == letter.raw[..read],
                    "{} came differently",
                    letter.name
                );
            }
            Got::Skipped(_, reason) => {
                assert_eq!((letter.name, reason), ("iris", ItemReason::Missing));
            }
        }
    }
}

#[derive(PartialEq)]
enum Got {
    Message(usize, Timestamp, String, Vec<u8>),
    Skipped(usize, ItemReason),
}

impl Got {
    fn index(&self) -> usize {
        match self {
            Self::Message(index, ..) | Self::Skipped(index, _) => *index,
        }
    }
}

#[derive(Default)]
struct Collected {
    open: Option<Got>,
    got: Vec<Got>,
}

#[async_trait]
impl MessageSink for Collected {
    async fn begin(
        &mut self,
        index: usize,
        received: Timestamp,
        sender: &str,
    ) -> Result<(), PartsError> {
        assert!(self.open.is_none(), "two messages at once");
        self.open = Some(Got::Message(index, received, sender.to_owned(), Vec::new()));
        Ok(())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        match &mut self.open {
            Some(Got::Message(.., raw)) => raw.extend(bytes),
            _ => panic!("bytes outside a message"),
        }
        Ok(())
    }

    async fn end(&mut self) -> Result<(), PartsError> {
        self.got.push(self.open.take().unwrap());
        Ok(())
    }

    async fn skip(&mut self, index: usize, reason: ItemReason) -> Result<(), PartsError> {
        assert!(self.open.is_none(), "skipped inside a message");
        self.got.push(Got::Skipped(index, reason));
        Ok(())
    }
}
