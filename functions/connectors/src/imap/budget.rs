//! What one command may cost, whatever the server sends: bytes, lines and time. Reached, the session ends
//! with an error; a server that floods, drips or says nothing holds nobody up.

use std::time::Duration;

use tokio::time::Instant;

use super::fault::Fault;

/// Bytes one command may bring. A thousand mails with large headers are 30 MB.
const BYTES: u64 = 64 << 20;
/// Of these, bytes that are kept in memory.
const KEPT: u64 = 48 << 20;
/// Lines one command may bring: somebody else may have removed a few hundred thousand mails meanwhile.
const LINES: u64 = 500_000;
/// The longest a server may say nothing. Shorter than what a worker has, so that it can still store
/// that there was no answer.
const SILENCE: Duration = Duration::from_secs(30);
/// The longest a whole command may take. A worker has 50 seconds.
const WHOLE: Duration = Duration::from_secs(45);

/// The budget of a command, and how much of it is spent.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    bytes: u64,
    kept: u64,
    lines: u64,
    silence: Duration,
    end: Instant,
}

impl Budget {
    /// For any command.
    pub(super) fn command() -> Self {
        Self::of(BYTES, SILENCE, WHOLE)
    }

    /// For a search: the server reads every mail, and says nothing until it has.
    pub(super) fn search() -> Self {
        Self::of(BYTES, WHOLE, WHOLE)
    }

    /// For whole messages of about so many bytes; servers are often wrong about sizes.
    pub(super) fn bodies(expected: u64) -> Self {
        let bytes = expected.saturating_mul(2).saturating_add(BYTES);
        Self::of(bytes, SILENCE, WHOLE)
    }

    /// In so little time that a test can wait for it.
    #[cfg(test)]
    pub(super) fn hurried(silence: Duration, whole: Duration) -> Self {
        Self::of(BYTES, silence, whole)
    }

    fn of(bytes: u64, silence: Duration, whole: Duration) -> Self {
        Self {
            bytes,
            kept: KEPT,
            lines: LINES,
            silence,
            end: Instant::now() + whole,
        }
    }

    /// When the next bytes have to be there.
    pub(super) fn next(&self) -> Instant {
        self.end.min(Instant::now() + self.silence)
    }

    /// So many bytes came.
    pub(super) fn came(&mut self, bytes: usize) -> Result<(), Fault> {
        spend(&mut self.bytes, bytes as u64)
    }

    /// So many bytes are kept.
    pub(super) fn keep(&mut self, bytes: usize) -> Result<(), Fault> {
        spend(&mut self.kept, bytes as u64)
    }

    /// A line came.
    pub(super) fn line(&mut self) -> Result<(), Fault> {
        spend(&mut self.lines, 1)
    }
}

fn spend(left: &mut u64, spent: u64) -> Result<(), Fault> {
    *left = left.checked_sub(spent).ok_or(Fault::TooMuch)?;
    Ok(())
}
