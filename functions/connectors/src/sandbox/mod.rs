//! The sandbox: a simulated mailbox of real-looking mail in a file of its own, which several
//! processes may use at once and which survives restart.
//!
//! It behaves like a good mail server by default and like a bad one on demand: its dials make it
//! slow, ask to wait, fail for good or for a while, lose answers, or pull the plug in the middle of
//! a change. It also counts how often each mail was really changed, which is what tests of
//! "once" read. Everything is behind the engine's connector port; what only tests and demos need
//! (acting as somebody else, counts, fingerprint) are methods of [`Sandbox`].

mod abilities;
mod call;
mod change;
mod connector;
mod contacts;
mod content;
mod dials;
mod directory;
mod directory_abilities;
mod drafts;
mod error;
mod generate;
mod headers;
mod incoming;
mod list_mail;
mod listing;
mod load;
mod mail_set;
mod observe;
mod places;
mod pool;
mod recipe;
mod schema;
mod search;
mod seed;
mod texts;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bulkhead_engine::ports::Clock;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::ids::ItemId;
use rusqlite::{Connection, Transaction};

pub use contacts::SandboxContacts;
pub use directory::SandboxDirectory;
pub use error::SandboxError;
pub use load::ImportReport;
pub use observe::Fingerprint;

use crate::contact_abilities;
use places::Places;
use pool::Pool;
use texts::Texts;

/// A simulated mailbox. Clones share one.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
    abilities: Arc<Abilities>,
    contact_abilities: Arc<Abilities>,
    directory_abilities: Arc<Abilities>,
}

struct Inner {
    pool: Pool,
    places: Places,
    texts: Texts,
    recent_dials: dials::Recent,
    clock: Arc<dyn Clock>,
    /// Where the file is: what is on its way in lies beside it.
    folder: PathBuf,
}

impl Sandbox {
    /// Opens the mailbox in this file, made if it is not there. `clock` times the dials' waits.
    pub fn open(path: impl AsRef<Path>, clock: Arc<dyn Clock>) -> Result<Self, SandboxError> {
        let path = path.as_ref().to_owned();
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let pool = Pool::open(path)?;
        let places = pool.read(Places::load)?;
        Ok(Self {
            inner: Arc::new(Inner {
                pool,
                places,
                texts: Texts::default(),
                recent_dials: dials::Recent::default(),
                clock,
                folder,
            }),
            abilities: Arc::new(abilities::abilities()),
            contact_abilities: Arc::new(contact_abilities::abilities(None, (5, 50))),
            directory_abilities: Arc::new(directory_abilities::abilities()),
        })
    }

    /// Whether it holds no mail at all.
    pub async fn is_empty(&self) -> Result<bool, SandboxError> {
        self.read(|_, connection| {
            let sql = "SELECT NOT EXISTS (SELECT 1 FROM mail)";
            Ok(connection.query_row(sql, [], |row| row.get(0))?)
        })
        .await
    }

    /// Reads on a thread where waiting is allowed.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner, &Connection) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let inner = Arc::clone(&self.inner);
        let read = move || {
            inner.pool.read(|connection| {
                inner.places.refresh(connection)?;
                work(&inner, connection)
            })
        };
        tokio::task::spawn_blocking(read).await?
    }

    /// Writes on a thread where waiting is allowed: all of it or nothing.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner, &Transaction<'_>) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || {
            inner.pool.write(|transaction| work(&inner, transaction))
        })
        .await?
    }
}

/// The number in an item's id; none if the id is not one of ours, so no such mail exists.
fn number(id: &ItemId) -> Option<i64> {
    let digits = id.as_str().strip_prefix('s')?;
    let canonical = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    canonical.then(|| digits.parse().ok())?
}

/// The id of the mail with this number.
fn item_id(number: i64) -> Result<ItemId, SandboxError> {
    // Always valid: a letter and digits.
    ItemId::try_from(format!("s{number}")).map_err(|_| SandboxError::Form(number))
}

/// The version for what is changed in this transaction.
fn next_version(transaction: &Transaction<'_>) -> Result<i64, SandboxError> {
    Ok(transaction
        .prepare_cached("UPDATE meta SET value = value + 1 WHERE key = 'modseq' RETURNING value")?
        .query_row([], |row| row.get(0))?)
}
