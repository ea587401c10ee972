//! One person on one machine: whoever knows the token is `local`.

use async_trait::async_trait;
use bulkhead_shared::api::SignIn;
use bulkhead_shared::ids::UserId;
use http::header::COOKIE;
use http::request::Parts;
use subtle::ConstantTimeEq;

use super::{CannotTell, Identity, bearer};

/// The cookie of a browser that signed in.
pub const SESSION_COOKIE: &str = "bulkhead_session";

/// Knows one token. Scripts send it as a bearer token, the browser as a cookie.
pub struct LocalToken {
    token: String,
}

impl LocalToken {
    /// Lets in whoever brings this token. Nobody, if it is empty.
    pub fn new(token: String) -> Self {
        Self { token }
    }

    fn is(&self, offered: &str) -> bool {
        // In constant time: the answer's time must not tell how many characters were right.
        !self.token.is_empty() && bool::from(self.token.as_bytes().ct_eq(offered.as_bytes()))
    }
}

#[async_trait]
impl Identity for LocalToken {
    async fn user(&self, parts: &Parts) -> Result<Option<UserId>, CannotTell> {
        let known = bearer(parts).is_some_and(|token| self.is(token))
            || cookies(parts).any(|token| self.is(token));
        Ok(known.then(|| "local".parse().ok()).flatten())
    }

    fn sign_in(&self) -> SignIn {
        SignIn::Token {}
    }

    fn session(&self, token: &str) -> Option<String> {
        self.is(token).then(|| token.to_owned())
    }
}

fn cookies(parts: &Parts) -> impl Iterator<Item = &str> {
    parts
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, value)| value)
}
