//! A message of an mbox file, put together line by line.

use super::lines::LineEnd;
use super::separator;
use crate::import::Fault;

/// A message being put together.
pub(super) struct Message {
    pub(super) raw: Vec<u8>,
    most: usize,
    too_large: bool,
    /// Lines whose quoting was undone.
    pub(super) quoted: u64,
    line_end: LineEnd,
}

impl Message {
    pub(super) fn new(most: usize, line_end: LineEnd) -> Self {
        Self {
            raw: Vec::new(),
            most,
            too_large: false,
            quoted: 0,
            line_end,
        }
    }

    pub(super) fn push(&mut self, line: &[u8], unquote: bool) {
        let quoted = unquote && is_quoted(line);
        self.quoted += u64::from(quoted);
        let line = line.get(usize::from(quoted)..).unwrap_or_default();
        self.too_large |= self.raw.len() + line.len() > self.most;
        if self.too_large {
            self.raw = Vec::new();
            return;
        }
        self.raw.extend_from_slice(line);
        if self.line_end == LineEnd::CarriageReturn && line.ends_with(b"\r") {
            self.raw.pop();
            self.raw.push(b'\n');
        }
    }

    /// The empty line before a separator belongs to the separator.
    pub(super) fn drop_separating_line(&mut self) {
        for end in [&b"\r\n\r\n"[..], b"\n\n"] {
            if self.raw.ends_with(end) {
                self.raw.truncate(self.raw.len() - end.len() / 2);
                return;
            }
        }
    }

    pub(super) fn end(self) -> Result<Vec<u8>, Fault> {
        if self.too_large {
            return Err(Fault::TooLarge);
        }
        match self.raw.iter().all(u8::is_ascii_whitespace) {
            true => Err(Fault::Empty),
            false => Ok(self.raw),
        }
    }
}

pub(super) fn is_empty(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n" | b"\r")
}

/// `>From `, `>>From ` and so on.
pub(super) fn is_quoted(line: &[u8]) -> bool {
    line.first() == Some(&b'>') && {
        let signs = line.iter().take_while(|&&byte| byte == b'>').count();
        line.get(signs..).is_some_and(separator::begins)
    }
}
