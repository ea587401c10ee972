//! The issuer's public keys, fetched once for many requests.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, RwLock};

use super::CannotTell;

/// Keys are fetched anew after this, so that one that was withdrawn stops being believed.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// An unknown key's name makes us ask again this often at the most: names can be made up.
const BETWEEN_FETCHES: SignedDuration = SignedDuration::from_mins(1);
/// After a fetch that failed.
const BETWEEN_TRIES: SignedDuration = SignedDuration::from_secs(5);

/// Where an issuer publishes the keys it signs with.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The key set as it is published (RFC 7517, JSON). Has to come back in a few seconds.
    async fn fetch(&self) -> Result<Vec<u8>, SourceError>;
}

/// The keys cannot be fetched for now.
#[derive(Debug, thiserror::Error)]
#[error("the keys of the sign-in cannot be fetched")]
pub struct SourceError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Keys by name, as far as they are known.
pub(super) struct Keys {
    source: Arc<dyn KeySource>,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
    /// Held by who fetches: the others wait and then find what came.
    fetching: Mutex<()>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, Arc<DecodingKey>>,
    fetched_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
}

/// What is known about a key's name.
enum Found {
    Key(Arc<DecodingKey>),
    NoSuchKey,
    /// Fetching failed a moment ago.
    CannotTell,
    /// Worth a fetch; an old key serves if that fails.
    Stale(Option<Arc<DecodingKey>>),
}

impl Keys {
    pub(super) fn new(source: Arc<dyn KeySource>, clock: Arc<dyn Clock>) -> Self {
        Self {
            source,
            clock,
            known: RwLock::default(),
            fetching: Mutex::default(),
        }
    }

    /// The key of this name; none if the issuer has none.
    pub(super) async fn get(&self, name: &str) -> Result<Option<Arc<DecodingKey>>, CannotTell> {
        if let Some(answer) = self.look(name).await.answer() {
            return answer;
        }
        let _fetching = self.fetching.lock().await;
        // Somebody else may have fetched while we waited.
        let old = match self.look(name).await {
            Found::Stale(old) => old,
            found => return found.answer().unwrap_or(Err(CannotTell)),
        };
        match self.fetch().await {
            Ok(()) => Ok(self.known.read().await.keys.get(name).cloned()),
            Err(error) => {
                tracing::warn!(error = %error, cause = %error.0, "The sign-in's keys cannot be fetched.");
                self.known.write().await.failed_at = Some(self.clock.now());
                old.map(Some).ok_or(CannotTell)
            }
        }
    }

    async fn look(&self, name: &str) -> Found {
        self.known.read().await.look(name, self.clock.now())
    }

    async fn fetch(&self) -> Result<(), SourceError> {
        let keys = usable(&self.source.fetch().await?)?;
        tracing::info!(keys = keys.len(), "Fetched the sign-in's keys.");
        *self.known.write().await = Known {
            keys,
            fetched_at: Some(self.clock.now()),
            failed_at: None,
        };
        Ok(())
    }
}

impl Found {
    /// The answer, unless a fetch is worth it.
    fn answer(self) -> Option<Result<Option<Arc<DecodingKey>>, CannotTell>> {
        match self {
            Self::Key(key) => Some(Ok(Some(key))),
            Self::NoSuchKey => Some(Ok(None)),
            Self::CannotTell => Some(Err(CannotTell)),
            Self::Stale(_) => None,
        }
    }
}

impl Known {
    fn look(&self, name: &str, now: Timestamp) -> Found {
        let within = |at: Option<Timestamp>, time| at.is_some_and(|at| now < at + time);
        let failed = within(self.failed_at, BETWEEN_TRIES);
        match self.keys.get(name) {
            Some(key) if failed || within(self.fetched_at, FRESH) => Found::Key(key.clone()),
            None if within(self.fetched_at, BETWEEN_FETCHES) => Found::NoSuchKey,
            None if failed => Found::CannotTell,
            old => Found::Stale(old.cloned()),
        }
    }
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

/// The keys that sign tokens the way we take them. One that is not understood spoils no other.
fn usable(set: &[u8]) -> Result<HashMap<String, Arc<DecodingKey>>, SourceError> {
    let published: Published =
        serde_json::from_slice(set).map_err(|error| SourceError(Box::new(error)))?;
    let keys = published
        .keys
        .into_iter()
        .filter_map(|key| serde_json::from_value::<Jwk>(key).ok())
        .filter(signs_with_rs256)
        .filter_map(|key| {
            let decoding = DecodingKey::from_jwk(&key).ok()?;
            Some((key.common.key_id?, Arc::new(decoding)))
        });
    Ok(keys.collect())
}

fn signs_with_rs256(key: &Jwk) -> bool {
    let common = &key.common;
    let signs = common.public_key_use.as_ref();
    let algorithm = common.key_algorithm.as_ref();
    matches!(key.algorithm, AlgorithmParameters::RSA(_))
        && signs.is_none_or(|signs| *signs == PublicKeyUse::Signature)
        && algorithm.is_none_or(|algorithm| *algorithm == KeyAlgorithm::RS256)
}
