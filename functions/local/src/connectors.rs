//! Opens accounts: one sandbox for all, and an IMAP mailbox for each account that has one.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_connectors::imap::{self, Reach};
use bulkhead_connectors::sandbox::Sandbox;
use bulkhead_engine::ports::{Account, CallError, Connectors, ContactStore, MailStore};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;

/// Accounts that are open.
pub(crate) struct OpenAccounts {
    sandbox: Arc<Sandbox>,
    imap: imap::Accounts,
}

impl OpenAccounts {
    /// None is open yet but the sandbox.
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        Self {
            sandbox: Arc::new(sandbox),
            imap: imap::Accounts::new(Reach::Anywhere),
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
        }
    }

    async fn close(&self, account: &AccountId) {
        self.imap.close(account);
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
            ]
            .into(),
            AccountKind::Imap => [(Kind::Mail, imap::least_abilities())].into(),
        }
    }
}
