//! A hosted sign-in in the test's hand: it signs what it is told to, publishes keys, and can be down.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::task::Poll;

use async_trait::async_trait;
use bulkhead_api::auth::jwt::{Hosted, Jwt, KeySource, SourceError};
use bulkhead_engine::ports::Clock;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://issuer.example/pool_1";
pub(crate) const CLIENT: &str = "client1";

/// Two pairs of keys, made once: that takes a moment.
pub(crate) static KEYS: LazyLock<[EncodingKey; 2]> = LazyLock::new(|| [new_key(), new_key()]);

fn new_key() -> EncodingKey {
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes())
}

/// A pair's public half, as issuers publish it.
pub(crate) fn published(name: &str, key: &EncodingKey) -> Value {
    let mut jwk = Jwk::from_encoding_key(key, Algorithm::RS256).unwrap();
    jwk.common.key_id = Some(name.to_owned());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    serde_json::to_value(jwk).unwrap()
}

/// A token with these claims, signed by this key under this name.
pub(crate) fn signed(name: &str, key: &EncodingKey, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(name.to_owned());
    encode(&header, claims, key).unwrap()
}

/// What the issuer publishes.
#[derive(Default)]
pub(crate) struct Issuer {
    pub(crate) keys: Mutex<Vec<Value>>,
    pub(crate) down: AtomicBool,
    pub(crate) fetches: AtomicUsize,
}

impl Issuer {
    /// Publishes the first pair as `first`.
    pub(crate) fn new() -> Arc<Self> {
        let issuer = Self::default();
        issuer.publish(vec![published("first", &KEYS[0])]);
        Arc::new(issuer)
    }

    pub(crate) fn publish(&self, keys: Vec<Value>) {
        *self.keys.lock().unwrap() = keys;
    }

    pub(crate) fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    /// The identity that believes this issuer.
    pub(crate) fn identity(self: &Arc<Self>, clock: Arc<dyn Clock>) -> Jwt {
        let hosted = Hosted {
            issuer: ISSUER.to_owned(),
            client: CLIENT.to_owned(),
            pages: "https://sign-in.example/".to_owned(),
        };
        Jwt::new(hosted, self.clone(), clock)
    }
}

#[async_trait]
impl KeySource for Issuer {
    /// Others get their turn meanwhile, as with a real network.
    async fn fetch(&self) -> Result<Vec<u8>, SourceError> {
        self.fetches.fetch_add(1, Ordering::SeqCst);
        let mut waited = false;
        poll_fn(|context| {
            if std::mem::replace(&mut waited, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        if self.down.load(Ordering::SeqCst) {
            return Err(SourceError("connection refused".into()));
        }
        let keys = self.keys.lock().unwrap().clone();
        Ok(serde_json::to_vec(&json!({ "keys": keys })).unwrap())
    }
}

/// An access token's claims as Cognito writes them, good for an hour from now on.
pub(crate) fn claims(who: &str, clock: &dyn Clock) -> Value {
    let now = clock.now().as_second();
    json!({
        "sub": who, "iss": ISSUER, "client_id": CLIENT, "token_use": "access", "scope": "openid",
        "auth_time": now, "iat": now, "exp": now + 3600, "jti": "b1c2", "username": who,
    })
}

/// A token that lets this person in.
pub(crate) fn token(who: &str, clock: &dyn Clock) -> String {
    signed("first", &KEYS[0], &claims(who, clock))
}
