//! What a mail server answers (RFC 5321, section 4.2).

use bulkhead_engine::letters::Enhanced;

/// An answer: a number, and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) code: u16,
    /// Its lines.
    pub(super) text: String,
}

impl Answer {
    /// Reads one line: its number, whether it is the last, and its words. None if it is no answer.
    pub(super) fn line(line: &str) -> Option<(u16, bool, &str)> {
        let line = line.trim_end_matches(['\r', '\n']);
        let code: u16 = line.get(..3)?.parse().ok()?;
        let rest = line.get(3..)?;
        let (is_last, words) = match rest.chars().next() {
            None => (true, ""),
            Some(' ') => (true, &rest[1..]),
            Some('-') => (false, &rest[1..]),
            Some(_) => return None,
        };
        (200..600).contains(&code).then_some((code, is_last, words))
    }

    pub(super) fn is_good(&self) -> bool {
        (200..400).contains(&self.code)
    }

    pub(super) fn is_passing(&self) -> bool {
        (400..500).contains(&self.code)
    }

    /// The enhanced code that its words begin with, if they do.
    pub(super) fn enhanced(&self) -> Option<Enhanced> {
        let first = self.text.split_whitespace().next()?;
        let mut numbers = first.split('.').map(str::parse::<u16>);
        let code = (
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
        );
        numbers.next().is_none().then_some(code)
    }
}
