//! Who asks. Handlers get a person only through the extractor [`Person`].

#[cfg(feature = "jwt")]
pub mod jwt;
#[cfg(feature = "jwt")]
mod keys;
mod local;

use async_trait::async_trait;
use axum::extract::FromRequestParts;
use bulkhead_shared::api::SignIn;
use bulkhead_shared::ids::UserId;
use bulkhead_shared::problem::Code;
use http::header::AUTHORIZATION;
use http::request::Parts;

pub use local::LocalToken;

use crate::Api;
use crate::limits;
use crate::problem::Refusal;

/// Who asks cannot be told for now; it is worth asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("who asks cannot be told for now")]
pub struct CannotTell;

/// What a browser is given that signed in.
pub struct Session {
    /// The cookie's name: another server's on this machine has another.
    pub cookie_name: String,
    /// Its value.
    pub cookie: String,
    /// What the app has to send along with it.
    pub key: String,
}

/// Tells who a request comes from.
#[async_trait]
pub trait Identity: Send + Sync {
    /// The person; none if the request proves nothing.
    async fn user(&self, parts: &Parts) -> Result<Option<UserId>, CannotTell>;

    /// How people sign in here.
    fn sign_in(&self) -> SignIn;

    /// Trades a code or a token for a browser's session. None if it is not valid, or if people sign in
    /// somewhere else.
    fn session_for(&self, _code: &str) -> Option<Session> {
        None
    }

    /// The name of the cookie of such a session, where there are any.
    fn session_name(&self) -> Option<String> {
        None
    }

    /// A link that a browser may follow to this path of the API, with nothing but its cookie.
    fn link_to(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// The token of a request that brings one in its header.
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Who asks, where that was found out before the handler. No client can put it there.
#[derive(Debug, Clone)]
pub(crate) struct Known(pub(crate) UserId);

/// The person who asks, within their limits. Without one there is no handler to call: 401, or 429.
#[derive(Debug, Clone)]
pub(crate) struct Person(pub(crate) UserId);

impl FromRequestParts<Api> for Person {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        let known = parts.extensions.get::<Known>();
        let user = match known {
            Some(Known(user)) => Ok(Some(user.clone())),
            None => api.identity.user(parts).await,
        };
        match user {
            Ok(Some(user)) => {
                limits::count(api, &user).await?;
                Ok(Self(user))
            }
            Ok(None) => Err(Refusal::new(Code::Unauthenticated)),
            Err(CannotTell) => Err(Refusal::unavailable()),
        }
    }
}
