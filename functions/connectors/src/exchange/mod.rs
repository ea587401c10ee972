//! The mailboxes of an Exchange Online organisation, administered by an application that signs in with a
//! certificate.
//!
//! Written after Microsoft's public reference of the commands and what public programs send, and tried
//! against a stand-in that was written after the same. **It was never run against an organisation.** What
//! only one can tell: whether a password is taken as plain text here, how long `New-Mailbox` takes to be
//! known everywhere, and whether a recovered mailbox keeps its GUID (either is dealt with).

mod abilities;
mod accounts;
mod acts;
mod assertion;
mod commands;
mod fault;
mod invoke;
mod objects;
mod random;
mod rules;
mod store;
mod tokens;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bulkhead_engine::ports::CallError;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::ExchangeConnection;
use bulkhead_shared::kinds::mailbox::Mailbox;
use jiff::SignedDuration;

use crate::imap::Reach;
use assertion::Signer;
use invoke::Invoker;
use tokens::Tokens;

pub use accounts::Accounts;

/// Who gives out tokens, and whom they are for.
const ENTRA: &str = "https://login.microsoftonline.com";
const EXCHANGE: &str = "https://outlook.office365.com";

/// The longest that one command may take: to be taken in alone, a restore request takes half a minute.
const ANSWER_MOST: Duration = Duration::from_secs(60);
/// A restore that was asked for is looked at so long apart while its call waits, and so long after that.
const PAUSE: Duration = Duration::from_secs(3);
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(20);

/// What any such account can do, before it was ever asked.
pub fn least_abilities() -> Abilities {
    abilities::abilities()
}

/// Where Exchange is, and how long it is waited for: another place than Microsoft's is a stand-in.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Who gives out tokens.
    pub entra: &'a str,
    /// Who takes commands.
    pub exchange: &'a str,
    /// The longest that one command may take.
    pub answer_most: Duration,
    /// Between two looks at a restore.
    pub pause: Duration,
    /// Until the next attempt at one that is still under way.
    pub look_again: SignedDuration,
}

/// All mailboxes, and when that was asked.
type Listed = Option<(Instant, Arc<Vec<Mailbox>>)>;

/// An organisation.
pub struct Exchange {
    invoker: Invoker,
    abilities: Abilities,
    listed: Mutex<Listed>,
    pause: Duration,
    look_again: SignedDuration,
}

impl std::fmt::Debug for Exchange {
    /// Neither where nor who (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange").finish_non_exhaustive()
    }
}

impl Exchange {
    /// Reads the certificate; nobody is asked before there is something to ask.
    pub fn new(connection: &ExchangeConnection, reach: Reach) -> Result<Self, CallError> {
        let at = Place {
            entra: ENTRA,
            exchange: EXCHANGE,
            answer_most: ANSWER_MOST,
            pause: PAUSE,
            look_again: LOOK_AGAIN,
        };
        Self::at(connection, reach, at)
    }

    /// The same at another place.
    pub fn at(
        connection: &ExchangeConnection,
        reach: Reach,
        place: Place<'_>,
    ) -> Result<Self, CallError> {
        let tenant = connection.tenant.trim();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if tenant.is_empty() || !tenant.bytes().all(is_name) {
            return Err(CallError::Unsupported(
                "The organisation is named by its id or by a domain, such as contoso.onmicrosoft.com."
                    .to_owned(),
            ));
        }
        let tokens = Tokens::new(
            Signer::new(connection)?,
            connection.client_id.clone(),
            format!("{}/{tenant}/oauth2/v2.0/token", place.entra),
            format!("{EXCHANGE}/.default"),
            reach,
        );
        let most = place.answer_most;
        Ok(Self {
            invoker: Invoker::new(place.exchange, tenant, tokens, reach, most)?,
            abilities: abilities::abilities(),
            listed: Mutex::default(),
            pause: place.pause,
            look_again: place.look_again,
        })
    }

    fn listed(&self) -> MutexGuard<'_, Listed> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
