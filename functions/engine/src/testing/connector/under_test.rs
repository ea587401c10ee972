//! A mailbox under test, and what the rules ask of it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bulkhead_shared::api::Item;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use crate::kinds::mail::{Change, Effect, ItemState, Place};
use crate::ports::{Account, DraftStore, MailStore};

/// A connector on a mailbox with [`letters`](super::letters()), and somebody else who uses the same mailbox.
#[async_trait]
pub trait UnderTest: Send + Sync {
    /// The account that is tested.
    fn account(&self) -> &dyn Account;

    /// Its mails.
    fn connector(&self) -> &dyn MailStore;

    /// Its drafts.
    fn drafts(&self) -> &dyn DraftStore;

    /// Somebody else brings the letter with this name to another place.
    async fn change_as_somebody_else(&self, name: &str, to: &Place);

    /// Somebody else deletes the letter with this name for good.
    async fn delete_as_somebody_else(&self, name: &str);

    /// The next change takes effect, but its answer does not arrive. False: cannot be done here.
    async fn lose_next_answer(&self);
}

/// Names the job in changes, as the engine would: short, letters and digits.
pub(super) const TAG: &str = "a1b2c3d4e5f6";

pub(super) fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

pub(super) fn query(text: &str) -> Query {
    Query::parse(text).unwrap()
}

/// The letter's name, which begins its subject.
pub(super) fn name(item: &Item) -> String {
    item.subject.split(' ').next().unwrap().to_owned()
}

/// All mails by name.
pub(super) async fn all<T: UnderTest>(under_test: &T) -> BTreeMap<String, Item> {
    let connector = under_test.connector();
    let everything = query("in:anywhere");
    let page = connector.list(&everything, now(), None, 100).await.unwrap();
    page.items
        .into_iter()
        .map(|item| (name(&item), item))
        .collect()
}

pub(super) async fn id_of<T: UnderTest>(under_test: &T, name: &str) -> ItemId {
    all(under_test)
        .await
        .remove(name)
        .unwrap_or_else(|| panic!("{name} is gone"))
        .id
}

pub(super) async fn state_of<T: UnderTest>(under_test: &T, name: &str) -> ItemState {
    let id = id_of(under_test, name).await;
    let states = under_test.connector().states(&[id]).await.unwrap();
    states.into_iter().next().unwrap().unwrap()
}

/// Where each mail is and how marked, by name: what an undo has to bring back.
pub(super) async fn places<T: UnderTest>(under_test: &T) -> BTreeMap<String, Place> {
    let all = all(under_test).await;
    let ids: Vec<ItemId> = all.values().map(|item| item.id.clone()).collect();
    let states = under_test.connector().states(&ids).await.unwrap();
    all.into_keys()
        .zip(states)
        .map(|(name, state)| (name, state.unwrap().state))
        .collect()
}

/// Changes of the named letters from where they are now.
pub(super) async fn changes<T: UnderTest>(
    under_test: &T,
    names: &[&str],
    change: impl Fn(&mut Place),
) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in names {
        let from = state_of(under_test, name).await;
        let mut to = from.state.clone();
        change(&mut to);
        let id = id_of(under_test, name).await;
        changes.push(Change { id, from, to });
    }
    changes
}

/// Where a change that was done left the mail.
#[track_caller]
pub(super) fn done(effect: Effect) -> (ItemId, ItemState) {
    match effect {
        Effect::Done { id, state } => (id, state),
        other => panic!("not done but {other:?}"),
    }
}

/// The way back of changes that were all done.
pub(super) fn way_back(changes: &[Change], effects: Vec<Effect>) -> Vec<Change> {
    assert_eq!(changes.len(), effects.len());
    changes
        .iter()
        .zip(effects)
        .map(|(change, effect)| {
            let (id, from) = done(effect);
            assert_eq!(from.state, change.to);
            let to = change.from.state.clone();
            Change { id, from, to }
        })
        .collect()
}
