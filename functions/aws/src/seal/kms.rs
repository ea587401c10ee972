//! The master key in KMS. A data key can be had back only with the encryption context it was made
//! for, so that a credential copied to another account's or another owner's row stays shut.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_kms::Client;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use bulkhead_engine::ports::{Clock, Random, SealError};
use zeroize::Zeroizing;

use super::opened::{Name, Opened};
use super::{Bound, DataKey, Envelopes, Keeper, Key};
use crate::failure::Failure;

/// Name the encryption context in KMS's logs and policies.
const ACCOUNT: &str = "account";
const OWNER: &str = "owner";

/// Seals with data keys from KMS.
pub type KmsSealer = Envelopes<Kms>;

/// A key in KMS.
pub struct Kms {
    client: Client,
    key: String,
    clock: Arc<dyn Clock>,
    opened: Opened,
}

impl KmsSealer {
    /// Seals with the key of this ARN.
    pub fn open(
        client: Client,
        key: impl Into<String>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let keeper = Kms {
            client,
            key: key.into(),
            clock,
            opened: Opened::default(),
        };
        Self::new(keeper, random)
    }
}

#[async_trait]
impl Keeper for Kms {
    async fn fresh(&self, bound: &Bound) -> Result<DataKey, SealError> {
        let call = "GenerateDataKey";
        let made = self
            .client
            .generate_data_key()
            .key_id(&self.key)
            .key_spec(DataKeySpec::Aes256)
            .set_encryption_context(Some(context(bound)))
            .send()
            .await
            .map_err(|error| unavailable(Failure::of(call, &error)))?;
        let plain = key(call, made.plaintext)?;
        let wrapped = made.ciphertext_blob.map(Blob::into_inner);
        let wrapped = wrapped.ok_or_else(|| odd(call))?;
        self.keep(bound, &wrapped, &plain);
        Ok(DataKey { plain, wrapped })
    }

    async fn unwrapped(&self, bound: &Bound, wrapped: &[u8]) -> Result<Key, SealError> {
        let call = "Decrypt";
        let name = named(bound, wrapped);
        if let Some(key) = self.opened.get(&name, self.clock.now()) {
            return Ok(key);
        }
        let opened = self
            .client
            .decrypt()
            .key_id(&self.key)
            .ciphertext_blob(Blob::new(wrapped))
            .set_encryption_context(Some(context(bound)))
            .send()
            .await
            .map_err(|error| unseal_failure(call, &error))?;
        let plain = key(call, opened.plaintext)?;
        self.keep(bound, wrapped, &plain);
        Ok(plain)
    }
}

impl Kms {
    fn keep(&self, bound: &Bound, wrapped: &[u8], key: &Key) {
        let now = self.clock.now();
        self.opened.keep(named(bound, wrapped), key.clone(), now);
    }
}

/// What KMS binds a data key to.
fn context(bound: &Bound) -> HashMap<String, String> {
    let account = (ACCOUNT.to_owned(), bound.account.clone());
    let owner = bound.owner.clone().map(|owner| (OWNER.to_owned(), owner));
    [account].into_iter().chain(owner).collect()
}

fn named(bound: &Bound, wrapped: &[u8]) -> Name {
    Name {
        bound: bound.clone(),
        wrapped: wrapped.to_vec(),
    }
}

fn key(call: &'static str, plain: Option<Blob>) -> Result<Key, SealError> {
    let plain = Zeroizing::new(plain.map(Blob::into_inner).unwrap_or_default());
    let plain = plain.as_slice().try_into();
    Ok(Key::new(plain.map_err(|_| odd(call))?))
}

/// Only what says that the wrapped key itself is wrong means that the credentials are lost. A key
/// that is disabled, or forbidden to us, can be made to work again.
fn unseal_failure<E>(call: &'static str, error: &SdkError<E>) -> SealError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let code = error.as_service_error().and_then(|error| error.code());
    match code {
        Some("InvalidCiphertextException" | "IncorrectKeyException") => SealError::Broken,
        _ => unavailable(Failure::of(call, error)),
    }
}

fn unavailable(failure: Failure) -> SealError {
    SealError::Unavailable(Box::new(failure))
}

fn odd(call: &'static str) -> SealError {
    unavailable(Failure {
        call,
        code: "unreadable answer".to_owned(),
        message: "no key of 32 bytes".to_owned(),
    })
}
