//! Packed records: what belongs to all items of one chunk, in one row.
//!
//! DynamoDB charges by the kilobyte written, so a thousand outcomes in one packed row cost a
//! handful of write units where a thousand rows would cost a thousand. The lists are repetitive and
//! shrink to a few bytes an item.
//!
//! ```text
//! form 2:  2 · kind · schema · pieces · checksum (8 bytes) · deflated body
//! form 1:  1 · deflated body, in schema 1
//! ```
//!
//! The checksum is the beginning of the SHA-256 over kind, schema and the deflated body. A body that
//! is too large for a row goes on in `pieces` further rows, which are named after the checksum: no
//! two contents ever share a piece, so pieces are stored before the row that names them, and no reader
//! mixes two writes.

use std::io::{Read, Write};
use std::iter::repeat_with;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};

use super::schema::Packable;
pub use crate::unreadable::{Newer, NotStorable, Unreadable};

/// The form written today.
const FORM: u8 = 2;
/// The form before that had a kind, a schema and a checksum.
const BARE_FORM: u8 = 1;
/// The schema of everything in [`BARE_FORM`].
const BARE_SCHEMA: u8 = 1;
/// Bytes of a checksum.
const CHECKSUM: usize = 8;
/// Bytes before the body.
const HEADER: usize = 4 + CHECKSUM;
/// Bytes of a packed record that go into one row. DynamoDB's limit for an item is 409,600 bytes with
/// its keys and the names of its attributes; a job's keys are far shorter than what is left.
const ROW_BYTES_MOST: usize = 380_000;
/// More than any record holds: a damaged or hostile row must not fill the memory.
pub const PLAIN_BYTES_MOST: usize = 64 * 1024 * 1024;

/// A packed record, cut so that each part fits into a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The first row's bytes: the header and as much as fits.
    pub head: Vec<u8>,
    /// The bytes of the rows in which it goes on. Mostly none.
    pub pieces: Vec<Vec<u8>>,
    /// What the pieces are named after.
    pub stamp: String,
}

/// Packs a record in the schema of today.
pub fn pack<T: Packable>(record: &T) -> Result<Packed, NotStorable> {
    seal(T::KIND as u8, T::SCHEMA, &record.encode()?)
}

/// Unpacks a record of any schema that was ever released. `pieces` are those that [`continued`] names.
pub fn unpack<T: Packable>(head: &[u8], pieces: &[Vec<u8>]) -> Result<T, Unreadable> {
    let (schema, plain) = open(T::KIND as u8, head, pieces)?;
    T::decode(schema, &plain)
}

/// How many rows go on with the record that begins so, and what they are named after. None are named by
/// what cannot be read.
pub fn continued(head: &[u8]) -> (u8, String) {
    match head.split_at_checked(HEADER) {
        Some((&[FORM, _, _, pieces, ref checksum @ ..], _)) => (pieces, hex(checksum)),
        _ => (0, String::new()),
    }
}

fn seal(kind: u8, schema: u8, plain: &[u8]) -> Result<Packed, NotStorable> {
    if plain.len() > PLAIN_BYTES_MOST {
        return Err(NotStorable::TooLarge(plain.len()));
    }
    let body = deflate(plain).map_err(|error| NotStorable::Encoding(error.into()))?;
    let checksum = checksum(kind, schema, [body.as_slice()]);
    let (first, rest) = body.split_at(body.len().min(ROW_BYTES_MOST - HEADER));
    let pieces: Vec<Vec<u8>> = rest.chunks(ROW_BYTES_MOST).map(<[u8]>::to_vec).collect();
    let count = u8::try_from(pieces.len()).map_err(|_| NotStorable::TooLarge(plain.len()))?;
    let mut head = vec![FORM, kind, schema, count];
    head.extend(checksum);
    head.extend_from_slice(first);
    Ok(Packed {
        head,
        pieces,
        stamp: hex(&checksum),
    })
}

/// The schema and the plain body of a row of this kind.
fn open(kind: u8, head: &[u8], pieces: &[Vec<u8>]) -> Result<(u8, Vec<u8>), Unreadable> {
    match head {
        [BARE_FORM, body @ ..] => Ok((BARE_SCHEMA, inflate(&[body])?)),
        [FORM, stored_kind, schema, count, rest @ ..] => {
            let (sum, first) = rest
                .split_at_checked(CHECKSUM)
                .ok_or(Unreadable::Damaged("it is cut off", None))?;
            let parts: Vec<&[u8]> = [first]
                .into_iter()
                .chain(pieces.iter().map(Vec::as_slice))
                .collect();
            let is_whole = usize::from(*count) == pieces.len();
            if !is_whole || checksum(*stored_kind, *schema, parts.iter().copied()) != sum {
                return Err(Unreadable::Damaged("its checksum is another one", None));
            }
            if *stored_kind != kind {
                return Err(Unreadable::Damaged("it is of another kind", None));
            }
            Ok((*schema, inflate(&parts)?))
        }
        [form, ..] if *form > FORM => Err(Unreadable::Newer(Newer::Form(*form))),
        _ => Err(Unreadable::Damaged("it has no form", None)),
    }
}

fn checksum<'a>(kind: u8, schema: u8, parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; CHECKSUM] {
    let mut sha = Sha256::new();
    sha.update([kind, schema]);
    parts.into_iter().for_each(|part| sha.update(part));
    let mut sum = [0; CHECKSUM];
    sum.iter_mut()
        .zip(sha.finalize())
        .for_each(|(to, from)| *to = from);
    sum
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn deflate(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}

fn inflate(parts: &[&[u8]]) -> Result<Vec<u8>, Unreadable> {
    let packed: &[u8] = &parts.concat();
    let mut plain = Vec::with_capacity(packed.len() * 4);
    DeflateDecoder::new(packed)
        .take(PLAIN_BYTES_MOST as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|error| Unreadable::Damaged("it cannot be inflated", Some(error.into())))?;
    if plain.len() > PLAIN_BYTES_MOST {
        return Err(Unreadable::Damaged("it is larger than any", None));
    }
    Ok(plain)
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
        Err(Unreadable::Damaged("it has not one for each item", None))
    }
}

#[cfg(test)]
mod tests;
