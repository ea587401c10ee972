//! Directories of mailboxes that can only be looked at.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::kinds::mailbox::{Change, Effect, Found, Restored};
use bulkhead_engine::ports::{CallError, MailboxPage, MailboxStore};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::kinds::mailbox::{
    ConflictRule, Guid, Mailbox, MailboxName, Restoration, Rights, Search,
};

use super::refuse::refuse;

/// A directory that can only be looked at.
pub(super) struct ReadOnlyMailboxes(pub(super) Arc<dyn MailboxStore>);

#[async_trait]
impl MailboxStore for ReadOnlyMailboxes {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    fn rules(&self) -> &[ConflictRule] {
        self.0.rules()
    }

    async fn test(&self) -> Result<String, CallError> {
        self.0.test().await
    }

    async fn rights(&self) -> Result<Rights, CallError> {
        self.0.rights().await
    }

    async fn list(
        &self,
        search: &Search,
        place: u64,
        limit: u32,
    ) -> Result<MailboxPage, CallError> {
        self.0.list(search, place, limit).await
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.0.sync_token().await
    }

    async fn look(&self, guids: &[Guid]) -> Result<Vec<Option<Mailbox>>, CallError> {
        self.0.look(guids).await
    }

    async fn find(&self, names: &[MailboxName]) -> Result<Vec<Option<Mailbox>>, CallError> {
        self.0.find(names).await
    }

    async fn restored(
        &self,
        restorations: &[Restoration],
    ) -> Result<Vec<Option<Restored>>, CallError> {
        self.0.restored(restorations).await
    }

    async fn change(&self, _changes: &[Change], _tag: &str) -> Result<Vec<Effect>, CallError> {
        refuse("change of mailboxes")
    }

    /// May bring to an end what was done by half.
    async fn reconcile(&self, _changes: &[Change], _tag: &str) -> Result<Vec<Found>, CallError> {
        refuse("reconcile of mailboxes")
    }
}
