//! Lines of a file, with as much read in advance as somebody wants to look at.

use std::io::{ErrorKind, Read, Result};
use std::ops::Range;

/// Bytes asked of the file at once.
const PIECE: usize = 64 * 1024;
/// Bytes looked at to find out how lines end.
const LOOKED_AT: usize = 64 * 1024;

/// How lines of a file end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnd {
    LineFeed,
    CarriageReturnLineFeed,
    CarriageReturn,
}

/// Reads lines, and knows where each begins.
pub(super) struct Lines<R> {
    reader: R,
    /// What is read and not yet taken begins at `start`.
    buffer: Vec<u8>,
    start: usize,
    /// Where that is in the file.
    offset: u64,
    at_end: bool,
    /// The byte that ends a line.
    end: u8,
    /// Bytes of a line, most: a file without line ends must not fill the memory. What is longer comes
    /// in several lines.
    line_most: usize,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R, line_most: usize) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            start: 0,
            offset: 0,
            at_end: false,
            end: b'\n',
            line_most,
        }
    }

    /// Where the next line begins in the file.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// What is read and not taken: so many bytes, or all that are left if those are fewer.
    pub(super) fn ahead(&mut self, bytes: usize) -> Result<&[u8]> {
        while self.buffer.len() - self.start < bytes && !self.at_end {
            self.read_piece()?;
        }
        let ahead = self.buffer.get(self.start..).unwrap_or_default();
        Ok(ahead.get(..bytes).unwrap_or(ahead))
    }

    fn read_piece(&mut self) -> Result<()> {
        if self.start > PIECE && self.start > self.buffer.len() / 2 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + PIECE, 0);
        let room = self.buffer.get_mut(filled..).unwrap_or_default();
        let read = self.reader.read(room);
        self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => self.at_end = true,
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        Ok(())
    }

    /// Finds out how lines end: by CR alone only where no LF is anywhere near the beginning.
    pub(super) fn recognise_line_end(&mut self) -> Result<LineEnd> {
        let beginning = self.ahead(LOOKED_AT)?;
        let feed = beginning.iter().position(|&byte| byte == b'\n');
        let found = match feed {
            Some(at) if at > 0 && beginning.get(at - 1) == Some(&b'\r') => {
                LineEnd::CarriageReturnLineFeed
            }
            None if beginning.contains(&b'\r') => LineEnd::CarriageReturn,
            _ => LineEnd::LineFeed,
        };
        if found == LineEnd::CarriageReturn {
            self.end = b'\r';
        }
        Ok(found)
    }

    /// The line that begins so many bytes ahead, with its end; empty at the end of the file.
    pub(super) fn line_at(&mut self, from: usize) -> Result<Range<usize>> {
        let mut searched = from;
        loop {
            let ahead = self.buffer.get(self.start..).unwrap_or_default();
            let most = ahead.len().min(from + self.line_most);
            let new = ahead.get(searched..most).unwrap_or_default();
            if let Some(at) = new.iter().position(|&byte| byte == self.end) {
                return Ok(from..searched + at + 1);
            }
            searched = searched.max(most);
            if searched >= from + self.line_most || self.at_end {
                return Ok(from.min(searched)..searched);
            }
            self.read_piece()?;
        }
    }

    /// Bytes ahead that are read already.
    pub(super) fn get(&self, range: Range<usize>) -> &[u8] {
        let ahead = self.buffer.get(self.start..).unwrap_or_default();
        ahead.get(range).unwrap_or_default()
    }

    /// Takes bytes that were looked at.
    pub(super) fn take(&mut self, bytes: usize) {
        let bytes = bytes.min(self.buffer.len() - self.start);
        self.start += bytes;
        self.offset += bytes as u64;
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.start = 0;
        }
    }

    /// Bytes of memory that are held.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.buffer.capacity()
    }
}
