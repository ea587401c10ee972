//! From a file to cards.

use super::property::Property;
use super::{CARD_BYTES, CARD_LINES, CARDS_PER_FILE, Card, Line, Version, lines};
use crate::words;

/// Why there is no card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", words::vcard_line(&.line.to_string(), &.fault.to_string()))]
pub struct CardError {
    /// Counted from one.
    pub line: usize,
    /// What is wrong.
    pub fault: Fault,
}

impl Card {
    /// Reads exactly one card, as a CardDAV server keeps it.
    pub fn read(bytes: &[u8]) -> Result<Self, CardError> {
        one(bytes)
    }

    /// Its version; 3.0 where it names none that is known, because that is what cards without a version
    /// mostly are.
    pub fn version(&self) -> Version {
        version(self.lines.iter().map(|line| line.raw.as_slice()))
    }
}

/// What is wrong with a file of cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Something else than a card, or nothing at all.
    #[error("{}", words::vcard_no_card())]
    NoCard,
    /// The next card begins, or the file ends, inside of this one.
    #[error("{}", words::vcard_not_ended())]
    NotEnded,
    /// More than [`CARD_BYTES`] or [`CARD_LINES`].
    #[error("{}", words::vcard_too_large())]
    TooLarge,
    /// More than [`CARDS_PER_FILE`].
    #[error("{}", words::vcard_too_many())]
    TooMany,
    /// More than one where one is asked for.
    #[error("{}", words::vcard_not_one())]
    NotOne,
    /// A file in UTF-16.
    #[error("{}", words::vcard_utf16())]
    Utf16,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Every card of a file, or why there is none at its place: one that cannot be read takes none of the
/// others along. An error means that nothing of the file could be used.
pub fn cards(bytes: &[u8]) -> Result<Vec<Result<Card, CardError>>, CardError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(error(1, Fault::Utf16));
    }
    let mut reader = Reader { bytes, line: 1 };
    let mut cards: Vec<Result<Card, CardError>> = Vec::new();
    while let Some(card) = reader.card() {
        if cards.len() == CARDS_PER_FILE {
            return Err(error(reader.line, Fault::TooMany));
        }
        cards.push(card);
    }
    let after = reader.bytes.to_vec();
    match cards.last_mut() {
        Some(Ok(card)) => card.after = after,
        Some(Err(_)) => {}
        None => return Err(error(1, Fault::NoCard)),
    }
    Ok(cards)
}

fn one(bytes: &[u8]) -> Result<Card, CardError> {
    let mut cards = cards(bytes)?.into_iter();
    match (cards.next(), cards.next()) {
        (Some(card), None) => card,
        (_, Some(_)) => Err(error(1, Fault::NotOne)),
        (None, None) => Err(error(1, Fault::NoCard)),
    }
}

/// The version that a card's lines name.
fn version<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Version {
    for line in lines {
        let line = lines::content(line).trim_ascii_end();
        let Some((name, value)) = line.split_at_checked(b"VERSION:".len()) else {
            continue;
        };
        if name.eq_ignore_ascii_case(b"VERSION:") {
            return match value.trim_ascii() {
                b"2.1" => Version::V2_1,
                b"4.0" => Version::V4_0,
                _ => Version::V3_0,
            };
        }
    }
    Version::V3_0
}

fn error(line: usize, fault: Fault) -> CardError {
    CardError { line, fault }
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// The number of the next line.
    line: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        self.line += taken.iter().filter(|&&byte| byte == b'\n').count();
        taken
    }

    /// The next card; none if only empty lines are left.
    fn card(&mut self) -> Option<Result<Card, CardError>> {
        let blank = self.blank();
        if blank == self.bytes.len() {
            return None;
        }
        let before = self.take(blank).to_vec();
        let start = self.line;
        if !lines::is(lines::next(self.bytes), "BEGIN:VCARD") {
            self.skip();
            return Some(Err(error(start, Fault::NoCard)));
        }
        Some(self.body(start).map(|lines| Card {
            before,
            lines,
            after: Vec::new(),
        }))
    }

    /// How many bytes of empty lines, and of a byte order mark, come first.
    fn blank(&self) -> usize {
        let mut length = 0;
        loop {
            let rest = &self.bytes[length..];
            if rest.starts_with(BOM) {
                length += BOM.len();
                continue;
            }
            let line = rest.split_inclusive(|&byte| byte == b'\n').next();
            match line {
                Some(line) if line.trim_ascii().is_empty() => length += line.len(),
                _ => return length,
            }
        }
    }

    /// Passes by whatever is no card.
    fn skip(&mut self) {
        loop {
            let line = lines::next(self.bytes).len();
            self.take(line);
            if self.bytes.is_empty() || lines::is(lines::next(self.bytes), "BEGIN:VCARD") {
                return;
            }
        }
    }

    /// The lines of a card from BEGIN to END.
    fn body(&mut self, start: usize) -> Result<Vec<Line>, CardError> {
        let (mut raws, mut bytes, mut depth) = (Vec::new(), 0, 0);
        let mut agent = false;
        let mut too_large = false;
        loop {
            let raw = lines::next(self.bytes);
            let begins = lines::is(raw, "BEGIN:VCARD");
            // Only AGENT of vCard 2.1 has a card inside; anything else that begins is the next one.
            if raw.is_empty() || (begins && depth > 0 && !agent) {
                return Err(error(start, Fault::NotEnded));
            }
            depth += usize::from(begins);
            agent = lines::is(raw, "AGENT:");
            let ends = lines::is(raw, "END:VCARD");
            depth -= usize::from(ends);
            let raw = self.take(raw.len());
            bytes += raw.len();
            too_large |= bytes > CARD_BYTES || raws.len() >= CARD_LINES;
            if !too_large {
                raws.push((raw, depth > usize::from(!ends)));
            }
            if depth == 0 {
                break;
            }
        }
        if too_large {
            return Err(error(start, Fault::TooLarge));
        }
        let version = version(raws.iter().map(|(raw, _)| *raw));
        let line = |(raw, inner): (&[u8], bool)| Line {
            raw: raw.to_vec(),
            property: (!inner)
                .then(|| Property::read(&lines::unfold(raw, version), version))
                .flatten(),
        };
        Ok(raws.into_iter().map(line).collect())
    }
}
