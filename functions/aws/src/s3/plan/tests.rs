//! What S3 and the order of a file want of its pieces.
#![allow(clippy::panic)]

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;

const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

fn part(bytes: u64) -> Source {
    let path = Path::from("part");
    Source::Part(Part { path, bytes })
}

fn parts(bytes: &[u64]) -> Vec<Source> {
    bytes.iter().copied().map(part).collect()
}

fn text(text: &'static str) -> Source {
    Source::Text(Bytes::from_static(text.as_bytes()))
}

fn stretch(section: &Source, bytes: Range<u64>) -> Stretch<'_> {
    let Source::Part(part) = section else {
        panic!("no part: {section:?}");
    };
    Stretch { part, bytes }
}

fn snippet(section: &Source, bytes: Range<u64>) -> Snippet<'_> {
    Snippet::Part(stretch(section, bytes))
}

fn copied(section: &Source, bytes: Range<u64>) -> Piece<'_> {
    Piece::Copied(stretch(section, bytes))
}

impl Snippet<'_> {
    fn bytes(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Part(stretch) => length(&stretch.bytes),
        }
    }

    /// Whether it goes on with this section from here.
    fn is_of(&self, section: &Source, at: u64) -> bool {
        match (self, section) {
            (Self::Text(text), Source::Text(whole)) => whole[at as usize..].starts_with(text),
            (Self::Part(stretch), Source::Part(part)) => {
                std::ptr::eq(stretch.part, part) && stretch.bytes.start == at
            }
            _ => false,
        }
    }
}

impl<'a> Piece<'a> {
    fn snippets(&self) -> Vec<Snippet<'a>> {
        match self {
            Self::Sent(snippets) => snippets.clone(),
            Self::Copied(stretch) => vec![Snippet::Part(stretch.clone())],
        }
    }

    fn bytes(&self) -> u64 {
        self.snippets().iter().map(Snippet::bytes).sum()
    }
}

/// The pieces, once everything was checked that has to be so with any.
fn checked(sections: &[Source]) -> Vec<Piece<'_>> {
    let pieces = pieces(sections);
    let mut snippets = pieces.iter().flat_map(Piece::snippets);
    for section in sections {
        let mut at = 0;
        while at < section.bytes() {
            let next = snippets
                .next()
                .unwrap_or_else(|| panic!("cut off in {section:?}"));
            assert!(next.is_of(section, at), "in order, each once: {next:?}");
            assert!(next.bytes() > 0, "{next:?}");
            at += next.bytes();
        }
        assert_eq!(at, section.bytes(), "no further than there is");
    }
    assert_eq!(snippets.next(), None);
    let but_last = &pieces[..pieces.len().saturating_sub(1)];
    assert!(but_last.iter().all(|piece| piece.bytes() >= LEAST));
    assert!(pieces.iter().all(|piece| piece.bytes() <= 5 * GIB));
    assert!(pieces.len() <= 10_000, "{}", pieces.len());
    for piece in &pieces {
        if let Piece::Copied(stretch) = piece {
            let may_have_ranges = stretch.part.bytes > LEAST;
            assert!(may_have_ranges || stretch.is_whole(), "{stretch:?}");
        }
    }
    pieces
}

fn bytes_sent(pieces: &[Piece<'_>]) -> u64 {
    let sent = pieces.iter().filter(|it| matches!(it, Piece::Sent(_)));
    sent.map(Piece::bytes).sum()
}

#[test]
fn nothing_makes_no_pieces() {
    assert_eq!(checked(&[]), []);
    assert_eq!(checked(&[part(0), text(""), part(0)]), []);
}

#[test]
fn what_is_small_is_one_piece_to_be_sent() {
    let single = part(1);
    let expected = Piece::Sent(vec![snippet(&single, 0..1)]);
    assert_eq!(checked(std::slice::from_ref(&single)), [expected]);

    let json = [text("[\n"), part(700), text(",\n"), part(0), text("]")];
    let together = vec![
        Snippet::Text(Bytes::from_static(b"[\n")),
        snippet(&json[1], 0..700),
        Snippet::Text(Bytes::from_static(b",\n")),
        Snippet::Text(Bytes::from_static(b"]")),
    ];
    assert_eq!(checked(&json), [Piece::Sent(together)]);
}

#[test]
fn large_parts_are_copied_whole() {
    let large = parts(&[LEAST, LEAST + 1, COPIED_MOST]);
    let whole = large.iter().map(|part| copied(part, 0..part.bytes()));
    assert_eq!(checked(&large), whole.collect::<Vec<_>>());
}

#[test]
fn a_small_run_takes_what_it_lacks_from_the_large_part_behind_it() {
    let lacking = LEAST - 30;
    let sections = parts(&[10, 20, COPIED_MOST, 7]);
    let [ten, twenty, large, seven] = sections.as_slice() else {
        panic!("four");
    };
    let run = vec![
        snippet(ten, 0..10),
        snippet(twenty, 0..20),
        snippet(large, 0..lacking),
    ];
    let expected = [
        Piece::Sent(run),
        copied(large, lacking..COPIED_MOST),
        Piece::Sent(vec![snippet(seven, 0..7)]),
    ];
    assert_eq!(checked(&sections), expected);
}

#[test]
fn what_is_left_of_a_part_and_too_small_begins_the_next_run() {
    let sections = parts(&[1, LEAST + 4, 2 * LEAST]);
    let [first, middle, last] = sections.as_slice() else {
        panic!("three");
    };
    let taken = vec![snippet(first, 0..1), snippet(middle, 0..LEAST - 1)];
    let rest = vec![
        snippet(middle, LEAST - 1..LEAST + 4),
        snippet(last, 0..LEAST - 5),
    ];
    let expected = [
        Piece::Sent(taken),
        Piece::Sent(rest),
        copied(last, LEAST - 5..2 * LEAST),
    ];
    assert_eq!(checked(&sections), expected);
}

#[test]
fn a_long_text_is_sent() {
    let sections = [Source::Text(vec![b'x'; 2 * LEAST as usize + 1].into())];
    let pieces = checked(&sections);
    let bytes: Vec<u64> = pieces.iter().map(Piece::bytes).collect();
    assert_eq!(bytes, [LEAST, LEAST, 1]);
}

#[test]
fn a_huge_part_is_copied_in_equal_ranges() {
    let huge = part(COPIED_MOST + 1);
    let half = COPIED_MOST / 2;
    let halves = [copied(&huge, 0..half), copied(&huge, half..COPIED_MOST + 1)];
    assert_eq!(checked(std::slice::from_ref(&huge)), halves);

    let hugest = [part(5 * TIB)];
    let pieces = checked(&hugest);
    assert!(pieces.len() > 4_000, "{}", pieces.len());
    assert_eq!(bytes_sent(&pieces), 0);
}

#[test]
fn there_are_never_too_many_pieces() {
    // Enough small parts for more than 10,000 pieces of 5 MiB.
    let small = parts(&vec![1 << 20; 60_000]);
    assert!(checked(&small).len() > 9_000);
    checked(&parts(&[1, 2 * LEAST].repeat(12_000)));
    checked(&parts(&vec![LEAST; 10_001]));
    checked(&parts(&[5 * TIB - 1, 1]));
}

#[test]
fn little_is_sent_where_parts_are_large() {
    // 30 GB in chunks of 40 MB, and now and then one that was cut short.
    let bytes = |chunk| if chunk % 50 == 7 { 90_000 } else { 40_000_000 };
    let sections: Vec<Source> = (0..800).map(bytes).map(part).collect();
    assert_eq!(bytes_sent(&checked(&sections)), 16 * LEAST);
}

#[test]
fn keeps_the_rules_whatever_the_lengths() {
    let mut random = StdRng::seed_from_u64(1);
    let edges = [
        0,
        1,
        LEAST - 1,
        LEAST,
        LEAST + 1,
        COPIED_MOST,
        COPIED_MOST + 1,
        100 * GIB,
    ];
    let words = ["", "[", ",\n"];
    for _ in 0..3_000 {
        let most = [100, LEAST, 3 * LEAST, GIB][random.random_range(0..4)];
        let sections: Vec<Source> = (0..random.random_range(0..40))
            .map(|_| match random.random_range(0..8) {
                0 => text(words[random.random_range(0..words.len())]),
                1 => part(edges[random.random_range(0..edges.len())]),
                _ => part(random.random_range(0..most)),
            })
            .collect();
        checked(&sections);
    }
}
