//! Credentials at rest: AES-256-GCM with a key from a file that only its owner can read.
//!
//! The file holds one key of 32 bytes after another. The last one seals; all of them unseal. To
//! change the key, append 32 random bytes; never remove one that still seals something.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use async_trait::async_trait;
use bulkhead_engine::ports::{Random, SealError, Sealer};

/// The sealed form: this byte, the key's number, the nonce, the ciphertext with its tag.
const FORM: u8 = 1;
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;
/// The key's number is one byte.
const KEYS_MOST: usize = 256;

/// The key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadKeyFile {
    /// It cannot be read or made.
    #[error("the key file cannot be read or made")]
    File(#[source] io::Error),
    /// It is not a whole number of keys.
    #[error("the key file is damaged: its {0} bytes are not one or more keys of {KEY_BYTES} bytes")]
    Length(usize),
}

/// Seals with keys from a file.
pub struct KeyFileSealer {
    keys: Vec<Aes256Gcm>,
    random: Arc<dyn Random>,
}

impl KeyFileSealer {
    /// Reads the key file, or makes one with a new key (mode 0600).
    pub fn open(path: &Path, random: Arc<dyn Random>) -> Result<Self, BadKeyFile> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(path, random.as_ref()).map_err(BadKeyFile::File)?
            }
            Err(error) => return Err(BadKeyFile::File(error)),
        };
        let (keys, rest) = bytes.as_chunks::<KEY_BYTES>();
        if keys.is_empty() || !rest.is_empty() || keys.len() > KEYS_MOST {
            return Err(BadKeyFile::Length(bytes.len()));
        }
        let keys = keys
            .iter()
            .map(|key| Aes256Gcm::new(&(*key).into()))
            .collect();
        Ok(Self { keys, random })
    }
}

/// Writes to another name first: a key file that was cut off half-way would lock everything.
fn create(path: &Path, random: &dyn Random) -> io::Result<Vec<u8>> {
    let halves = [random.bits().to_be_bytes(), random.bits().to_be_bytes()];
    let key = halves.concat();
    let unfinished = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(&key)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    Ok(key)
}

#[async_trait]
impl Sealer for KeyFileSealer {
    async fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let cipher = self.keys.last().ok_or(SealError::Broken)?;
        let number = u8::try_from(self.keys.len() - 1).map_err(|_| SealError::Broken)?;
        // 96 random bits: safe for far more credentials than anybody has.
        let random = self.random.bits().to_be_bytes();
        let (nonce, _) = random.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Broken)?;
        let payload = Payload {
            msg: plain,
            aad: context.as_bytes(),
        };
        let sealed = cipher
            .encrypt(&(*nonce).into(), payload)
            .map_err(|_| SealError::Broken)?;
        Ok([&[FORM, number], nonce.as_slice(), &sealed].concat())
    }

    async fn unseal(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let ([form, number], rest) = sealed.split_first_chunk::<2>().ok_or(SealError::Broken)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Broken)?;
        if *form != FORM {
            return Err(SealError::Broken);
        }
        let cipher = self.keys.get(usize::from(*number)).ok_or(SealError::Broken)?;
        let payload = Payload {
            msg: sealed,
            aad: context.as_bytes(),
        };
        cipher
            .decrypt(&(*nonce).into(), payload)
            .map_err(|_| SealError::Broken)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_engine::testing::memory::SeededRandom;

    fn open(path: &Path, seed: u64) -> KeyFileSealer {
        KeyFileSealer::open(path, Arc::new(SeededRandom::new(seed))).unwrap()
    }

    #[tokio::test]
    async fn unseals_what_it_sealed_also_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let sealed = open(&path, 1).seal("acc_1", b"password").await.unwrap();
        assert!(!sealed.windows(8).any(|part| part == b"password"));
        let plain = open(&path, 2).unseal("acc_1", &sealed).await.unwrap();
        assert_eq!(plain, b"password");
    }

    #[tokio::test]
    async fn another_context_key_or_bit_does_not_unseal() {
        let folder = tempfile::tempdir().unwrap();
        let sealer = open(&folder.path().join("key"), 1);
        let sealed = sealer.seal("acc_1", b"password").await.unwrap();
        assert!(sealer.unseal("acc_2", &sealed).await.is_err());
        let other = open(&folder.path().join("other"), 2);
        assert!(other.unseal("acc_1", &sealed).await.is_err());
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert!(sealer.unseal("acc_1", &broken).await.is_err(), "{at}");
            assert!(sealer.unseal("acc_1", &sealed[..at]).await.is_err());
        }
    }

    #[tokio::test]
    async fn a_new_key_seals_and_the_old_one_still_unseals() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let old = open(&path, 1).seal("a", b"old").await.unwrap();
        let mut keys = std::fs::read(&path).unwrap();
        keys.extend([9; KEY_BYTES]);
        std::fs::write(&path, keys).unwrap();
        let sealer = open(&path, 2);
        let new = sealer.seal("a", b"new").await.unwrap();
        assert_eq!((old[1], new[1]), (0, 1));
        assert_eq!(sealer.unseal("a", &old).await.unwrap(), b"old");
        assert_eq!(sealer.unseal("a", &new).await.unwrap(), b"new");
    }

    #[test]
    fn a_damaged_key_file_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, [1; 31]).unwrap();
        let opened = KeyFileSealer::open(&path, Arc::new(SeededRandom::new(1)));
        assert!(matches!(opened.err(), Some(BadKeyFile::Length(31))));
        assert_eq!(std::fs::read(&path).unwrap(), [1; 31]);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        open(&path, 1);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
