//! Accounts: a bundle of narrow stores, one for each kind of items that the provider has.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Consent, Dials, Discovered, ImapConnection};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;

use super::{
    CallError, ContactStore, DraftStore, MailImport, MailStore, MailboxStore, OneClick, Postbox,
};

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

    /// The mailboxes that it administers.
    fn mailboxes(self: Arc<Self>) -> Option<Arc<dyn MailboxStore>> {
        None
    }

    /// What it delivers through.
    fn postbox(self: Arc<Self>) -> Option<Arc<dyn Postbox>> {
        None
    }

    /// Its drafts.
    fn drafts(self: Arc<Self>) -> Option<Arc<dyn DraftStore>> {
        None
    }

    /// What asks lists to write no more.
    fn one_click(self: Arc<Self>) -> Option<Arc<dyn OneClick>> {
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

    /// How a mailbox is reached by a consent that was just given for it: its code is traded for the consent
    /// itself, once.
    async fn consented(&self, _consent: &Consent) -> Result<ImapConnection, CallError> {
        Err(CallError::Unsupported(
            "No consents are taken here.".to_owned(),
        ))
    }

    /// Forgets connections of an account that is deleted or whose credentials changed.
    async fn close(&self, account: &AccountId);

    /// What any account of this kind can do, for one that was never opened since this is kept.
    fn least_abilities(&self, kind: AccountKind) -> BTreeMap<Kind, Abilities>;
}
