//! mbox files: messages one after the other, each after a line that begins with `From `.
//!
//! **What is a separator.** A sender and a date that can be read, or one word alone; and what follows
//! has to look like a message. Whatever else begins with `From ` is text, and is counted. Nothing is
//! thrown away on a guess: what is no separator stays in the message before it, and what follows a
//! separator is a message even if it has no header.
//!
//! **Quoting.** Writers disagree about lines of the text that look like a separator. mboxrd quotes them
//! with one more `>` than they had, and that is undone here. mboxo quotes `From ` only, so a line that
//! was `>From ` to begin with loses its sign: the price of reading both. mboxcl2 quotes nothing and tells
//! a message's length instead; that is believed where it leads to a separator or to the end.

mod beginning;
mod date;
mod lines;
mod message;
mod separator;
#[cfg(test)]
mod tests;

use std::io::Read;

use jiff::Timestamp;

use self::beginning::{content_length, is_usual_field, may_begin};
use self::lines::{LineEnd, Lines};
use self::message::{Message, is_empty};
use self::separator::Separator;
use super::recognised::{Form, Recognised};
use super::{Fault, Imported, MESSAGE_BYTES_MOST, Place, Problem, Reader};

/// UTF-8's byte order mark, which some editors write.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes looked at behind a message whose length is told, to see whether a separator is there.
const BEHIND: usize = 4 * 1024;

/// The messages of an mbox file.
pub struct Mbox<R> {
    lines: Lines<R>,
    /// The separator that ended the message before: the next line.
    next: Option<Begin>,
    /// Messages begun so far.
    number: u64,
    message_most: usize,
    line_end: LineEnd,
    /// The file is of patches (see [`Separator::Patch`]).
    of_patches: bool,
    /// Messages so far that told their length rightly; none as soon as one did not.
    counted: Option<u64>,
    recognised: Recognised,
    finished: bool,
}

/// A line that begins a message.
struct Begin {
    received: Option<Timestamp>,
    /// What kind of separator it is.
    form: Form,
    /// Nothing empty is before it.
    tight: bool,
    /// Bytes of the line.
    length: usize,
}

impl<R: Read> Mbox<R> {
    /// Reads from here on. Line ends may be CRLF, LF or CR.
    pub fn new(reader: R) -> Self {
        Self::with_most(reader, MESSAGE_BYTES_MOST)
    }

    /// The same with another limit for a message's bytes.
    fn with_most(reader: R, message_most: usize) -> Self {
        Self {
            lines: Lines::new(reader, message_most),
            next: None,
            number: 0,
            message_most,
            line_end: LineEnd::LineFeed,
            of_patches: false,
            counted: Some(0),
            recognised: Recognised::default(),
            finished: false,
        }
    }

    /// Bytes read so far: for a progress bar beside the file's size.
    pub fn bytes_read(&self) -> u64 {
        self.lines.offset()
    }

    fn see(&mut self, form: Form) {
        let place = match self.number {
            // Before the first message.
            0 => Place::Whole,
            number => Place::Mbox {
                number,
                offset: self.lines.offset(),
            },
        };
        self.recognised.see(form, &place);
    }

    fn message(&mut self) -> Option<Result<Imported, Problem>> {
        let begin = match self.begin() {
            Ok(begin) => Ok(begin?),
            Err(fault) => Err(fault),
        };
        self.number += 1;
        let place = Place::Mbox {
            number: self.number,
            offset: self.lines.offset(),
        };
        let read = begin.and_then(|begin| {
            self.see(Form::Mbox);
            self.see(begin.form);
            if begin.tight {
                self.see(Form::TightSeparator);
            }
            self.lines.take(begin.length);
            Ok((begin.received, self.body(&place)?))
        });
        Some(match read {
            Ok((received, raw)) => Ok(Imported {
                received,
                ..Imported::new(place, raw)
            }),
            Err(fault) => {
                self.finished |= matches!(fault, Fault::Unreadable(_) | Fault::NoMbox);
                Err(Problem { place, fault })
            }
        })
    }

    /// The separator of the next message; none at the end of the file.
    fn begin(&mut self) -> Result<Option<Begin>, Fault> {
        if self.number > 0 {
            return Ok(self.next.take());
        }
        self.open().map_err(unreadable)?;
        self.skip_empty().map_err(unreadable)?;
        let line = self.lines.line_at(0).map_err(unreadable)?;
        if line.is_empty() {
            return Ok(None);
        }
        let text = self.lines.get(line.clone());
        if !separator::begins(text) {
            return Err(Fault::NoMbox);
        }
        // Nothing is before it that it could be the text of: whatever it says, it is a separator.
        let judged = separator::read(text);
        self.of_patches = judged == Some(Separator::Patch);
        self.see(match self.line_end {
            LineEnd::LineFeed => Form::LineFeeds,
            LineEnd::CarriageReturnLineFeed => Form::CarriageReturnLineFeeds,
            LineEnd::CarriageReturn => Form::CarriageReturns,
        });
        Ok(Some(Begin {
            received: received(judged),
            form: form(judged),
            tight: false,
            length: line.len(),
        }))
    }

    /// Learns what the very beginning of a file tells.
    fn open(&mut self) -> std::io::Result<()> {
        if self.lines.ahead(BYTE_ORDER_MARK.len())? == BYTE_ORDER_MARK {
            self.see(Form::ByteOrderMark);
            self.lines.take(BYTE_ORDER_MARK.len());
        }
        self.line_end = self.lines.recognise_line_end()?;
        Ok(())
    }

    fn skip_empty(&mut self) -> std::io::Result<()> {
        loop {
            let line = self.lines.line_at(0)?;
            if !is_empty(self.lines.get(line.clone())) {
                return Ok(());
            }
            self.lines.take(line.len());
        }
    }

    /// Judges the line so many bytes ahead by itself and by what is around it.
    fn separator_at(&mut self, at: usize, after_empty: bool) -> std::io::Result<Option<Begin>> {
        let line = self.lines.line_at(at)?;
        if !separator::begins(self.lines.get(line.clone())) {
            return Ok(None);
        }
        let next = self.lines.line_at(line.end)?;
        let next = self.lines.get(next);
        let judged = separator::read(self.lines.get(line.clone()));
        let begins = match judged {
            None => false,
            Some(Separator::Patch) if !self.of_patches => false,
            Some(Separator::Word) => after_empty && is_usual_field(next),
            Some(_) => is_usual_field(next) || after_empty && may_begin(next),
        };
        Ok(begins.then(|| Begin {
            received: received(judged),
            form: form(judged),
            tight: !after_empty,
            length: line.len(),
        }))
    }

    /// The message up to the next separator or to the end.
    fn body(&mut self, place: &Place) -> Result<Vec<u8>, Fault> {
        let mut message = Message::new(self.message_most, self.line_end);
        let mut after_empty = false;
        let mut in_header = true;
        loop {
            let line = self.lines.line_at(0).map_err(unreadable)?;
            if line.is_empty() {
                break;
            }
            if separator::begins(self.lines.get(line.clone())) {
                self.next = self.separator_at(0, after_empty).map_err(unreadable)?;
                if self.next.is_some() {
                    break;
                }
                self.see(Form::FromInText);
            }
            let text = self.lines.get(line.clone());
            after_empty = is_empty(text);
            message.push(text, true);
            self.lines.take(line.len());
            if in_header && after_empty {
                in_header = false;
                if self.take_counted(&mut message).map_err(unreadable)? {
                    self.recognised.see(Form::ContentLength, place);
                    self.recognised
                        .see_many(Form::Quoted, message.quoted, place);
                    return message.end();
                }
            }
        }
        if in_header {
            self.counted = None;
        }
        self.recognised
            .see_many(Form::Quoted, message.quoted, place);
        message.drop_separating_line();
        message.end()
    }

    /// Takes a body whose length the header tells, if it leads to a separator or to the end.
    fn take_counted(&mut self, message: &mut Message) -> std::io::Result<bool> {
        let Some(length) = content_length(&message.raw) else {
            self.counted = None;
            return Ok(false);
        };
        let Some(length) = self.leads_on(length)? else {
            self.counted = None;
            self.see(Form::WrongContentLength);
            return Ok(false);
        };
        // One line that should have been quoted and is not: this writer does not quote.
        let mut at = 0;
        let mut bare = 0;
        while at < length {
            let line = self.lines.line_at(at)?;
            bare += u64::from(separator::begins(self.lines.get(line.clone())));
            at = line.end;
        }
        let mut at = 0;
        while at < length {
            let line = self.lines.line_at(at)?;
            let end = line.end.min(length);
            message.push(self.lines.get(at..end), bare == 0);
            at = end;
        }
        for _ in 0..bare {
            self.see(Form::FromInText);
        }
        self.lines.take(length);
        self.skip_empty()?;
        self.next = self.separator_at(0, true)?;
        self.counted = self.counted.map(|messages| messages + 1);
        Ok(true)
    }

    /// Whether an empty line and a separator or the end follow after so many bytes; then the length up
    /// to the end of the line, which some writers leave out. A length that jumps over what looks like
    /// another message is believed only in a file that has told every length before, and rightly:
    /// anybody can put a length into a mail.
    fn leads_on(&mut self, length: usize) -> std::io::Result<Option<usize>> {
        if length > self.message_most || self.line_end == LineEnd::CarriageReturn {
            return Ok(None);
        }
        let ahead = self.lines.ahead(length + BEHIND)?;
        let Some(body) = ahead.get(..length) else {
            return Ok(None);
        };
        let is_whole = body.is_empty() || body.ends_with(b"\n");
        let line = self.lines.line_at(length)?;
        let length = match is_whole {
            true => length,
            false if is_empty(self.lines.get(line.clone())) => line.end,
            false => return Ok(None),
        };
        let is_trusted = self.counted > Some(0);
        let line = self.lines.line_at(length)?;
        let leads_on = match is_empty(self.lines.get(line.clone())) {
            true => {
                let after = self.lines.line_at(line.end)?;
                after.is_empty() || self.separator_at(line.end, true)?.is_some()
            }
            false => is_trusted && line.is_empty(),
        };
        let is_believed = leads_on && (is_trusted || !self.jumps_over_a_message(length)?);
        Ok(is_believed.then_some(length))
    }

    fn jumps_over_a_message(&mut self, length: usize) -> std::io::Result<bool> {
        let (mut at, mut after_empty) = (0, true);
        while at < length {
            let line = self.lines.line_at(at)?;
            if self.separator_at(at, after_empty)?.is_some() {
                return Ok(true);
            }
            after_empty = is_empty(self.lines.get(line.clone()));
            at = line.end;
        }
        Ok(false)
    }
}

impl<R: Read> Iterator for Mbox<R> {
    type Item = Result<Imported, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        let message = self.message();
        self.finished |= message.is_none();
        message
    }
}

impl<R: Read + Send> Reader for Mbox<R> {
    fn recognised(&self) -> Recognised {
        self.recognised.clone()
    }
}

fn unreadable(error: std::io::Error) -> Fault {
    Fault::Unreadable(error.kind())
}

fn received(judged: Option<Separator>) -> Option<Timestamp> {
    match judged {
        Some(Separator::Dated(time)) => Some(time),
        _ => None,
    }
}

fn form(judged: Option<Separator>) -> Form {
    match judged {
        Some(Separator::Dated(_) | Separator::Patch) => Form::DatedSeparator,
        Some(Separator::Word) | None => Form::WordSeparator,
    }
}
