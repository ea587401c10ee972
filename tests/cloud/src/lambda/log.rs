//! What the processes of a function print, line by line.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// All lines of a function, in the order in which they came. Copies are the same log.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// Every line so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// The last lines, for whoever looks for what went wrong.
    #[must_use]
    pub fn tail(&self, count: usize) -> Vec<String> {
        let lines = self.0.lock().unwrap();
        lines[lines.len().saturating_sub(count)..].to_vec()
    }

    /// Adds a line of the platform's own.
    pub(super) fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    /// Collects lines from a pipe until it is closed.
    pub(super) fn follow(&self, pipe: impl AsyncRead + Unpin + Send + 'static) {
        let log = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(pipe).split(b'\n');
            while let Ok(Some(line)) = lines.next_segment().await {
                log.add(String::from_utf8_lossy(&line).into_owned());
            }
        });
    }
}
