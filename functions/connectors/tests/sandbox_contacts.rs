//! The sandbox's contacts pass the suite every store passes, and misbehave exactly as its dials say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_connectors::sandbox::{Sandbox, SandboxContacts, SandboxError};
use bulkhead_engine::kinds::contact::{Change, Effect, ItemState};
use bulkhead_engine::ports::{CallError, ContactStore, SandboxDials};
use bulkhead_engine::testing::contacts::{ContactsUnderTest, conforms};
use bulkhead_shared::api::Dials;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vcard::Search;
use jiff::Timestamp;
use tempfile::TempDir;

struct Fixture {
    sandbox: Sandbox,
    contacts: SandboxContacts,
    _folder: TempDir,
}

impl Fixture {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(|| "2026-06-01T12:00:00Z".parse::<Timestamp>().unwrap());
        let sandbox = Sandbox::open(folder.path().join("mail.sqlite"), clock).unwrap();
        Self {
            contacts: sandbox.contacts(),
            sandbox,
            _folder: folder,
        }
    }

    async fn with(cards: Vec<Vec<u8>>) -> Self {
        let fixture = Self::empty();
        for (number, card) in cards.into_iter().enumerate() {
            let id: ItemId = format!("/contacts/{number}.vcf").parse().unwrap();
            let written = fixture.contacts.write_as_somebody_else(&id, Some(card));
            assert!(!written.await.unwrap());
        }
        fixture
    }

    /// Deletes every contact, in calls of fifty.
    async fn delete_all(&self) -> Vec<Effect> {
        let page = self
            .contacts
            .list(&Search::words(""), None, u32::MAX)
            .await
            .unwrap();
        let ids: Vec<ItemId> = page.rows.into_iter().map(|row| row.id).collect();
        let mut effects = Vec::new();
        for ids in ids.chunks(50) {
            let states = self.contacts.read(ids).await.unwrap();
            let changes = ids.iter().zip(states).map(|(id, from)| Change {
                id: id.clone(),
                from,
                to: None,
            });
            let changes: Vec<Change> = changes.collect();
            effects.extend(self.contacts.change(&changes, "tag").await.unwrap());
        }
        effects
    }
}

#[async_trait]
impl ContactsUnderTest for Fixture {
    fn store(&self) -> &dyn ContactStore {
        &self.contacts
    }

    fn keeps_bytes(&self) -> bool {
        true
    }

    async fn write_as_somebody_else(&self, id: &ItemId, card: Option<Vec<u8>>) {
        self.contacts
            .write_as_somebody_else(id, card)
            .await
            .unwrap();
    }

    async fn lose_answers(&self, lose: bool) -> bool {
        let dials = Dials {
            lose_answers: if lose { 100 } else { 0 },
            ..Dials::default()
        };
        self.sandbox.turn(dials).await.unwrap();
        true
    }
}

#[tokio::test]
async fn conforms_to_the_suite() {
    conforms(Fixture::with).await;
}

#[tokio::test]
async fn two_thousand_contacts_go_and_come_back() {
    let fixture = Fixture::empty();
    fixture.contacts.seed(7, 2_000).await.unwrap();
    let before = fixture
        .contacts
        .list(&Search::words(""), None, 5_000)
        .await
        .unwrap();
    assert_eq!(before.total, 2_000);
    assert!(matches!(
        fixture.contacts.seed(7, 1).await,
        Err(SandboxError::NotEmpty)
    ));
    let effects = fixture.delete_all().await;
    assert!(effects.iter().all(
        |effect| matches!(effect, Effect::Done { state, .. } if *state == ItemState::absent())
    ));
    assert_eq!(
        fixture
            .contacts
            .list(&Search::words(""), None, 1)
            .await
            .unwrap()
            .total,
        0
    );
    let touches = fixture.contacts.touches().await.unwrap();
    assert_eq!(touches.len(), 2_000);
    assert!(touches.values().all(|&times| times == 1));
}

#[tokio::test]
async fn dials_spoil_contacts_as_they_spoil_mail() {
    let fixture = Fixture::empty();
    fixture.contacts.seed(7, 200).await.unwrap();
    let turn = async |dials: Dials| fixture.sandbox.turn(dials).await.unwrap();

    turn(Dials {
        throttle_calls: 1,
        throttle_seconds: 9,
        ..Dials::default()
    })
    .await;
    let page = fixture
        .contacts
        .list(&Search::words(""), None, 1)
        .await
        .unwrap();
    let id = page.rows[0].id.clone();
    let from = fixture
        .contacts
        .read(std::slice::from_ref(&id))
        .await
        .unwrap()
        .remove(0);
    let change = [Change { id, from, to: None }];
    let waits = fixture.contacts.change(&change, "tag").await.unwrap_err();
    let until = "2026-06-01T12:00:09Z".parse().unwrap();
    assert!(matches!(waits, CallError::Throttled { until: Some(time) } if time == until));

    turn(Dials {
        fail_percent: 20,
        flaky_percent: 20,
        ..Dials::default()
    })
    .await;
    let effects = fixture.delete_all().await;
    let count = |wanted: Effect| effects.iter().filter(|effect| **effect == wanted).count();
    let failed = count(Effect::Refused(ItemReason::Refused));
    let flaky = count(Effect::Unavailable);
    assert!(
        (20..60).contains(&failed) && (15..60).contains(&flaky),
        "{failed} {flaky}"
    );
    // What failed for now succeeds at the third try at the latest; what failed for good never does.
    fixture.delete_all().await;
    fixture.delete_all().await;
    let left = fixture
        .contacts
        .list(&Search::words(""), None, 1)
        .await
        .unwrap()
        .total;
    assert_eq!(left, failed as u64);
}

#[tokio::test]
async fn a_file_from_before_there_were_contacts_gets_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail.sqlite");
    let clock: Arc<dyn bulkhead_engine::ports::Clock> = Arc::new(Timestamp::now);
    let old = Sandbox::open(&path, clock.clone()).unwrap();
    old.seed(1, 10).await.unwrap();
    drop(old);
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(
        "DROP TABLE contact; DROP TABLE contact_change; DELETE FROM meta WHERE key = 'contact_version'",
    )
    .unwrap();
    drop(raw);
    let sandbox = Sandbox::open(&path, clock).unwrap();
    sandbox.contacts().seed(1, 10).await.unwrap();
    assert_eq!(
        sandbox
            .contacts()
            .list(&Search::words(""), None, 5)
            .await
            .unwrap()
            .total,
        10
    );
    assert!(!sandbox.is_empty().await.unwrap());
}
