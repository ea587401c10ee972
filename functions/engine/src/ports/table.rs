//! Rows with versions: everything that is stored.

use async_trait::async_trait;
use jiff::Timestamp;

/// Names a row: all rows of a partition are read together, in the order of `sort`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub partition: String,
    /// The place within it.
    pub sort: String,
}

/// A stored row. Only `key`, `version`, `listing` and `due` mean something to the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub key: Key,
    /// Grows with each write of this row that says something else; what conditions are about.
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

/// A row that has to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    pub at: Timestamp,
    /// Its name.
    pub key: Key,
}

/// Shards of the index of due rows. One partition of an index takes 1,000 write units a second, and each
/// running job writes there twice a minute at the least. Rows are stored under their shard, so this
/// number only ever grows.
pub const DUE_SHARDS: u8 = 16;

/// A part of the index of due rows, read by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueShard {
    /// Rows that were written before there were shards.
    Unsharded,
    /// Rows whose key belongs to this number, from 0.
    Numbered(u8),
}

impl DueShard {
    /// The shard of a row with this key, by its partition (FNV-1a). It is stored, so it never changes.
    pub fn of(key: &Key) -> Self {
        let hash = key
            .partition
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        Self::Numbered((hash % u64::from(DUE_SHARDS)) as u8)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Unsharded]
            .into_iter()
            .chain((0..DUE_SHARDS).map(Self::Numbered))
    }
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

    /// Rows of a shard that are due at `now` or earlier, earliest first, beginning after `after`. May lag
    /// behind writes a little.
    async fn due(
        &self,
        shard: DueShard,
        now: Timestamp,
        after: Option<&Due>,
        limit: u32,
    ) -> Result<Vec<Due>, TableError>;
}
