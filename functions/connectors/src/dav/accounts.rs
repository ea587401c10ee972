//! The CardDAV accounts that are open in this process.

use std::sync::Arc;

use bulkhead_engine::ports::{CallError, Clock};
use bulkhead_shared::api::DavConnection;
use bulkhead_shared::ids::AccountId;

use super::Dav;
use crate::imap::Reach;
use crate::opened::OpenAccounts;

/// Accounts that are open, or being opened by the first who asked.
pub struct Accounts {
    reach: Reach,
    clock: Arc<dyn Clock>,
    open: OpenAccounts<DavConnection, Dav>,
}

impl Accounts {
    /// None is open yet. `clock` times what servers ask to wait.
    pub fn new(reach: Reach, clock: Arc<dyn Clock>) -> Self {
        Self {
            reach,
            clock,
            open: OpenAccounts::new(|_| None),
        }
    }

    /// Opens an account, or finds it open with these credentials.
    pub async fn open(
        &self,
        account: &AccountId,
        connection: &DavConnection,
    ) -> Result<Arc<Dav>, CallError> {
        let opening = Dav::open(connection, self.reach, self.clock.clone());
        self.open.open(account, connection, opening).await
    }

    /// Forgets an account. Calls that are under way end as they would have.
    pub fn close(&self, account: &AccountId) {
        self.open.close(account);
    }

    /// Forgets all accounts and hangs up: for a process that is about to be put to sleep.
    pub fn close_all(&self) {
        self.open.close_all(|_| ());
    }
}
