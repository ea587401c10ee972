//! The mail systems whose administrator is signed in from this process.

use std::sync::Arc;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::ImapConnection;
use bulkhead_shared::ids::AccountId;

use super::Directory;
use crate::imap::reach::Reach;
use crate::opened::OpenAccounts;

/// Accounts that are open, or being opened by the first who asked.
pub struct Accounts {
    reach: Reach,
    open: OpenAccounts<ImapConnection, Directory>,
}

impl Accounts {
    /// None is open yet.
    pub fn new(reach: Reach) -> Self {
        Self {
            reach,
            open: OpenAccounts::new(|directory: &Directory| directory.pool.renewed()),
        }
    }

    /// Opens an account, or finds it open with these credentials.
    pub async fn open(
        &self,
        account: &AccountId,
        connection: &ImapConnection,
    ) -> Result<Arc<Directory>, CallError> {
        let opening = Directory::open(connection, self.reach);
        self.open.open(account, connection, opening).await
    }

    /// Forgets an account. Calls that are under way end as they would have.
    pub fn close(&self, account: &AccountId) {
        self.open.close(account);
    }

    /// Forgets all accounts and hangs up: for a process that is about to be put to sleep.
    pub fn close_all(&self) {
        self.open.close_all(|directory| directory.pool.hang_up());
    }
}
