//! Accounts that can be read and never changed, for functions that show mail and freeze selections. What
//! changes mail belongs to the worker; elsewhere it is refused before any server hears of it.

mod mailboxes;
mod refuse;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::kinds::contact;
use bulkhead_engine::kinds::mail::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::{
    Account, AddressBook, CallError, Connectors, ContactPage, ContactStore, Delivery, DraftStore,
    HeaderFolder, Headers, Letter, MailStore, MailboxStore, Matches, MessageSink, Postbox,
    SandboxDials, SentCopy,
};
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::api::{
    AccountKind, Connection, Consent, Dials, Discovered, Folders, ImapConnection, Item, Items,
    Role, TargetFolder,
};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::query::Query;
use bulkhead_shared::vcard::Search;
use jiff::Timestamp;

use mailboxes::ReadOnlyMailboxes;
use refuse::refuse;

/// Opens accounts for reading only.
pub struct ReadOnly<C>(pub Arc<C>);

#[async_trait]
impl<C: Connectors> Connectors for ReadOnly<C> {
    async fn open(
        &self,
        account: &AccountId,
        connection: &Connection,
    ) -> Result<Arc<dyn Account>, CallError> {
        let open = self.0.open(account, connection).await?;
        Ok(Arc::new(ReadOnlyAccount(open)))
    }

    async fn discover(&self, address: &str) -> Discovered {
        self.0.discover(address).await
    }

    async fn consented(&self, consent: &Consent) -> Result<ImapConnection, CallError> {
        self.0.consented(consent).await
    }

    async fn close(&self, account: &AccountId) {
        self.0.close(account).await;
    }

    fn least_abilities(&self, kind: AccountKind) -> BTreeMap<Kind, Abilities> {
        self.0.least_abilities(kind)
    }
}

/// One account that can only be looked at.
struct ReadOnlyAccount(Arc<dyn Account>);

/// Mails that can only be looked at.
struct ReadOnlyMail(Arc<dyn MailStore>);

/// Contacts that can only be looked at.
struct ReadOnlyContacts(Arc<dyn ContactStore>);

/// A way out through which nothing goes.
struct ReadOnlyPostbox(Arc<dyn Postbox>);

/// Drafts that can only be looked at.
struct ReadOnlyDrafts(Arc<dyn DraftStore>);

/// Dials that can only be looked at.
struct ReadOnlyDials(Arc<dyn SandboxDials>);

#[async_trait]
impl Account for ReadOnlyAccount {
    async fn test(&self) -> Result<String, CallError> {
        self.0.test().await
    }

    fn mail(self: Arc<Self>) -> Option<Arc<dyn MailStore>> {
        let mail = self.0.clone().mail()?;
        Some(Arc::new(ReadOnlyMail(mail)))
    }

    fn contacts(self: Arc<Self>) -> Option<Arc<dyn ContactStore>> {
        let contacts = self.0.clone().contacts()?;
        Some(Arc::new(ReadOnlyContacts(contacts)))
    }

    fn mailboxes(self: Arc<Self>) -> Option<Arc<dyn MailboxStore>> {
        let mailboxes = self.0.clone().mailboxes()?;
        Some(Arc::new(ReadOnlyMailboxes(mailboxes)))
    }

    fn postbox(self: Arc<Self>) -> Option<Arc<dyn Postbox>> {
        let postbox = self.0.clone().postbox()?;
        Some(Arc::new(ReadOnlyPostbox(postbox)))
    }

    fn drafts(self: Arc<Self>) -> Option<Arc<dyn DraftStore>> {
        let drafts = self.0.clone().drafts()?;
        Some(Arc::new(ReadOnlyDrafts(drafts)))
    }

    fn sandbox(self: Arc<Self>) -> Option<Arc<dyn SandboxDials>> {
        let dials = self.0.clone().sandbox()?;
        Some(Arc::new(ReadOnlyDials(dials)))
    }

    fn renewed(&self) -> Option<Connection> {
        self.0.renewed()
    }
}

#[async_trait]
impl MailStore for ReadOnlyMail {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    async fn objection(&self, operation: &Operation) -> Result<Option<String>, CallError> {
        self.0.objection(operation).await
    }

    async fn folders(&self) -> Result<Folders, CallError> {
        self.0.folders().await
    }

    async fn target_for(&self, role: Role) -> Result<TargetFolder, CallError> {
        self.0.target_for(role).await
    }

    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        self.0.allowance().await
    }

    async fn folder_named(&self, name: &str) -> Result<String, CallError> {
        self.0.folder_named(name).await
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

    async fn header_folders(&self) -> Result<Vec<HeaderFolder>, CallError> {
        self.0.header_folders().await
    }

    async fn headers(
        &self,
        folder: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Headers, CallError> {
        self.0.headers(folder, cursor, limit).await
    }

    /// Would create the folder where it is missing.
    async fn folder_for(&self, _role: Role) -> Result<String, CallError> {
        refuse("folder_for")
    }

    async fn folder_made(&self, _name: &str) -> Result<String, CallError> {
        refuse("folder_made")
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

    async fn list_at(
        &self,
        query: &Query,
        now: Timestamp,
        place: u64,
        limit: u32,
    ) -> Result<Items, CallError> {
        self.0.list_at(query, now, place, limit).await
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

    async fn fetch(&self, ids: &[ItemId], sink: &mut dyn MessageSink) -> Result<(), CallError> {
        self.0.fetch(ids, sink).await
    }

    async fn fetch_beginnings(
        &self,
        ids: &[ItemId],
        bytes: usize,
        sink: &mut dyn MessageSink,
    ) -> Result<(), CallError> {
        self.0.fetch_beginnings(ids, bytes, sink).await
    }
}

#[async_trait]
impl ContactStore for ReadOnlyContacts {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    async fn test(&self) -> Result<String, CallError> {
        self.0.test().await
    }

    async fn books(&self) -> Result<Vec<AddressBook>, CallError> {
        self.0.books().await
    }

    async fn list(
        &self,
        search: &Search,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ContactPage, CallError> {
        self.0.list(search, cursor, limit).await
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.0.sync_token().await
    }

    fn new_id(&self, book: &AddressBook, uid: &str) -> Result<ItemId, CallError> {
        self.0.new_id(book, uid)
    }

    async fn read(&self, ids: &[ItemId]) -> Result<Vec<contact::ItemState>, CallError> {
        self.0.read(ids).await
    }

    async fn change(
        &self,
        _changes: &[contact::Change],
        _tag: &str,
    ) -> Result<Vec<contact::Effect>, CallError> {
        refuse("change of contacts")
    }

    async fn reconcile(
        &self,
        _changes: &[contact::Change],
        _tag: &str,
    ) -> Result<Vec<contact::Found>, CallError> {
        refuse("reconcile of contacts")
    }
}

#[async_trait]
impl Postbox for ReadOnlyPostbox {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    fn user(&self) -> Option<&str> {
        self.0.user()
    }

    fn objection(&self, operation: &Operation) -> Option<String> {
        self.0.objection(operation)
    }

    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        self.0.allowance().await
    }

    fn outlet(&self) -> Option<&'static str> {
        self.0.outlet()
    }

    async fn ready(&self) -> Result<(), CallError> {
        refuse("ready")
    }

    async fn deliver(&self, _letters: &[Letter]) -> Result<Vec<Delivery>, CallError> {
        refuse("deliver")
    }

    async fn find(&self, _ids: &[ItemId]) -> Result<Vec<SentCopy>, CallError> {
        refuse("find")
    }

    async fn sent(&self, _beginning: &str) -> Result<Vec<ItemId>, CallError> {
        refuse("sent")
    }
}

#[async_trait]
impl DraftStore for ReadOnlyDrafts {
    async fn user(&self) -> Result<Option<String>, CallError> {
        self.0.user().await
    }

    async fn put(&self, _letters: &[Letter]) -> Result<Vec<Effect>, CallError> {
        refuse("put")
    }

    async fn find(&self, ids: &[ItemId]) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.0.find(ids).await
    }

    async fn sent(&self, ids: &[ItemId]) -> Result<Vec<bool>, CallError> {
        self.0.sent(ids).await
    }
}

#[async_trait]
impl SandboxDials for ReadOnlyDials {
    async fn dials(&self) -> Result<Dials, CallError> {
        self.0.dials().await
    }

    async fn turn(&self, _dials: Dials) -> Result<(), CallError> {
        refuse("turn")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bulkhead_shared::outcome::ItemReason;

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
        let read_only = ReadOnly(Arc::new(mailbox.clone()));
        let open = read_only
            .open(&account, &Connection::Sandbox {})
            .await
            .unwrap();
        let mail = open.clone().mail().unwrap();
        let sandbox = open.clone().sandbox().unwrap();

        let query = Query::parse("in:inbox").unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let found = mail.matches(&query, now, None, 10).await.unwrap();
        let ids: Vec<ItemId> = found.matches.into_iter().map(|found| found.id).collect();
        assert_eq!(ids.len(), 3);
        assert!(mail.list(&query, now, None, 10).await.is_ok());
        assert!(mail.items(&ids).await.is_ok());
        assert!(mail.folders().await.is_ok());
        assert!(mail.fetch(&ids, &mut Nowhere).await.is_ok());
        assert!(mail.sync_token().await.is_ok());
        assert!(open.test().await.is_ok());
        let states = mail.states(&ids).await.unwrap();
        let dials = sandbox.dials().await.unwrap();

        let from = states[0].clone().unwrap();
        let mut to = from.state.clone();
        to.folder = "Archive".to_owned();
        let id = ids[0].clone();
        let changes = [Change { id, from, to }];
        assert!(is_refused(mail.change(&changes, "tag").await));
        assert!(is_refused(mail.reconcile(&changes, "tag").await));
        assert!(is_refused(mail.folder_for(Role::Archive).await));
        assert!(is_refused(mail.folder_made("New").await));
        assert!(is_refused(sandbox.turn(dials).await));
        assert_eq!(mailbox.places(), places);
    }
}
