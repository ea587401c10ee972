//! Cuts a file into the pieces of an upload. What is large S3 copies by itself; what is too small to
//! be copied has to be read and sent, together with its neighbours.
//!
//! S3's rules ("Amazon S3 multipart upload limits"; `UploadPartCopy`): 10,000 pieces at most, none larger
//! than 5 GiB, none but the last smaller than 5 MiB. A copied piece comes from one file, and only a file
//! of more than 5 MB is copied in ranges.

use std::ops::Range;

use bytes::Bytes;
use object_store::path::Path;

/// Bytes of a piece at least, but for the last one.
const LEAST: u64 = 5 << 20;
/// Bytes of a copied piece at most: several are copied side by side, and none takes long.
const COPIED_MOST: u64 = 128 << 20;
/// Pieces at most.
const PIECES_MOST: u64 = 10_000;

/// Where a section's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Text(Bytes),
    Part(Part),
}

/// A part in the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) path: Path,
    pub(super) bytes: u64,
}

/// Consecutive bytes of a part, never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch<'a> {
    pub(super) part: &'a Part,
    pub(super) bytes: Range<u64>,
}

/// Consecutive bytes of one section, never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Snippet<'a> {
    Text(Bytes),
    Part(Stretch<'a>),
}

/// A piece of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Read and sent together.
    Sent(Vec<Snippet<'a>>),
    /// Copied by S3.
    Copied(Stretch<'a>),
}

/// The pieces of a file of these sections, in order.
///
/// A piece to be sent is filled from what follows, also from the beginning of a large part, and not
/// further than needed. So each piece but the last has at least `least` bytes, and `least` is large
/// enough that there are never too many.
pub(super) fn pieces(sections: &[Source]) -> Vec<Piece<'_>> {
    let total: u64 = sections.iter().map(Source::bytes).sum();
    let least = total.div_ceil(PIECES_MOST - 1).max(LEAST);
    let most = COPIED_MOST.max(2 * least);
    let mut pieces = Vec::new();
    let mut filling = Filling::default();
    for section in sections {
        let mut left = 0..section.bytes();
        while !left.is_empty() {
            if let Source::Part(part) = section
                && filling.bytes == 0
                && length(&left) >= least
            {
                let stretches = shares(left, most).map(|bytes| Stretch { part, bytes });
                pieces.extend(stretches.map(Piece::Copied));
                break;
            }
            let end = left.end.min(left.start + least - filling.bytes);
            filling.add(section, left.start..end);
            left.start = end;
            if filling.bytes == least {
                pieces.push(filling.take());
            }
        }
    }
    if filling.bytes > 0 {
        pieces.push(filling.take());
    }
    pieces
}

impl Source {
    fn bytes(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Part(part) => part.bytes,
        }
    }
}

impl Stretch<'_> {
    /// Whether it is all of its part.
    pub(super) fn is_whole(&self) -> bool {
        self.bytes == (0..self.part.bytes)
    }
}

/// Equal shares, so that none is small.
fn shares(bytes: Range<u64>, most: u64) -> impl Iterator<Item = Range<u64>> {
    let count = length(&bytes).div_ceil(most);
    let cut = move |share| bytes.start + length(&bytes) * share / count;
    (0..count).map(move |share| cut(share)..cut(share + 1))
}

fn length(bytes: &Range<u64>) -> u64 {
    bytes.end - bytes.start
}

/// A piece to be sent that is not full yet.
#[derive(Default)]
struct Filling<'a> {
    snippets: Vec<Snippet<'a>>,
    bytes: u64,
}

impl<'a> Filling<'a> {
    fn add(&mut self, section: &'a Source, bytes: Range<u64>) {
        self.bytes += length(&bytes);
        self.snippets.push(match section {
            // What is in memory has lengths that fit.
            Source::Text(text) => {
                Snippet::Text(text.slice(bytes.start as usize..bytes.end as usize))
            }
            Source::Part(part) => Snippet::Part(Stretch { part, bytes }),
        });
    }

    fn take(&mut self) -> Piece<'a> {
        Piece::Sent(std::mem::take(self).snippets)
    }
}

#[cfg(test)]
mod tests;
