//! mbox files: messages one after the other, each after a line that begins with `From `.
//!
//! Writers disagree about lines of the text that look like a separator. mboxrd quotes them with one
//! more `>` than they had, and that is undone here. mboxo quotes `From ` only, so a line that was
//! `>From ` to begin with loses its sign: the price of reading both. A separator counts only after
//! an empty line or at the beginning of the file.

use std::io::BufRead;

use jiff::Timestamp;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use super::{Fault, Imported, MESSAGE_BYTES_MOST, Place, Problem};

/// The messages of an mbox file.
pub struct Mbox<R> {
    reader: R,
    /// Bytes read so far.
    offset: u64,
    /// Messages begun so far.
    number: u64,
    /// Where the line in `line` begins; the separator of the next message is read already.
    line: Vec<u8>,
    line_offset: u64,
    message_most: usize,
    finished: bool,
}

impl<R: BufRead> Mbox<R> {
    /// Reads from here on. Line ends may be CRLF or LF.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            offset: 0,
            number: 0,
            line: Vec::new(),
            line_offset: 0,
            message_most: MESSAGE_BYTES_MOST,
            finished: false,
        }
    }

    /// Bytes read so far: for a progress bar beside the file's size.
    pub fn bytes_read(&self) -> u64 {
        self.offset
    }

    /// Reads a line into `self.line`, at most so much of it as a message may have: a file without
    /// line ends must not fill the memory. The rest comes as the next line.
    fn read_line(&mut self) -> std::io::Result<bool> {
        self.line.clear();
        self.line_offset = self.offset;
        while self.line.len() <= self.message_most {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let taken = end.map_or(buffer.len(), |end| end + 1);
            self.line.extend(buffer.iter().take(taken));
            self.reader.consume(taken);
            self.offset += taken as u64;
            if end.is_some() || taken == 0 {
                break;
            }
        }
        Ok(!self.line.is_empty())
    }

    fn message(&mut self) -> Option<Result<Imported, Problem>> {
        if self.number == 0 {
            match self.first_separator() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(fault) => return Some(Err(self.give_up(fault))),
            }
        } else if !is_separator(&self.line) {
            // The file ended with the message before.
            return None;
        }
        self.number += 1;
        let place = Place::Mbox {
            number: self.number,
            offset: self.line_offset,
        };
        let received = separator_time(&self.line);
        Some(match self.body() {
            Ok(raw) => Ok(Imported {
                place,
                raw,
                received,
                flags: Vec::new(),
            }),
            Err(fault) => {
                self.finished |= matches!(fault, Fault::Unreadable(_));
                Err(Problem { place, fault })
            }
        })
    }

    /// Skips empty lines before the first message. False: the file is empty.
    fn first_separator(&mut self) -> Result<bool, Fault> {
        while self.read_line().map_err(unreadable)? {
            if is_separator(&self.line) {
                return Ok(true);
            }
            if !is_empty(&self.line) {
                return Err(Fault::NoMbox);
            }
        }
        Ok(false)
    }

    /// The message up to the next separator, which stays in `self.line`, or to the end.
    fn body(&mut self) -> Result<Vec<u8>, Fault> {
        let mut raw = Vec::new();
        let mut too_large = false;
        let mut after_empty = false;
        while self.read_line().map_err(unreadable)? {
            if after_empty && is_separator(&self.line) {
                break;
            }
            after_empty = is_empty(&self.line);
            let quoted = quoted_from(&self.line);
            let line = self.line.get(usize::from(quoted)..).unwrap_or_default();
            too_large |= raw.len() + line.len() > self.message_most;
            if too_large {
                raw = Vec::new();
            } else {
                raw.extend(line);
            }
        }
        if too_large {
            return Err(Fault::TooLarge);
        }
        // The empty line before a separator belongs to the separator.
        for end in [&b"\r\n\r\n"[..], b"\n\n"] {
            if raw.ends_with(end) {
                raw.truncate(raw.len() - end.len() / 2);
                break;
            }
        }
        match raw.iter().all(u8::is_ascii_whitespace) {
            true => Err(Fault::Empty),
            false => Ok(raw),
        }
    }

    fn give_up(&mut self, fault: Fault) -> Problem {
        self.finished = true;
        Problem {
            place: Place::Mbox {
                number: self.number + 1,
                offset: self.line_offset,
            },
            fault,
        }
    }
}

impl<R: BufRead> Iterator for Mbox<R> {
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

fn unreadable(error: std::io::Error) -> Fault {
    Fault::Unreadable(error.kind())
}

fn is_separator(line: &[u8]) -> bool {
    line.starts_with(b"From ")
}

fn is_empty(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// `>From `, `>>From ` and so on.
fn quoted_from(line: &[u8]) -> bool {
    line.first() == Some(&b'>') && {
        let signs = line.iter().take_while(|&&byte| byte == b'>').count();
        line.get(signs..).is_some_and(is_separator)
    }
}

/// The time in a separator: `From ann@example.com Thu Jan  1 10:00:00 2026`, in UTC by custom;
/// Google puts an offset before the year.
fn separator_time(line: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(line).ok()?.trim_end();
    let mut words = text.split_ascii_whitespace().skip(2);
    let date = words.by_ref().collect::<Vec<_>>().join(" ");
    if let Ok(time) = BrokenDownTime::parse("%a %b %d %H:%M:%S %z %Y", &date) {
        return time.to_timestamp().ok();
    }
    let time = BrokenDownTime::parse("%a %b %d %H:%M:%S %Y", &date).ok()?;
    let zoned = time.to_datetime().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn read(text: &[u8]) -> Vec<Result<Imported, Problem>> {
        Mbox::new(text).collect()
    }

    fn raws(text: &[u8]) -> Vec<Vec<u8>> {
        read(text)
            .into_iter()
            .map(|message| message.unwrap().raw)
            .collect()
    }

    const TWO: &str = "From a@example.com Thu Jan  1 10:00:00 2026\nSubject: one\n\nHello\n\n\
        From b@example.com Fri Jan  2 10:00:00 2026\nSubject: two\n\n>From here\n>>From there\nFrom my side\n";

    #[test]
    fn reads_messages_and_undoes_quoting() {
        let messages = raws(TWO.as_bytes());
        assert_eq!(messages[0], b"Subject: one\n\nHello\n");
        assert_eq!(
            String::from_utf8_lossy(&messages[1]),
            "Subject: two\n\nFrom here\n>From there\nFrom my side\n"
        );
        assert_eq!(messages.len(), 2);
    }

    #[test]
    fn reads_either_line_end() {
        let messages = raws(TWO.replace('\n', "\r\n").as_bytes());
        assert_eq!(messages[0], b"Subject: one\r\n\r\nHello\r\n");
        assert_eq!(messages.len(), 2);
    }

    #[test]
    fn knows_place_and_time() {
        let second = read(TWO.as_bytes()).remove(1).unwrap();
        let offset = TWO.find("From b").unwrap() as u64;
        assert_eq!(second.place, Place::Mbox { number: 2, offset });
        assert_eq!(
            second.received,
            Some("2026-01-02T10:00:00Z".parse().unwrap())
        );
        let google = b"From 123@xxx Mon Jan 05 12:00:00 +0200 2026\nA: b\n";
        let message = read(google).remove(0).unwrap();
        assert_eq!(
            message.received,
            Some("2026-01-05T10:00:00Z".parse().unwrap())
        );
    }

    #[test]
    fn reports_and_goes_on() {
        let text = b"From a\n\nFrom b\nSubject: good\n\nbody\n";
        let messages = read(text);
        let problem = messages[0].as_ref().unwrap_err();
        assert_eq!(problem.fault, Fault::Empty);
        assert_eq!(problem.to_string(), "message 1 at byte 0: is empty");
        assert!(messages[1].is_ok());
    }

    #[test]
    fn refuses_what_is_no_mbox() {
        let messages = read(b"PK\x03\x04 something else");
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0].as_ref().unwrap_err().fault, Fault::NoMbox);
        assert!(read(b"").is_empty());
        assert!(read(b"\n\r\n").is_empty());
    }

    #[test]
    fn a_message_too_large_is_skipped_in_flat_memory() {
        let mut text = b"From a\nSubject: large\n\n".to_vec();
        text.extend("x".repeat(5_000).bytes());
        text.extend(b"\n\nFrom b\nSubject: good\n");
        let mut mbox = Mbox::new(&text[..]);
        mbox.message_most = 1_000;
        let messages: Vec<_> = mbox.by_ref().collect();
        assert_eq!(messages[0].as_ref().unwrap_err().fault, Fault::TooLarge);
        assert_eq!(messages[1].as_ref().unwrap().raw, b"Subject: good\n");
        assert!(mbox.line.capacity() < 20_000, "{}", mbox.line.capacity());
    }
}
