//! Credentials at rest, each in an envelope: sealed by AES-256-GCM with a data key of its own, which
//! travels along, wrapped by whoever keeps the master key. That is KMS ([`kms`]) on AWS and a file
//! that only its owner can read ([`key_file`]) on a laptop; the envelope is the same.
//!
//! A credential is sealed anew, with a new data key and the newest master key, whenever it is
//! entered again.

pub mod key_file;
#[cfg(feature = "cloud")]
pub mod kms;
#[cfg(feature = "cloud")]
mod opened;

use std::sync::Arc;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use async_trait::async_trait;
use bulkhead_engine::ports::{Random, SealError, SealedFor, Sealer};
use zeroize::Zeroizing;

pub use key_file::{BadKeyFile, KeyFileSealer};
#[cfg(feature = "cloud")]
pub use kms::KmsSealer;

/// The sealed form: this byte, the length of the wrapped key (two bytes, big end first), the wrapped
/// key, the nonce, the ciphertext with its tag. Both ciphertexts are bound to owner and account.
const FORM: u8 = 3;
/// The same, bound to the account alone: what the first release sealed.
const ACCOUNT_FORM: u8 = 2;
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// A key in the clear. It is wiped when it is dropped.
pub type Key = Zeroizing<[u8; KEY_BYTES]>;

/// A data key, in the clear and wrapped.
pub struct DataKey {
    /// For use now.
    pub plain: Key,
    /// To be kept.
    pub wrapped: Vec<u8>,
}

/// What a ciphertext is bound to: it opens for nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound {
    account: String,
    /// None in the forms before there was one.
    owner: Option<String>,
}

impl Bound {
    fn to(whose: SealedFor<'_>) -> Self {
        Self {
            account: whose.account.to_string(),
            owner: Some(whose.owner.to_string()),
        }
    }

    fn to_account(whose: SealedFor<'_>) -> Self {
        Self {
            account: whose.account.to_string(),
            owner: None,
        }
    }

    /// As bytes that are authenticated along. An account's id has no blank, so no two are alike.
    fn bytes(&self) -> Vec<u8> {
        match &self.owner {
            Some(owner) => format!("{} {owner}", self.account).into_bytes(),
            None => self.account.clone().into_bytes(),
        }
    }
}

/// Who keeps the master key.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// A new data key, wrapped so that it can be had back only for what it is bound to.
    async fn fresh(&self, bound: &Bound) -> Result<DataKey, SealError>;

    /// The data key that was wrapped.
    async fn unwrapped(&self, bound: &Bound, wrapped: &[u8]) -> Result<Key, SealError>;

    /// Opens what was sealed before there were envelopes.
    fn unseal_older(&self, _bound: &Bound, _sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        Err(SealError::Broken)
    }
}

/// Seals in envelopes.
pub struct Envelopes<K> {
    keeper: K,
    random: Arc<dyn Random>,
}

impl<K: Keeper> Envelopes<K> {
    /// Data keys are wrapped by this keeper.
    pub fn new(keeper: K, random: Arc<dyn Random>) -> Self {
        Self { keeper, random }
    }
}

#[async_trait]
impl<K: Keeper> Sealer for Envelopes<K> {
    async fn seal(&self, whose: SealedFor<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let bound = Bound::to(whose);
        let key = self.keeper.fresh(&bound).await?;
        let length = u16::try_from(key.wrapped.len()).map_err(|_| SealError::Broken)?;
        let sealed = encrypt(&key.plain, &bound, plain, self.random.as_ref())?;
        Ok([&[FORM], &length.to_be_bytes()[..], &key.wrapped, &sealed].concat())
    }

    async fn unseal(&self, whose: SealedFor<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (form, rest) = sealed.split_first().ok_or(SealError::Broken)?;
        let bound = match *form {
            FORM => Bound::to(whose),
            ACCOUNT_FORM => Bound::to_account(whose),
            _ => return self.keeper.unseal_older(&Bound::to_account(whose), sealed),
        };
        let (length, rest) = rest.split_first_chunk().ok_or(SealError::Broken)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (wrapped, sealed) = rest.split_at_checked(length).ok_or(SealError::Broken)?;
        let key = self.keeper.unwrapped(&bound, wrapped).await?;
        decrypt(&key, &bound, sealed)
    }
}

/// The nonce, then the ciphertext with its tag.
fn encrypt(
    key: &[u8; KEY_BYTES],
    bound: &Bound,
    plain: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, SealError> {
    // 96 random bits: safe for far more than is ever sealed with one key.
    let bits = random.bits().to_be_bytes();
    let (nonce, _) = bits
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(SealError::Broken)?;
    let payload = Payload {
        msg: plain,
        aad: &bound.bytes(),
    };
    let sealed = Aes256Gcm::new(key.into())
        .encrypt(&(*nonce).into(), payload)
        .map_err(|_| SealError::Broken)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn decrypt(key: &[u8; KEY_BYTES], bound: &Bound, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (nonce, sealed) = sealed
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(SealError::Broken)?;
    let payload = Payload {
        msg: sealed,
        aad: &bound.bytes(),
    };
    Aes256Gcm::new(key.into())
        .decrypt(&(*nonce).into(), payload)
        .map_err(|_| SealError::Broken)
}
