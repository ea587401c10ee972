//! Whole jobs on real servers: made, edited, taken back, deleted, taken back, and every byte compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_connectors::dav::{self, Dav};
use bulkhead_engine::jobs::preview::preview;
use bulkhead_engine::ports::{Account, CallError, Connectors, ContactStore};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Job};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{
    CreateContacts, DeleteContacts, MergeContacts, Operation, Replacement, UpdateContacts,
};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_shared::vcard::Search;
use bulkhead_tests::servers::cyrus::Cyrus;
use bulkhead_tests::servers::dav::DavClient;
use bulkhead_tests::servers::radicale::Radicale;
use serde_json::json;

use crate::support::{connection, open};

/// One account, open.
struct OneAccount(Arc<Dav>);

#[async_trait]
impl Connectors for OneAccount {
    async fn open(&self, _: &AccountId, _: &Connection) -> Result<Arc<dyn Account>, CallError> {
        Ok(self.0.clone())
    }
    async fn close(&self, _: &AccountId) {}
    fn least_abilities(&self, _: AccountKind) -> BTreeMap<Kind, Abilities> {
        [(Kind::Contact, dav::abilities())].into()
    }
}

/// The engine in memory, its time driven by hand, on a real server.
struct Engine {
    stage: Stage,
    dav: Arc<Dav>,
}

impl Engine {
    async fn on(port: u16, user: &DavClient) -> Self {
        let dav = Arc::new(open(&connection(port, user)).await);
        let mut stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
        stage.ports.connectors = Arc::new(OneAccount(dav.clone()));
        Self { stage, dav }
    }

    async fn complete(&self, operation: Operation, selection: Selection) -> Job {
        let options = JobOptions::default();
        self.stage
            .complete(operation, selection, options)
            .await
            .unwrap()
    }

    /// Everything that is there, byte for byte.
    async fn cards(&self) -> BTreeMap<ItemId, Vec<u8>> {
        let all = Search::words("");
        let page = self.dav.list(&all, None, 100_000).await.unwrap();
        let ids: Vec<ItemId> = page.rows.into_iter().map(|row| row.id).collect();
        let mut cards = BTreeMap::new();
        for call in ids.chunks(50) {
            let states = self.dav.read(call).await.unwrap();
            for (id, contact) in call.iter().zip(states) {
                if let Some(card) = contact.state {
                    cards.insert(id.clone(), card);
                }
            }
        }
        cards
    }
}

fn all() -> Selection {
    Selection::Query {
        query: String::new(),
        except: Vec::new(),
    }
}

/// Half of them as cards with more than an edit is about, half as rows of a table.
fn rows(count: usize) -> Selection {
    let rows = (0..count).map(|number| {
        if number % 2 == 0 {
            return json!({"Name": format!("Row {number}"), "Company": "Acme", "Phone": "0049 30 1"});
        }
        let photo = "/9j/4AAQSkZJRgABAQ".repeat(8);
        json!(format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-{number}\r\nFN:Müller {number}\r\n\
             N:Müller;Jo;;;\r\nORG:Acme;Lab\r\nTEL;TYPE=work:0049 30 {number}\r\n\
             PHOTO;ENCODING=b;TYPE=JPEG:{photo}\r\nX-UNKNOWN:kept\r\nEND:VCARD\r\n"
        ))
    });
    Selection::Rows {
        rows: rows.collect(),
    }
}

fn update() -> Operation {
    Operation::UpdateContacts(UpdateContacts {
        organisation: Some("Newco".to_owned()),
        add_categories: vec!["2026".to_owned()],
        telephone_prefix: Some(Replacement {
            from: "0049".to_owned(),
            to: "+49".to_owned(),
        }),
        ..UpdateContacts::default()
    })
}

#[track_caller]
fn all_done(job: &Job, count: usize) {
    let expected = (State::Completed, count as u64);
    assert_eq!((job.state, job.counts.succeeded), expected, "{job:#?}");
}

async fn there_and_back(engine: &Engine, other: &DavClient, count: usize) {
    let created = engine
        .complete(
            Operation::CreateContacts(CreateContacts::default()),
            rows(count),
        )
        .await;
    all_done(&created, count);
    let made = engine.cards().await;
    assert_eq!(made.len(), count);

    let updated = engine.complete(update(), all()).await;
    all_done(&updated, count);
    for card in engine.cards().await.values() {
        let text = String::from_utf8_lossy(card);
        assert!(text.contains("Newco") && text.contains("+49 30"), "{text}");
        assert!(!text.contains("Acme") && !text.contains("0049"), "{text}");
    }
    all_done(&engine.stage.undo(&updated.id).await.unwrap(), count);
    assert!(
        engine.cards().await == made,
        "an edit did not go back exactly"
    );

    let delete = Operation::DeleteContacts(DeleteContacts {});
    let deleted = engine.complete(delete, all()).await;
    all_done(&deleted, count);
    assert!(engine.cards().await.is_empty());
    // Somebody makes another contact where one was: that one stays.
    let theirs =
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:theirs\r\nFN:Theirs\r\nN:;;;;\r\nEND:VCARD\r\n";
    let taken = made.keys().next().unwrap();
    other.put(taken.as_str(), theirs.to_vec()).await;
    let undo = engine.stage.undo(&deleted.id).await.unwrap();
    assert_eq!(
        (undo.counts.succeeded, undo.counts.skipped),
        (count as u64 - 1, 1),
        "{undo:#?}"
    );
    let after = engine.cards().await;
    assert!(String::from_utf8_lossy(&after[taken]).contains("Theirs"));
    let rest = made.iter().filter(|(id, _)| *id != taken);
    for (id, card) in rest {
        assert_eq!(after.get(id), Some(card), "{id} did not come back exactly");
    }
    assert_eq!(after.len(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_contacts_on_cyrus_go_there_and_back() {
    let cyrus = Cyrus::start();
    let other = cyrus.user(0);
    let engine = Engine::on(cyrus.port, &other).await;
    there_and_back(&engine, &other, 1_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_contacts_on_radicale_go_there_and_back() {
    let radicale = Radicale::start();
    let other = radicale.user(0).await;
    let engine = Engine::on(radicale.port, &other).await;
    there_and_back(&engine, &other, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_on_radicale_are_merged_and_come_back() {
    let radicale = Radicale::start();
    let other = radicale.user(0).await;
    let engine = Engine::on(radicale.port, &other).await;
    let create = || Operation::CreateContacts(CreateContacts::default());
    // Those made of rows of a table get an id of their own each time; the cards bring theirs.
    all_done(&engine.complete(create(), rows(120)).await, 120);
    let Selection::Rows { rows: again } = rows(120) else {
        panic!();
    };
    let again = again.into_iter().step_by(2).collect();
    let again = Selection::Rows { rows: again };
    all_done(&engine.complete(create(), again).await, 60);
    let before = engine.cards().await;
    assert_eq!(before.len(), 180);

    let merge = Operation::MergeContacts(MergeContacts {});
    let options = JobOptions::default();
    let id = engine.stage.draft(merge, all(), options).await.unwrap();
    let user = &engine.stage.user;
    let shown = preview(&engine.stage.ports, user, &id).await.unwrap();
    assert_eq!((shown.total, shown.groups), (60, Some(60)));
    assert_eq!(shown.drift, None);
    // Somebody edits both cards of one group: neither of them goes.
    let row = "FN:Row 118";
    let theirs: Vec<&ItemId> = before
        .iter()
        .filter(|(_, card)| String::from_utf8_lossy(card).contains(row))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(theirs.len(), 2);
    engine.stage.confirm(&id).await.unwrap();
    for id in &theirs {
        let card = String::from_utf8_lossy(&before[*id]).replace(row, "FN:Theirs");
        other.put(id.as_str(), card.into_bytes()).await;
    }
    engine.stage.run().await.unwrap();
    let job = engine.stage.job(&id).await.unwrap();
    let counts = (job.counts.succeeded, job.counts.skipped);
    assert_eq!(counts, (59, 1), "{job:#?}");
    assert_eq!(engine.cards().await.len(), 121);
    all_done(&engine.stage.undo(&id).await.unwrap(), 59);
    let after = engine.cards().await;
    assert_eq!(after.len(), 180);
    for (id, card) in before.iter().filter(|(id, _)| !theirs.contains(id)) {
        assert_eq!(after.get(id), Some(card), "{id} did not come back exactly");
    }
}
