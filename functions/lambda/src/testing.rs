//! What the tests of this crate share.
#![allow(
    clippy::unwrap_used,
    reason = "a broken expectation has to end the test"
)]

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use bulkhead_engine::testing::memory::ManualClock;
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

use crate::metrics::Metrics;

/// Keeps what is written, line by line.
#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// Metrics that are written here.
    pub(crate) fn metrics(&self, stage: &str) -> Arc<Metrics> {
        let clock = Arc::new(ManualClock::default());
        Arc::new(Metrics::new(stage, clock, self.clone()))
    }

    /// The text so far.
    pub(crate) fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(bytes.clone()).unwrap()
    }

    /// The lines so far; each has to be JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines().map(serde_json::from_str);
        lines.map(Result::unwrap).collect()
    }

    /// How often this metric was noted.
    pub(crate) fn count(&self, metric: crate::metrics::Metric) -> usize {
        let lines = self.lines();
        lines
            .iter()
            .filter(|line| line.get(metric.name).is_some())
            .count()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'writer> MakeWriter<'writer> for Written {
    type Writer = Self;
    fn make_writer(&'writer self) -> Self {
        self.clone()
    }
}
