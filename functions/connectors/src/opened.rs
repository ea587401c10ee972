//! The accounts of one kind of provider that are open in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bulkhead_engine::ports::CallError;
use bulkhead_shared::ids::AccountId;
use tokio::sync::OnceCell;

/// Accounts kept open at the most. More than a process serves at once; a session costs both sides
/// memory.
const OPEN_MOST: usize = 64;
/// After a server could not be reached, whoever asks next is told so at once, for so long: many who
/// wait for a server that says nothing wait no longer than the first.
const FAILED_FOR: Duration = Duration::from_secs(3);

/// Accounts that are open, or being opened by the first who asked; each with the connection it is opened
/// with.
pub(crate) struct OpenAccounts<C, A> {
    /// The connection with credentials that an account was given in place of those it was opened with.
    renewed: fn(&A) -> Option<C>,
    open: Mutex<HashMap<AccountId, Opening<C, A>>>,
}

struct Opening<C, A> {
    connection: C,
    opened: Arc<OnceCell<Arc<A>>>,
    failed: Arc<Mutex<Option<(Instant, String)>>>,
}

impl<C, A> Opening<C, A> {
    async fn open(
        &self,
        open: impl Future<Output = Result<A, CallError>>,
    ) -> Result<Arc<A>, CallError> {
        self.failed_just_now()?;
        let opened = open.await;
        if let Err(CallError::Unavailable(why)) = &opened {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            *failed = Some((Instant::now(), why.clone()));
        }
        opened.map(Arc::new)
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

impl<C: Clone, A> Clone for Opening<C, A> {
    fn clone(&self) -> Self {
        Self {
            connection: self.connection.clone(),
            opened: Arc::clone(&self.opened),
            failed: Arc::clone(&self.failed),
        }
    }
}

impl<C, A> std::fmt::Debug for OpenAccounts<C, A> {
    /// Neither where nor who (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenAccounts").finish_non_exhaustive()
    }
}

impl<C: Clone + PartialEq, A> OpenAccounts<C, A> {
    /// None is open yet. `renewed` tells the connection with credentials that an account was given in place of
    /// those it was opened with.
    pub(crate) fn new(renewed: fn(&A) -> Option<C>) -> Self {
        Self {
            renewed,
            open: Mutex::default(),
        }
    }

    /// The account, open with this connection. Opened once, however many ask at once; a failed one is
    /// tried by the next.
    pub(crate) async fn open(
        &self,
        account: &AccountId,
        connection: &C,
        open: impl Future<Output = Result<A, CallError>>,
    ) -> Result<Arc<A>, CallError> {
        let opening = self.opening(account, connection);
        let opened = opening
            .opened
            .get_or_try_init(|| opening.open(open))
            .await?;
        Ok(opened.clone())
    }

    /// Forgets an account. Calls that are under way end as they would have.
    pub(crate) fn close(&self, account: &AccountId) {
        self.lock().remove(account);
    }

    /// Hangs up everywhere, and forgets all accounts but those that were given new credentials: whoever opens
    /// such a one next has them sealed, and the old ones may be worth nothing any more.
    pub(crate) fn close_all(&self, hang_up: impl Fn(&A)) {
        self.lock().retain(|_, opening| {
            let Some(open) = opening.opened.get() else {
                return false;
            };
            hang_up(open);
            (self.renewed)(open).is_some_and(|renewed| renewed != opening.connection)
        });
    }

    /// The opening of this account with this connection; those with others are forgotten.
    fn opening(&self, account: &AccountId, connection: &C) -> Opening<C, A> {
        let mut open = self.lock();
        match open.get(account) {
            Some(opening) if self.is_for(opening, connection) => opening.clone(),
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

    /// Whether it is open with this connection, or with one that took its place.
    fn is_for(&self, opening: &Opening<C, A>, connection: &C) -> bool {
        let renewed = || (self.renewed)(opening.opened.get()?);
        opening.connection == *connection || renewed().as_ref() == Some(connection)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Opening<C, A>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn id(number: u128) -> AccountId {
        AccountId::new(jiff::Timestamp::UNIX_EPOCH, number)
    }

    #[test]
    fn keeps_no_more_accounts_than_it_may_and_none_with_old_credentials() {
        let accounts = OpenAccounts::<&str, u8>::new(|_| None);
        let first = id(1);
        let one = accounts.opening(&first, &"old");
        assert!(Arc::ptr_eq(
            &one.opened,
            &accounts.opening(&first, &"old").opened
        ));
        assert!(!Arc::ptr_eq(
            &one.opened,
            &accounts.opening(&first, &"new").opened
        ));
        for number in 0..3 * OPEN_MOST {
            accounts.opening(&id(number as u128), &"old");
            assert!(accounts.lock().len() <= OPEN_MOST);
        }
        accounts.close_all(|_| ());
        assert!(accounts.lock().is_empty());
    }

    #[tokio::test]
    async fn a_server_that_was_not_reached_is_not_waited_for_again_at_once() {
        let accounts = OpenAccounts::<&str, u8>::new(|_| None);
        let fails = async || Err(CallError::Unavailable("silence".to_owned()));
        let refused = accounts.open(&id(1), &"here", fails()).await;
        assert!(matches!(refused, Err(CallError::Unavailable(_))));
        let again = accounts.open(&id(1), &"here", async { Ok(1) }).await;
        assert!(matches!(again, Err(CallError::Unavailable(_))));
        let elsewhere = accounts.open(&id(1), &"there", async { Ok(1) }).await;
        assert_eq!(*elsewhere.unwrap(), 1);
    }

    #[tokio::test]
    async fn new_credentials_of_an_open_account_are_its_own() {
        let accounts = OpenAccounts::<&str, u8>::new(|_| Some("renewed"));
        let first = accounts.open(&id(1), &"old", async { Ok(1) }).await;
        let first = first.unwrap();
        let again = accounts.open(&id(1), &"renewed", async { Ok(2) }).await;
        assert!(Arc::ptr_eq(&first, &again.unwrap()));
        // Until they are sealed they are kept here alone.
        let hung_up = std::cell::Cell::new(0);
        accounts.close_all(|_| hung_up.set(hung_up.get() + 1));
        assert_eq!(hung_up.get(), 1);
        let again = accounts.open(&id(1), &"old", async { Ok(2) }).await;
        assert!(Arc::ptr_eq(&first, &again.unwrap()));
        let other = accounts.open(&id(1), &"other", async { Ok(3) }).await;
        assert_eq!(*other.unwrap(), 3);
    }
}
