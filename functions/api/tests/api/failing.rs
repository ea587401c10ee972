//! A provider all of whose calls fail alike.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::kinds::mail::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::{Account, CallError, Connectors, MailStore, Matches, MessageSink};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Folders, Item, Items, Role};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

/// Opens, and then fails like this.
#[derive(Clone)]
pub(crate) struct Failing {
    error: fn() -> CallError,
    abilities: Abilities,
}

impl Failing {
    pub(crate) fn new(error: fn() -> CallError) -> Self {
        let abilities = MemoryMailbox::new(0).abilities().clone();
        Self { error, abilities }
    }
}

#[async_trait]
impl Connectors for Failing {
    async fn open(&self, _: &AccountId, _: &Connection) -> Result<Arc<dyn Account>, CallError> {
        Ok(Arc::new(self.clone()))
    }

    async fn close(&self, _: &AccountId) {}

    fn least_abilities(&self, _: AccountKind) -> BTreeMap<Kind, Abilities> {
        [(Kind::Mail, self.abilities.clone())].into()
    }
}

#[async_trait]
impl Account for Failing {
    async fn test(&self) -> Result<String, CallError> {
        Err((self.error)())
    }
    fn mail(self: Arc<Self>) -> Option<Arc<dyn MailStore>> {
        Some(self)
    }
}

#[async_trait]
impl MailStore for Failing {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }
    async fn folders(&self) -> Result<Folders, CallError> {
        Err((self.error)())
    }
    async fn folder_for(&self, _: Role) -> Result<String, CallError> {
        Err((self.error)())
    }
    async fn list(
        &self,
        _: &Query,
        _: Timestamp,
        _: Option<&str>,
        _: u32,
    ) -> Result<Items, CallError> {
        Err((self.error)())
    }
    async fn items(&self, _: &[ItemId]) -> Result<Vec<Option<Item>>, CallError> {
        Err((self.error)())
    }
    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        Err((self.error)())
    }
    async fn matches(
        &self,
        _: &Query,
        _: Timestamp,
        _: Option<&str>,
        _: u32,
    ) -> Result<Matches, CallError> {
        Err((self.error)())
    }
    async fn states(&self, _: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError> {
        Err((self.error)())
    }
    async fn change(&self, _: &[Change], _: &str) -> Result<Vec<Effect>, CallError> {
        Err((self.error)())
    }
    async fn reconcile(&self, _: &[Change], _: &str) -> Result<Vec<Found>, CallError> {
        Err((self.error)())
    }
    async fn fetch(&self, _: &[ItemId], _: &mut dyn MessageSink) -> Result<(), CallError> {
        Err((self.error)())
    }
}
