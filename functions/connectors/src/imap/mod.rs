//! A mailbox on an IMAP server, behind the engine's connector port.
//!
//! `imap-codec` decodes what servers say; sessions, safe moves and undo are ours, because they depend on
//! answers (COPYUID, MODIFIED, MODSEQ) that client libraries drop. What servers really do is written
//! down where the code deals with it.

mod abilities;
mod accounts;
mod arrivals;
mod broken;
mod capabilities;
mod change;
mod connect;
mod exact;
mod export;
mod fault;
mod fetched;
mod folders;
mod items;
mod list;
mod listed;
mod matches;
mod messages;
mod moves;
mod name;
mod places;
mod plan;
mod pool;
mod reach;
mod reconcile;
mod roles;
mod search;
mod session;
mod settled;
mod states;
mod structure;
mod targets;
mod uids;
mod usual_names;
pub(crate) mod utf7;
mod wire;
mod words;

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::kinds::mail::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::{Account, CallError, MailStore, Matches, MessageSink};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{Folders, ImapConnection, Item, Items, Role, TargetFolder};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::Query;
use jiff::Timestamp;
use tokio_rustls::rustls::pki_types::CertificateDer;

pub use accounts::Accounts;
#[cfg(feature = "dav")]
pub(crate) use connect::tls;
pub use reach::Reach;

use fault::Fault;
use matches::LastSearch;
use pool::{Lease, Pool};

/// What an account can do before its server was ever asked.
pub fn least_abilities() -> Abilities {
    abilities::least()
}

/// A mailbox on an IMAP server.
pub struct Imap {
    pool: Pool,
    abilities: Abilities,
    last_search: LastSearch,
}

impl std::fmt::Debug for Imap {
    /// Neither where nor who (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Imap").finish_non_exhaustive()
    }
}

impl Imap {
    /// Signs in and asks what the server can do. Trusts the certificates that this machine trusts.
    pub async fn open(connection: &ImapConnection, reach: Reach) -> Result<Self, CallError> {
        Self::open_trusting(connection, reach, &[]).await
    }

    /// The same, trusting these certificates besides (DER): for servers with one of their own.
    pub async fn open_trusting(
        connection: &ImapConnection,
        reach: Reach,
        certificates: &[Vec<u8>],
    ) -> Result<Self, CallError> {
        let certificates: Vec<CertificateDer<'static>> = certificates
            .iter()
            .cloned()
            .map(CertificateDer::from)
            .collect();
        let pool = Pool::new(connection.clone(), reach, connect::tls(&certificates)?);
        let session = pool.session().await?;
        let abilities = abilities::of(session.can);
        drop(session);
        Ok(Self {
            pool,
            abilities,
            last_search: LastSearch::default(),
        })
    }

    /// Reads, and once more in a new session if one that was kept open turns out to be gone: servers
    /// hang up at a restart, or because somebody is signed in too often, and reading twice does no harm.
    async fn read<T, F>(&self, call: impl Fn(Lease) -> F) -> Result<T, CallError>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let session = self.pool.session().await?;
        let was_kept = session.was_kept;
        match call(session).await {
            Err(Fault::Closed | Fault::Io(_)) if was_kept => {}
            answer => return Ok(answer?),
        }
        Ok(call(self.pool.fresh().await?).await?)
    }
}

#[async_trait]
impl Account for Imap {
    async fn test(&self) -> Result<String, CallError> {
        let mut session = self.pool.fresh().await?;
        let folders = folders::list(&mut session).await?;
        Ok(format!("Signed in; {} folders.", folders.len()))
    }

    fn mail(self: Arc<Self>) -> Option<Arc<dyn MailStore>> {
        Some(self)
    }
}

#[async_trait]
impl MailStore for Imap {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    async fn folders(&self) -> Result<Folders, CallError> {
        self.read(|mut session| async move { states::folders(&mut session).await })
            .await
    }

    async fn folder_for(&self, role: Role) -> Result<String, CallError> {
        // Made already, the second time finds it.
        self.read(|mut session| async move { targets::for_role(&mut session, role).await })
            .await
    }

    async fn target_for(&self, role: Role) -> Result<TargetFolder, CallError> {
        self.read(|mut session| async move { targets::target_for(&mut session, role).await })
            .await
    }

    async fn folder_named(&self, name: &str) -> Result<String, CallError> {
        self.read(|mut session| async move { targets::named(&mut session, name).await })
            .await
    }

    async fn seen_by_others(&self, folders: &[String]) -> Result<Vec<String>, CallError> {
        self.read(|mut session| async move { targets::seen_by_others(&mut session, folders).await })
            .await
    }

    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Items, CallError> {
        self.read(
            |mut session| async move { list::list(&mut session, query, now, cursor, limit).await },
        )
        .await
    }

    async fn items(&self, ids: &[ItemId]) -> Result<Vec<Option<Item>>, CallError> {
        self.read(|mut session| async move { states::items(&mut session, ids).await })
            .await
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.read(|mut session| async move { folders::sync_token(&mut session).await })
            .await
    }

    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError> {
        let last = &self.last_search;
        self.read(|mut session| async move {
            matches::matches(&mut session, last, query, now, cursor, limit).await
        })
        .await
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError> {
        self.read(|mut session| async move { states::states(&mut session, ids).await })
            .await
    }

    async fn follow(
        &self,
        lost: &[ItemState],
        others: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.read(|mut session| async move { arrivals::follow(&mut session, lost, others).await })
            .await
    }

    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        let mut session = self.pool.session().await?;
        let effects = change::change(&mut session, changes, tag).await;
        // Whatever stops us from here on may come after a write, so it must not read as "nothing was
        // done".
        effects.map_err(|fault| match fault {
            Fault::Call(error @ CallError::Unavailable(_)) => error,
            Fault::Call(_) => CallError::Unavailable("it refused in the middle".to_owned()),
            fault => fault.into(),
        })
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        let mut session = self.pool.session().await?;
        Ok(reconcile::reconcile(&mut session, changes, tag).await?)
    }

    async fn fetch(&self, ids: &[ItemId], sink: &mut dyn MessageSink) -> Result<(), CallError> {
        let mut session = self.pool.session().await?;
        Ok(export::fetch(&mut session, ids, sink).await?)
    }
}
