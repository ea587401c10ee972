//! Accounts that can be read and never changed, for functions that show mail and freeze selections. What
//! changes mail belongs to the worker; elsewhere it is refused before any server hears of it.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::kinds::mail::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::{CallError, Connector, Connectors, Matches, MessageSink};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Dials, Folders, Item, Items, Role};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

/// Opens accounts for reading only.
pub struct ReadOnly<C>(pub C);

#[async_trait]
impl<C: Connectors> Connectors for ReadOnly<C> {
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
    Err(CallError::Refused(ItemReason::Internal))
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

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.0.sync_token().await
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_engine::ports::PartsError;
    use bulkhead_engine::testing::mailbox::MemoryMailbox;

    struct Nowhere;

    #[async_trait]
    impl MessageSink for Nowhere {
        async fn begin(&mut self, _: usize, _: Timestamp, _: &str) -> Result<(), PartsError> {
            Ok(())
        }
        async fn bytes(&mut self, _: &[u8]) -> Result<(), PartsError> {
            Ok(())
        }
        async fn end(&mut self) -> Result<(), PartsError> {
            Ok(())
        }
        async fn skip(&mut self, _: usize, _: ItemReason) -> Result<(), PartsError> {
            Ok(())
        }
    }

    fn is_refused<T>(answer: Result<T, CallError>) -> bool {
        matches!(answer, Err(CallError::Refused(ItemReason::Internal)))
    }

    #[tokio::test]
    async fn shows_everything_and_changes_nothing() {
        let mailbox = MemoryMailbox::new(3).with_dials();
        let places = mailbox.places();
        let account = AccountId::new(Timestamp::UNIX_EPOCH, 1);
        let read_only = ReadOnly(mailbox.clone());
        let connector = read_only
            .open(&account, &Connection::Sandbox {})
            .await
            .unwrap();

        let query = Query::parse("in:inbox").unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let found = connector.matches(&query, now, None, 10).await.unwrap();
        let ids: Vec<ItemId> = found.matches.into_iter().map(|found| found.id).collect();
        assert_eq!(ids.len(), 3);
        assert!(connector.list(&query, now, None, 10).await.is_ok());
        assert!(connector.items(&ids).await.is_ok());
        assert!(connector.folders().await.is_ok());
        assert!(connector.sync_token().await.is_ok());
        assert!(connector.test().await.is_ok());
        let states = connector.states(&ids).await.unwrap();
        let dials = connector.dials().await.unwrap().unwrap();

        let from = states[0].clone().unwrap();
        let mut to = from.place.clone();
        to.folder = "Archive".to_owned();
        let id = ids[0].clone();
        let changes = [Change { id, from, to }];
        assert!(is_refused(connector.change(&changes, "tag").await));
        assert!(is_refused(connector.reconcile(&changes, "tag").await));
        assert!(is_refused(connector.fetch(&ids, &mut Nowhere).await));
        assert!(is_refused(connector.folder_for(Role::Archive).await));
        assert!(is_refused(connector.set_dials(dials).await));
        assert_eq!(mailbox.places(), places);
    }
}
