//! The hash that binds a confirmation to exactly what was previewed.
//!
//! It covers account, operation, settings and every item with its version, in order, so that a
//! change of any of them is another hash. Fed chunk by chunk: freezing 100,000 items needs no more
//! memory than freezing one.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::digest::common::hazmat::SerializableState;
use sha2::{Digest, Sha256};

use crate::ids::{AccountId, ItemId};
use crate::operations::Operation;
use crate::options::Settings;

/// SHA-256 over a frozen selection and what is to be done to it, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct ManifestHash(String);

impl fmt::Display for ManifestHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a hash has come, in hexadecimal: whoever goes on with it needs nothing of what it was fed so far.
///
/// The form is that of the library for this hash, and may change with it. So who goes on finishes it once, and
/// compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HashSoFar(String);

/// Feeds a manifest into its hash.
#[derive(Clone)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Starts with what is to be done and where.
    pub fn new(account: &AccountId, operation: &Operation, settings: &Settings) -> Self {
        let mut sha = Sha256::new();
        sha.update(b"bulkhead manifest 1\n");
        field(&mut sha, account.as_str().as_bytes());
        // Our own types, field order fixed by their definitions: the same text each time.
        field(&mut sha, &serde_json::to_vec(operation).unwrap_or_default());
        field(&mut sha, &serde_json::to_vec(settings).unwrap_or_default());
        Self(sha)
    }

    /// Whom the items are sent to, where that is somebody besides the account's provider. Right after the start.
    pub fn model(&mut self, model: &str) {
        self.0.update(b"model\n");
        field(&mut self.0, model.as_bytes());
    }

    /// The next item, with the version it had when it was frozen; none if it has none, or was gone.
    ///
    /// Most versions are numbers of eight bytes, and stand for themselves; eight zeros stand for none, and
    /// eight bytes 255, which no provider counts up to, for a length and so many bytes.
    pub fn item(&mut self, id: &ItemId, version: Option<&[u8]>) {
        field(&mut self.0, id.as_str().as_bytes());
        match version {
            None => self.0.update([0; 8]),
            Some(number) if number.len() == 8 => self.0.update(number),
            Some(bytes) => {
                self.0.update([u8::MAX; 8]);
                field(&mut self.0, bytes);
            }
        }
    }

    /// What is brought for the item before, where something is. No id is as long as the mark that stands
    /// before it.
    pub fn input(&mut self, input: &[u8]) {
        self.0.update([u8::MAX; 8]);
        field(&mut self.0, input);
    }

    /// How far it has come.
    pub fn so_far(&self) -> HashSoFar {
        HashSoFar(hex(&self.0.serialize()))
    }

    /// Goes on where one has come that was over `hash` so far. None if that is not to be had of it.
    pub fn resume(so_far: &HashSoFar, hash: &ManifestHash) -> Option<Self> {
        let state = unhex(&so_far.0)?;
        let state = state.as_slice().try_into().ok()?;
        let hasher = Self(Sha256::deserialize(state).ok()?);
        (hasher.clone().finish() == *hash).then_some(hasher)
    }

    /// The hash.
    pub fn finish(self) -> ManifestHash {
        ManifestHash(hex(&self.0.finalize()))
    }
}

/// Length first, so that no two sequences of fields read the same.
fn field(sha: &mut Sha256, bytes: &[u8]) {
    sha.update((bytes.len() as u64).to_be_bytes());
    sha.update(bytes);
}

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of some bytes, in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            use fmt::Write;
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits?;
    let pairs = pairs.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{Archive, Trash};
    use crate::options::{Brake, Settings};

    fn settings() -> Settings {
        Settings {
            batch_size: 10,
            parallel_chunks: 1,
            stop_on_error: false,
            retry_failed: true,
            max_retries: 2,
            delay_between_batches: 0.0,
            brake: Brake::default(),
            undo_days: 7,
        }
    }

    fn hasher(operation: &Operation) -> Hasher {
        let account = "acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
        Hasher::new(&account, operation, &settings())
    }

    fn hash(operation: &Operation, items: &[(&str, u64)]) -> ManifestHash {
        let mut hasher = hasher(operation);
        for (id, version) in items {
            hasher.item(&id.parse().unwrap(), Some(&version.to_be_bytes()));
        }
        hasher.finish()
    }

    #[test]
    fn any_difference_is_another_hash() {
        let archive = Operation::Archive(Archive {});
        let base = hash(&archive, &[("a", 1), ("b", 2)]);
        assert_eq!(base, hash(&archive, &[("a", 1), ("b", 2)]));
        assert_eq!(base.to_string().len(), 64);
        for other in [
            hash(&Operation::Trash(Trash {}), &[("a", 1), ("b", 2)]),
            hash(&archive, &[("b", 2), ("a", 1)]),
            hash(&archive, &[("a", 1), ("b", 3)]),
            hash(&archive, &[("a", 1)]),
            hash(&archive, &[("ab", 1), ("b", 2)]),
        ] {
            assert_ne!(base, other);
        }
    }

    /// A hash over so many items, and the one over those with the others.
    fn in_two_parts(first: u64, others: u64) -> (Hasher, ManifestHash) {
        let mut hasher = hasher(&Operation::Archive(Archive {}));
        feed(&mut hasher, 0..first);
        let mut whole = hasher.clone();
        feed(&mut whole, first..first + others);
        (hasher, whole.finish())
    }

    fn feed(hasher: &mut Hasher, items: std::ops::Range<u64>) {
        for item in items {
            hasher.item(&format!("item-{item}").parse().unwrap(), None);
        }
    }

    #[test]
    fn a_hash_goes_on_where_another_one_has_come() {
        // Items of different lengths, so that it stops at each place in a block.
        for first in 0..130 {
            let (hasher, whole) = in_two_parts(first, 10);
            let stored = serde_json::to_string(&hasher.so_far()).unwrap();
            let so_far = serde_json::from_str(&stored).unwrap();
            let mut resumed = Hasher::resume(&so_far, &hasher.finish()).unwrap();
            feed(&mut resumed, first..first + 10);
            assert_eq!(resumed.finish(), whole, "after {first}");
        }
    }

    #[test]
    fn what_was_stored_of_a_hash_is_gone_on_with() {
        let (hasher, _) = in_two_parts(7, 0);
        let stored = concat!(
            "1691835e25c59f4c78d5510ae64f92b1dafcc057b22cb9e31f99dabb7d53aa45060000000000000031",
            "000000000000000000000000066974656d2d35000000000000000000000000000000066974656d2d36",
            "00000000000000000000000000000000000000000000"
        );
        assert_eq!(hasher.so_far(), HashSoFar(stored.to_owned()));
    }

    #[test]
    fn a_hash_goes_on_from_nothing_but_what_it_was() {
        let (hasher, other) = in_two_parts(7, 1);
        let so_far = hasher.so_far();
        let hash = hasher.finish();
        assert!(Hasher::resume(&so_far, &hash).is_some());
        assert!(Hasher::resume(&so_far, &other).is_none());
        let HashSoFar(text) = so_far;
        for text in [
            "",
            "0",
            "zz",
            &text[2..],
            &format!("{text}00"),
            &"ff".repeat(105),
        ] {
            assert!(
                Hasher::resume(&HashSoFar(text.into()), &hash).is_none(),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_brought_for_an_item_is_part_of_the_hash() {
        let hash = |inputs: [Option<&[u8]>; 2]| {
            let mut hasher = hasher(&Operation::Archive(Archive {}));
            for (id, input) in ["a", "b"].iter().zip(inputs) {
                hasher.item(&id.parse().unwrap(), None);
                if let Some(input) = input {
                    hasher.input(input);
                }
            }
            hasher.finish().to_string()
        };
        let all = [
            [None, None],
            [Some(&b""[..]), None],
            [None, Some(b"")],
            [Some(b"x"), Some(b"y")],
            [Some(b"xy"), Some(b"")],
            [Some(b"y"), Some(b"x")],
        ];
        let hashes: std::collections::BTreeSet<String> = all.into_iter().map(hash).collect();
        assert_eq!(hashes.len(), all.len());
    }

    /// One item whose version reads like the end of another one and an item behind it.
    #[test]
    fn no_version_passes_for_another_item() {
        let hash = |items: &[(&str, &[u8])]| {
            let mut hasher = hasher(&Operation::Archive(Archive {}));
            for (id, version) in items {
                hasher.item(&id.parse().unwrap(), Some(version));
            }
            hasher.finish()
        };
        let (first, second) = (7_u64.to_be_bytes(), 8_u64.to_be_bytes());
        let both = [first.as_slice(), &1_u64.to_be_bytes(), b"b", &second].concat();
        assert_ne!(
            hash(&[("a", &first), ("b", &second)]),
            hash(&[("a", &both)])
        );
    }

    /// The first example of FIPS 180-4.
    #[test]
    fn a_hash_is_what_everybody_calls_sha_256() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), abc);
        assert_eq!(hex(&sha256(b"abc")), abc);
    }

    #[test]
    fn versions_of_any_length_are_told_apart() {
        let hash = |versions: &[Option<&[u8]>]| {
            let mut hasher = hasher(&Operation::Archive(Archive {}));
            for version in versions {
                hasher.item(&"a".parse().unwrap(), *version);
            }
            hasher.finish()
        };
        let all: [&[Option<&[u8]>]; 7] = [
            &[None],
            &[Some(b"")],
            &[Some(b"\0")],
            &[Some(&1u64.to_be_bytes())],
            &[Some(b"\"3-abc\"")],
            &[Some(b"\"3-abc\""), None],
            &[Some(b"\"3-abd\"")],
        ];
        let hashes: std::collections::BTreeSet<String> = all
            .iter()
            .map(|versions| hash(versions).to_string())
            .collect();
        assert_eq!(hashes.len(), all.len());
    }
}
