//! Accounts that can be read and never changed, for functions that show mail and freeze selections. What
//! changes mail belongs to the worker; elsewhere it is refused before any server hears of it.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::mail::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::{CallError, Connector, Connectors, Matches, MessageSink};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Dials, Folders, Item, Items, Role};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::outcome::Reason;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

/// Opens accounts for looking only.
pub struct Looking<C>(pub C);

#[async_trait]
impl<C: Connectors> Connectors for Looking<C> {
    async fn open(
        &self,
        account: &AccountId,
        connection: &Connection,
    ) -> Result<Arc<dyn Connector>, CallError> {
        let connector = self.0.open(account, connection).await?;
        Ok(Arc::new(LookedAt(connector)))
    }

    async fn close(&self, account: &AccountId) {
        self.0.close(account).await;
    }

    fn least_abilities(&self, kind: AccountKind) -> Abilities {
        self.0.least_abilities(kind)
    }
}

/// One account that can only be looked at.
struct LookedAt(Arc<dyn Connector>);

fn refuse<T>(call: &'static str) -> Result<T, CallError> {
    tracing::error!(call, "A function that may only look asked for more.");
    Err(CallError::Refused(Reason::Internal))
}

#[async_trait]
impl Connector for LookedAt {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    async fn test(&self) -> Result<String, CallError> {
        self.0.test().await
    }

    async fn folders(&self) -> Result<Folders, CallError> {
        self.0.folders().await
    }

    /// Would create the folder where it is missing.
    async fn folder_for(&self, _role: Role) -> Result<String, CallError> {
        refuse("folder_for")
    }

    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Items, CallError> {
        self.0.list(query, now, cursor, limit).await
    }

    async fn items(&self, ids: &[ItemId]) -> Result<Vec<Option<Item>>, CallError> {
        self.0.items(ids).await
    }

    async fn mark(&self) -> Result<Option<String>, CallError> {
        self.0.mark().await
    }

    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError> {
        self.0.matches(query, now, cursor, limit).await
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError> {
        self.0.states(ids).await
    }

    async fn change(&self, _changes: &[Change], _tag: &str) -> Result<Vec<Effect>, CallError> {
        refuse("change")
    }

    /// Would clean up what a half-done change left.
    async fn reconcile(&self, _changes: &[Change], _tag: &str) -> Result<Vec<Found>, CallError> {
        refuse("reconcile")
    }

    /// Whole messages are for exports, which the worker makes.
    async fn fetch(&self, _ids: &[ItemId], _sink: &mut dyn MessageSink) -> Result<(), CallError> {
        refuse("fetch")
    }

    async fn dials(&self) -> Result<Option<Dials>, CallError> {
        self.0.dials().await
    }

    async fn set_dials(&self, _dials: Dials) -> Result<(), CallError> {
        refuse("set_dials")
    }
}
