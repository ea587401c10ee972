//! The mbox form of a message (RFC 4155 with the `>From` quoting known as mboxrd), written piece
//! by piece: a message of any size passes through a few bytes of state.

use jiff::Timestamp;

/// Turns pieces of one message into pieces of an mbox.
#[derive(Debug, Default)]
pub(crate) struct Quoter {
    /// The beginning of a line that may still turn out to need quoting: `>`s and a part of `From `.
    line: Vec<u8>,
    /// Past the beginning of the line: nothing to look for until the next one.
    inside: bool,
    /// The last byte written was a line's end.
    ended: bool,
}

const FROM: &[u8] = b"From ";

impl Quoter {
    /// The line that separates this message from the one before.
    pub(crate) fn separator(received: Timestamp, sender: &str) -> Vec<u8> {
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
    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            // CRLF becomes LF: in mbox files lines end in a line feed alone.
            if byte == b'\r' {
                continue;
            }
            self.ended = byte == b'\n';
            if self.inside {
                out.push(byte);
                self.inside = byte != b'\n';
                continue;
            }
            self.line.push(byte);
            let text = &self.line[self.line.iter().take_while(|&&b| b == b'>').count()..];
            if text == FROM {
                out.push(b'>');
                self.release(out);
            } else if !FROM.starts_with(text) {
                self.release(out);
                self.inside = byte != b'\n';
            }
        }
    }

    fn release(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.line);
        self.inside = true;
    }

    /// The end of the message: its last line ended, and an empty line.
    pub(crate) fn end(mut self, out: &mut Vec<u8>) {
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
