//! Opens accounts: one sandbox for all, and an IMAP mailbox for each account that has one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bulkhead_connectors::imap::{self, Imap};
use bulkhead_connectors::sandbox::Sandbox;
use bulkhead_engine::ports::{CallError, Connector, Connectors};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, ImapConnection};
use bulkhead_shared::ids::AccountId;
use tokio::sync::OnceCell;

/// Accounts that are open, or being opened by the first who asked.
pub(crate) struct OpenAccounts {
    sandbox: Arc<Sandbox>,
    imap: Mutex<HashMap<AccountId, Opening>>,
}

#[derive(Clone)]
struct Opening {
    connection: ImapConnection,
    opened: Arc<OnceCell<Arc<Imap>>>,
}

impl OpenAccounts {
    /// None is open yet but the sandbox.
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        Self {
            sandbox: Arc::new(sandbox),
            imap: Mutex::default(),
        }
    }

    /// The opening of this account with these credentials; others' are forgotten.
    fn opening(&self, account: &AccountId, connection: &ImapConnection) -> Opening {
        let mut imap = self.imap();
        match imap.get(account) {
            Some(opening) if opening.connection == *connection => opening.clone(),
            _ => {
                let opening = Opening {
                    connection: connection.clone(),
                    opened: Arc::default(),
                };
                imap.insert(account.clone(), opening.clone());
                opening
            }
        }
    }

    fn imap(&self) -> MutexGuard<'_, HashMap<AccountId, Opening>> {
        self.imap.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Connectors for OpenAccounts {
    async fn open(
        &self,
        account: &AccountId,
        connection: &Connection,
    ) -> Result<Arc<dyn Connector>, CallError> {
        match connection {
            Connection::Sandbox {} => Ok(self.sandbox.clone()),
            Connection::Imap(connection) => {
                let opening = self.opening(account, connection);
                // One sign-in, however many ask at once; a failed one is tried by the next.
                let imap = opening
                    .opened
                    .get_or_try_init(async || Imap::open(connection).await.map(Arc::new))
                    .await?;
                Ok(imap.clone())
            }
        }
    }

    async fn close(&self, account: &AccountId) {
        self.imap().remove(account);
    }

    fn least_abilities(&self, kind: AccountKind) -> Abilities {
        match kind {
            AccountKind::Sandbox => self.sandbox.abilities().clone(),
            AccountKind::Imap => imap::least_abilities(),
        }
    }
}
