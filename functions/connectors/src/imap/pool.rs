//! A few sessions per account, kept open between calls. A session that was left in the middle of a
//! command, by an error or by a caller that went away, is never used again.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{Credentials, ImapConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use tokio_rustls::rustls::ClientConfig;

use super::connect;
use super::fault::Fault;
use super::reach::Reach;
use super::session::Session;
use super::sign_in::Secret;
use super::tokens::Tokens;
use super::words::Words;
use crate::discover::providers;
use crate::smtp;

/// Sessions of one account side by side; many servers allow ten for one user, shared by all of their
/// mail programs.
const SESSIONS_MOST: usize = 3;
/// After a server had too many of them, as many as it took are used for so long.
const NARROWED_FOR: Duration = Duration::from_secs(5 * 60);
/// After so long a session is asked whether it still lives before it is used.
const ASK_AFTER: Duration = Duration::from_secs(30);
/// A live one answers within this; a new sign-in takes less than waiting longer.
const ANSWER_MOST: Duration = Duration::from_secs(5);
/// A session that nobody used for so long is hung up: the server's other users may need it.
const IDLE_MOST: Duration = Duration::from_secs(2 * 60);

/// Sessions that wait for their next use, since when.
#[derive(Default)]
struct Idle {
    sessions: Vec<(Session, SystemTime)>,
    /// Somebody looks that they are hung up in time.
    watched: bool,
}

/// The sessions of one account.
pub(super) struct Pool {
    connection: ImapConnection,
    /// Where tokens let in and no password.
    tokens: Option<Tokens>,
    reach: Reach,
    tls: Arc<ClientConfig>,
    idle: Arc<Mutex<Idle>>,
    permits: Arc<Semaphore>,
    /// As many sessions as there ever are.
    widest: usize,
    width: Mutex<Width>,
}

/// How many sessions there may be.
#[derive(Debug)]
struct Width {
    most: usize,
    /// When the server last had too many.
    narrowed: Option<Instant>,
}

impl Pool {
    pub(super) fn new(connection: ImapConnection, reach: Reach, tls: Arc<ClientConfig>) -> Self {
        let tokens = match &connection.credentials {
            Credentials::Password(_) => None,
            Credentials::OAuth(oauth) => Some(Tokens::new(oauth.clone(), reach)),
        };
        let allowed = providers::of_host(&connection.host).and_then(|known| known.connections);
        let most = SESSIONS_MOST.min(allowed.unwrap_or(SESSIONS_MOST));
        Self {
            connection,
            tokens,
            reach,
            tls,
            idle: Arc::default(),
            permits: Arc::new(Semaphore::new(most)),
            widest: most,
            width: Mutex::new(Width {
                most,
                narrowed: None,
            }),
        }
    }

    /// A live session without an open folder (so that the first SELECT tells how things are now). If
    /// the server takes no more of them, the next of those there are.
    pub(super) async fn session(&self) -> Result<Lease, Fault> {
        loop {
            let permit = self.permit().await?;
            while let Some((mut session, since)) = self.pop() {
                if is_live(&mut session, since).await {
                    session.handed_out();
                    return Ok(self.lease(session, true, permit));
                }
            }
            match self.connect().await {
                Ok(session) => return Ok(self.lease(session, false, permit)),
                Err(fault) if is_too_many(&fault) && self.narrow(permit) => {}
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Signs in anew and forgets the sessions of before: they tell nothing about now.
    pub(super) async fn fresh(&self) -> Result<Lease, Fault> {
        loop {
            let permit = self.permit().await?;
            lock(&self.idle).sessions.clear();
            match self.connect().await {
                Ok(session) => return Ok(self.lease(session, false, permit)),
                Err(fault) if is_too_many(&fault) && self.narrow(permit) => {}
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Ends the sessions that nobody uses.
    pub(super) fn hang_up(&self) {
        lock(&self.idle).sessions.clear();
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, Fault> {
        self.widen();
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        permit.map_err(|_| Fault::Closed)
    }

    /// The server takes no further session: as many as there are from now on. Says whether there is one
    /// to wait for.
    fn narrow(&self, permit: OwnedSemaphorePermit) -> bool {
        let is_idle = !lock(&self.idle).sessions.is_empty();
        let mut width = self.width.lock().unwrap_or_else(PoisonError::into_inner);
        let in_use = width
            .most
            .saturating_sub(self.permits.available_permits() + 1);
        if in_use == 0 && !is_idle {
            return false;
        }
        if width.most > 1 {
            width.most -= 1;
            width.narrowed = Some(Instant::now());
            permit.forget();
        }
        true
    }

    /// After a while the server may take more again.
    fn widen(&self) {
        let mut width = self.width.lock().unwrap_or_else(PoisonError::into_inner);
        if width.narrowed.is_some_and(|at| at.elapsed() > NARROWED_FOR) {
            self.permits
                .add_permits(self.widest.saturating_sub(width.most));
            (width.most, width.narrowed) = (self.widest, None);
        }
    }

    async fn connect(&self) -> Result<Session, Fault> {
        let Some(tokens) = &self.tokens else {
            let Credentials::Password(password) = &self.connection.credentials else {
                return Err(Fault::Call(CallError::SignIn));
            };
            return self.connect_with(Secret::Password(password)).await;
        };
        let token = tokens.good(None).await?;
        match self.connect_with(Secret::Token(&token)).await {
            // It may have ended earlier than was said.
            Err(Fault::Call(CallError::SignIn)) => {
                let another = tokens.good(Some(&token)).await?;
                self.connect_with(Secret::Token(&another)).await
            }
            connected => connected,
        }
    }

    /// A session of its own in which the administrator who signs in acts as somebody else. By a password
    /// alone: nobody consents for others.
    pub(super) async fn acting_as(&self, user: &str) -> Result<Session, Fault> {
        let Credentials::Password(password) = &self.connection.credentials else {
            return Err(Fault::Call(CallError::SignIn));
        };
        self.connect_with(Secret::ActingAs { password, user }).await
    }

    /// Who signs in.
    pub(super) fn user(&self) -> &str {
        &self.connection.user
    }

    async fn connect_with(&self, secret: Secret<'_>) -> Result<Session, Fault> {
        connect::connect(&self.connection, secret, self.reach, &self.tls).await
    }

    /// What lets in now; another one than `refused`.
    pub(super) async fn secret(
        &self,
        refused: Option<&OwnedSecret>,
    ) -> Result<OwnedSecret, CallError> {
        let refused = refused.map(|secret| secret.text.as_str());
        let (text, is_token) = match (&self.tokens, &self.connection.credentials) {
            (Some(tokens), _) => (tokens.good(refused).await?, true),
            (None, Credentials::Password(password)) if refused.is_none() => {
                (password.clone(), false)
            }
            (None, _) => return Err(CallError::SignIn),
        };
        Ok(OwnedSecret { text, is_token })
    }

    /// Whether the provider keeps copies of sent mails by itself.
    pub(super) fn files_sent(&self) -> bool {
        providers::of_host(&self.connection.host).is_some_and(|known| known.files_sent)
    }

    /// The connection with the tokens that were given out since; none if none were.
    pub(super) fn renewed(&self) -> Option<ImapConnection> {
        let held = self.tokens.as_ref()?.now()?;
        let credentials = Credentials::OAuth(held);
        (credentials != self.connection.credentials).then(|| ImapConnection {
            credentials,
            ..self.connection.clone()
        })
    }

    fn pop(&self) -> Option<(Session, SystemTime)> {
        lock(&self.idle).sessions.pop()
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

/// What lets in, kept for a while. Never shown.
pub(super) struct OwnedSecret {
    text: String,
    is_token: bool,
}

impl OwnedSecret {
    /// For the server that takes mails to be sent.
    pub(super) fn as_secret(&self) -> smtp::Secret<'_> {
        match self.is_token {
            true => smtp::Secret::Token(&self.text),
            false => smtp::Secret::Password(&self.text),
        }
    }
}

/// Whether the server takes no further session: it says so, or hangs up at once.
fn is_too_many(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::Call(CallError::Throttled { .. }) | Fault::Closed
    )
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

fn lock(idle: &Mutex<Idle>) -> MutexGuard<'_, Idle> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hangs up what nobody used for a while, as long as there is something to hang up.
async fn watch(idle: Weak<Mutex<Idle>>) {
    loop {
        tokio::time::sleep(IDLE_MOST / 4).await;
        let Some(idle) = idle.upgrade() else { return };
        let mut idle = lock(&idle);
        idle.sessions
            .retain(|(_, since)| since.elapsed().is_ok_and(|idle| idle < IDLE_MOST));
        idle.watched = !idle.sessions.is_empty();
        if !idle.watched {
            return;
        }
    }
}

/// A session in use; goes back when it is dropped between two commands.
pub(super) struct Lease {
    session: Session,
    /// From an earlier call: the server may have hung up meanwhile.
    pub(super) was_kept: bool,
    idle: Arc<Mutex<Idle>>,
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
        if self.session.busy || self.session.spent {
            return;
        }
        let session = std::mem::replace(&mut self.session, Session::nowhere());
        let mut idle = lock(&self.idle);
        idle.sessions.push((session, SystemTime::now()));
        if !idle.watched
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            idle.watched = true;
            runtime.spawn(watch(Arc::downgrade(&self.idle)));
        }
    }
}
