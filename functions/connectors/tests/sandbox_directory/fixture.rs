//! A sandbox's directory, alone and with an engine in memory whose time is driven by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_connectors::sandbox::{Sandbox, SandboxDirectory};
use bulkhead_engine::ports::{Account, CallError, Clock, Connectors, MailboxStore, SandboxDials};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::mailboxes::{Made, MailboxesUnderTest};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Dials};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::kinds::mailbox::{Guid, Mailbox, Profile, Search, Status};
use bulkhead_shared::selection::Selection;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A sandbox's directory.
pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) directory: SandboxDirectory,
    now: Timestamp,
    _folder: TempDir,
}

impl Fixture {
    pub(crate) fn empty(clock: Arc<dyn Clock>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = clock.now();
        let sandbox = Sandbox::open(folder.path().join("mail.sqlite"), clock).unwrap();
        Self {
            directory: sandbox.directory(),
            sandbox,
            now,
            _folder: folder,
        }
    }

    pub(crate) async fn with(made: Vec<Made>) -> Self {
        let clock = Arc::new(|| "2026-06-01T12:00:00Z".parse::<Timestamp>().unwrap());
        let fixture = Self::empty(clock);
        for (number, made) in (1..).zip(made) {
            fixture.make(number, &made).await;
        }
        fixture
    }

    async fn make(&self, number: u8, made: &Made) {
        let guid = Guid::of_bytes([number; 16]);
        let status = match made.inactive {
            true => Status::Inactive {
                deleted_at: Some(self.now - SignedDuration::from_hours(24)),
                retained_until: Some(self.now + SignedDuration::from_hours(24 * 29)),
            },
            false => Status::Active,
        };
        let mailbox = Mailbox {
            guid: guid.clone(),
            profile: Profile {
                upn: made.address(),
                smtp: made.address(),
                display_name: made.name.clone(),
                ..Profile::default()
            },
            status,
            items: None,
            bytes: None,
            quota_bytes: Some(1_000_000),
            on_hold: false,
        };
        self.directory
            .write_as_somebody_else(mailbox)
            .await
            .unwrap();
        for (folder, id, minute) in &made.messages {
            let changed = i64::from(*minute) * 60_000;
            self.directory
                .deliver(&guid, folder, id, changed)
                .await
                .unwrap();
        }
    }
}

#[async_trait]
impl MailboxesUnderTest for Fixture {
    fn store(&self) -> &dyn MailboxStore {
        &self.directory
    }

    async fn messages(&self, guid: &Guid) -> Vec<(String, String)> {
        self.directory.messages(guid).await.unwrap()
    }

    async fn deliver(&self, guid: &Guid, id: &str) {
        self.directory
            .deliver(guid, "INBOX", id, i64::MAX)
            .await
            .unwrap();
    }

    async fn delete_as_somebody_else(&self, guid: &Guid) {
        assert!(self.directory.delete_as_somebody_else(guid).await.unwrap());
    }

    async fn purge(&self, guid: &Guid) {
        assert!(self.directory.purge(guid).await.unwrap());
    }

    async fn lose_answers(&self, lose: bool) -> bool {
        let lose_answers = if lose { 1_000 } else { 0 };
        let dials = Dials {
            lose_answers,
            ..Dials::default()
        };
        self.sandbox.turn(dials).await.unwrap();
        true
    }
}

/// One account, open.
struct OneAccount(Arc<Sandbox>);

#[async_trait]
impl Connectors for OneAccount {
    async fn open(&self, _: &AccountId, _: &Connection) -> Result<Arc<dyn Account>, CallError> {
        Ok(self.0.clone())
    }
    async fn close(&self, _: &AccountId) {}
    fn least_abilities(&self, _: AccountKind) -> BTreeMap<Kind, Abilities> {
        [(Kind::Mailbox, self.0.directory().abilities().clone())].into()
    }
}

/// The engine in memory, its time driven by hand, on a generated directory.
pub(crate) struct World {
    pub(crate) stage: Stage,
    pub(crate) fixture: Fixture,
}

impl World {
    /// So many mailboxes, and of those so many inactive.
    pub(crate) async fn of(mailboxes: u32, inactive: u32) -> Self {
        let mut stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
        let fixture = Fixture::empty(stage.clock.clone());
        fixture
            .directory
            .seed(1, mailboxes, inactive)
            .await
            .unwrap();
        stage.ports.connectors = Arc::new(OneAccount(Arc::new(fixture.sandbox.clone())));
        Self { stage, fixture }
    }

    pub(crate) async fn list(&self, inactive: bool) -> Vec<Mailbox> {
        let search = Search::Inactive(inactive);
        self.fixture
            .directory
            .list(&search, 0, 100_000)
            .await
            .unwrap()
            .rows
    }

    /// Inactive ones that nothing stands in the way of.
    pub(crate) async fn recoverable(&self) -> Vec<Mailbox> {
        let now = self.stage.clock.now();
        let active = self.list(false).await;
        let mut found = self.list(true).await;
        found.retain(|mailbox| {
            let is_taken = active
                .iter()
                .any(|other| other.profile.upn == mailbox.profile.upn);
            !mailbox.is_over(now)
                && !mailbox.on_hold
                && !is_taken
                && mailbox.bytes < Some(100_000_000)
        });
        found
    }

    pub(crate) async fn look(&self, guid: &Guid) -> Mailbox {
        let found = self
            .fixture
            .directory
            .look(std::slice::from_ref(guid))
            .await;
        found.unwrap().remove(0).unwrap()
    }
}

/// Rows that recover these under the names that they had.
pub(crate) fn recoveries(mailboxes: &[Mailbox]) -> Selection {
    let rows = mailboxes.iter().map(|mailbox| {
        let profile = &mailbox.profile;
        json!([
            mailbox.guid,
            profile.upn,
            "",
            profile.display_name,
            profile.first_name,
            "",
            "Back",
            ""
        ])
    });
    Selection::Rows {
        rows: rows.collect(),
    }
}

/// Rows that restore one after the other of these into those.
pub(crate) fn restores(sources: &[Mailbox], targets: &[Mailbox], rule: &str) -> Selection {
    let rows = sources
        .iter()
        .zip(targets)
        .map(|(source, target)| -> Value { json!([source.guid, target.profile.upn, "", rule]) });
    Selection::Rows {
        rows: rows.collect(),
    }
}
