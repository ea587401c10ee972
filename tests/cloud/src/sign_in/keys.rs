//! The keys: made when they are first needed, two in use at a time as Cognito has them (one signs
//! access tokens, the other ID tokens), and one that is not ours, for forgeries.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};

/// What RS256 asks for at least (RFC 7518), and what Cognito uses.
const BITS: usize = 2_048;
/// The key of who forges.
const FORGER: usize = 0;

/// All keys of this process by number. Making one takes some tenths of a second, so sign-ins of
/// many tests share them; each sign-in gives them ids of its own.
static MADE: Mutex<Vec<Arc<RsaPrivateKey>>> = Mutex::new(Vec::new());

fn key(number: usize) -> Arc<RsaPrivateKey> {
    let mut made = MADE.lock().unwrap();
    while made.len() <= number {
        let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS).unwrap();
        made.push(Arc::new(key));
    }
    made[number].clone()
}

/// The keys in use.
pub(super) struct Keys {
    generation: usize,
    access: Named,
    identity: Named,
    /// How often they were asked for.
    pub(super) asked: usize,
}

struct Named {
    id: String,
    key: Arc<RsaPrivateKey>,
}

impl Named {
    fn new(number: usize) -> Self {
        let id: [u8; 32] = rand::random();
        Self {
            id: base64::engine::general_purpose::STANDARD.encode(id),
            key: key(number),
        }
    }

    fn public(&self) -> Value {
        let number = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        json!({
            "alg": "RS256",
            "e": number(self.key.e()),
            "kid": self.id,
            "kty": "RSA",
            "n": number(self.key.n()),
            "use": "sig",
        })
    }

    fn sign_with(&self, key: &RsaPrivateKey, claims: &Value) -> String {
        let key = EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes());
        encode(&self.header(Algorithm::RS256), claims, &key).unwrap()
    }

    /// Cognito's header has the key's id and the algorithm, and no type.
    fn header(&self, algorithm: Algorithm) -> Header {
        let mut header = Header::new(algorithm);
        header.typ = None;
        header.kid = Some(self.id.clone());
        header
    }
}

impl Keys {
    pub(super) fn make() -> Self {
        Self::of(1)
    }

    /// The next keys, with ids of their own.
    pub(super) fn rotated(&self) -> Self {
        Self {
            asked: self.asked,
            ..Self::of(self.generation + 1)
        }
    }

    fn of(generation: usize) -> Self {
        Self {
            generation,
            access: Named::new(generation * 2 - 1),
            identity: Named::new(generation * 2),
            asked: 0,
        }
    }

    /// What `jwks.json` says.
    pub(super) fn public(&self) -> Value {
        json!({"keys": [self.identity.public(), self.access.public()]})
    }

    pub(super) fn sign_access(&self, claims: &Value) -> String {
        self.access.sign_with(&self.access.key, claims)
    }

    pub(super) fn sign_identity(&self, claims: &Value) -> String {
        self.identity.sign_with(&self.identity.key, claims)
    }

    /// Signed by somebody else under our key's id.
    pub(super) fn forge(&self, claims: &Value) -> String {
        self.access.sign_with(&key(FORGER), claims)
    }

    /// Signed with our public key as a shared secret, for checkers that believe the header.
    pub(super) fn confuse(&self, claims: &Value) -> String {
        let public = RsaPublicKey::from(&*self.access.key);
        let secret = EncodingKey::from_secret(public.to_pkcs1_der().unwrap().as_bytes());
        encode(&self.access.header(Algorithm::HS256), claims, &secret).unwrap()
    }
}

/// A token without a signature.
pub(super) fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({"alg": "none"})), part(claims))
}
