//! A hosted sign-in that behaves as Cognito's: the code flow with PKCE for browsers, keys for who
//! checks tokens, and tokens of every kind, good and bad, for tests that need no browser.
//!
//! Endpoints, parameters and errors are those of the Cognito developer guide ("User pool endpoints
//! and managed login reference"). As there, the issuer and the pages have different addresses.

mod authorize;
mod exchange;
mod keys;
mod page;
mod pool;
mod sessions;
mod tokens;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use keys::Keys;
pub use pool::PASSWORD;
use pool::{CLIENT, Mood, POOL, Pool};

/// As the template sets it for access tokens.
const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// A running sign-in on a port of its own. It ends when this is dropped.
pub struct SignIn {
    pool: Arc<Pool>,
    server: JoinHandle<()>,
}

impl Drop for SignIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl SignIn {
    /// Starts the service on a free port of this machine.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let mood = Mood {
            lifetime: LIFETIME,
            promised: None,
            slow: Duration::ZERO,
            down: false,
            refuses_refresh: false,
            rotates_refresh_tokens: false,
            denied: Vec::new(),
            callbacks: Vec::new(),
            logouts: Vec::new(),
        };
        let pool = Arc::new(Pool {
            address,
            keys: Mutex::new(Keys::make()),
            sessions: Mutex::default(),
            mood: Mutex::new(mood),
        });
        let routes = routes(pool.clone());
        let server = tokio::spawn(async move {
            axum::serve(listener, routes).await.unwrap();
        });
        Self { pool, server }
    }

    /// Where people sign in: what the functions get as `BULKHEAD_SIGN_IN`.
    pub fn address(&self) -> &str {
        &self.pool.address
    }

    /// Who issues the tokens: what the functions get as `BULKHEAD_ISSUER`.
    pub fn issuer(&self) -> String {
        self.pool.issuer()
    }

    /// The app's client id: what the functions get as `BULKHEAD_CLIENT`.
    pub fn client(&self) -> &str {
        CLIENT
    }

    /// Lets an app at this address (scheme, host and port) send people here: its `/signed-in` becomes
    /// a callback, its `/signed-out` a place to go after signing out.
    pub fn allow_app(&self, origin: &str) {
        let origin = origin.trim_end_matches('/');
        let mut mood = self.pool.mood();
        mood.callbacks.push(format!("{origin}/signed-in"));
        mood.logouts.push(format!("{origin}/signed-out"));
    }

    /// The id (`sub`) of the person with this name.
    pub fn subject(&self, name: &str) -> String {
        tokens::subject(name)
    }

    /// A good access token, as signing in brings it.
    pub fn token_for(&self, name: &str) -> String {
        self.signed(tokens::access(&self.pool, name))
    }

    /// A token whose time has passed a minute ago.
    pub fn expired_token_for(&self, name: &str) -> String {
        self.token_with(name, |claims| {
            let now = tokens::now();
            claims["iat"] = json!(now - 3_660);
            claims["exp"] = json!(now - 60);
        })
    }

    /// A token that says everything right, and names our key, but was signed with another one.
    pub fn forged_token_for(&self, name: &str) -> String {
        self.pool.keys().forge(&tokens::access(&self.pool, name))
    }

    /// A token that nobody signed at all (`"alg": "none"`).
    pub fn unsigned_token_for(&self, name: &str) -> String {
        keys::unsigned(&tokens::access(&self.pool, name))
    }

    /// A token signed with the public key as if it were a shared secret (`"alg": "HS256"`).
    pub fn confused_token_for(&self, name: &str) -> String {
        self.pool.keys().confuse(&tokens::access(&self.pool, name))
    }

    /// A token made for another app of the same pool.
    pub fn token_for_another_app(&self, name: &str) -> String {
        self.token_with(name, |claims| claims["client_id"] = json!("another0app"))
    }

    /// A token of the kind that tells an app who signed in; it opens no API.
    pub fn id_token_for(&self, name: &str) -> String {
        let claims = tokens::identity(&self.pool, name, None);
        self.pool.keys().sign_identity(&claims)
    }

    /// A token with claims changed, well signed.
    pub fn token_with(&self, name: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = tokens::access(&self.pool, name);
        change(&mut claims);
        self.signed(claims)
    }

    /// From now on access tokens live so long.
    pub fn let_tokens_live(&self, lifetime: Duration) {
        self.pool.mood().lifetime = lifetime;
    }

    /// Says from now on that access tokens live so long, however long they do: what a clock that is
    /// wrong, or an administrator, makes of the promise.
    pub fn promise_lifetime(&self, promised: Duration) {
        self.pool.mood().promised = Some(promised);
    }

    /// Takes new keys. What the old ones signed can no longer be checked.
    pub fn rotate_keys(&self) {
        let fresh = self.pool.keys().rotated();
        *self.pool.keys() = fresh;
    }

    /// Whether refresh tokens are refused, as after an administrator ended all sessions.
    pub fn refuse_refresh(&self, refuses: bool) {
        self.pool.mood().refuses_refresh = refuses;
    }

    /// Whether each refresh token can be used once and brings the next one.
    pub fn rotate_refresh_tokens(&self, rotates: bool) {
        self.pool.mood().rotates_refresh_tokens = rotates;
    }

    /// Lets this person's sign-ins end with `access_denied`, as a trigger or another provider can.
    pub fn deny(&self, name: &str) {
        self.pool.mood().denied.push(name.to_owned());
    }

    /// Every answer takes this long from now on.
    pub fn be_slow(&self, by: Duration) {
        self.pool.mood().slow = by;
    }

    /// Whether every call is answered with 503.
    pub fn be_down(&self, down: bool) {
        self.pool.mood().down = down;
    }

    /// How often tokens were renewed.
    pub fn renewals(&self) -> usize {
        self.pool.sessions().renewals
    }

    /// How often the keys were asked for.
    pub fn key_requests(&self) -> usize {
        self.pool.keys().asked
    }

    /// How many refresh tokens are good now.
    pub fn open_sessions(&self) -> usize {
        self.pool.sessions().open()
    }

    fn signed(&self, claims: Value) -> String {
        self.pool.keys().sign_access(&claims)
    }
}

fn routes(pool: Arc<Pool>) -> Router {
    Router::new()
        .route("/oauth2/authorize", get(authorize::authorize))
        .route("/login", get(authorize::login).post(authorize::enter))
        .route("/error", get(authorize::error))
        .route("/logout", get(authorize::logout))
        .route("/oauth2/token", post(exchange::token))
        .route("/oauth2/revoke", post(exchange::revoke))
        .route(
            &format!("/{POOL}/.well-known/openid-configuration"),
            get(configuration),
        )
        .route(&format!("/{POOL}/.well-known/jwks.json"), get(jwks))
        .layer(middleware::from_fn_with_state(pool.clone(), be_moody))
        .with_state(pool)
}

async fn be_moody(State(pool): State<Arc<Pool>>, request: Request, next: Next) -> Response {
    let Mood { slow, down, .. } = pool.mood().clone();
    tokio::time::sleep(slow).await;
    if down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}

async fn configuration(State(pool): State<Arc<Pool>>) -> axum::Json<Value> {
    let (address, issuer) = (&pool.address, pool.issuer());
    axum::Json(json!({
        "authorization_endpoint": format!("{address}/oauth2/authorize"),
        "end_session_endpoint": format!("{address}/logout"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": format!("{address}/oauth2/revoke"),
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": format!("{address}/oauth2/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": format!("{address}/oauth2/userInfo"),
    }))
}

async fn jwks(State(pool): State<Arc<Pool>>) -> axum::Json<Value> {
    let mut keys = pool.keys();
    keys.asked += 1;
    axum::Json(keys.public())
}

#[cfg(test)]
mod tests;
