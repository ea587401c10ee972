//! One way for tests to speak HTTP.

use reqwest::ClientBuilder;
use tokio_rustls::rustls::crypto::ring;

/// A client to build. Tests speak no TLS, but the workspace's client can, and wants to know its
/// ciphers before it is built.
pub fn builder() -> ClientBuilder {
    // Set already is as good.
    let _ = ring::default_provider().install_default();
    reqwest::Client::builder()
}

/// A client like any other.
pub fn plain() -> reqwest::Client {
    builder().build().unwrap()
}
