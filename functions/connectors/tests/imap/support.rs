//! What these tests stand on: a Dovecot with mail in it, our connector, and changes to make.

use std::collections::BTreeSet;

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::kinds::mail::{Change, Effect, ItemState, Place};
use bulkhead_engine::ports::MailStore;
use bulkhead_shared::api::{Credentials, ImapConnection, Security};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::Query;
use bulkhead_tests::servers::dovecot::Dovecot;
use bulkhead_tests::servers::imap_client::Seen;
use jiff::Timestamp;

/// The tag of the job in these tests.
pub(crate) const TAG: &str = "0123456789ab";

pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// How our connector reaches the server in plain.
pub(crate) fn plain(server: &Dovecot) -> ImapConnection {
    at_port(server, server.port)
}

pub(crate) fn at_port(server: &Dovecot, port: u16) -> ImapConnection {
    ImapConnection {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        user: server.user.clone(),
        credentials: Credentials::Password(server.password.clone()),
        submission: None,
    }
}

/// Simple messages, each with a subject of its own.
pub(crate) fn messages(count: usize) -> Vec<Vec<u8>> {
    (0..count)
        .map(|n| {
            let body = "Words to fill a mail with.\r\n".repeat(60);
            format!(
                "From: Ann {n} <ann{n}@example.com>\r\nTo: Bob <bob@example.org>\r\nSubject: mail {n:05}\r\n\
                 Message-ID: <{n}@example.com>\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\n\r\n{body}"
            )
            .into_bytes()
        })
        .collect()
}

/// All ids that a query finds, page by page.
pub(crate) async fn find(imap: &dyn MailStore, query: &str) -> Vec<ItemId> {
    let query = Query::parse(query).unwrap();
    let mut ids = Vec::new();
    let mut cursor = None;
    let at = now();
    loop {
        let page = imap
            .matches(&query, at, cursor.as_deref(), 700)
            .await
            .unwrap();
        assert!(page.matches.len() <= 700);
        ids.extend(page.matches.into_iter().map(|found| found.id));
        cursor = page.next;
        if cursor.is_none() {
            return ids;
        }
    }
}

/// States of mails that are all there.
pub(crate) async fn states(imap: &dyn MailStore, ids: &[ItemId]) -> Vec<ItemState> {
    let mut states = Vec::new();
    for ids in ids.chunks(1_000) {
        states.extend(imap.states(ids).await.unwrap().into_iter().flatten());
    }
    assert_eq!(states.len(), ids.len());
    states
}

/// Changes of mails as they are now.
pub(crate) fn changes(
    ids: &[ItemId],
    states: &[ItemState],
    to: impl Fn(&Place) -> Place,
) -> Vec<Change> {
    let pairs = ids.iter().zip(states);
    pairs
        .map(|(id, state)| Change {
            id: id.clone(),
            from: state.clone(),
            to: to(&state.state),
        })
        .collect()
}

/// Makes changes, 1,000 in a call.
pub(crate) async fn change(imap: &dyn MailStore, changes: &[Change]) -> Vec<Effect> {
    let mut effects = Vec::new();
    for changes in changes.chunks(1_000) {
        effects.extend(imap.change(changes, TAG).await.unwrap());
    }
    effects
}

/// Changes that take back what was done.
pub(crate) fn taken_back(done: &[Change], effects: &[Effect]) -> Vec<Change> {
    done.iter()
        .zip(effects)
        .filter_map(|(change, effect)| match effect {
            Effect::Done { id, state } => Some(Change {
                id: id.clone(),
                from: state.clone(),
                to: change.from.state.clone(),
            }),
            _ => None,
        })
        .collect()
}

pub(crate) fn moved_to(folder: &str) -> impl Fn(&Place) -> Place {
    move |place| Place {
        folder: folder.to_owned(),
        flags: place.flags.clone(),
    }
}

pub(crate) fn with_flags<'a>(
    add: &'a [&'a str],
    remove: &'a [&'a str],
) -> impl Fn(&Place) -> Place + 'a {
    move |place| {
        let mut flags: BTreeSet<String> = place.flags.clone();
        flags.extend(add.iter().map(|flag| (*flag).to_owned()));
        flags.retain(|flag| !remove.contains(&flag.as_str()));
        Place {
            folder: place.folder.clone(),
            flags,
        }
    }
}

/// How many effects there are of each kind: done, changed since, missing, anything else.
pub(crate) fn tally(effects: &[Effect]) -> (usize, usize, usize, usize) {
    let count =
        |wanted: fn(&Effect) -> bool| effects.iter().filter(|effect| wanted(effect)).count();
    let done = count(|effect| matches!(effect, Effect::Done { .. }));
    let moved = count(|effect| *effect == Effect::Changed);
    let missing = count(|effect| *effect == Effect::Missing);
    (done, moved, missing, effects.len() - done - moved - missing)
}

pub(crate) async fn open(server: &Dovecot) -> Imap {
    Imap::open(&plain(server), Reach::Anywhere).await.unwrap()
}

/// Two lists of mails are the same; says how many differ, not all of them.
#[track_caller]
pub(crate) fn assert_same(left: &[Seen], right: &[Seen], what: &str) {
    let differ: Vec<_> = left.iter().filter(|mail| !right.contains(mail)).collect();
    let first = differ.first();
    assert!(
        left == right,
        "{what}: {} and {} mails, {} differ, first {first:?}",
        left.len(),
        right.len(),
        differ.len()
    );
}
