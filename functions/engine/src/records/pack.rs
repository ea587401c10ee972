//! Packed records: what belongs to all items of one chunk, in one row.
//!
//! DynamoDB charges by the kilobyte written, so a thousand outcomes in one packed row cost a
//! handful of write units where a thousand rows would cost a thousand. The form is a version byte,
//! then postcard, deflated: the lists are repetitive and shrink to a few bytes an item.

use std::io::{Read, Write};
use std::iter::repeat_with;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The form written today. Readers refuse what they do not know.
const FORM: u8 = 1;
/// More than any chunk can hold: a damaged or hostile row must not fill the memory.
const UNPACKED_BYTES_MOST: u64 = 64 * 1024 * 1024;

/// A packed record cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Written by a later version of this program.
    #[error("packed in form {0}, which this version does not know")]
    Form(u8),
    /// Empty, cut off or damaged.
    #[error("packed record is damaged")]
    Damaged(#[source] Option<Box<dyn std::error::Error + Send + Sync>>),
}

/// Packs a value.
pub fn pack<T: Serialize>(value: &T) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(vec![FORM], Compression::fast());
    // Our own plain data always serialises, and writing to memory cannot fail.
    if let Ok(bytes) = postcard::to_stdvec(value) {
        let _ = encoder.write_all(&bytes);
    }
    encoder.finish().unwrap_or_default()
}

/// Unpacks what [`pack`] made.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    match bytes.split_first() {
        Some((&FORM, rest)) => {
            let mut plain = Vec::with_capacity(rest.len() * 4);
            DeflateDecoder::new(rest)
                .take(UNPACKED_BYTES_MOST)
                .read_to_end(&mut plain)
                .map_err(|error| Unreadable::Damaged(Some(error.into())))?;
            postcard::from_bytes(&plain).map_err(|error| Unreadable::Damaged(Some(error.into())))
        }
        Some((&form, _)) => Err(Unreadable::Form(form)),
        None => Err(Unreadable::Damaged(None)),
    }
}

/// What a row holds for each item of a chunk; nothing for any where there is no row. A list of
/// another length would give items what belongs to others, so nothing is told from it.
pub fn one_each<T>(
    list: Option<Vec<Option<T>>>,
    items: usize,
) -> Result<Vec<Option<T>>, Unreadable> {
    let list = list.unwrap_or_else(|| repeat_with(|| None).take(items).collect());
    if list.len() == items {
        Ok(list)
    } else {
        Err(Unreadable::Damaged(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_and_small() {
        let ids: Vec<String> = (0..1000).map(|n| format!("INBOX/1700000000/{n}")).collect();
        let packed = pack(&ids);
        assert!(packed.len() < 8_000, "{} bytes", packed.len());
        assert_eq!(unpack::<Vec<String>>(&packed).unwrap(), ids);
    }

    #[test]
    fn damage_is_an_error_and_no_panic() {
        let packed = pack(&vec![1u64, 2, 3]);
        assert!(matches!(
            unpack::<Vec<u64>>(&[]),
            Err(Unreadable::Damaged(_))
        ));
        assert!(matches!(
            unpack::<Vec<u64>>(&[9, 1, 2]),
            Err(Unreadable::Form(9))
        ));
        for cut in 1..packed.len() {
            let _ = unpack::<Vec<u64>>(&packed[..cut]);
        }
    }
}
