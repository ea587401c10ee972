//! Mail accounts: what a provider's module has to do.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{
    AccountKind, Connection, Dials, Folders, Item, Items, Role, TargetFolder,
};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::Query;
use bulkhead_shared::unsearched::Unsearched;
use jiff::Timestamp;

use super::PartsError;
use crate::kinds::mail::{Change, Effect, Found, ItemState};
use crate::kinds::version::ItemVersion;

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
    Refused(ItemReason),
}

/// An item found while a selection is frozen, with its version then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The item.
    pub id: ItemId,
    /// See [`ItemState::version`].
    pub version: Option<ItemVersion>,
    /// The folder it is in.
    pub folder: String,
}

/// A page of [`Connector::matches`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// In the connector's order: one that stays the same and keeps together what is changed
    /// together (by folder, then by id).
    pub matches: Vec<Match>,
    /// Hand it back for the next page; none at the end.
    pub next: Option<String>,
    /// What could not be searched, as far as this page came. The same may be told on several pages.
    pub unsearched: Vec<Unsearched>,
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

    /// What [`Connector::folder_for`] will answer, with nothing created.
    async fn target_for(&self, role: Role) -> Result<TargetFolder, CallError> {
        Ok(TargetFolder {
            name: self.folder_for(role).await?,
            will_be_made: false,
            seen_by_others: false,
        })
    }

    /// A folder's name as items carry it, where a person may write it in another way.
    async fn folder_named(&self, name: &str) -> Result<String, CallError> {
        Ok(name.to_owned())
    }

    /// Those of these folders that other people see too.
    async fn seen_by_others(&self, _folders: &[String]) -> Result<Vec<String>, CallError> {
        Ok(Vec::new())
    }

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
    async fn sync_token(&self) -> Result<Option<String>, CallError>;

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

    /// Looks for items that are gone under their ids, each where it was in this state, by its identity:
    /// what was moved and moved back has another id on some providers. `others` are still known under
    /// theirs. None where one is not there, or cannot be told from another. In the order asked.
    async fn follow(
        &self,
        lost: &[ItemState],
        _others: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        Ok(vec![None; lost.len()])
    }

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
    async fn skip(&mut self, index: usize, reason: ItemReason) -> Result<(), PartsError>;
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
