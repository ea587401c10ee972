//! Fetches the keys with which the sign-in signs its tokens.

use std::time::Duration;

use async_trait::async_trait;
use bulkhead_api::auth::jwt::{KeySource, SourceError};
use bulkhead_aws::fetch::Fetch;

/// The longest that fetching them may take: a person waits for it.
const FETCH_MOST: Duration = Duration::from_secs(3);
/// A key set has a few keys of half a kilobyte each.
const KEYS_BYTES: usize = 64 << 10;

/// The key set that an issuer publishes.
pub struct PublishedKeys {
    fetch: Fetch,
    address: String,
}

impl PublishedKeys {
    /// Those of this issuer (OpenID Connect Discovery would name the same address).
    pub fn of(issuer: &str, fetch: Fetch) -> Self {
        Self {
            fetch,
            address: format!("{}/.well-known/jwks.json", issuer.trim_end_matches('/')),
        }
    }
}

#[async_trait]
impl KeySource for PublishedKeys {
    async fn fetch(&self) -> Result<Vec<u8>, SourceError> {
        let keys = self.fetch.get(&self.address, KEYS_BYTES, FETCH_MOST).await;
        keys.map_err(SourceError)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_aws::environment::Environment;
    use bulkhead_cloud::sign_in::SignIn;

    #[tokio::test]
    async fn fetches_the_key_set_and_never_waits_long() {
        let sign_in = SignIn::start().await;
        let environment = Environment::of(|_| Some("test".to_owned())).unwrap();
        let keys = PublishedKeys::of(&sign_in.issuer(), environment.fetch());
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
