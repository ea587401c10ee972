//! What an application shows in place of a password: a statement about itself, signed with the key of its
//! certificate (RFC 7523; the header's fields as Entra wants them, RFC 7515, sections 4.1.1 and 4.1.8).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::ExchangeConnection;
use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// A statement is good for so long: time for one request.
const LASTS: SignedDuration = SignedDuration::from_mins(5);

/// An application's certificate with its key.
pub(super) struct Signer {
    key: RsaKeyPair,
    /// What the certificate is found by: its SHA-256.
    thumbprint: String,
    client_id: String,
}

impl Signer {
    /// Reads certificate and key. They are checked here, so that what is wrong is said when an account is
    /// connected.
    pub(super) fn new(connection: &ExchangeConnection) -> Result<Self, CallError> {
        let unsupported = |text: &str| CallError::Unsupported(text.to_owned());
        let certificate = CertificateDer::from_pem_slice(connection.certificate.as_bytes());
        let certificate = certificate.map_err(|_| {
            unsupported(
                "This is no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.",
            )
        })?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(connection.private_key.as_bytes());
        let key = key.map_err(|_| {
            unsupported("This is no private key in PEM (PKCS #8): it begins with -----BEGIN PRIVATE KEY-----.")
        })?;
        let key = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der());
        let key = key.map_err(|_| {
            unsupported(
                "The private key is no RSA key of 2,048 bits or more, which Entra asks for.",
            )
        })?;
        Ok(Self {
            key,
            thumbprint: URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate)),
            client_id: connection.client_id.clone(),
        })
    }

    /// A statement for this endpoint, that nobody else can make and that is made once: `id`.
    pub(super) fn assertion(
        &self,
        endpoint: &str,
        now: Timestamp,
        id: &str,
    ) -> Result<String, CallError> {
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint });
        let claims = json!({
            "aud": endpoint,
            "iss": self.client_id,
            "sub": self.client_id,
            "jti": id,
            "nbf": now.as_second(),
            "exp": (now + LASTS).as_second(),
        });
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        let random = SystemRandom::new();
        self.key
            .sign(&RSA_PSS_SHA256, &random, text.as_bytes(), &mut signature)
            .map_err(|_| CallError::Unavailable("nothing can be signed here".to_owned()))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
