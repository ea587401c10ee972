//! Opens accounts: one sandbox for all, and a mailbox or address books of its own for each other one.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_connectors::dav;
use bulkhead_connectors::discover::{self, Programs};
use bulkhead_connectors::exchange;
use bulkhead_connectors::imap::{self, Reach};
use bulkhead_connectors::sandbox::Sandbox;
use bulkhead_engine::ports::{
    Account, CallError, Clock, Connectors, ContactStore, MailStore, MailboxStore,
};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Consent, Discovered, ImapConnection};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;

/// Accounts that are open.
pub(crate) struct OpenAccounts {
    sandbox: Arc<Sandbox>,
    imap: imap::Accounts,
    dav: dav::Accounts,
    cyrus: imap::directory::Accounts,
    exchange: exchange::Accounts,
    programs: Programs,
}

impl OpenAccounts {
    /// None is open yet but the sandbox.
    pub(crate) fn new(sandbox: Sandbox, clock: Arc<dyn Clock>, programs: Programs) -> Self {
        Self {
            sandbox: Arc::new(sandbox),
            imap: imap::Accounts::new(Reach::Anywhere),
            dav: dav::Accounts::new(Reach::Anywhere, clock),
            cyrus: imap::directory::Accounts::new(Reach::Anywhere),
            exchange: exchange::Accounts::new(Reach::Anywhere),
            programs,
        }
    }

    /// Lists are asked to write no more within these bounds, instead of on the public internet alone.
    #[must_use]
    pub(crate) fn with_lists(self, lists: Reach) -> Self {
        Self {
            imap: self.imap.with_lists(lists),
            ..self
        }
    }
}

#[async_trait]
impl Connectors for OpenAccounts {
    async fn open(
        &self,
        account: &AccountId,
        connection: &Connection,
    ) -> Result<Arc<dyn Account>, CallError> {
        match connection {
            Connection::Sandbox {} => Ok(self.sandbox.clone()),
            Connection::Imap(connection) => Ok(self.imap.open(account, connection).await?),
            Connection::Dav(connection) => Ok(self.dav.open(account, connection).await?),
            Connection::Cyrus(connection) => Ok(self.cyrus.open(account, connection).await?),
            Connection::Exchange(connection) => Ok(self.exchange.open(account, connection).await?),
        }
    }

    async fn discover(&self, address: &str) -> Discovered {
        discover::discover(address, Reach::Anywhere, &self.programs).await
    }

    async fn consented(&self, consent: &Consent) -> Result<ImapConnection, CallError> {
        discover::consented(consent, Reach::Anywhere, &self.programs).await
    }

    async fn close(&self, account: &AccountId) {
        self.imap.close(account);
        self.dav.close(account);
        self.cyrus.close(account);
        self.exchange.close(account);
    }

    fn least_abilities(&self, kind: AccountKind) -> BTreeMap<Kind, Abilities> {
        match kind {
            AccountKind::Sandbox => [
                (
                    Kind::Mail,
                    MailStore::abilities(self.sandbox.as_ref()).clone(),
                ),
                (
                    Kind::Contact,
                    Sandbox::contacts(&self.sandbox).abilities().clone(),
                ),
                (
                    Kind::Mailbox,
                    Sandbox::directory(&self.sandbox).abilities().clone(),
                ),
            ]
            .into(),
            AccountKind::Imap => [(Kind::Mail, imap::least_abilities())].into(),
            AccountKind::Dav => [(Kind::Contact, dav::abilities())].into(),
            AccountKind::Cyrus => [(Kind::Mailbox, imap::directory::least_abilities())].into(),
            AccountKind::Exchange => [(Kind::Mailbox, exchange::least_abilities())].into(),
        }
    }
}
