//! The IMAP accounts that are open in this process.

use std::sync::Arc;

use bulkhead_engine::ports::{CallError, Outlet};
use bulkhead_shared::api::ImapConnection;
use bulkhead_shared::ids::AccountId;

use super::{Imap, Reach, Within};
use crate::opened::OpenAccounts;

/// Accounts that are open, or being opened by the first who asked.
pub struct Accounts {
    within: Within,
    outlet: Option<Arc<dyn Outlet>>,
    open: OpenAccounts<ImapConnection, Imap>,
}

impl Accounts {
    /// None is open yet.
    pub fn new(reach: Reach) -> Self {
        Self {
            within: Within::of(reach),
            outlet: None,
            open: OpenAccounts::new(|imap: &Imap| imap.pool.renewed()),
        }
    }

    /// Mails of those that it serves, and that have no server for it, go through this.
    #[must_use]
    pub fn with_outlet(self, outlet: Option<Arc<dyn Outlet>>) -> Self {
        Self { outlet, ..self }
    }

    /// Lists are asked within these bounds instead of on the public internet: for tests, whose lists are on this machine.
    #[must_use]
    pub fn with_lists(self, lists: Reach) -> Self {
        let within = Within {
            lists,
            ..self.within
        };
        Self { within, ..self }
    }

    /// Opens an account, or finds it open with these credentials. One sign-in, however many ask at
    /// once; a failed one is tried by the next.
    pub async fn open(
        &self,
        account: &AccountId,
        connection: &ImapConnection,
    ) -> Result<Arc<Imap>, CallError> {
        let opening = Imap::open_with(connection, self.within, &[], self.outlet.clone());
        self.open.open(account, connection, opening).await
    }

    /// Forgets an account. Calls that are under way end as they would have.
    pub fn close(&self, account: &AccountId) {
        self.open.close(account);
    }

    /// Forgets all accounts and hangs up: for a process that is about to be put to sleep. Servers count
    /// open sessions, and a sleeper does not notice when they hang up.
    pub fn close_all(&self) {
        self.open.close_all(|imap| imap.pool.hang_up());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_shared::api::{Credentials, Security};
    use std::net::TcpListener;

    fn id(number: u128) -> AccountId {
        AccountId::new(jiff::Timestamp::UNIX_EPOCH, number)
    }

    /// A server that must not be reached, and whether it was.
    fn server() -> (TcpListener, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    }

    fn connection(host: &str, port: u16, security: Security) -> ImapConnection {
        ImapConnection {
            host: host.to_owned(),
            port,
            security,
            user: "ann".to_owned(),
            credentials: Credentials::Password("secret".to_owned()),
            submission: None,
        }
    }

    #[tokio::test]
    async fn never_knocks_at_what_is_not_public() {
        let (listener, port) = server();
        let accounts = Accounts::new(Reach::Public);
        let account = id(1);
        for host in [
            "127.0.0.1",
            "localhost",
            "0.0.0.0",
            "::1",
            "::ffff:127.0.0.1",
        ] {
            for security in [Security::Tls, Security::StartTls, Security::None] {
                let refused = accounts
                    .open(&account, &connection(host, port, security))
                    .await;
                assert!(
                    matches!(refused, Err(CallError::Unsupported(_))),
                    "{host} {security:?}"
                );
            }
        }
        assert_eq!(
            listener.accept().unwrap_err().kind(),
            std::io::ErrorKind::WouldBlock
        );
        // The same server is reached by who may go anywhere.
        let anywhere = Accounts::new(Reach::Anywhere);
        let open = connection("127.0.0.1", port, Security::None);
        let opening = tokio::time::timeout(
            std::time::Duration::from_millis(200),
            anywhere.open(&account, &open),
        );
        assert!(opening.await.is_err(), "it waits for a greeting");
        assert!(listener.accept().is_ok());
    }
}
