//! One person on one machine: whoever knows the token is `local`.
//!
//! A browser gets in by a code that is good once, and then has two things that follow from the token: a
//! cookie that no script reads, and a key that the app keeps with its own address and sends along. A
//! browser sends a cookie to every port of this machine, so whoever else listens here may see it; the
//! key goes to this address alone, and neither lets anybody in without the other. Another token, and all
//! of that is worth nothing.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::extract::OriginalUri;
use bulkhead_engine::ports::Clock;
use bulkhead_shared::api::{SESSION_KEY, SignIn};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::UserId;
use http::Method;
use http::header::COOKIE;
use http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use super::{CannotTell, Identity, Session, bearer};

/// How long the code of a printed address is good: long enough to come back to the terminal.
const CODE_LASTS: SignedDuration = SignedDuration::from_hours(1);
/// How long a link to a file is good: a browser follows it at once.
const TICKET_LASTS: SignedDuration = SignedDuration::from_secs(60);
/// The parameter of a link that lets a browser fetch one file: it cannot send the key along.
const TICKET: &str = "ticket";
/// Characters of a cookie's name that tell this server's from another's.
const NAME_DIGITS: usize = 8;

/// Knows one token. Scripts send it as a bearer token.
pub struct LocalToken {
    token: String,
    clock: Arc<dyn Clock>,
    /// The code that is good once, and until when.
    code: Mutex<Option<(String, Timestamp)>>,
}

impl LocalToken {
    /// Lets in whoever brings this token. Nobody, if it is empty.
    pub fn new(token: String, clock: Arc<dyn Clock>) -> Self {
        Self {
            token,
            clock,
            code: Mutex::default(),
        }
    }

    /// A code for one sign-in, made of these random bits. The one before is good no more.
    pub fn code(&self, random: u128) -> String {
        let code = format!("{random:032x}");
        let until = self.clock.now() + CODE_LASTS;
        *self.code.lock().unwrap_or_else(PoisonError::into_inner) = Some((code.clone(), until));
        code
    }

    fn is_token(&self, offered: &str) -> bool {
        !self.token.is_empty() && same(&self.token, offered)
    }

    /// Whether this is the code. If it is, it was.
    fn takes_code(&self, offered: &str) -> bool {
        let mut code = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let fits = code
            .as_ref()
            .is_some_and(|(code, until)| *until > now && same(code, offered));
        if fits {
            *code = None;
        }
        fits
    }

    /// What nobody can make who does not know the token. Two rounds, as HMAC has them, so that nothing
    /// follows from a shorter text.
    fn derived(&self, what: &str) -> String {
        let token = &self.token;
        let inner = sha256_hex(format!("{token} {what}").as_bytes());
        sha256_hex(format!("{token} {inner}").as_bytes())
    }

    fn session(&self) -> Session {
        let name = self.derived("name");
        Session {
            cookie_name: format!("bulkhead_{}", name.get(..NAME_DIGITS).unwrap_or_default()),
            cookie: self.derived("cookie"),
            key: self.derived("key"),
        }
    }

    fn ticket_for(&self, path: &str, until: Timestamp) -> String {
        let second = until.as_second();
        format!(
            "{second}.{}",
            self.derived(&format!("ticket {second} {path}"))
        )
    }

    /// Whether a browser with our cookie brings our key, or a ticket for what it asks for.
    fn is_ours(&self, parts: &Parts) -> bool {
        let session = self.session();
        let has_cookie =
            cookies(parts, &session.cookie_name).any(|value| same(&session.cookie, value));
        let keys = parts.headers.get_all(SESSION_KEY);
        let has_key = keys
            .iter()
            .any(|key| key.to_str().is_ok_and(|key| same(&session.key, key)));
        has_cookie && (has_key || self.has_ticket(parts))
    }

    fn has_ticket(&self, parts: &Parts) -> bool {
        let whole = parts.extensions.get::<OriginalUri>();
        let uri = whole.map_or(&parts.uri, |OriginalUri(uri)| uri);
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let mut tickets = query.filter(|(name, _)| name == TICKET);
        parts.method == Method::GET
            && tickets.any(|(_, ticket)| {
                let until = ticket.split('.').next().and_then(|text| text.parse().ok());
                let until = until.and_then(|second| Timestamp::from_second(second).ok());
                until.is_some_and(|until| {
                    until > self.clock.now() && same(&self.ticket_for(uri.path(), until), &ticket)
                })
            })
    }
}

/// In constant time: the answer's time must not tell how many characters were right.
fn same(ours: &str, offered: &str) -> bool {
    bool::from(ours.as_bytes().ct_eq(offered.as_bytes()))
}

#[async_trait]
impl Identity for LocalToken {
    async fn user(&self, parts: &Parts) -> Result<Option<UserId>, CannotTell> {
        let known = bearer(parts).is_some_and(|token| self.is_token(token))
            || !self.token.is_empty() && self.is_ours(parts);
        Ok(known.then(|| "local".parse().ok()).flatten())
    }

    fn sign_in(&self) -> SignIn {
        SignIn::Token {}
    }

    fn session_for(&self, code: &str) -> Option<Session> {
        let is_good = !self.token.is_empty() && (self.is_token(code) || self.takes_code(code));
        is_good.then(|| self.session())
    }

    fn session_name(&self) -> Option<String> {
        Some(self.session().cookie_name)
    }

    fn link_to(&self, path: &str) -> String {
        let ticket = self.ticket_for(path, self.clock.now() + TICKET_LASTS);
        format!("{path}?{TICKET}={ticket}")
    }
}

fn cookies<'a>(parts: &'a Parts, wanted: &'a str) -> impl Iterator<Item = &'a str> {
    parts
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(move |(name, _)| *name == wanted)
        .map(|(_, value)| value)
}
