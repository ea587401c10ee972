//! Who asks. Handlers get a person only through the extractor [`Person`].

use axum::extract::FromRequestParts;
use bulkhead_shared::ids::UserId;
use bulkhead_shared::problem::Code;
use http::header::{AUTHORIZATION, COOKIE};
use http::request::Parts;
use subtle::ConstantTimeEq;

use crate::Api;
use crate::problem::Refusal;

/// The cookie of a browser that signed in.
pub const SESSION_COOKIE: &str = "bulkhead_session";

/// Tells who a request comes from.
pub trait Identity: Send + Sync {
    /// The person; none if the request proves nothing.
    fn user(&self, parts: &Parts) -> Option<UserId>;

    /// Trades a token for the value of a session cookie. None if it is not valid, or if people sign
    /// in somewhere else.
    fn session(&self, _token: &str) -> Option<String> {
        None
    }
}

/// One person on one machine: whoever knows the token is `local`. Scripts send it as a bearer token,
/// the browser as a cookie.
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

impl Identity for LocalToken {
    fn user(&self, parts: &Parts) -> Option<UserId> {
        let known = bearer(parts).is_some_and(|token| self.is(token))
            || cookies(parts).any(|token| self.is(token));
        known.then(|| "local".parse().ok()).flatten()
    }

    fn session(&self, token: &str) -> Option<String> {
        self.is(token).then(|| token.to_owned())
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
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

/// The person who asks. Without one there is no handler to call: 401.
#[derive(Debug, Clone)]
pub(crate) struct Person(pub(crate) UserId);

impl FromRequestParts<Api> for Person {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        let user = api.identity.user(parts);
        user.map(Self)
            .ok_or_else(|| Refusal::new(Code::Unauthenticated))
    }
}
