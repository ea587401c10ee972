//! What the engine needs from the world. Each port is narrow, is implemented by an adapter in a
//! crate of its own, and has a conformance suite in the module `testing`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Dials, Folders, Item, Items, Role};
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::outcome::Reason;
use bulkhead_shared::query::Query;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::mail::{Change, Effect, Found, ItemState};

/// All ports together: what a handler is given.
#[derive(Clone)]
pub struct Ports {
    /// Where everything is stored.
    pub table: Arc<dyn Table>,
    /// Where work is queued.
    pub queue: Arc<dyn Queue>,
    /// Opens accounts.
    pub connectors: Arc<dyn Connectors>,
    /// Where an export's parts are kept.
    pub parts: Arc<dyn Parts>,
    /// Seals credentials.
    pub sealer: Arc<dyn Sealer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bits.
    pub random: Arc<dyn Random>,
}

// Table: rows with versions

/// Names a row: all rows of a partition are read together, in the order of `sort`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The partition.
    pub partition: String,
    /// The place within it.
    pub sort: String,
}

/// A stored row. Only `key`, `version`, `listing` and `due` mean something to the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub key: Key,
    /// Grows with each write of this row; what conditions are about.
    pub version: u64,
    /// Whatever the caller keeps in it.
    pub body: Vec<u8>,
    /// After this the table may drop the row, days late. Never a substitute for a check.
    pub expires: Option<Timestamp>,
    /// Lists the row among those of an owner.
    pub listing: Option<Listing>,
    /// Lists the row among what has to be looked at, at this time.
    pub due: Option<Timestamp>,
}

/// Where a row is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Among whose rows.
    pub owner: String,
    /// Where among them: they are listed in the order of this.
    pub place: String,
}

/// What has to be true of the stored row for a write to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Nothing.
    Anything,
    /// There is no such row.
    Absent,
    /// It has exactly this version.
    Version(u64),
}

/// One write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Store the row, replacing what was there.
    Put(Row, Expect),
    /// Remove the row.
    Delete(Key, Expect),
}

impl Write {
    /// The row it is about.
    pub fn key(&self) -> &Key {
        match self {
            Self::Put(row, _) => &row.key,
            Self::Delete(key, _) => key,
        }
    }
}

/// Most writes in one [`Table::write`] (DynamoDB's TransactWriteItems: 100 items, 4 MB).
pub const ATOMIC_WRITES_MOST: usize = 100;

/// The table did not do it.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// An expectation did not hold. Nothing was written.
    #[error("a row is not as expected")]
    Conflict,
    /// Asked to slow down, unreachable, or at fault for now. It may have been written or not.
    #[error("the table is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Will not work at another try either.
    #[error("the table refuses")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Which rows of a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The partition.
    pub partition: String,
    /// First place, itself included.
    pub from: String,
    /// Last place, itself included.
    pub to: String,
    /// Last place first.
    pub reverse: bool,
    /// At most so many rows.
    pub limit: Option<u32>,
}

/// Versioned rows: DynamoDB, or memory in tests. Reads see every write that was answered before.
#[async_trait]
pub trait Table: Send + Sync {
    /// One row.
    async fn get(&self, key: &Key) -> Result<Option<Row>, TableError>;

    /// Rows of one partition, in order; all of them unless the span has a limit.
    async fn range(&self, span: &Span) -> Result<Vec<Row>, TableError>;

    /// Writes all or nothing, at most [`ATOMIC_WRITES_MOST`]. One write is no dearer than a plain one.
    async fn write(&self, writes: Vec<Write>) -> Result<(), TableError>;

    /// Stores many rows without conditions, in no order and not as one; all are stored on `Ok`.
    async fn put_many(&self, rows: Vec<Row>) -> Result<(), TableError>;

    /// Rows of an owner, last place first, beginning before the place `before`. May lag behind writes a
    /// little (on DynamoDB it is an index).
    async fn owned(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Row>, TableError>;

    /// Keys of rows due at `now` or earlier, earliest first. May lag behind writes a little.
    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Key>, TableError>;
}

// Queue

/// A piece of work. Ids only: never content (invariant 10).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Freeze the job's selection.
    Plan {
        /// The job.
        job: JobId,
    },
    /// Work on a chunk.
    Chunk {
        /// The job.
        job: JobId,
        /// The chunk's number, from 0.
        chunk: u32,
    },
}

impl Message {
    /// The job it is about.
    pub fn job(&self) -> &JobId {
        match self {
            Self::Plan { job } | Self::Chunk { job, .. } => job,
        }
    }
}

/// A message with the time it is to wait before anybody gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The work.
    pub message: Message,
    /// Not before so much time has passed. Beyond [`QUEUE_DELAY_MOST`] the adapter sends at that
    /// limit, and whoever receives it finds it is too early.
    pub delay: Duration,
}

/// The longest a message can wait in the queue (SQS DelaySeconds).
pub const QUEUE_DELAY_MOST: Duration = Duration::from_secs(900);

/// The queue did not take all of it.
#[derive(Debug, thiserror::Error)]
#[error("the queue did not take {} of the messages", failed.len())]
pub struct QueueError {
    /// Those that were not taken.
    pub failed: Vec<Outgoing>,
    /// Why, for the first of them.
    #[source]
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

/// Where work is put. Delivery is at least once, in no order.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Sends all, in as few calls as the queue allows. `group` keeps one tenant's flood from
    /// starving the others (SQS fair queues).
    async fn send(&self, group: &str, messages: Vec<Outgoing>) -> Result<(), QueueError>;
}

// Connectors

/// A call to a provider failed as a whole.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Asked to wait. Nothing was done.
    #[error("the provider asks to wait")]
    Throttled {
        /// Until when, if it said.
        until: Option<Timestamp>,
    },
    /// The sign-in is refused. Nothing was done.
    #[error("the provider refuses the sign-in")]
    SignIn,
    /// Not reachable, or broken off. What was being changed may be done or not.
    #[error("the provider cannot be reached: {0}")]
    Unavailable(String),
    /// The account cannot do or search this. For a person.
    #[error("{0}")]
    Unsupported(String),
    /// Will not work at another try either. Nothing was done.
    #[error("the provider refuses: {}", .0.text())]
    Refused(Reason),
}

/// An item found while a selection is frozen, with its version then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The item.
    pub id: ItemId,
    /// See [`ItemState::version`].
    pub version: u64,
}

/// A page of [`Connector::matches`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// In the connector's order: one that stays the same and keeps together what is changed
    /// together (by folder, then by id).
    pub matches: Vec<Match>,
    /// Hand it back for the next page; none at the end.
    pub next: Option<String>,
}

/// One open account. Every call is cut by the caller to what [`Abilities::call_items`] allows.
#[async_trait]
pub trait Connector: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> &Abilities;

    /// Signs in and looks around; a sentence for a person.
    async fn test(&self) -> Result<String, CallError>;

    /// Folders and labels.
    async fn folders(&self) -> Result<Folders, CallError>;

    /// The folder for a role, created where the provider lets us and it is missing.
    async fn folder_for(&self, role: Role) -> Result<String, CallError>;

    /// Mails as a list shows them, newest first, from `cursor` on.
    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Items, CallError>;

    /// The same for named mails; none where one is gone. In the order asked.
    async fn items(&self, ids: &[ItemId]) -> Result<Vec<Option<Item>>, CallError>;

    /// Stays the same as long as nothing in the account changes; none if the provider cannot tell.
    async fn mark(&self) -> Result<Option<String>, CallError>;

    /// All that match, page by page, for freezing.
    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError>;

    /// States of named mails; none where one is gone. In the order asked.
    async fn states(&self, ids: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError>;

    /// Brings items to other states, in as few provider calls as can be; an effect for each, in the
    /// order asked. Changes only what still is in its `from` state, as far as the provider can tell.
    /// An error means that nothing was done, except `Unavailable`: then each may be done or not.
    /// `tag` names the job: short, letters and digits.
    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError>;

    /// Looks what became of changes whose answer never came, and cleans up what a half-done one left.
    /// In the order asked. Repeats nothing.
    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError>;

    /// Streams whole messages into `sink`, in the order asked.
    async fn fetch(&self, ids: &[ItemId], sink: &mut dyn MessageSink) -> Result<(), CallError>;

    /// The sandbox's dials; none on real providers.
    async fn dials(&self) -> Result<Option<Dials>, CallError> {
        Ok(None)
    }

    /// Turns the sandbox's dials; refused on real providers.
    async fn set_dials(&self, _dials: Dials) -> Result<(), CallError> {
        Err(CallError::Unsupported(
            "Only the sandbox has dials.".to_owned(),
        ))
    }
}

/// Takes whole messages as they come, so that none has to fit into memory.
#[async_trait]
pub trait MessageSink: Send {
    /// The message at this place of the ids asked for begins: when it was received, and its sender's
    /// bare address (`MAILER-DAEMON` if there is none), for mbox's separator line.
    async fn begin(
        &mut self,
        index: usize,
        received: Timestamp,
        sender: &str,
    ) -> Result<(), PartsError>;
    /// Some of its bytes.
    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), PartsError>;
    /// It is complete.
    async fn end(&mut self) -> Result<(), PartsError>;
    /// The message at this place cannot be had.
    async fn skip(&mut self, index: usize, reason: Reason) -> Result<(), PartsError>;
}

/// Opens accounts of every kind.
#[async_trait]
pub trait Connectors: Send + Sync {
    /// Opens an account. Cheap when it was used a moment ago. `connection` carries the
    /// unsealed credentials.
    async fn open(
        &self,
        account: &AccountId,
        connection: &Connection,
    ) -> Result<Arc<dyn Connector>, CallError>;

    /// Forgets connections of an account that is deleted or whose credentials changed.
    async fn close(&self, account: &AccountId);

    /// What any account of this kind can do, for one that cannot be reached now.
    fn least_abilities(&self, kind: AccountKind) -> Abilities;
}

// Export parts

/// A part cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[error("an export's part cannot be kept")]
pub struct PartsError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Where the parts of an export are kept until they are downloaded, one for each chunk and attempt.
#[async_trait]
pub trait Parts: Send + Sync {
    /// Begins a part; what an earlier attempt left under this name is replaced once it is finished.
    async fn create(&self, job: &JobId, name: &str) -> Result<Box<dyn PartWriter>, PartsError>;
    /// Opens a part for reading; none if there is none.
    async fn open(
        &self,
        job: &JobId,
        name: &str,
    ) -> Result<Option<Box<dyn PartReader>>, PartsError>;
    /// Removes all parts of a job.
    async fn remove(&self, job: &JobId) -> Result<(), PartsError>;
}

/// A part being written. Dropped without `finish`, it never was.
#[async_trait]
pub trait PartWriter: Send {
    /// Adds bytes.
    async fn write(&mut self, bytes: &[u8]) -> Result<(), PartsError>;
    /// Makes the part readable.
    async fn finish(self: Box<Self>) -> Result<(), PartsError>;
}

/// A part being read.
#[async_trait]
pub trait PartReader: Send {
    /// The next bytes; none at the end.
    async fn read(&mut self) -> Result<Option<Vec<u8>>, PartsError>;
}

// Secrets, time, chance

/// The seal is broken, or the key is another one.
#[derive(Debug, thiserror::Error)]
#[error("the credentials cannot be unsealed")]
pub struct BadSeal;

/// Keeps credentials unreadable at rest.
#[async_trait]
pub trait Sealer: Send + Sync {
    /// Seals bytes; `context` has to be the same when they are unsealed (the account's id).
    async fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, BadSeal>;
    /// Opens what [`Sealer::seal`] made.
    async fn unseal(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, BadSeal>;
}

/// The time. Tests move it by hand.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Random bits. Tests have the same ones each time.
pub trait Random: Send + Sync {
    /// 128 of them.
    fn bits(&self) -> u128;
}
