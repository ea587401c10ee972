//! An address book under test, and what the rules ask of it.

use async_trait::async_trait;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::vcard::Search;

use crate::kinds::contact::{Change, Effect, ItemState, says_the_same};
use crate::ports::ContactStore;

/// A store on an address book with [`cards`](super::cards), and somebody else who uses the same one.
#[async_trait]
pub trait ContactsUnderTest: Send + Sync {
    /// What is tested.
    fn store(&self) -> &dyn ContactStore;

    /// Whether the server keeps cards like [`cards`](super::cards) byte for byte.
    fn keeps_bytes(&self) -> bool;

    /// Somebody else writes a card, or deletes it, whatever is there.
    async fn write_as_somebody_else(&self, id: &ItemId, card: Option<Vec<u8>>);

    /// From now on changes take effect and their answers do not arrive, or they arrive again. False:
    /// cannot be done here.
    async fn lose_answers(&self, lose: bool) -> bool;
}

/// Names of [`cards`](super::cards), as they are listed.
pub(super) const NAMES: [&str; 7] = ["apple", "banana", "cherry", "date", "elder", "fig", "grape"];

/// Names the job in changes, as the engine would: short, letters and digits.
pub(super) const TAG: &str = "a1b2c3d4e5f6";

pub(super) async fn id_of<T: ContactsUnderTest>(under_test: &T, name: &str) -> ItemId {
    let page = under_test
        .store()
        .list(&Search::words(""), None, 500)
        .await
        .unwrap();
    let row = page.rows.into_iter().find(|row| row.shown.title == name);
    row.unwrap_or_else(|| panic!("{name} is gone")).id
}

pub(super) async fn now<T: ContactsUnderTest>(under_test: &T, id: &ItemId) -> ItemState {
    let states = under_test.store().read(std::slice::from_ref(id)).await;
    states.unwrap().remove(0)
}

pub(super) async fn present<T: ContactsUnderTest>(under_test: &T, id: &ItemId) -> ItemState {
    let seen = now(under_test, id).await;
    assert!(seen.state.is_some(), "{id} is gone");
    seen
}

/// Everything that is there, byte for byte.
pub(super) async fn all<T: ContactsUnderTest>(under_test: &T) -> Vec<(ItemId, Vec<u8>)> {
    let page = under_test
        .store()
        .list(&Search::words(""), None, 500)
        .await
        .unwrap();
    let ids: Vec<ItemId> = page.rows.into_iter().map(|row| row.id).collect();
    let states = under_test.store().read(&ids).await.unwrap();
    let cards = states.into_iter().map(|seen| seen.state.unwrap());
    let mut all: Vec<(ItemId, Vec<u8>)> = ids.into_iter().zip(cards).collect();
    all.sort();
    all
}

/// Edits of named contacts, from what they are now.
pub(super) async fn edits<T: ContactsUnderTest>(
    under_test: &T,
    names: &[&str],
    edit: &bulkhead_shared::vcard::Edit,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in names {
        let id = id_of(under_test, name).await;
        let from = present(under_test, &id).await;
        let to = from.state.as_deref().map(|card| edited(card, edit));
        changes.push(Change { id, from, to });
    }
    changes
}

pub(super) fn edited(card: &[u8], edit: &bulkhead_shared::vcard::Edit) -> Vec<u8> {
    let mut card = bulkhead_shared::vcard::Card::read(card).unwrap();
    assert_eq!(edit.apply(&mut card), Ok(true));
    card.bytes()
}

pub(super) async fn delete<T: ContactsUnderTest>(under_test: &T, name: &str) -> Change {
    let id = id_of(under_test, name).await;
    let from = now(under_test, &id).await;
    Change { id, from, to: None }
}

pub(super) async fn create<T: ContactsUnderTest>(under_test: &T, uid: &str) -> Change {
    let books = under_test.store().books().await.unwrap();
    let text = format!("BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\nFN:{uid}\nN:{uid};;;;\nEND:VCARD\n");
    Change {
        id: under_test.store().new_id(&books[0], uid).unwrap(),
        from: ItemState::absent(),
        to: Some(text.replace('\n', "\r\n").into_bytes()),
    }
}

pub(super) async fn change<T: ContactsUnderTest>(
    under_test: &T,
    changes: &[Change],
) -> Vec<Effect> {
    let effects = under_test.store().change(changes, TAG).await.unwrap();
    assert_eq!(effects.len(), changes.len());
    effects
}

/// What a change that was done left.
#[track_caller]
pub(super) fn done(effect: &Effect) -> ItemState {
    match effect {
        Effect::Done { state, .. } => state.clone(),
        other => panic!("not done but {other:?}"),
    }
}

/// The way back of changes that were all done.
pub(super) fn way_back(changes: &[Change], effects: &[Effect]) -> Vec<Change> {
    let back = changes.iter().zip(effects).map(|(change, effect)| Change {
        id: change.id.clone(),
        from: done(effect),
        to: change.from.state.clone(),
    });
    back.collect()
}

/// Both are the same bytes where the server keeps them, and say the same everywhere.
#[track_caller]
pub(super) fn assert_same(keeps_bytes: bool, one: &[u8], other: &[u8]) {
    let text = |card: &[u8]| String::from_utf8_lossy(card).into_owned();
    if keeps_bytes {
        assert_eq!(text(one), text(other));
    } else {
        assert!(says_the_same(one, other), "{} {}", text(one), text(other));
    }
}
