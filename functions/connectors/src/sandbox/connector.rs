//! The sandbox behind the engine's connector port.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bulkhead_engine::kinds::mail::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::{
    Account, CallError, ContactStore, Delivery, DraftStore, HeaderFolder, Headers, MailImport,
    MailStore, MailboxStore, Matches, MessageSink, OneClick, SandboxDials,
};
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::api::{Dials, Folders, Item, Items, Role};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::error::SandboxError;
use super::{Inner, Sandbox, dials};

/// How long after the first look at a list: by then a page that was just opened has all that it shows.
const TEXTS_AFTER: Duration = Duration::from_secs(2);

impl Sandbox {
    /// Takes the time that the dial asks for.
    pub(super) async fn wait(&self) -> Result<(), CallError> {
        let latency = self.recent_dials().await?.latency_ms;
        if latency > 0 {
            tokio::time::sleep(Duration::from_millis(latency)).await;
        }
        Ok(())
    }

    /// Reads all texts, once, a moment after somebody has looked at a list: who types a word then waits for none of it.
    fn read_texts_soon(&self) {
        if !self.inner.texts.begin() {
            return;
        }
        let sandbox = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(TEXTS_AFTER).await;
            let read = sandbox.read(|inner, connection| inner.texts.read(connection));
            if let Err(error) = read.await {
                // The first search for a word reads them then.
                tracing::warn!(%error, "The sandbox's texts could not be read beforehand.");
            }
        });
    }

    /// The dials as they are, or were a moment ago.
    async fn recent_dials(&self) -> Result<Dials, SandboxError> {
        if let Some(dials) = self.inner.recent_dials.get() {
            return Ok(dials);
        }
        let read_at = Instant::now();
        let dials = self.read(|_, connection| dials::load(connection)).await?;
        self.inner.recent_dials.keep(&dials, read_at);
        Ok(dials)
    }
}

#[async_trait]
impl Account for Sandbox {
    async fn test(&self) -> Result<String, CallError> {
        self.wait().await?;
        let folders = self.read(Inner::folders).await?;
        let mails: u64 = folders
            .folders
            .iter()
            .filter_map(|folder| folder.total)
            .sum();
        Ok(format!(
            "A simulated mailbox with {mails} mails in {} folders.",
            folders.folders.len()
        ))
    }

    fn mail(self: Arc<Self>) -> Option<Arc<dyn MailStore>> {
        Some(self)
    }

    fn contacts(self: Arc<Self>) -> Option<Arc<dyn ContactStore>> {
        Some(Arc::new(Sandbox::contacts(&self)))
    }

    fn mailboxes(self: Arc<Self>) -> Option<Arc<dyn MailboxStore>> {
        Some(Arc::new(Sandbox::directory(&self)))
    }

    fn drafts(self: Arc<Self>) -> Option<Arc<dyn DraftStore>> {
        Some(self)
    }

    fn one_click(self: Arc<Self>) -> Option<Arc<dyn OneClick>> {
        Some(self)
    }

    fn sandbox(self: Arc<Self>) -> Option<Arc<dyn SandboxDials>> {
        Some(self)
    }

    fn import(self: Arc<Self>) -> Option<Arc<dyn MailImport>> {
        Some(self)
    }
}

/// Its lists are made up: nobody is asked, and each says yes.
#[async_trait]
impl OneClick for Sandbox {
    async fn ask(&self, _: &str) -> Result<Delivery, CallError> {
        self.wait().await?;
        Ok(Delivery::Done)
    }
}

#[async_trait]
impl MailStore for Sandbox {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    /// What its dial says: a rehearsal is planned like the real thing.
    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        let dials = self.recent_dials().await?;
        Ok((dials.items_per_minute > 0).then_some(Allowance {
            items: dials.items_per_minute,
            seconds: 60,
        }))
    }

    async fn folders(&self) -> Result<Folders, CallError> {
        self.wait().await?;
        Ok(self.read(Inner::folders).await?)
    }

    async fn folder_for(&self, role: Role) -> Result<String, CallError> {
        let folders = self.inner.places.folders();
        folders
            .iter()
            .find(|folder| folder.role == Some(role))
            .map(|folder| folder.name.clone())
            .ok_or_else(|| CallError::Unsupported("There is no folder for this.".to_owned()))
    }

    async fn folder_made(&self, name: &str) -> Result<String, CallError> {
        let made = name.to_owned();
        self.write(move |inner, transaction| inner.places.store_folder(transaction, &made))
            .await?;
        self.read(|inner, connection| inner.places.refresh(connection))
            .await?;
        Ok(name.to_owned())
    }

    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Items, CallError> {
        self.wait().await?;
        let (query, cursor) = (query.clone(), cursor.map(str::to_owned));
        let items = self.read(move |inner, connection| {
            inner.list(connection, &query, now, cursor.as_deref(), limit)
        });
        Ok(items.await?)
    }

    async fn list_at(
        &self,
        query: &Query,
        now: Timestamp,
        place: u64,
        limit: u32,
    ) -> Result<Items, CallError> {
        self.wait().await?;
        let query = query.clone();
        let items = self
            .read(move |inner, connection| inner.list_at(connection, &query, now, place, limit));
        let items = items.await?;
        self.read_texts_soon();
        Ok(items)
    }

    async fn header_folders(&self) -> Result<Vec<HeaderFolder>, CallError> {
        self.wait().await?;
        Ok(self.read(Inner::header_folders).await?)
    }

    async fn headers(
        &self,
        _: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Headers, CallError> {
        self.wait().await?;
        let after = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let headers = self.read(move |inner, connection| inner.headers(connection, after, limit));
        Ok(headers.await?)
    }

    async fn items(&self, ids: &[ItemId]) -> Result<Vec<Option<Item>>, CallError> {
        self.wait().await?;
        let ids = ids.to_vec();
        Ok(self
            .read(move |inner, connection| inner.items(connection, &ids))
            .await?)
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        Ok(Some(
            self.read(|_, connection| Inner::sync_token(connection))
                .await?,
        ))
    }

    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError> {
        self.wait().await?;
        let (query, cursor) = (query.clone(), cursor.map(str::to_owned));
        let matches = self.read(move |inner, connection| {
            inner.matches(connection, &query, now, cursor.as_deref(), limit)
        });
        Ok(matches.await?)
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError> {
        self.wait().await?;
        let ids = ids.to_vec();
        Ok(self
            .read(move |inner, connection| inner.states(connection, &ids))
            .await?)
    }

    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        self.wait().await?;
        self.apply(changes, tag).await
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        self.wait().await?;
        self.look(changes, tag).await
    }

    async fn fetch(&self, ids: &[ItemId], sink: &mut dyn MessageSink) -> Result<(), CallError> {
        self.wait().await?;
        self.stream(ids, sink).await
    }
}

#[async_trait]
impl SandboxDials for Sandbox {
    async fn dials(&self) -> Result<Dials, CallError> {
        Ok(self.read(|_, connection| dials::load(connection)).await?)
    }

    async fn turn(&self, dials: Dials) -> Result<(), CallError> {
        self.write(move |_, transaction| dials::turn(transaction, &dials))
            .await?;
        self.inner.recent_dials.forget();
        Ok(())
    }
}
