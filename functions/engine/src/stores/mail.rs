//! Mails as items.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::TargetFolder;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Card;
use bulkhead_shared::operations::{MailTarget, Operation, OperationName, Target};
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::ItemStore;
use crate::kinds::mail::{Change, Effect, Found, Goal, ItemState};
use crate::ports::{CallError, MailStore, Matches};

/// The mails of an account.
pub(super) struct MailItems(pub(super) Arc<dyn MailStore>);

#[async_trait]
impl ItemStore for MailItems {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    fn call_items(&self, operation: OperationName) -> u32 {
        self.0.call_items(operation)
    }

    async fn objection(&self, operation: &Operation) -> Result<Option<String>, CallError> {
        self.0.objection(operation).await
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

    async fn cards(&self, ids: &[ItemId]) -> Result<Vec<Option<Card>>, CallError> {
        let items = self.0.items(ids).await?.into_iter();
        Ok(items.map(|item| item.as_ref().map(Card::from)).collect())
    }

    async fn has(&self, target: &Target) -> Result<bool, CallError> {
        let Target::Mail(MailTarget::IntoFolder(folder)) = target else {
            return Ok(true);
        };
        let known = self.0.folders().await?.folders;
        Ok(known.iter().any(|known| known.name == *folder))
    }

    async fn goal(&self, target: Target) -> Result<Goal, CallError> {
        Ok(match target {
            Target::Back => Goal::Back,
            Target::Mail(MailTarget::Into(role)) => Goal::Folder(self.0.folder_for(role).await?),
            Target::Mail(MailTarget::IntoFolder(folder)) => {
                Goal::Folder(self.0.folder_named(&folder).await?)
            }
            Target::Mail(MailTarget::Flags { add, remove }) => Goal::Flags { add, remove },
        })
    }

    async fn destination(&self, target: &Target) -> Result<Option<TargetFolder>, CallError> {
        Ok(match target {
            Target::Mail(MailTarget::Into(role)) => Some(self.0.target_for(*role).await?),
            Target::Mail(MailTarget::IntoFolder(name)) => Some(TargetFolder {
                name: name.clone(),
                will_be_made: false,
                seen_by_others: false,
            }),
            Target::Mail(MailTarget::Flags { .. }) | Target::Back => None,
        })
    }

    async fn seen_by_others(&self, folders: &[String]) -> Result<Vec<String>, CallError> {
        self.0.seen_by_others(folders).await
    }

    async fn follow(
        &self,
        lost: &[ItemState],
        others: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.0.follow(lost, others).await
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError> {
        self.0.states(ids).await
    }

    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        self.0.change(changes, tag).await
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        self.0.reconcile(changes, tag).await
    }
}
