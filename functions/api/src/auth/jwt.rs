//! Access tokens of a hosted sign-in (Amazon Cognito): signed with RS256, checked here again although
//! the gateway in front checked them, because a function can also be called around the gateway.
//!
//! A person is the token's subject. Cookies mean nothing here, and nothing of a token is ever logged.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::ports::Clock;
use bulkhead_shared::api::SignIn;
use bulkhead_shared::ids::UserId;
use http::request::Parts;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;

use super::keys::Keys;
pub use super::keys::{KeySource, SourceError};
use super::{CannotTell, Identity, bearer};

/// How far our clock and the issuer's may be apart.
const LEEWAY: SignedDuration = SignedDuration::from_secs(10);

/// A hosted sign-in, as the deployment names it.
#[derive(Debug, Clone)]
pub struct Hosted {
    /// The issuer's address, exactly as in its tokens.
    pub issuer: String,
    /// The app's client id there.
    pub client: String,
    /// The base address of the pages where people sign in.
    pub pages: String,
}

/// Knows the tokens of a hosted sign-in.
pub struct Jwt {
    hosted: Hosted,
    keys: Keys,
    clock: Arc<dyn Clock>,
}

/// What counts in an access token.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    exp: i64,
    nbf: Option<i64>,
    token_use: String,
    client_id: Option<String>,
    aud: Option<Audience>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Jwt {
    /// Lets in who brings a token of this sign-in.
    pub fn new(hosted: Hosted, source: Arc<dyn KeySource>, clock: Arc<dyn Clock>) -> Self {
        Self {
            hosted,
            keys: Keys::new(source, clock.clone()),
            clock,
        }
    }

    async fn claims(&self, token: &str) -> Result<Option<Claims>, CannotTell> {
        let Ok(header) = jsonwebtoken::decode_header(token) else {
            return Ok(None);
        };
        // Before any key is looked for: what is not RS256 must not even make us ask for keys.
        let (Algorithm::RS256, Some(kid)) = (header.alg, header.kid) else {
            return Ok(None);
        };
        let Some(key) = self.keys.get(&kid).await? else {
            return Ok(None);
        };
        // Only the signature: the library would look at the system's time, take a list of issuers if
        // ours is among them, and knows `aud` only. `fits` looks at the claims.
        let mut validation = Validation::new(Algorithm::RS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let decoded = jsonwebtoken::decode::<Claims>(token, &key, &validation);
        let claims = decoded.ok().map(|data| data.claims);
        Ok(claims.filter(|claims| self.fits(claims)))
    }

    /// Whether it is an access token (an id token tells the app about the person, and opens nothing)
    /// for this app, and its time is now.
    fn fits(&self, claims: &Claims) -> bool {
        let now = self.clock.now();
        let begun = claims
            .nbf
            .is_none_or(|from| from <= (now + LEEWAY).as_second());
        let ended = claims.exp <= (now - LEEWAY).as_second();
        let ours = claims.iss == self.hosted.issuer && self.is_for_us(claims);
        claims.token_use == "access" && begun && !ended && ours
    }

    /// Cognito's access tokens carry `client_id`, other issuers' `aud`.
    fn is_for_us(&self, claims: &Claims) -> bool {
        let client = &self.hosted.client;
        match (&claims.client_id, &claims.aud) {
            (Some(id), _) => id == client,
            (None, Some(Audience::One(audience))) => audience == client,
            (None, Some(Audience::Many(audience))) => audience.contains(client),
            (None, None) => false,
        }
    }
}

#[async_trait]
impl Identity for Jwt {
    async fn user(&self, parts: &Parts) -> Result<Option<UserId>, CannotTell> {
        let Some(token) = bearer(parts) else {
            return Ok(None);
        };
        let claims = self.claims(token).await?;
        Ok(claims.and_then(|claims| claims.sub.parse().ok()))
    }

    fn sign_in(&self) -> SignIn {
        let Hosted { client, pages, .. } = &self.hosted;
        let pages = pages.trim_end_matches('/');
        SignIn::Hosted {
            authorize: format!("{pages}/oauth2/authorize"),
            token: format!("{pages}/oauth2/token"),
            logout: format!("{pages}/logout"),
            client: client.clone(),
            scope: "openid".to_owned(),
        }
    }
}
