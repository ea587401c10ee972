//! The master key in a file that only its owner can read, for a machine without KMS.
//!
//! The file holds one key of 32 bytes after another. The last one wraps; all of them unwrap, by
//! their number, so none may ever be taken out.
//!
//! To change the key: stop the server, `head -c 32 /dev/urandom >> data/key`, start it. New
//! credentials are sealed with the new key at once, old ones when they are entered again (connect
//! the account once more). If the old key is to be of no use to anybody, overwrite its 32 bytes with
//! random ones after that: what it still sealed is then lost, and asks for its credentials.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::ports::{Random, SealError};
use zeroize::Zeroizing;

use super::{Bound, DataKey, Envelopes, KEY_BYTES, Keeper, Key, decrypt, encrypt};

/// The form before there were envelopes: this byte, the key's number, the nonce, the ciphertext with
/// its tag.
const OLDER_FORM: u8 = 1;
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
pub type KeyFileSealer = Envelopes<KeyFile>;

/// Keys from a file. A wrapped key is the number of the key that wrapped it, a nonce, and the
/// ciphertext with its tag.
pub struct KeyFile {
    keys: Vec<Key>,
    random: Arc<dyn Random>,
}

impl KeyFileSealer {
    /// Reads the key file, or makes one with a new key (mode 0600).
    pub fn open(path: &Path, random: Arc<dyn Random>) -> Result<Self, BadKeyFile> {
        let keys = KeyFile::open(path, random.clone())?;
        Ok(Self::new(keys, random))
    }
}

impl KeyFile {
    fn open(path: &Path, random: Arc<dyn Random>) -> Result<Self, BadKeyFile> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let first = create(path, random.as_ref()).map_err(BadKeyFile::File)?;
                Zeroizing::new(first.to_vec())
            }
            Err(error) => return Err(BadKeyFile::File(error)),
        };
        let (keys, rest) = bytes.as_chunks::<KEY_BYTES>();
        if keys.is_empty() || !rest.is_empty() || keys.len() > KEYS_MOST {
            return Err(BadKeyFile::Length(bytes.len()));
        }
        let keys = keys.iter().map(|key| Key::new(*key)).collect();
        Ok(Self { keys, random })
    }

    fn key(&self, number: u8) -> Result<&Key, SealError> {
        self.keys.get(usize::from(number)).ok_or(SealError::Broken)
    }
}

/// Writes to another name first: a key file that was cut off half-way would lock everything.
fn create(path: &Path, random: &dyn Random) -> io::Result<Key> {
    let key = new_key(random);
    let unfinished = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(key.as_slice())?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    Ok(key)
}

fn new_key(random: &dyn Random) -> Key {
    let mut key = Key::default();
    let (first, second) = key.split_at_mut(KEY_BYTES / 2);
    first.copy_from_slice(&random.bits().to_be_bytes());
    second.copy_from_slice(&random.bits().to_be_bytes());
    key
}

#[async_trait]
impl Keeper for KeyFile {
    async fn fresh(&self, bound: &Bound) -> Result<DataKey, SealError> {
        let newest = u8::try_from(self.keys.len() - 1).map_err(|_| SealError::Broken)?;
        let plain = new_key(self.random.as_ref());
        let master = self.key(newest)?;
        let sealed = encrypt(master, bound, plain.as_slice(), self.random.as_ref())?;
        let wrapped = [&[newest], sealed.as_slice()].concat();
        Ok(DataKey { plain, wrapped })
    }

    async fn unwrapped(&self, bound: &Bound, wrapped: &[u8]) -> Result<Key, SealError> {
        let (number, sealed) = wrapped.split_first().ok_or(SealError::Broken)?;
        let plain = Zeroizing::new(decrypt(self.key(*number)?, bound, sealed)?);
        let plain = plain.as_slice().try_into();
        Ok(Key::new(plain.map_err(|_| SealError::Broken)?))
    }

    fn unseal_older(&self, bound: &Bound, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let ([form, number], sealed) = sealed.split_first_chunk::<2>().ok_or(SealError::Broken)?;
        if *form != OLDER_FORM {
            return Err(SealError::Broken);
        }
        decrypt(self.key(*number)?, bound, sealed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_engine::ports::{SealedFor, Sealer};
    use bulkhead_engine::testing::memory::SeededRandom;
    use bulkhead_shared::ids::{AccountId, UserId};
    use jiff::Timestamp;

    /// Whose credentials these tests seal.
    struct Whose {
        owner: UserId,
        account: AccountId,
    }

    impl Whose {
        fn new(owner: &str, account: u128) -> Self {
            Self {
                owner: owner.parse().unwrap(),
                account: AccountId::new(Timestamp::UNIX_EPOCH, account),
            }
        }

        fn own(&self) -> SealedFor<'_> {
            SealedFor {
                owner: &self.owner,
                account: &self.account,
            }
        }
    }

    fn bound(account: &str) -> Bound {
        Bound {
            account: account.to_owned(),
            owner: None,
        }
    }

    fn open(path: &Path, seed: u64) -> KeyFileSealer {
        KeyFileSealer::open(path, Arc::new(SeededRandom::new(seed))).unwrap()
    }

    /// Appends a key, as the module says.
    fn append_key(path: &Path, byte: u8) {
        let mut keys = std::fs::read(path).unwrap();
        keys.extend([byte; KEY_BYTES]);
        std::fs::write(path, keys).unwrap();
    }

    #[tokio::test]
    async fn unseals_what_it_sealed_also_after_a_restart() {
        let ann = Whose::new("ann", 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let sealed = open(&path, 1).seal(ann.own(), b"password").await.unwrap();
        assert!(!sealed.windows(8).any(|part| part == b"password"));
        let plain = open(&path, 2).unseal(ann.own(), &sealed).await.unwrap();
        assert_eq!(plain, b"password");
    }

    #[tokio::test]
    async fn another_account_owner_key_or_bit_does_not_unseal() {
        let ann = Whose::new("ann", 1);
        let folder = tempfile::tempdir().unwrap();
        let sealer = open(&folder.path().join("key"), 1);
        let sealed = sealer.seal(ann.own(), b"password").await.unwrap();
        for other in [Whose::new("ann", 2), Whose::new("bob", 1)] {
            assert!(sealer.unseal(other.own(), &sealed).await.is_err());
        }
        let other = open(&folder.path().join("other"), 2);
        assert!(other.unseal(ann.own(), &sealed).await.is_err());
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert!(sealer.unseal(ann.own(), &broken).await.is_err(), "{at}");
            assert!(sealer.unseal(ann.own(), &sealed[..at]).await.is_err());
        }
    }

    #[tokio::test]
    async fn each_credential_has_a_data_key_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let keys =
            KeyFile::open(&folder.path().join("key"), Arc::new(SeededRandom::new(1))).unwrap();
        let first = keys.fresh(&bound("acc_1")).await.unwrap();
        let second = keys.fresh(&bound("acc_1")).await.unwrap();
        assert_ne!(first.plain, second.plain);
        assert_ne!(first.plain, keys.keys[0]);
        let unwrapped = keys
            .unwrapped(&bound("acc_1"), &first.wrapped)
            .await
            .unwrap();
        assert_eq!(unwrapped, first.plain);
        assert!(
            keys.unwrapped(&bound("acc_2"), &first.wrapped)
                .await
                .is_err()
        );
    }

    #[tokio::test]
    async fn a_new_key_seals_and_the_old_one_still_unseals() {
        let ann = Whose::new("ann", 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let old = open(&path, 1).seal(ann.own(), b"old").await.unwrap();
        append_key(&path, 9);
        let sealer = open(&path, 2);
        let new = sealer.seal(ann.own(), b"new").await.unwrap();
        assert_eq!(sealer.unseal(ann.own(), &old).await.unwrap(), b"old");
        assert_eq!(sealer.unseal(ann.own(), &new).await.unwrap(), b"new");
    }

    #[tokio::test]
    async fn what_was_sealed_anew_needs_the_old_key_no_more() {
        let ann = Whose::new("ann", 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let old = open(&path, 1).seal(ann.own(), b"password").await.unwrap();
        append_key(&path, 9);
        let sealer = open(&path, 2);
        let plain = sealer.unseal(ann.own(), &old).await.unwrap();
        let anew = sealer.seal(ann.own(), &plain).await.unwrap();
        let mut keys = std::fs::read(&path).unwrap();
        keys[..KEY_BYTES].fill(0xdd);
        std::fs::write(&path, keys).unwrap();
        let without = open(&path, 3);
        assert_eq!(without.unseal(ann.own(), &anew).await.unwrap(), b"password");
        assert!(without.unseal(ann.own(), &old).await.is_err());
    }

    /// Sealed by the version before envelopes: key 0 is 32 times 7, the nonce 12 times 0.
    #[test]
    fn unseals_what_was_sealed_before_there_were_envelopes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, [7; KEY_BYTES]).unwrap();
        let mut older = [&[1, 0], [0; 12].as_slice()].concat();
        older.extend([
            0x11, 0xb9, 0xd7, 0xc1, 0x8c, 0xfd, 0x79, 0x8c, 0x8d, 0xa6, 0xbd, 0x9e, 0x39, 0x49,
            0x41, 0x51, 0xdb, 0xd0, 0x67, 0xeb, 0x3b, 0x53, 0x8d, 0xfe,
        ]);
        let keys = KeyFile::open(&path, Arc::new(SeededRandom::new(1))).unwrap();
        let unseal = |account, sealed: &[u8]| keys.unseal_older(&bound(account), sealed);
        assert_eq!(unseal("acc_1", &older).unwrap(), b"password");
        assert!(unseal("acc_2", &older).is_err());
        for at in 0..older.len() {
            let mut broken = older.clone();
            broken[at] ^= 1;
            assert!(unseal("acc_1", &broken).is_err(), "{at}");
        }
    }

    /// Sealed by the first release, for the account alone: key 0 is 32 times 7.
    #[tokio::test]
    async fn unseals_what_the_first_release_sealed() {
        let golden = "02003d0071bb54d8d101b5b9c34d0bff87097b4cd11f75105adbe84aeedae0c485c5dca2529d8443\
             ac8dcd66f7cc2ab74d8f341b1ebbdabe4de83b9dde6e54f2e099ec6cd7363ca585e7bb0f54ce815e\
             5b4f7e39ed06afe6e0435e671fdbe3771d114c87";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, [7; KEY_BYTES]).unwrap();
        let digits = golden.as_bytes().chunks(2);
        let digits = digits.map(|pair| std::str::from_utf8(pair).unwrap());
        let sealed: Vec<u8> = digits
            .map(|pair| u8::from_str_radix(pair, 16).unwrap())
            .collect();
        let sealer = open(&path, 9);
        let (ann, another) = (Whose::new("ann", 1), Whose::new("ann", 2));
        assert_eq!(ann.account.as_str(), "acc_00000000000000000000000001");
        assert_eq!(
            sealer.unseal(ann.own(), &sealed).await.unwrap(),
            b"password"
        );
        assert!(sealer.unseal(another.own(), &sealed).await.is_err());
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert!(sealer.unseal(ann.own(), &broken).await.is_err(), "{at}");
        }
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
