//! A mailbox on an IMAP server, behind the engine's connector port.
//!
//! `imap-codec` decodes what servers say; sessions, safe moves and undo are ours, because they depend on
//! answers (COPYUID, MODIFIED, MODSEQ) that client libraries drop. What servers really do is written
//! down where the code deals with it.

mod abilities;
mod accounts;
mod answer;
mod arrivals;
mod bearer;
mod bodies;
mod broken;
mod budget;
mod capabilities;
mod change;
pub(crate) mod connect;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod damaged;
mod digests;
pub mod directory;
mod drafts;
mod exact;
mod export;
mod facts;
mod fault;
mod fetched;
mod flags;
mod folder;
mod folders;
mod found;
#[cfg(feature = "fuzz")]
pub(crate) mod fuzz;
mod group;
mod headers;
mod items;
mod list;
mod listed;
mod matches;
mod matching;
mod messages;
mod moves;
mod name;
mod objection;
mod places;
mod plan;
mod pool;
mod postbox;
pub(crate) mod reach;
mod reconcile;
mod refused;
mod roles;
mod search;
mod sent;
mod session;
mod settled;
mod sign_in;
mod slices;
mod states;
mod status;
mod structure;
mod talk;
mod targets;
mod tokens;
mod uids;
pub(crate) mod utf7;
mod values;
mod way_out;
pub(crate) mod wire;
mod words;

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::kinds::mail::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::{
    Account, CallError, DraftStore, HeaderFolder, Headers, MailStore, Matches, MessageSink,
    OneClick, Outlet, Postbox,
};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{Connection, Folders, ImapConnection, Item, Items, Role, TargetFolder};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::query::Query;
use jiff::Timestamp;
use tokio::sync::OnceCell;
use tokio_rustls::rustls::pki_types::CertificateDer;

pub use accounts::Accounts;
pub(crate) use connect::tls;
pub use reach::Reach;
pub(crate) use tokens::redeem;

use crate::one_click::Lists;
use crate::smtp::Smtp;
use bodies::Extent;
use fault::{Fault, Refusal};
use matches::LastSearch;
use pool::{Lease, Pool};
use way_out::WayOut;

/// Mails in the first call that changes some: a server that moves ten mails a second, with three commands
/// for each call, has an end for it within a worker's time.
const FIRST_CALL: u32 = 100;

/// What an account can do before its server was ever asked.
pub fn least_abilities() -> Abilities {
    abilities::least()
}

/// Whether the line that ends a command asks to wait.
#[cfg(test)]
pub(crate) fn asks_to_wait(line: &str) -> bool {
    let ended = match answer::read(line.as_bytes(), "b2") {
        Ok(answer::Answer::End(end)) => end.refusal(),
        _ => None,
    };
    matches!(ended, Some(Refusal::Throttled(_)))
}

/// Where an account's servers may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Within {
    /// Its own.
    reach: Reach,
    /// Those of lists, which are strangers'.
    lists: Reach,
}

impl Within {
    /// Its own there, and those of lists on the public internet.
    fn of(reach: Reach) -> Self {
        Self {
            reach,
            lists: Reach::Public,
        }
    }
}

/// A mailbox on an IMAP server.
pub struct Imap {
    pool: Pool,
    abilities: Abilities,
    last_search: LastSearch,
    /// What takes mails to be sent; none where there is nothing for it.
    way_out: Option<WayOut>,
    /// What asks lists to write no more.
    lists: Arc<Lists>,
    /// Where copies of sent mails are kept, once that was asked.
    sent_folder: OnceCell<String>,
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
        let within = Within::of(reach);
        Self::open_with(connection, within, &[], None).await
    }

    /// The same, trusting these certificates besides (DER), and asking lists wherever the server may be: for servers
    /// with a certificate of their own.
    pub async fn open_trusting(
        connection: &ImapConnection,
        reach: Reach,
        certificates: &[Vec<u8>],
    ) -> Result<Self, CallError> {
        let lists = reach;
        let within = Within { reach, lists };
        Self::open_with(connection, within, certificates, None).await
    }

    /// The same; what has no server that takes its mails sends through the outlet, if that serves it.
    async fn open_with(
        connection: &ImapConnection,
        Within { reach, lists }: Within,
        certificates: &[Vec<u8>],
        outlet: Option<Arc<dyn Outlet>>,
    ) -> Result<Self, CallError> {
        let certificates: Vec<CertificateDer<'static>> = certificates
            .iter()
            .cloned()
            .map(CertificateDer::from)
            .collect();
        let tls = connect::tls(&certificates)?;
        let way_out = match &connection.submission {
            Some(to) => {
                let smtp = Smtp::new(to, &connection.user, reach, Arc::clone(&tls));
                Some(WayOut::Smtp(smtp))
            }
            None => outlet
                .filter(|outlet| outlet.serves(&connection.host, &connection.user))
                .map(WayOut::by),
        };
        let lists = Arc::new(Lists::new(lists, Arc::clone(&tls)));
        let pool = Pool::new(connection.clone(), reach, tls);
        let mut session = pool.session().await?;
        let can = session.can;
        // What cannot be told now is found out by whoever changes something.
        let inbox = session.open("INBOX").await?.ok();
        drop(session);
        Ok(Self {
            pool,
            abilities: abilities::of(can, inbox.as_ref()),
            last_search: LastSearch::default(),
            way_out,
            lists,
            sent_folder: OnceCell::new(),
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
        // Some servers sign in and list whom they then show nothing.
        let inbox = session.open("INBOX").await?;
        inbox.map_err(|refusal| Fault::Call(refusal.as_call()))?;
        Ok(format!("Signed in; {} folders.", folders.len()))
    }

    fn mail(self: Arc<Self>) -> Option<Arc<dyn MailStore>> {
        Some(self)
    }

    fn postbox(self: Arc<Self>) -> Option<Arc<dyn Postbox>> {
        self.way_out.is_some().then_some(self as _)
    }

    fn drafts(self: Arc<Self>) -> Option<Arc<dyn DraftStore>> {
        Some(self)
    }

    fn one_click(self: Arc<Self>) -> Option<Arc<dyn OneClick>> {
        Some(self.lists.clone())
    }

    fn renewed(&self) -> Option<Connection> {
        self.pool.renewed().map(Connection::Imap)
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

    async fn folder_made(&self, name: &str) -> Result<String, CallError> {
        // Made already, the second time finds it.
        self.read(|mut session| async move { targets::made(&mut session, name).await })
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

    async fn list_at(
        &self,
        query: &Query,
        now: Timestamp,
        place: u64,
        limit: u32,
    ) -> Result<Items, CallError> {
        self.read(|mut session| async move {
            list::list_at(&mut session, query, now, place, limit).await
        })
        .await
    }

    async fn header_folders(&self) -> Result<Vec<HeaderFolder>, CallError> {
        self.read(|mut session| async move { headers::folders(&mut session).await })
            .await
    }

    async fn headers(
        &self,
        folder: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Headers, CallError> {
        self.read(|mut session| async move {
            headers::headers(&mut session, folder, cursor, limit).await
        })
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
        told(effects, &session)
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        let mut session = self.pool.session().await?;
        Ok(reconcile::reconcile(&mut session, changes, tag).await?)
    }

    async fn fetch(&self, ids: &[ItemId], sink: &mut dyn MessageSink) -> Result<(), CallError> {
        let mut session = self.pool.session().await?;
        Ok(export::fetch(&mut session, ids, Extent::Whole, sink).await?)
    }

    async fn fetch_beginnings(
        &self,
        ids: &[ItemId],
        bytes: usize,
        sink: &mut dyn MessageSink,
    ) -> Result<(), CallError> {
        let mut session = self.pool.session().await?;
        let extent = Extent::Beginning(bytes as u64);
        Ok(export::fetch(&mut session, ids, extent, sink).await?)
    }

    async fn objection(&self, operation: &Operation) -> Result<Option<String>, CallError> {
        self.read(|mut session| async move { objection::to(&mut session, operation).await })
            .await
    }

    fn first_call_items(&self) -> u32 {
        FIRST_CALL
    }
}

/// What a change comes to for the engine. Whatever stops us may come after a write, so it must not read
/// as "nothing was done"; but if nothing was, a server that asks to wait is no failure of any item.
fn told(
    effects: Result<Vec<Effect>, Fault>,
    session: &session::Session,
) -> Result<Vec<Effect>, CallError> {
    let touched = |effect: &Effect| matches!(effect, Effect::Done { .. } | Effect::Unknown);
    match effects {
        Ok(effects) => match session.asked_to_wait {
            Some(wait) if !effects.iter().any(touched) => Err(Refusal::Throttled(wait).as_call()),
            _ => Ok(effects),
        },
        Err(Fault::Call(error @ CallError::Throttled { .. })) if !session.wrote => Err(error),
        Err(Fault::Call(error @ CallError::Unavailable(_))) => Err(error),
        Err(Fault::Call(_)) => Err(CallError::Unavailable(
            "it refused in the middle".to_owned(),
        )),
        Err(fault) => Err(fault.into()),
    }
}
