//! Fetches the keys with which the sign-in signs its tokens.

use std::time::Duration;

use async_trait::async_trait;
use bulkhead_api::auth::jwt::{KeySource, SourceError};
use tokio_rustls::rustls::crypto::ring;

/// The longest that fetching them may take: a person waits for it.
const FETCH_MOST: Duration = Duration::from_secs(3);
/// A key set has a few keys of half a kilobyte each.
const KEYS_BYTES: usize = 64 << 10;

/// The key set that an issuer publishes.
pub struct PublishedKeys {
    client: reqwest::Client,
    address: String,
}

/// What came is no key set.
#[derive(Debug, thiserror::Error)]
#[error("the key set is longer than {KEYS_BYTES} bytes")]
struct TooLong;

impl PublishedKeys {
    /// Those of this issuer (OpenID Connect Discovery would name the same address).
    pub fn of(issuer: &str) -> Result<Self, reqwest::Error> {
        // The cipher library that everything else here uses. Set already is as good.
        let _ = ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(FETCH_MOST)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            client,
            address: format!("{}/.well-known/jwks.json", issuer.trim_end_matches('/')),
        })
    }
}

#[async_trait]
impl KeySource for PublishedKeys {
    async fn fetch(&self) -> Result<Vec<u8>, SourceError> {
        let failed = |error: reqwest::Error| SourceError(Box::new(error));
        let answer = self.client.get(&self.address).send().await;
        let mut answer = answer
            .and_then(reqwest::Response::error_for_status)
            .map_err(failed)?;
        let mut keys = Vec::new();
        while let Some(bytes) = answer.chunk().await.map_err(failed)? {
            if keys.len() + bytes.len() > KEYS_BYTES {
                return Err(SourceError(Box::new(TooLong)));
            }
            keys.extend_from_slice(&bytes);
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_cloud::sign_in::SignIn;

    #[tokio::test]
    async fn fetches_the_key_set_and_never_waits_long() {
        let sign_in = SignIn::start().await;
        let keys = PublishedKeys::of(&sign_in.issuer()).unwrap();
        let set: serde_json::Value = serde_json::from_slice(&keys.fetch().await.unwrap()).unwrap();
        assert_eq!(set["keys"][0]["kty"], "RSA");
        sign_in.be_down(true);
        assert!(keys.fetch().await.is_err());
        sign_in.be_down(false);
        sign_in.be_slow(10 * FETCH_MOST);
        let slow = tokio::time::timeout(2 * FETCH_MOST, keys.fetch()).await;
        assert!(slow.unwrap().is_err());
    }
}
