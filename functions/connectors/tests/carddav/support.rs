//! What these tests stand on: an address book with cards in it, our store, and somebody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bulkhead_connectors::dav::{Dav, DavConnection};
use bulkhead_connectors::imap::Reach;
use bulkhead_engine::kinds::contact::{Change, Effect, ItemState};
use bulkhead_engine::ports::ContactStore;
use bulkhead_engine::testing::contacts::ContactsUnderTest;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::vcard::Search;
use bulkhead_tests::servers::dav::DavClient;
use jiff::Timestamp;

use crate::lossy;

pub(crate) struct Fixture {
    pub(crate) dav: Dav,
    pub(crate) other: DavClient,
    keeps_bytes: bool,
    lose: Arc<AtomicBool>,
}

pub(crate) fn connection(port: u16, other: &DavClient) -> DavConnection {
    DavConnection {
        url: format!("http://127.0.0.1:{port}"),
        user: other.user.clone(),
        password: other.password.clone(),
    }
}

pub(crate) async fn open(to: &DavConnection) -> Dav {
    let clock = Arc::new(Timestamp::now);
    Dav::open(to, Reach::Anywhere, clock).await.unwrap()
}

impl Fixture {
    /// Fills the address book and opens it through a proxy that can lose answers.
    pub(crate) async fn with(other: DavClient, keeps_bytes: bool, cards: Vec<Vec<u8>>) -> Self {
        for (number, card) in cards.into_iter().enumerate() {
            other
                .put(&format!("{}c%20{number}.vcf", other.book), card)
                .await;
        }
        let port = other.server.rsplit(':').next().unwrap().parse().unwrap();
        let (port, lose) = lossy::start(port).await;
        Self {
            dav: open(&connection(port, &other)).await,
            other,
            keeps_bytes,
            lose,
        }
    }
}

#[async_trait]
impl ContactsUnderTest for Fixture {
    fn store(&self) -> &dyn ContactStore {
        &self.dav
    }

    fn keeps_bytes(&self) -> bool {
        self.keeps_bytes
    }

    async fn write_as_somebody_else(&self, id: &ItemId, card: Option<Vec<u8>>) {
        match card {
            Some(card) => self.other.put(id.as_str(), card).await,
            None => self.other.delete(id.as_str()).await,
        }
    }

    async fn lose_answers(&self, lose: bool) -> bool {
        self.lose.store(lose, Ordering::SeqCst);
        true
    }
}

/// Ids of everything that is there, in the order of the list.
pub(crate) async fn ids(store: &dyn ContactStore) -> Vec<ItemId> {
    let page = store
        .list(&Search::words(""), None, u32::MAX)
        .await
        .unwrap();
    page.rows.into_iter().map(|row| row.id).collect()
}

/// States in calls of fifty.
pub(crate) async fn states(store: &dyn ContactStore, ids: &[ItemId]) -> Vec<ItemState> {
    let mut states = Vec::new();
    for ids in ids.chunks(50) {
        states.extend(store.read(ids).await.unwrap());
    }
    states
}

/// Makes changes in calls of fifty, which all have to be done; the changes that take them back.
pub(crate) async fn change(store: &dyn ContactStore, changes: &[Change]) -> Vec<Change> {
    let mut back = Vec::new();
    for changes in changes.chunks(50) {
        let effects = store.change(changes, "0123456789ab").await.unwrap();
        for (change, effect) in changes.iter().zip(effects) {
            let Effect::Done { state: from, .. } = effect else {
                panic!("{}: {effect:?}", change.id);
            };
            back.push(Change {
                id: change.id.clone(),
                from,
                to: change.from.state.clone(),
            });
        }
    }
    back
}

/// Changes that make these cards.
pub(crate) async fn creations(store: &dyn ContactStore, count: usize) -> Vec<Change> {
    let books = store.books().await.unwrap();
    let change = |n: usize| {
        let text = format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:bulk-{n}\r\nEMAIL:p{n}@x.example\r\nFN:Person {n:04}\r\n\
             N:{n:04};Person;;;\r\nNOTE:{}\r\nORG:Acme;Lab\r\nTEL:0049 30 {n}\r\nEND:VCARD\r\n",
            "words ".repeat(9)
        );
        Change {
            id: store.new_id(&books[0], &format!("bulk-{n}")).unwrap(),
            from: ItemState::absent(),
            to: Some(text.into_bytes()),
        }
    };
    (0..count).map(change).collect()
}
