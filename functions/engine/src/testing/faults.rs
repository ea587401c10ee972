//! A fuse between the engine and the world: it blows at a chosen step, and from then on nothing
//! gets through, as if the process had died there. Steps are single writes, sends and provider
//! calls, each once before it takes effect and once after, so that walking the fuse through a
//! scenario visits every moment at which a process can die.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Folders, Item, Items, Role, TargetFolder};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::mailbox::MemoryMailbox;
use crate::kinds::mail::{Change, Effect, Found, ItemState};
use crate::ports::{
    Account, CallError, Connectors, Key, MailStore, Matches, MessageSink, Outgoing, Queue,
    QueueError, Row, Span, Table, TableError, Write,
};

/// Blows at a step.
#[derive(Debug, Default)]
pub struct Fuse {
    steps: AtomicU32,
    blows_at: AtomicU32,
    blown: AtomicBool,
}

/// What goes through after the fuse has blown.
const DEAD: &str = "the process is dead";

impl Fuse {
    /// A fuse that never blows.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            blows_at: AtomicU32::new(u32::MAX),
            ..Self::default()
        })
    }

    /// Blows at this step, counted from now.
    pub fn blow_at(&self, step: u32) {
        self.steps.store(0, Ordering::SeqCst);
        self.blows_at.store(step, Ordering::SeqCst);
        self.blown.store(false, Ordering::SeqCst);
    }

    /// A new process: nothing blows any more.
    pub fn replace(&self) {
        self.blows_at.store(u32::MAX, Ordering::SeqCst);
        self.blown.store(false, Ordering::SeqCst);
    }

    /// Whether it has blown.
    pub fn is_blown(&self) -> bool {
        self.blown.load(Ordering::SeqCst)
    }

    /// Steps taken since the fuse was set.
    pub fn steps(&self) -> u32 {
        self.steps.load(Ordering::SeqCst)
    }

    /// One step; false: the process is dead.
    fn passes(&self) -> bool {
        let step = self.steps.fetch_add(1, Ordering::SeqCst);
        if step == self.blows_at.load(Ordering::SeqCst) {
            self.blown.store(true, Ordering::SeqCst);
        }
        !self.is_blown()
    }

    /// A table behind this fuse.
    pub fn table(self: &Arc<Self>, inner: Arc<dyn Table>) -> Arc<dyn Table> {
        Arc::new(FusedTable {
            fuse: self.clone(),
            inner,
        })
    }

    /// A queue behind this fuse.
    pub fn queue(self: &Arc<Self>, inner: Arc<dyn Queue>) -> Arc<dyn Queue> {
        Arc::new(FusedQueue {
            fuse: self.clone(),
            inner,
        })
    }

    /// A mailbox behind this fuse.
    pub fn connectors(self: &Arc<Self>, inner: MemoryMailbox) -> Arc<dyn Connectors> {
        Arc::new(FusedMailbox {
            fuse: self.clone(),
            inner,
        })
    }
}

struct FusedTable {
    fuse: Arc<Fuse>,
    inner: Arc<dyn Table>,
}

impl FusedTable {
    fn alive(&self) -> Result<(), TableError> {
        if self.fuse.is_blown() {
            Err(dead())
        } else {
            Ok(())
        }
    }

    fn step(&self) -> Result<(), TableError> {
        if self.fuse.passes() {
            Ok(())
        } else {
            Err(dead())
        }
    }
}

fn dead() -> TableError {
    TableError::Unavailable(DEAD.into())
}

#[async_trait]
impl Table for FusedTable {
    async fn get(&self, key: &Key) -> Result<Option<Row>, TableError> {
        self.alive()?;
        self.inner.get(key).await
    }
    async fn range(&self, span: &Span) -> Result<Vec<Row>, TableError> {
        self.alive()?;
        self.inner.range(span).await
    }
    async fn write(&self, writes: Vec<Write>) -> Result<(), TableError> {
        self.step()?;
        let written = self.inner.write(writes).await;
        self.step()?;
        written
    }
    async fn put_many(&self, rows: Vec<Row>) -> Result<(), TableError> {
        self.step()?;
        let written = self.inner.put_many(rows).await;
        self.step()?;
        written
    }
    async fn owned(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Row>, TableError> {
        self.alive()?;
        self.inner.owned(owner, before, limit).await
    }
    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Key>, TableError> {
        self.alive()?;
        self.inner.due(now, limit).await
    }
}

struct FusedQueue {
    fuse: Arc<Fuse>,
    inner: Arc<dyn Queue>,
}

#[async_trait]
impl Queue for FusedQueue {
    async fn send(&self, group: &str, messages: Vec<Outgoing>) -> Result<(), QueueError> {
        let lost = |failed| QueueError {
            failed,
            cause: DEAD.into(),
        };
        if !self.fuse.passes() {
            return Err(lost(messages));
        }
        let sent = self.inner.send(group, messages.clone()).await;
        if !self.fuse.passes() {
            return Err(lost(messages));
        }
        sent
    }
}

struct FusedMailbox {
    fuse: Arc<Fuse>,
    inner: MemoryMailbox,
}

impl FusedMailbox {
    fn alive(&self) -> Result<(), CallError> {
        if self.fuse.is_blown() {
            Err(gone())
        } else {
            Ok(())
        }
    }

    fn step(&self) -> Result<(), CallError> {
        if self.fuse.passes() {
            Ok(())
        } else {
            Err(gone())
        }
    }
}

fn gone() -> CallError {
    CallError::Unavailable(DEAD.to_owned())
}

#[async_trait]
impl Connectors for FusedMailbox {
    async fn open(
        &self,
        account: &AccountId,
        connection: &Connection,
    ) -> Result<Arc<dyn Account>, CallError> {
        self.alive()?;
        self.inner.open(account, connection).await?;
        Ok(Arc::new(FusedMailbox {
            fuse: self.fuse.clone(),
            inner: self.inner.clone(),
        }))
    }
    async fn close(&self, _: &AccountId) {}
    fn least_abilities(&self, kind: AccountKind) -> BTreeMap<Kind, Abilities> {
        self.inner.least_abilities(kind)
    }
}

#[async_trait]
impl Account for FusedMailbox {
    async fn test(&self) -> Result<String, CallError> {
        self.alive()?;
        self.inner.test().await
    }
    fn mail(self: Arc<Self>) -> Option<Arc<dyn MailStore>> {
        Some(self)
    }
}

#[async_trait]
impl MailStore for FusedMailbox {
    fn abilities(&self) -> &Abilities {
        self.inner.abilities()
    }
    async fn folders(&self) -> Result<Folders, CallError> {
        self.alive()?;
        self.inner.folders().await
    }
    async fn target_for(&self, role: Role) -> Result<TargetFolder, CallError> {
        self.alive()?;
        self.inner.target_for(role).await
    }
    async fn folder_named(&self, name: &str) -> Result<String, CallError> {
        self.alive()?;
        self.inner.folder_named(name).await
    }
    async fn seen_by_others(&self, folders: &[String]) -> Result<Vec<String>, CallError> {
        self.alive()?;
        self.inner.seen_by_others(folders).await
    }
    async fn follow(
        &self,
        lost: &[ItemState],
        others: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.alive()?;
        self.inner.follow(lost, others).await
    }
    async fn folder_for(&self, role: Role) -> Result<String, CallError> {
        self.alive()?;
        self.inner.folder_for(role).await
    }
    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Items, CallError> {
        self.alive()?;
        self.inner.list(query, now, cursor, limit).await
    }
    async fn items(&self, ids: &[ItemId]) -> Result<Vec<Option<Item>>, CallError> {
        self.alive()?;
        self.inner.items(ids).await
    }
    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.alive()?;
        self.inner.sync_token().await
    }
    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError> {
        self.alive()?;
        self.inner.matches(query, now, cursor, limit).await
    }
    async fn states(&self, ids: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError> {
        self.alive()?;
        self.inner.states(ids).await
    }
    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        self.step()?;
        let changed = self.inner.change(changes, tag).await;
        self.step()?;
        changed
    }
    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        self.step()?;
        let found = self.inner.reconcile(changes, tag).await;
        self.step()?;
        found
    }
    async fn fetch(&self, ids: &[ItemId], sink: &mut dyn MessageSink) -> Result<(), CallError> {
        self.step()?;
        self.inner.fetch(ids, sink).await?;
        self.step()
    }
}
