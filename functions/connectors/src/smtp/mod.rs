//! Handing mails over to the server that takes an account's own mails (RFC 6409).
//!
//! The dialogue is our own, and not a library's: whether the last byte of a mail was written before a
//! connection broke decides whether that mail may be out there, and lettre 0.11 writes a mail and its end in
//! one call that does not tell.

mod answer;
mod judge;
mod session;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bulkhead_engine::ports::{CallError, Delivery, Letter};
use bulkhead_shared::abilities::{Abilities, Ability, Allowance, Reversibility};
use bulkhead_shared::api::Submission;
use bulkhead_shared::kinds::{Kind, recipient};
use bulkhead_shared::operations::OperationName;
use tokio::time::Instant;
use tokio_rustls::rustls::ClientConfig;

use crate::imap::reach::Reach;
use judge::Sent;
use session::Session;

pub(crate) use session::Secret;

/// After so long a connection is asked whether it still lives before it is used.
const ASK_AFTER: Duration = Duration::from_secs(10);
/// A connection that nobody used for so long is hung up.
const IDLE_MOST: Duration = Duration::from_secs(60);
/// Connections that are kept.
const KEPT_MOST: usize = 3;
/// Bytes that are stored of a recipient at the most, as a rule: so that a chunk has a hundred of them, and what
/// is stored before each mail stays small.
const ITEM_BYTES: u32 = 20_000;

/// The server that takes an account's own mails.
pub(crate) struct Smtp {
    to: Submission,
    user: String,
    reach: Reach,
    tls: Arc<ClientConfig>,
    abilities: Abilities,
    idle: Mutex<Vec<(Session, Instant)>>,
}

impl Smtp {
    /// Connects to nobody yet.
    pub(crate) fn new(to: &Submission, user: &str, reach: Reach, tls: Arc<ClientConfig>) -> Self {
        Self {
            abilities: abilities(to.per_minute),
            to: to.clone(),
            user: user.to_owned(),
            reach,
            tls,
            idle: Mutex::default(),
        }
    }

    pub(crate) fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    /// Makes sure that there is a connection that lives.
    pub(crate) async fn ready(&self, secret: Secret<'_>) -> Result<(), CallError> {
        let session = self.session(secret).await?;
        self.keep(session);
        Ok(())
    }

    /// Hands one mail over. Over a connection that was kept, and that the server had enough of before it heard of this
    /// mail, nothing was handed over: then over another one.
    pub(crate) async fn deliver(
        &self,
        secret: Secret<'_>,
        letter: &Letter,
    ) -> Result<Delivery, CallError> {
        if let Some(mut session) = self.kept().await {
            let sent = session.send(&letter.envelope, &letter.bytes).await;
            if !session.ended_before() {
                return self.told(session, sent);
            }
        }
        let mut session = match self.open(secret).await {
            Ok(session) => session,
            // Nobody was told of it yet.
            Err(CallError::Unavailable(_)) => return Ok(Delivery::Unavailable),
            Err(error) => return Err(error),
        };
        let sent = session.send(&letter.envelope, &letter.bytes).await;
        self.told(session, sent)
    }

    fn told(&self, session: Session, sent: Sent) -> Result<Delivery, CallError> {
        if session.is_usable() {
            self.keep(session);
        }
        match sent {
            Sent::Delivery(delivery) => Ok(delivery),
            Sent::Call(error) => Err(error),
        }
    }

    async fn session(&self, secret: Secret<'_>) -> Result<Session, CallError> {
        match self.kept().await {
            Some(session) => Ok(session),
            None => self.open(secret).await,
        }
    }

    /// One of the connections that are kept, as long as one of them lives.
    async fn kept(&self) -> Option<Session> {
        while let Some((mut session, since)) = self.pop() {
            let idle = since.elapsed();
            if idle < IDLE_MOST && (idle < ASK_AFTER || session.is_live().await) {
                return Some(session);
            }
        }
        None
    }

    async fn open(&self, secret: Secret<'_>) -> Result<Session, CallError> {
        Session::open(&self.to, &self.user, secret, self.reach, &self.tls).await
    }

    fn pop(&self) -> Option<(Session, Instant)> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.pop()
    }

    fn keep(&self, session: Session) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT_MOST {
            idle.push((session, Instant::now()));
        }
    }
}

/// What can be sent, this many mails in a minute if anybody said so.
pub(crate) fn abilities(per_minute: Option<u32>) -> Abilities {
    let allowance = per_minute.map(|items| Allowance { items, seconds: 60 });
    let operations = OperationName::offered_for(Kind::Recipient);
    Abilities {
        labels: None,
        batch_size: recipient::BATCH_SIZE,
        parallel_chunks: 2,
        // One mail a transaction, and what is known of it is stored before and after: a death leaves one open.
        call_items: 1,
        // Nobody searches recipients.
        page_items: 1,
        item_bytes: ITEM_BYTES,
        calls_per_batch: recipient::BATCH_SIZE,
        batch_millis: (300, 10_000),
        operations: operations
            .map(|operation| Ability {
                operation,
                undo: Reversibility::Final,
                note: "A mail that went out cannot be called back. Until the hold ends, all of it can be stopped; \
                    afterwards whatever has not begun."
                    .to_owned(),
            })
            .collect(),
        allowance: Some(allowance.unwrap_or(recipient::ALLOWANCE)),
        cannot_search: Vec::new(),
    }
}
