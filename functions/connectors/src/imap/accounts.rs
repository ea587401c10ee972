//! The IMAP accounts that are open in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::ImapConnection;
use bulkhead_shared::ids::AccountId;
use tokio::sync::OnceCell;

use super::{Imap, Reach};

/// Accounts kept open at the most. More than a process serves at once; a session costs both sides
/// memory.
const OPEN_MOST: usize = 64;
/// After a server could not be reached, whoever asks next is told so at once, for so long: many who
/// wait for a server that says nothing wait no longer than the first.
const FAILED_FOR: Duration = Duration::from_secs(3);

/// Accounts that are open, or being opened by the first who asked.
#[derive(Debug)]
pub struct Accounts {
    reach: Reach,
    open: Mutex<HashMap<AccountId, Opening>>,
}

#[derive(Clone)]
struct Opening {
    connection: ImapConnection,
    opened: Arc<OnceCell<Arc<Imap>>>,
    failed: Arc<Mutex<Option<(Instant, String)>>>,
}

impl Opening {
    async fn open(&self, reach: Reach) -> Result<Arc<Imap>, CallError> {
        self.failed_just_now()?;
        let opened = Imap::open(&self.connection, reach).await;
        if let Err(CallError::Unavailable(why)) = &opened {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            *failed = Some((Instant::now(), why.clone()));
        }
        opened.map(Arc::new)
    }

    /// Whether it is open with these credentials, or with those that it was given in their place.
    fn is_for(&self, connection: &ImapConnection) -> bool {
        let renewed = || self.opened.get()?.pool.renewed();
        self.connection == *connection || renewed().as_ref() == Some(connection)
    }

    fn failed_just_now(&self) -> Result<(), CallError> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        match failed.as_ref() {
            Some((at, why)) if at.elapsed() < FAILED_FOR => {
                Err(CallError::Unavailable(why.clone()))
            }
            _ => Ok(()),
        }
    }
}

impl std::fmt::Debug for Opening {
    /// Neither where nor who (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening").finish_non_exhaustive()
    }
}

impl Accounts {
    /// None is open yet.
    pub fn new(reach: Reach) -> Self {
        Self {
            reach,
            open: Mutex::default(),
        }
    }

    /// Opens an account, or finds it open with these credentials. One sign-in, however many ask at
    /// once; a failed one is tried by the next.
    pub async fn open(
        &self,
        account: &AccountId,
        connection: &ImapConnection,
    ) -> Result<Arc<Imap>, CallError> {
        let opening = self.opening(account, connection);
        let imap = opening
            .opened
            .get_or_try_init(async || opening.open(self.reach).await)
            .await?;
        Ok(imap.clone())
    }

    /// Forgets an account. Calls that are under way end as they would have.
    pub fn close(&self, account: &AccountId) {
        self.lock().remove(account);
    }

    /// Forgets all accounts and hangs up: for a process that is about to be put to sleep. Servers count
    /// open sessions, and a sleeper does not notice when they hang up.
    pub fn close_all(&self) {
        self.lock().clear();
    }

    /// The opening of this account with these credentials; others' are forgotten.
    fn opening(&self, account: &AccountId, connection: &ImapConnection) -> Opening {
        let mut open = self.lock();
        match open.get(account) {
            Some(opening) if opening.is_for(connection) => opening.clone(),
            _ => {
                if open.len() >= OPEN_MOST {
                    open.clear();
                }
                let opening = Opening {
                    connection: connection.clone(),
                    opened: Arc::default(),
                    failed: Arc::default(),
                };
                open.insert(account.clone(), opening.clone());
                opening
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Opening>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
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

    #[test]
    fn keeps_no_more_accounts_than_it_may_and_none_with_old_credentials() {
        let accounts = Accounts::new(Reach::Public);
        let old = connection("mail.example.com", 993, Security::Tls);
        let first = id(1);
        let one = accounts.opening(&first, &old);
        assert!(Arc::ptr_eq(
            &one.opened,
            &accounts.opening(&first, &old).opened
        ));
        let new = ImapConnection {
            credentials: Credentials::Password("other".to_owned()),
            ..old.clone()
        };
        assert!(!Arc::ptr_eq(
            &one.opened,
            &accounts.opening(&first, &new).opened
        ));
        for number in 0..3 * OPEN_MOST {
            accounts.opening(&id(number as u128), &old);
            assert!(accounts.lock().len() <= OPEN_MOST);
        }
        accounts.close_all();
        assert!(accounts.lock().is_empty());
    }
}
