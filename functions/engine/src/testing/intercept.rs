//! Between the engine and the world: sees each call to the table, the queue and the provider before it
//! takes effect and before its answer arrives, and may let it fail, or wait, at either moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::api::{AccountKind, Connection, Folders, Item, Items, Role, TargetFolder};
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::Query;
use bulkhead_shared::vcard::Search;
use jiff::Timestamp;

use super::mailbox::Moment;
use crate::kinds::contact;
use crate::kinds::mail::{Change, Effect, Found, ItemState};
use crate::ports::{
    Account, AddressBook, CallError, Connectors, ContactPage, ContactStore, Delivery, DraftStore,
    Due, DueShard, HeaderFolder, Headers, Key, Ledger, LedgerError, Letter, MailStore, Matches,
    MessageSink, Note, OneClick, Outgoing, Ports, Postbox, Queue, QueueError, Row, SandboxDials,
    SentCopy, Span, Table, TableError, Write,
};

/// One call, as far as anybody wants to know.
#[derive(Debug, Clone, Copy)]
pub enum Call<'a> {
    /// Reads a row of the table.
    Get(&'a Key),
    /// Reads a range of it.
    Range(&'a Span),
    /// Reads an index of it.
    Index,
    /// Writes rows as one.
    Write(&'a [Write]),
    /// Stores rows without conditions.
    PutMany(&'a [Row]),
    /// Sends messages.
    Send(&'a [Outgoing]),
    /// Opens an account.
    Open,
    /// Asks the provider something, by the port's name for it.
    Ask(&'static str),
    /// Lets the provider change so many items.
    Change(usize),
    /// Asks the provider what became of so many changes.
    Reconcile(usize),
    /// Streams so many messages.
    Fetch(usize),
    /// Hands over so many letters.
    Deliver(usize),
    /// Notes so many letters in the ledger.
    Note(usize),
    /// Reads what the ledger has of a chunk.
    Noted,
}

impl Call<'_> {
    /// Whether a process that dies before it and one that dies after it leave different things behind.
    pub fn is_step(&self) -> bool {
        matches!(
            self,
            Self::Write(_)
                | Self::PutMany(_)
                | Self::Send(_)
                | Self::Change(_)
                | Self::Reconcile(_)
                | Self::Fetch(_)
                | Self::Deliver(_)
                | Self::Note(_)
        )
    }

    /// The rows that it writes, by their sort keys.
    pub fn writes(&self) -> Vec<&str> {
        match self {
            Self::Write(writes) => writes.iter().map(|it| it.key().sort.as_str()).collect(),
            Self::PutMany(rows) => rows.iter().map(|row| row.key.sort.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the table is asked.
    pub fn is_of_table(&self) -> bool {
        matches!(
            self,
            Self::Get(_) | Self::Range(_) | Self::Index | Self::Write(_) | Self::PutMany(_)
        )
    }
}

/// What a call answers instead.
#[derive(Debug)]
pub enum Failure {
    /// Nobody is there, or asked too much.
    Unavailable,
    /// No, and not at another try either.
    Refused,
    /// What the table says of itself.
    Table(TableError),
    /// What a provider says of itself.
    Call(CallError),
}

impl From<Failure> for TableError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Table(error) => error,
            Failure::Refused => Self::Refused("told to refuse".into()),
            _ => Self::Unavailable("told to fail".into()),
        }
    }
}

impl From<Failure> for LedgerError {
    fn from(_: Failure) -> Self {
        Self("told to fail".into())
    }
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Call(error) => error,
            Failure::Refused => Self::Refused(ItemReason::Refused),
            _ => Self::Unavailable("told to fail".to_owned()),
        }
    }
}

/// Says what becomes of calls. A closure over moment and call is one that never waits.
#[async_trait]
pub trait Interceptor: Send + Sync {
    /// An error is the call's answer; before its effect it never takes place.
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure>;
}

#[async_trait]
impl<F> Interceptor for F
where
    F: Fn(Moment, &Call<'_>) -> Result<(), Failure> + Send + Sync,
{
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        self(moment, call)
    }
}

/// An interceptor that never waits.
pub fn by<F>(meet: F) -> Arc<dyn Interceptor>
where
    F: Fn(Moment, &Call<'_>) -> Result<(), Failure> + Send + Sync + 'static,
{
    Arc::new(meet)
}

/// These ports behind an interceptor.
pub fn ports(ports: &Ports, by: &Arc<dyn Interceptor>) -> Ports {
    Ports {
        table: table(ports.table.clone(), by),
        queue: queue(ports.queue.clone(), by),
        ledger: ledger(ports.ledger.clone(), by),
        connectors: connectors(ports.connectors.clone(), by),
        ..ports.clone()
    }
}

/// These ports, to whose table every write fails like this.
pub fn failing(inner: &Ports, failure: fn() -> Failure) -> Ports {
    let by = by(move |moment, call| match call {
        Call::Write(_) if moment == Moment::BeforeEffect => Err(failure()),
        _ => Ok(()),
    });
    ports(inner, &by)
}

/// A table behind an interceptor.
pub fn table(inner: Arc<dyn Table>, by: &Arc<dyn Interceptor>) -> Arc<dyn Table> {
    let by = by.clone();
    Arc::new(Behind { inner, by })
}

/// A queue behind an interceptor.
pub fn queue(inner: Arc<dyn Queue>, by: &Arc<dyn Interceptor>) -> Arc<dyn Queue> {
    let by = by.clone();
    Arc::new(Behind { inner, by })
}

/// A ledger behind an interceptor.
pub fn ledger(inner: Arc<dyn Ledger>, by: &Arc<dyn Interceptor>) -> Arc<dyn Ledger> {
    let by = by.clone();
    Arc::new(Behind { inner, by })
}

/// Providers behind an interceptor.
pub fn connectors(inner: Arc<dyn Connectors>, by: &Arc<dyn Interceptor>) -> Arc<dyn Connectors> {
    let by = by.clone();
    Arc::new(Behind { inner, by })
}

struct Behind<T: ?Sized> {
    inner: Arc<T>,
    by: Arc<dyn Interceptor>,
}

impl<T: ?Sized> Behind<T> {
    /// The call's answer, if it gets through.
    async fn pass<A, E: From<Failure>>(
        &self,
        call: Call<'_>,
        answer: impl Future<Output = Result<A, E>>,
    ) -> Result<A, E> {
        self.by.meet(Moment::BeforeEffect, &call).await?;
        let answer = answer.await;
        self.by.meet(Moment::AfterEffect, &call).await?;
        answer
    }
}

#[async_trait]
impl Table for Behind<dyn Table> {
    async fn get(&self, key: &Key) -> Result<Option<Row>, TableError> {
        self.pass(Call::Get(key), self.inner.get(key)).await
    }
    async fn range(&self, span: &Span) -> Result<Vec<Row>, TableError> {
        self.pass(Call::Range(span), self.inner.range(span)).await
    }
    async fn write(&self, writes: Vec<Write>) -> Result<(), TableError> {
        self.pass(Call::Write(&writes), self.inner.write(writes.clone()))
            .await
    }
    async fn put_many(&self, rows: Vec<Row>) -> Result<(), TableError> {
        self.pass(Call::PutMany(&rows), self.inner.put_many(rows.clone()))
            .await
    }
    async fn owned(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Row>, TableError> {
        self.pass(Call::Index, self.inner.owned(owner, before, limit))
            .await
    }
    async fn due(
        &self,
        shard: DueShard,
        now: Timestamp,
        after: Option<&Due>,
        limit: u32,
    ) -> Result<Vec<Due>, TableError> {
        let due = self.inner.due(shard, now, after, limit);
        self.pass(Call::Index, due).await
    }
}

#[async_trait]
impl Queue for Behind<dyn Queue> {
    async fn send(&self, group: &str, messages: Vec<Outgoing>) -> Result<(), QueueError> {
        let lost = |_| QueueError {
            failed: messages.clone(),
            cause: "told to fail".into(),
        };
        let call = Call::Send(&messages);
        self.by
            .meet(Moment::BeforeEffect, &call)
            .await
            .map_err(lost)?;
        let sent = self.inner.send(group, messages.clone()).await;
        self.by
            .meet(Moment::AfterEffect, &call)
            .await
            .map_err(lost)?;
        sent
    }
}

#[async_trait]
impl Ledger for Behind<dyn Ledger> {
    async fn note(&self, job: &JobId, chunk: u32, notes: &[Note]) -> Result<(), LedgerError> {
        let noting = self.inner.note(job, chunk, notes);
        self.pass(Call::Note(notes.len()), noting).await
    }
    async fn read(&self, job: &JobId, chunk: u32) -> Result<Vec<Note>, LedgerError> {
        self.pass(Call::Noted, self.inner.read(job, chunk)).await
    }
    fn may_lack(&self, job: &JobId, chunk: u32, began: Timestamp) -> bool {
        self.inner.may_lack(job, chunk, began)
    }
}

#[async_trait]
impl Connectors for Behind<dyn Connectors> {
    async fn open(
        &self,
        account: &AccountId,
        connection: &Connection,
    ) -> Result<Arc<dyn Account>, CallError> {
        let opening = self.inner.open(account, connection);
        let inner = self.pass(Call::Open, opening).await?;
        let by = self.by.clone();
        Ok(Arc::new(Behind { inner, by }))
    }
    async fn close(&self, account: &AccountId) {
        self.inner.close(account).await;
    }
    fn least_abilities(&self, kind: AccountKind) -> BTreeMap<Kind, Abilities> {
        self.inner.least_abilities(kind)
    }
}

#[async_trait]
impl Account for Behind<dyn Account> {
    async fn test(&self) -> Result<String, CallError> {
        self.pass(Call::Ask("test"), self.inner.test()).await
    }
    fn mail(self: Arc<Self>) -> Option<Arc<dyn MailStore>> {
        let inner = self.inner.clone().mail()?;
        let by = self.by.clone();
        Some(Arc::new(Behind { inner, by }))
    }
    fn contacts(self: Arc<Self>) -> Option<Arc<dyn ContactStore>> {
        let inner = self.inner.clone().contacts()?;
        let by = self.by.clone();
        Some(Arc::new(Behind { inner, by }))
    }
    fn postbox(self: Arc<Self>) -> Option<Arc<dyn Postbox>> {
        let inner = self.inner.clone().postbox()?;
        let by = self.by.clone();
        Some(Arc::new(Behind { inner, by }))
    }
    fn drafts(self: Arc<Self>) -> Option<Arc<dyn DraftStore>> {
        let inner = self.inner.clone().drafts()?;
        let by = self.by.clone();
        Some(Arc::new(Behind { inner, by }))
    }

    fn one_click(self: Arc<Self>) -> Option<Arc<dyn OneClick>> {
        let inner = self.inner.clone().one_click()?;
        let by = self.by.clone();
        Some(Arc::new(Behind { inner, by }))
    }
    fn sandbox(self: Arc<Self>) -> Option<Arc<dyn SandboxDials>> {
        self.inner.clone().sandbox()
    }
    fn renewed(&self) -> Option<Connection> {
        self.inner.renewed()
    }
}

#[async_trait]
impl MailStore for Behind<dyn MailStore> {
    fn abilities(&self) -> &Abilities {
        self.inner.abilities()
    }
    fn first_call_items(&self) -> u32 {
        self.inner.first_call_items()
    }
    async fn objection(&self, operation: &Operation) -> Result<Option<String>, CallError> {
        self.pass(Call::Ask("objection"), self.inner.objection(operation))
            .await
    }
    async fn folders(&self) -> Result<Folders, CallError> {
        self.pass(Call::Ask("folders"), self.inner.folders()).await
    }
    async fn folder_for(&self, role: Role) -> Result<String, CallError> {
        self.pass(Call::Ask("folder_for"), self.inner.folder_for(role))
            .await
    }
    async fn target_for(&self, role: Role) -> Result<TargetFolder, CallError> {
        self.pass(Call::Ask("target_for"), self.inner.target_for(role))
            .await
    }
    async fn folder_named(&self, name: &str) -> Result<String, CallError> {
        self.pass(Call::Ask("folder_named"), self.inner.folder_named(name))
            .await
    }
    async fn folder_made(&self, name: &str) -> Result<String, CallError> {
        self.pass(Call::Ask("folder_made"), self.inner.folder_made(name))
            .await
    }
    async fn seen_by_others(&self, folders: &[String]) -> Result<Vec<String>, CallError> {
        let asking = self.inner.seen_by_others(folders);
        self.pass(Call::Ask("seen_by_others"), asking).await
    }
    async fn header_folders(&self) -> Result<Vec<HeaderFolder>, CallError> {
        self.pass(Call::Ask("header_folders"), self.inner.header_folders())
            .await
    }
    async fn headers(
        &self,
        folder: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Headers, CallError> {
        let reading = self.inner.headers(folder, cursor, limit);
        self.pass(Call::Ask("headers"), reading).await
    }
    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Items, CallError> {
        let listing = self.inner.list(query, now, cursor, limit);
        self.pass(Call::Ask("list"), listing).await
    }
    async fn items(&self, ids: &[ItemId]) -> Result<Vec<Option<Item>>, CallError> {
        self.pass(Call::Ask("items"), self.inner.items(ids)).await
    }
    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.pass(Call::Ask("sync_token"), self.inner.sync_token())
            .await
    }
    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError> {
        let matching = self.inner.matches(query, now, cursor, limit);
        self.pass(Call::Ask("matches"), matching).await
    }
    async fn states(&self, ids: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError> {
        self.pass(Call::Ask("states"), self.inner.states(ids)).await
    }
    async fn follow(
        &self,
        lost: &[ItemState],
        others: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.pass(Call::Ask("follow"), self.inner.follow(lost, others))
            .await
    }
    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        let changing = self.inner.change(changes, tag);
        self.pass(Call::Change(changes.len()), changing).await
    }
    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        let looking = self.inner.reconcile(changes, tag);
        self.pass(Call::Reconcile(changes.len()), looking).await
    }
    async fn fetch(&self, ids: &[ItemId], sink: &mut dyn MessageSink) -> Result<(), CallError> {
        self.pass(Call::Fetch(ids.len()), self.inner.fetch(ids, sink))
            .await
    }
}

#[async_trait]
impl ContactStore for Behind<dyn ContactStore> {
    fn abilities(&self) -> &Abilities {
        self.inner.abilities()
    }
    async fn test(&self) -> Result<String, CallError> {
        self.pass(Call::Ask("test"), self.inner.test()).await
    }
    async fn books(&self) -> Result<Vec<AddressBook>, CallError> {
        self.pass(Call::Ask("books"), self.inner.books()).await
    }
    async fn list(
        &self,
        search: &Search,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ContactPage, CallError> {
        let listing = self.inner.list(search, cursor, limit);
        self.pass(Call::Ask("list"), listing).await
    }
    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.pass(Call::Ask("sync_token"), self.inner.sync_token())
            .await
    }
    fn new_id(&self, book: &AddressBook, uid: &str) -> Result<ItemId, CallError> {
        self.inner.new_id(book, uid)
    }
    async fn read(&self, ids: &[ItemId]) -> Result<Vec<contact::ItemState>, CallError> {
        self.pass(Call::Ask("read"), self.inner.read(ids)).await
    }
    async fn change(
        &self,
        changes: &[contact::Change],
        tag: &str,
    ) -> Result<Vec<contact::Effect>, CallError> {
        let changing = self.inner.change(changes, tag);
        self.pass(Call::Change(changes.len()), changing).await
    }
    async fn reconcile(
        &self,
        changes: &[contact::Change],
        tag: &str,
    ) -> Result<Vec<contact::Found>, CallError> {
        let looking = self.inner.reconcile(changes, tag);
        self.pass(Call::Reconcile(changes.len()), looking).await
    }
}

#[async_trait]
impl OneClick for Behind<dyn OneClick> {
    async fn ask(&self, url: &str) -> Result<Delivery, CallError> {
        self.pass(Call::Deliver(1), self.inner.ask(url)).await
    }
}

#[async_trait]
impl Postbox for Behind<dyn Postbox> {
    fn abilities(&self) -> &Abilities {
        self.inner.abilities()
    }
    fn user(&self) -> Option<&str> {
        self.inner.user()
    }
    fn objection(&self, operation: &Operation) -> Option<String> {
        self.inner.objection(operation)
    }
    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        self.inner.allowance().await
    }
    fn outlet(&self) -> Option<&'static str> {
        self.inner.outlet()
    }
    async fn ready(&self) -> Result<(), CallError> {
        self.pass(Call::Ask("ready"), self.inner.ready()).await
    }
    async fn deliver(&self, letters: &[Letter]) -> Result<Vec<Delivery>, CallError> {
        let delivering = self.inner.deliver(letters);
        self.pass(Call::Deliver(letters.len()), delivering).await
    }
    async fn find(&self, ids: &[ItemId]) -> Result<Vec<SentCopy>, CallError> {
        self.pass(Call::Reconcile(ids.len()), self.inner.find(ids))
            .await
    }
    async fn sent(&self, beginning: &str) -> Result<Vec<ItemId>, CallError> {
        self.pass(Call::Ask("sent"), self.inner.sent(beginning))
            .await
    }
}

#[async_trait]
impl DraftStore for Behind<dyn DraftStore> {
    async fn sent(&self, ids: &[ItemId]) -> Result<Vec<bool>, CallError> {
        self.pass(Call::Ask("sent"), self.inner.sent(ids)).await
    }
    async fn user(&self) -> Result<Option<String>, CallError> {
        self.inner.user().await
    }
    async fn put(&self, letters: &[Letter]) -> Result<Vec<Effect>, CallError> {
        self.pass(Call::Change(letters.len()), self.inner.put(letters))
            .await
    }
    async fn find(&self, ids: &[ItemId]) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.pass(Call::Reconcile(ids.len()), self.inner.find(ids))
            .await
    }
}
