//! One set of mails and one table of searches, the same for every connector: whoever is about to trash
//! what a search finds has to find the same everywhere. The words are explained in `docs/search.md`.

use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};

use super::classes::classes;
use super::letters::Letter;
use super::under_test::{name, now, query};
use crate::ports::MailStore;
use bulkhead_shared::api::Item;
use bulkhead_shared::ids::ItemId;

/// The mails, and what finds which.
const MAILS: &str = include_str!("searches/mails.txt");
const SEARCHES: &str = include_str!("searches/searches.txt");
/// When a mail was received that does not say it.
const NOON: &str = "2026-03-01T12:00:00Z";
/// More than there are.
const ALL: u32 = 500;

/// Parts that several mails have, by the name in braces.
const PARTS: &[(&str, &str)] = &[
    (
        "{pdf}",
        "Content-Type: application/pdf¶Content-Disposition: attachment; filename=a.pdf¶¶JVBERg==",
    ),
    (
        "{inline pdf}",
        "Content-Type: application/pdf¶Content-Disposition: inline; filename=c.pdf¶¶JVBERg==",
    ),
    (
        "{signature}",
        "Content-Type: application/pgp-signature; name=\"signature.asc\"¶Content-Disposition: attachment; filename=\"signature.asc\"¶¶-----BEGIN PGP SIGNATURE-----",
    ),
    (
        "{logo}",
        "Content-Type: image/png; name=logo.png¶Content-ID: <a>¶Content-Disposition: inline; filename=logo.png¶¶iVBORw0K",
    ),
    (
        "{image}",
        "Content-Type: image/png; name=\"photo.png\"¶¶iVBORw0K",
    ),
];

/// What a server does not decode where it searches, which we cannot make up for. Mails that are missed for
/// it have a mark in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecoded {
    /// It decodes everything.
    Nothing,
    /// Letters that are cut between two encoded words (Dovecot).
    CutLetters,
    /// Texts in other charsets than Unicode (Cyrus without an index).
    OldCharsets,
}

impl Undecoded {
    /// The names of the mails that such a server finds, in the order of the alphabet.
    fn finds(self, names: &'static str) -> Vec<&'static str> {
        let found = names.split_whitespace().filter_map(|name| {
            let (bare, mark) = match name.strip_suffix(['*', '~']) {
                Some(bare) => (bare, name.chars().last()),
                None => (name, None),
            };
            let missed = match mark {
                Some('*') => self == Self::CutLetters,
                Some(_) => self == Self::OldCharsets,
                None => false,
            };
            (!missed).then_some(bare)
        });
        let mut found: Vec<&str> = found.collect();
        found.sort_unstable();
        found
    }
}

/// The lines of a table.
fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The mails of the table.
pub fn search_letters() -> Vec<Letter> {
    lines(MAILS).map(letter).collect()
}

fn letter(line: &'static str) -> Letter {
    let columns: Vec<&str> = line.splitn(5, '|').collect();
    let [name, folder, flags, received, rest] = columns[..] else {
        panic!("{line}");
    };
    let mut rest = rest.to_owned();
    for (part, content) in PARTS {
        rest = rest.replace(part, content);
    }
    let rest = rest.replace('¶', "\r\n");
    let mut head = format!("Subject: {name}{rest}\r\n");
    let headers = rest.split("\r\n\r\n").next().unwrap_or_default();
    if !headers.contains("\r\nFrom:") {
        head = format!("From: Somebody <somebody@else.test>\r\n{head}");
    }
    let mut raw = format!("Message-ID: <{name}@letters.example>\r\nMIME-Version: 1.0\r\n{head}");
    if let Some(size) = name.strip_prefix("size").and_then(|size| size.parse().ok()) {
        // In lines that every server takes.
        while raw.len() + 80 < size {
            raw.push_str(&"z".repeat(70));
            raw.push_str("\r\n");
        }
        raw.push_str(&"z".repeat(size - raw.len() - 2));
        raw.push_str("\r\n");
        assert_eq!(raw.len(), size);
    }
    Letter {
        name,
        folder,
        flags: flags.split_whitespace().collect(),
        received: match received {
            "" => NOON,
            time => time,
        }
        .parse()
        .unwrap(),
        sender: "somebody@else.test",
        raw: raw.into_bytes(),
    }
}

/// What a search cannot look at is told by the list and for a changing job.
async fn says_what_it_lacks(connector: &dyn MailStore) {
    let encrypted = Unsearched {
        folder: "Work".to_owned(),
        why: UnsearchedWhy::Encrypted,
        items: Some(1),
    };
    let nowhere = Unsearched::folder("Nowhere", UnsearchedWhy::NoSuchFolder);
    for (text, expected) in [
        ("is:unread", vec![]),
        ("in:inbox has:attachment", vec![]),
        ("-has:attachment", vec![encrypted.clone()]),
        ("in:work has:attachment", vec![encrypted.clone()]),
        ("in:Nowhere", vec![nowhere.clone()]),
        ("-in:Nowhere has:attachment", vec![nowhere, encrypted]),
    ] {
        let listed = connector
            .list(&query(text), now(), None, ALL)
            .await
            .unwrap();
        let found = connector
            .matches(&query(text), now(), None, ALL)
            .await
            .unwrap();
        assert_eq!(listed.unsearched, expected, "listed by {text:?}");
        assert_eq!(found.unsearched, expected, "matched by {text:?}");
    }
}

/// Every search of the table finds the same in a list and for a changing job, and what it has to.
pub async fn searches(connector: &dyn MailStore, undecoded: Undecoded) {
    let mut wrong = Vec::new();
    for line in lines(SEARCHES) {
        let (text, expected) = line.split_once(" =>").unwrap();
        let expected = undecoded.finds(expected);
        let listed = connector
            .list(&query(text), now(), None, ALL)
            .await
            .unwrap();
        let found = connector
            .matches(&query(text), now(), None, ALL)
            .await
            .unwrap();
        let ids: Vec<ItemId> = found.matches.into_iter().map(|found| found.id).collect();
        let drafted = connector.items(&ids).await.unwrap();
        let names = |items: Vec<Item>| {
            let mut names: Vec<String> = items.iter().map(name).collect();
            names.sort_unstable();
            names
        };
        let listed = names(listed.items);
        let drafted = names(drafted.into_iter().flatten().collect());
        if listed != expected || drafted != expected {
            wrong.push(format!(
                "{text}: listed {listed:?}, drafted {drafted:?}, expected {expected:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    says_what_it_lacks(connector).await;
    classes(connector).await;
    // The clip in the list says the same as the search.
    for text in ["in:work", "in:archive"] {
        let listed = connector
            .list(&query(text), now(), None, ALL)
            .await
            .unwrap();
        let search = format!("{text} has:attachment");
        let found = connector
            .list(&query(&search), now(), None, ALL)
            .await
            .unwrap();
        let clips = listed.items.iter().filter(|item| item.has_attachment);
        assert!(clips.map(name).eq(found.items.iter().map(name)), "{text}");
    }
}
