//! Line ends, separators and quotes, as they are in a text before it is taken apart.

use std::fmt;

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// Carriage return and line feed: Windows.
    CrLf,
    /// Line feed.
    Lf,
    /// Carriage return: an old Macintosh.
    Cr,
}

/// Separators, the first of those that a header has equally often before the others.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The first line end of a text; none where there is a single line.
pub(super) fn line_end(text: &str) -> Option<LineEnd> {
    let at = text.find(['\r', '\n'])?;
    Some(match text.as_bytes().get(at..at + 2) {
        Some(b"\r\n") => LineEnd::CrLf,
        _ if text.as_bytes().get(at) == Some(&b'\r') => LineEnd::Cr,
        _ => LineEnd::Lf,
    })
}

/// What is behind the line `sep=;`, and the separator that it names; all of it where there is no such line.
pub(super) fn named_separator(text: &str) -> (&str, Option<char>) {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let named = line.trim_matches('"');
    let named = match named.split_at_checked(4) {
        Some((word, named)) if word.eq_ignore_ascii_case("sep=") => named,
        _ => return (text, None),
    };
    let mut letters = named.chars();
    match (letters.next(), letters.next()) {
        (Some(separator), None) if separator.is_ascii() => {
            let rest = rest
                .strip_prefix("\r\n")
                .or_else(|| rest.strip_prefix(['\r', '\n']));
            (rest.unwrap_or_default(), Some(separator))
        }
        _ => (text, None),
    }
}

/// Whichever of comma, semicolon and tab the first line has most of outside of quotes.
pub(super) fn guessed_separator(text: &str) -> char {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut is_quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '\r' | '\n' if !is_quoted => break,
            _ if is_quoted => {}
            letter => {
                if let Some(place) = SEPARATORS.iter().position(|known| *known == letter) {
                    counts[place] += 1;
                }
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let first = counts.iter().position(|count| *count == most);
    SEPARATORS[first.unwrap_or_default()]
}

/// Where the quote opens that is never closed: its line, counted from 1; none where all are.
pub(super) fn unclosed_quote(text: &str, separator: char) -> Option<u64> {
    let mut letters = text.chars().peekable();
    let (mut line, mut opened, mut begins) = (1, None, true);
    while let Some(letter) = letters.next() {
        let ends_line = letter == '\n' || (letter == '\r' && letters.peek() != Some(&'\n'));
        match (opened, letter) {
            (Some(_), '"') if letters.peek() == Some(&'"') => {
                letters.next();
            }
            (Some(_), '"') => opened = None,
            (None, '"') if begins => opened = Some(line),
            _ => {}
        }
        begins = opened.is_none() && (letter == separator || letter == '\n' || letter == '\r');
        if ends_line {
            line += 1;
        }
    }
    opened
}

/// Counts lines up to places in a text that are asked for in their order.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str, first: u64) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line: first,
        }
    }

    /// The line of the place `to`, in bytes.
    pub(super) fn of(&mut self, to: usize) -> u64 {
        let to = to.min(self.bytes.len());
        while self.at < to {
            let byte = self.bytes[self.at];
            let next = self.bytes.get(self.at + 1);
            if byte == b'\n' || (byte == b'\r' && next != Some(&b'\n')) {
                self.line += 1;
            }
            self.at += 1;
        }
        self.line
    }
}

impl fmt::Display for LineEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CrLf => "CRLF",
            Self::Lf => "LF",
            Self::Cr => "CR",
        })
    }
}
