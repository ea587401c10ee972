//! Accounts: a bundle of narrow stores, one for each kind of items that the provider has.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Dials, Discovered};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::unsearched::Unsearched;
use jiff::Timestamp;

use super::{ContactStore, MailImport, MailStore, Postbox};
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
    /// See [`crate::kinds::ItemState::version`].
    pub version: Option<ItemVersion>,
    /// The folder it is in; none where there are no folders.
    pub folder: Option<String>,
}

/// A page of matches.
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

/// One open account. Offers the stores that its provider has.
#[async_trait]
pub trait Account: Send + Sync {
    /// Signs in and looks around; a sentence for a person.
    async fn test(&self) -> Result<String, CallError>;

    /// Its mails.
    fn mail(self: Arc<Self>) -> Option<Arc<dyn MailStore>> {
        None
    }

    /// Its contacts.
    fn contacts(self: Arc<Self>) -> Option<Arc<dyn ContactStore>> {
        None
    }

    /// What it delivers through.
    fn postbox(self: Arc<Self>) -> Option<Arc<dyn Postbox>> {
        None
    }

    /// How it misbehaves on demand: the sandbox only.
    fn sandbox(self: Arc<Self>) -> Option<Arc<dyn SandboxDials>> {
        None
    }

    /// Takes mails in from files: the sandbox only.
    fn import(self: Arc<Self>) -> Option<Arc<dyn MailImport>> {
        None
    }

    /// The connection with other credentials than it was opened with, once the provider has handed out
    /// new ones: they are sealed and kept in place of the old ones.
    fn renewed(&self) -> Option<Connection> {
        None
    }
}

/// The dials of a sandbox.
#[async_trait]
pub trait SandboxDials: Send + Sync {
    /// As they are turned now.
    async fn dials(&self) -> Result<Dials, CallError>;

    /// Turns them.
    async fn turn(&self, dials: Dials) -> Result<(), CallError>;
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
    ) -> Result<Arc<dyn Account>, CallError>;

    /// What is known of the mail server of an address. Asks nobody but the domain itself.
    async fn discover(&self, _address: &str) -> Discovered {
        Discovered::default()
    }

    /// Forgets connections of an account that is deleted or whose credentials changed.
    async fn close(&self, account: &AccountId);

    /// What any account of this kind can do, for one that was never opened since this is kept.
    fn least_abilities(&self, kind: AccountKind) -> BTreeMap<Kind, Abilities>;
}
