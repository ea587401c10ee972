//! A few sessions per account, kept open between calls. A session that was left in the middle of a
//! command, by an error or by a caller that went away, is never used again.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bulkhead_shared::api::ImapConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use super::connect;
use super::fault::Fault;
use super::reach::Reach;
use super::session::Session;
use super::words::Words;

/// Sessions of one account side by side; many servers allow ten for one user, shared by all of their
/// mail programs.
const SESSIONS_MOST: usize = 4;
/// After so long a session is asked whether it still lives before it is used.
const ASK_AFTER: Duration = Duration::from_secs(30);
/// A live one answers within this; a new sign-in takes less than waiting longer.
const ANSWER_MOST: Duration = Duration::from_secs(5);
/// Servers may hang up after 30 minutes (RFC 9051, section 5.4).
const IDLE_MOST: Duration = Duration::from_secs(25 * 60);

/// The sessions of one account.
pub(super) struct Pool {
    connection: ImapConnection,
    reach: Reach,
    tls: Arc<ClientConfig>,
    idle: Arc<Mutex<Vec<(Session, SystemTime)>>>,
    permits: Arc<Semaphore>,
}

impl Pool {
    pub(super) fn new(connection: ImapConnection, reach: Reach, tls: Arc<ClientConfig>) -> Self {
        Self {
            connection,
            reach,
            tls,
            idle: Arc::default(),
            permits: Arc::new(Semaphore::new(SESSIONS_MOST)),
        }
    }

    /// A live session without an open folder (so that the first SELECT tells how things are now).
    pub(super) async fn session(&self) -> Result<Lease, Fault> {
        let permit = self.permit().await?;
        while let Some((mut session, since)) = self.pop() {
            if is_live(&mut session, since).await {
                session.opened = None;
                return Ok(self.lease(session, true, permit));
            }
        }
        self.connect(permit).await
    }

    /// Signs in anew and forgets the sessions of before: they tell nothing about now.
    pub(super) async fn fresh(&self) -> Result<Lease, Fault> {
        let permit = self.permit().await?;
        self.lock().clear();
        self.connect(permit).await
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, Fault> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        permit.map_err(|_| Fault::Closed)
    }

    async fn connect(&self, permit: OwnedSemaphorePermit) -> Result<Lease, Fault> {
        let session = connect::connect(&self.connection, self.reach, &self.tls).await?;
        Ok(self.lease(session, false, permit))
    }

    fn pop(&self) -> Option<(Session, SystemTime)> {
        self.lock().pop()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Session, SystemTime)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lease(&self, session: Session, was_kept: bool, permit: OwnedSemaphorePermit) -> Lease {
        Lease {
            session,
            was_kept,
            idle: Arc::clone(&self.idle),
            _permit: permit,
        }
    }
}

async fn is_live(session: &mut Session, since: SystemTime) -> bool {
    // By the wall's clock: a steady one may stand still while the process is asleep, the server's does
    // not. If it was turned back, nothing is known.
    let idle = since.elapsed().unwrap_or(Duration::MAX);
    if idle > IDLE_MOST || !session.wire.is_quiet().await {
        return false;
    }
    if idle < ASK_AFTER {
        return true;
    }
    let answer = timeout(ANSWER_MOST, session.tell(Words::new("NOOP"))).await;
    matches!(answer, Ok(Ok(end)) if end.refusal().is_none())
}

/// A session in use; goes back when it is dropped between two commands.
pub(super) struct Lease {
    session: Session,
    /// From an earlier call: the server may have hung up meanwhile.
    pub(super) was_kept: bool,
    idle: Arc<Mutex<Vec<(Session, SystemTime)>>>,
    _permit: OwnedSemaphorePermit,
}

impl Deref for Lease {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.session.busy {
            return;
        }
        let session = std::mem::replace(&mut self.session, Session::nowhere());
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push((session, SystemTime::now()));
    }
}
