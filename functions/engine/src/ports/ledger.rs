//! What is about to leave, noted in a place that is not put back together with the table.

use async_trait::async_trait;
use bulkhead_shared::hash::hex;
use bulkhead_shared::ids::JobId;
use jiff::Timestamp;

/// The ledger did not take or tell notes. What it was to note has not left.
#[derive(Debug, thiserror::Error)]
#[error("what is about to leave cannot be noted or looked up")]
pub struct LedgerError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// One thing that is about to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Which note of its chunk it is, from 1. The table counts them too; a table that has counted fewer is an
    /// older one that was put back.
    pub number: u64,
    /// The item's place in its chunk.
    pub place: u32,
    /// SHA-256 of the finished bytes.
    pub sha256: [u8; 32],
}

impl Note {
    /// Characters of a note as text, always as many.
    pub const CHARS: usize = 12 + 1 + 6 + 1 + 64;

    /// A note that was written as text; none of anything else.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (number, place, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let mut sha256 = [0; 32];
        for (at, byte) in sha256.iter_mut().enumerate() {
            *byte = u8::from_str_radix(hash.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        let note = Self {
            number: number.parse().ok()?,
            place: place.parse().ok()?,
            sha256,
        };
        (text.len() == Self::CHARS && note.to_string() == text).then_some(note)
    }
}

impl std::fmt::Display for Note {
    /// As adapters keep it: of one length, and fit for a file's name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            number,
            place,
            sha256,
        } = self;
        write!(f, "{number:012}-{place:06}-{}", hex(sha256))
    }
}

/// Keeps notes of each chunk of each job, for as long as the table keeps what the chunk is made of
/// ([`CONTENT_DAYS`](bulkhead_shared::limits::CONTENT_DAYS)).
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Keeps these. Once this answers they are kept, whatever happens to the process or to the power.
    async fn note(&self, job: &JobId, chunk: u32, notes: &[Note]) -> Result<(), LedgerError>;

    /// All that is kept of a chunk, in the order of the numbers.
    async fn read(&self, job: &JobId, chunk: u32) -> Result<Vec<Note>, LedgerError>;

    /// Whether notes may lack of this chunk, of a job that began then, because ledger and table lie so close that
    /// both may have been put back at once.
    fn may_lack(&self, _job: &JobId, _chunk: u32, _began: Timestamp) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_note_is_text_of_one_length_and_back() {
        let note = Note {
            number: 41,
            place: 999,
            sha256: [0xab; 32],
        };
        let text = note.to_string();
        assert_eq!(text, format!("000000000041-000999-{}", "ab".repeat(32)));
        assert_eq!((text.len(), Note::read(&text)), (Note::CHARS, Some(note)));
        let large = Note {
            number: 999_999_999_999,
            place: 999_999,
            ..note
        };
        assert_eq!(Note::read(&large.to_string()), Some(large));
    }

    #[test]
    fn what_is_no_note_is_none() {
        let note = Note {
            number: 1,
            place: 2,
            sha256: [3; 32],
        };
        let text = note.to_string();
        let too_long = Note {
            number: 1_000_000_000_000,
            ..note
        };
        let odd = [
            String::new(),
            too_long.to_string(),
            format!("{text}-"),
            text[..text.len() - 1].to_owned(),
            format!("{text}0"),
            text.replacen('0', "+", 1),
            text.replace("03", "0g"),
            text.replacen('-', "_", 1),
            format!("é{}", &text[2..]),
        ];
        for odd in odd {
            assert_eq!(Note::read(&odd), None, "{odd}");
        }
    }
}
