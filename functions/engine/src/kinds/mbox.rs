//! The mbox form of a message (RFC 4155 with the `>From` quoting known as mboxrd), written piece
//! by piece: a message of any size passes through a few bytes of state.
//!
//! Two things the form cannot keep, and the README says so: a line end of CRLF becomes one of LF, and a
//! last line without an end gets one. Every other byte comes out as it went in.

use jiff::Timestamp;

/// Turns pieces of one message into pieces of an mbox.
#[derive(Debug, Default)]
pub struct Quoter {
    /// A part of `From `, at the beginning of a line but for `>`s: it may still need quoting.
    line: Vec<u8>,
    /// Past the beginning of the line: nothing to look for until the next.
    inside: bool,
    /// The last byte written was a line's end.
    ended: bool,
    /// A carriage return that was not written yet: it goes where a line feed follows, and stays
    /// where it stands alone.
    carriage_return: bool,
}

const FROM: &[u8] = b"From ";

impl Quoter {
    /// The line that separates this message from the one before.
    pub fn separator(received: Timestamp, sender: &str) -> Vec<u8> {
        let sender: String = sender.chars().filter(|c| c.is_ascii_graphic()).collect();
        let sender = if sender.is_empty() {
            "MAILER-DAEMON"
        } else {
            &sender
        };
        // asctime, in UTC, as RFC 4155 asks.
        let time = received
            .to_zoned(jiff::tz::TimeZone::UTC)
            .strftime("%a %b %e %H:%M:%S %Y")
            .to_string();
        format!("From {sender} {time}\n").into_bytes()
    }

    /// The next bytes of the message, quoted and with bare line feeds.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            if byte == b'\r' {
                self.put_carriage_return(out);
                self.carriage_return = true;
                continue;
            }
            if byte == b'\n' {
                self.carriage_return = false;
            } else {
                self.put_carriage_return(out);
            }
            self.put(byte, out);
        }
    }

    /// Writes the one that was waited with: it is no part of a line's end.
    fn put_carriage_return(&mut self, out: &mut Vec<u8>) {
        if std::mem::take(&mut self.carriage_return) {
            self.put(b'\r', out);
        }
    }

    fn put(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.ended = byte == b'\n';
        if self.inside {
            out.push(byte);
            self.inside = byte != b'\n';
            return;
        }
        // Signs look alike, so the one that quotes may follow those that are there.
        if self.line.is_empty() && byte == b'>' {
            out.push(byte);
            return;
        }
        self.line.push(byte);
        if self.line == FROM {
            out.push(b'>');
            self.release(out);
        } else if !FROM.starts_with(&self.line) {
            self.release(out);
            self.inside = byte != b'\n';
        }
    }

    fn release(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.line);
        self.inside = true;
    }

    /// The end of the message: its last line ended, and an empty line.
    pub fn end(mut self, out: &mut Vec<u8>) {
        self.put_carriage_return(out);
        self.release(out);
        if !self.ended {
            out.push(b'\n');
        }
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quote(message: &[u8], piece: usize) -> String {
        let mut quoter = Quoter::default();
        let mut out = Vec::new();
        message
            .chunks(piece)
            .for_each(|bytes| quoter.push(bytes, &mut out));
        quoter.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn quotes_every_line_that_looks_like_a_separator_wherever_it_is_cut() {
        let message =
            b"Subject: x\r\n\r\nFrom here\r\n>From there\r\nFromage\r\n From\r\n\r\nFrom ";
        let expected = "Subject: x\n\n>From here\n>>From there\nFromage\n From\n\n>From \n\n";
        for piece in 1..message.len() {
            assert_eq!(quote(message, piece), expected, "pieces of {piece}");
        }
        assert_eq!(quote(b"a", 1), "a\n\n");
        assert_eq!(quote(b"a\n>>", 1), "a\n>>\n\n");
    }

    #[test]
    fn only_the_carriage_return_of_a_line_end_goes() {
        for (message, kept) in [
            ("abc\rdef\nend\r\r\n", "abc\rdef\nend\r\n\n"),
            ("one\r\ntwo\r\n", "one\ntwo\n\n"),
            ("\r", "\r\n\n"),
            ("a\r\r\rb\r\n\r\n", "a\r\r\rb\n\n\n"),
            ("\rFrom x\n", "\rFrom x\n\n"),
            ("From\r x\n", "From\r x\n\n"),
            (">\r\nFrom x\r\n", ">\n>From x\n\n"),
            ("last words", "last words\n\n"),
        ] {
            for piece in 1..=message.len() {
                let quoted = quote(message.as_bytes(), piece);
                assert_eq!(quoted, kept, "{message:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn the_separator_cannot_be_broken_by_a_sender() {
        let at = Timestamp::from_second(0).unwrap();
        assert_eq!(
            Quoter::separator(at, "a b\nc@example.org"),
            b"From abc@example.org Thu Jan  1 00:00:00 1970\n"
        );
        assert_eq!(
            Quoter::separator(at, ""),
            b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n"
        );
    }
}
