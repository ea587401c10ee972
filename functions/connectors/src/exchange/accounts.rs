//! The Exchange organisations that are open in this process.

use std::sync::Arc;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::ExchangeConnection;
use bulkhead_shared::ids::AccountId;

use super::Exchange;
use crate::imap::Reach;
use crate::opened::OpenAccounts;

/// Accounts that are open, or being opened by the first who asked.
pub struct Accounts {
    reach: Reach,
    open: OpenAccounts<ExchangeConnection, Exchange>,
}

impl Accounts {
    /// None is open yet.
    pub fn new(reach: Reach) -> Self {
        Self {
            reach,
            open: OpenAccounts::new(|_| None),
        }
    }

    /// Opens an account, or finds it open with these credentials.
    pub async fn open(
        &self,
        account: &AccountId,
        connection: &ExchangeConnection,
    ) -> Result<Arc<Exchange>, CallError> {
        let opening = std::future::ready(Exchange::new(connection, self.reach));
        self.open.open(account, connection, opening).await
    }

    /// Forgets an account. Calls that are under way end as they would have.
    pub fn close(&self, account: &AccountId) {
        self.open.close(account);
    }

    /// Forgets all accounts: for a process that is about to be put to sleep.
    pub fn close_all(&self) {
        self.open.close_all(|_| ());
    }
}
