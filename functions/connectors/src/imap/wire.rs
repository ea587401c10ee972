//! Bytes in and out: lines, literals and their limits. Knows nothing of what they mean.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{timeout, timeout_at};

use super::budget::Budget;
use super::fault::Fault;

/// Anything a session runs on: a socket, TLS, a test's pipe.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// Bytes of a line: room for a SEARCH answer of two million UIDs.
const LINE_MOST: usize = 16 << 20;
/// Of a literal that is kept in memory, the rest is read and dropped: header fields are cut there.
const LITERAL_KEPT: usize = 256 << 10;
/// Bytes asked for at once, and the largest piece a streamed literal is handed on in.
const PIECE: usize = 64 << 10;
/// A buffer that a long line made larger than this is given back.
const BUFFER_KEPT: usize = 1 << 20;
/// Long enough for an end that is already here to be seen.
const MOMENT: Duration = Duration::from_millis(1);

/// A connection with its read buffer.
pub(super) struct Wire {
    stream: Box<dyn Duplex>,
    buffer: Vec<u8>,
    start: usize,
    budget: Budget,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Duplex>) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            start: 0,
            budget: Budget::command(),
        }
    }

    /// The stream beneath, for TLS to be put on top; none if the server already sent more than it
    /// may have, which somebody in between could have put there.
    pub(super) fn into_stream(self) -> Option<Box<dyn Duplex>> {
        (self.start == self.buffer.len()).then_some(self.stream)
    }

    /// A command begins, and may cost this.
    pub(super) fn begin(&mut self, budget: Budget) {
        self.budget = budget;
    }

    pub(super) async fn send(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let send = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout_at(self.budget.next(), send)
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
        if self.buffer.is_empty() && self.buffer.capacity() > BUFFER_KEPT {
            self.buffer = Vec::new();
        }
        self.buffer.reserve(PIECE);
        let read = timeout_at(self.budget.next(), self.stream.read_buf(&mut self.buffer))
            .await
            .map_err(|_| Fault::Silent)??;
        if read == 0 {
            return Err(Fault::Closed);
        }
        self.budget.came(read)
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
        self.budget.line()?;
        let begin = into.len();
        let mut searched = 0;
        let end = loop {
            let unread = self.unread();
            // Of the line, not of the buffer, which may hold more: the same line always fits or never.
            let line = unread
                .get(..unread.len().min(LINE_MOST))
                .unwrap_or_default();
            match line.iter().skip(searched).position(|&byte| byte == b'\n') {
                Some(at) => break searched + at + 1,
                None if line.len() == LINE_MOST => return Err(Fault::TooMuch),
                None => searched = line.len(),
            }
            self.fill().await?;
        };
        self.budget.keep(end)?;
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
        self.budget
            .keep(usize::try_from(keep).unwrap_or(usize::MAX))?;
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
    async fn a_line_fits_or_does_not_however_its_bytes_arrive() {
        for (length, fits) in [(LINE_MOST, true), (LINE_MOST + 1, false)] {
            let line = format!("{}\n* more\r\n", "x".repeat(length - 1));
            let bytes: &'static [u8] = line.leak().as_bytes();
            let mut at_once = from(bytes);
            assert_eq!(at_once.response().await.is_ok(), fits);
            // In pieces of an odd size.
            let (ours, mut theirs) = tokio::io::duplex(54_321);
            let sending = tokio::spawn(async move { theirs.write_all(bytes).await });
            let mut in_pieces = Wire::new(Box::new(ours));
            assert_eq!(in_pieces.response().await.is_ok(), fits);
            drop(in_pieces);
            let _ = sending.await;
        }
    }

    #[tokio::test]
    async fn an_endless_line_is_not_kept() {
        let stream = tokio::io::join(tokio::io::repeat(b'x'), tokio::io::sink());
        let mut wire = Wire::new(Box::new(stream));
        assert!(matches!(wire.response().await, Err(Fault::TooMuch)));
    }

    #[tokio::test]
    async fn endless_lines_and_endless_literals_come_to_an_end() {
        let lines = tokio::io::join(tokio::io::repeat(b'\n'), tokio::io::sink());
        let mut wire = Wire::new(Box::new(lines));
        let end = loop {
            if let Err(fault) = wire.response().await {
                break fault;
            }
        };
        assert!(matches!(end, Fault::TooMuch));
        let literal = &b"* 1 FETCH (A {99999999999}\r\n"[..];
        let stream = tokio::io::join(literal.chain(tokio::io::repeat(b'x')), tokio::io::sink());
        let mut wire = Wire::new(Box::new(stream));
        assert!(matches!(wire.response().await, Err(Fault::TooMuch)));
    }

    #[tokio::test]
    async fn neither_silence_nor_dripping_holds_anybody_up() {
        let (silence, whole) = (Duration::from_millis(100), Duration::from_millis(300));
        let (ours, _theirs) = tokio::io::duplex(100);
        let mut wire = Wire::new(Box::new(ours));
        wire.begin(Budget::hurried(silence, whole));
        let began = tokio::time::Instant::now();
        assert!(matches!(wire.response().await, Err(Fault::Silent)));
        assert!(began.elapsed() >= silence && began.elapsed() < whole);
        let (ours, mut theirs) = tokio::io::duplex(100);
        tokio::spawn(async move {
            while theirs.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let mut wire = Wire::new(Box::new(ours));
        wire.begin(Budget::hurried(silence, whole));
        let began = tokio::time::Instant::now();
        assert!(matches!(wire.response().await, Err(Fault::Silent)));
        assert!(began.elapsed() >= whole);
    }
}
