//! Bytes in and out: lines, literals, time limits and size limits. Knows nothing of what they mean.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::fault::Fault;

/// Anything a session runs on: a socket, TLS, a test's pipe.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// A line: room for a SEARCH answer of half a million UIDs, no more.
const LINE_MOST: usize = 4 << 20;
/// Of a literal that is kept in memory, the rest is read and dropped: header fields are cut there.
const LITERAL_KEPT: usize = 256 << 10;
/// All of one response that is kept in memory.
const RESPONSE_MOST: usize = 8 << 20;
/// Bytes asked for at once, and the largest piece a streamed literal is handed on in.
const PIECE: usize = 64 << 10;
/// The longest a server may be silent: a text search of a large mailbox takes a minute or two.
const SILENCE_MOST: Duration = Duration::from_secs(150);
/// Long enough for an end that is already here to be seen.
const MOMENT: Duration = Duration::from_millis(1);

/// A connection with its read buffer.
pub(super) struct Wire {
    stream: Box<dyn Duplex>,
    buffer: Vec<u8>,
    start: usize,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Duplex>) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            start: 0,
        }
    }

    /// The stream beneath, for TLS to be put on top; none if the server already sent more than it
    /// may have, which somebody in between could have put there.
    pub(super) fn into_stream(self) -> Option<Box<dyn Duplex>> {
        (self.start == self.buffer.len()).then_some(self.stream)
    }

    pub(super) async fn send(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let send = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(SILENCE_MOST, send)
            .await
            .map_err(|_| Fault::Silent)??;
        Ok(())
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads more into the buffer.
    async fn fill(&mut self) -> Result<(), Fault> {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.reserve(PIECE);
        let read = timeout(SILENCE_MOST, self.stream.read_buf(&mut self.buffer))
            .await
            .map_err(|_| Fault::Silent)??;
        if read == 0 {
            Err(Fault::Closed)
        } else {
            Ok(())
        }
    }

    /// Whether the server neither hung up nor said something while nobody asked.
    pub(super) async fn is_quiet(&mut self) -> bool {
        if self.start < self.buffer.len() {
            return false;
        }
        let mut byte = [0u8; 1];
        // Anything read within the moment is an end, an error, or bytes that nobody waits for.
        timeout(MOMENT, self.stream.read(&mut byte)).await.is_err()
    }

    /// Appends a line with its end to `into`, and tells the length of the literal it announces.
    pub(super) async fn line(&mut self, into: &mut Vec<u8>) -> Result<Option<u64>, Fault> {
        let begin = into.len();
        let mut searched = 0;
        let end = loop {
            let unread = self.unread();
            match unread.iter().skip(searched).position(|&byte| byte == b'\n') {
                Some(at) => break searched + at + 1,
                None if unread.len() > LINE_MOST => return Err(Fault::Senseless),
                None => searched = unread.len(),
            }
            self.fill().await?;
        };
        if into.len() + end > RESPONSE_MOST {
            return Err(Fault::Senseless);
        }
        into.extend_from_slice(self.unread().get(..end).unwrap_or_default());
        self.start += end;
        Ok(announced(into.get(begin..).unwrap_or_default()))
    }

    /// The next piece of a literal of which `left` bytes are still to come.
    pub(super) async fn piece(&mut self, left: u64) -> Result<Vec<u8>, Fault> {
        if self.unread().is_empty() {
            self.fill().await?;
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE);
        let unread = self.unread();
        let piece = unread
            .get(..most.min(unread.len()))
            .unwrap_or_default()
            .to_vec();
        self.start += piece.len();
        Ok(piece)
    }

    /// Appends a literal to `into`, cut to what is kept; `into` ends with its announcement, which is
    /// corrected if it was cut.
    pub(super) async fn literal(&mut self, length: u64, into: &mut Vec<u8>) -> Result<(), Fault> {
        let keep = length.min(LITERAL_KEPT as u64);
        if keep < length {
            let announcement = into.iter().rposition(|&byte| byte == b'{').unwrap_or(0);
            into.truncate(announcement);
            into.extend_from_slice(format!("{{{keep}}}\r\n").as_bytes());
        }
        if into.len() as u64 + keep > RESPONSE_MOST as u64 {
            return Err(Fault::Senseless);
        }
        let mut done = 0u64;
        while done < length {
            let piece = self.piece(length - done).await?;
            let room = usize::try_from(keep.saturating_sub(done)).unwrap_or(0);
            into.extend_from_slice(piece.get(..room.min(piece.len())).unwrap_or_default());
            done += piece.len() as u64;
        }
        Ok(())
    }

    /// A whole response: a line and whatever literals and lines belong to it.
    pub(super) async fn response(&mut self) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        while let Some(length) = self.line(&mut bytes).await? {
            self.literal(length, &mut bytes).await?;
        }
        Ok(bytes)
    }
}

/// The length of the literal that a line announces at its end: `{123}` or `{123+}`, with `~` before it
/// for binary ones.
fn announced(line: &[u8]) -> Option<u64> {
    let text = line.strip_suffix(b"\n")?;
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let text = text.strip_suffix(b"}")?;
    let open = text.iter().rposition(|&byte| byte == b'{')?;
    let digits = std::str::from_utf8(text.get(open + 1..)?).ok()?;
    digits.strip_suffix('+').unwrap_or(digits).parse().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn from(bytes: &'static [u8]) -> Wire {
        Wire::new(Box::new(tokio::io::join(bytes, tokio::io::sink())))
    }

    #[tokio::test]
    async fn a_response_holds_its_literals() {
        let mut wire = from(b"* 1 FETCH (A {3}\r\na\r\n B {0}\r\n)\r\nx OK done\r\n");
        assert_eq!(
            wire.response().await.unwrap(),
            b"* 1 FETCH (A {3}\r\na\r\n B {0}\r\n)\r\n"
        );
        assert_eq!(wire.response().await.unwrap(), b"x OK done\r\n");
        assert!(matches!(wire.response().await, Err(Fault::Closed)));
    }

    #[tokio::test]
    async fn a_huge_literal_is_cut_and_the_rest_still_fits() {
        let length = 3 * LITERAL_KEPT;
        let bytes = format!(
            "* 1 FETCH (A {{{length}}}\r\n{} UID 7)\r\n",
            "x".repeat(length)
        );
        let mut wire = from(bytes.leak().as_bytes());
        let response = wire.response().await.unwrap();
        let head = format!("* 1 FETCH (A {{{LITERAL_KEPT}}}\r\nx");
        assert!(response.starts_with(head.as_bytes()));
        assert!(response.ends_with(b"x UID 7)\r\n"));
        assert!(response.len() < LITERAL_KEPT + 100);
    }

    #[tokio::test]
    async fn an_endless_line_is_not_kept() {
        let stream = tokio::io::join(tokio::io::repeat(b'x'), tokio::io::sink());
        let mut wire = Wire::new(Box::new(stream));
        assert!(matches!(wire.response().await, Err(Fault::Senseless)));
    }
}
