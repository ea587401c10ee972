//! The headers of messages, whole and alone.

use async_trait::async_trait;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use crate::header::header_of;
use crate::ports::{MessageSink, PartsError};

/// Takes the header of each message, and lets the rest go by.
pub(crate) struct Heads {
    /// By place: when it came, and the header; none where it cannot be had.
    found: Vec<Option<(Timestamp, Vec<u8>)>>,
    /// The message that is being read.
    current: Option<(usize, Timestamp, Vec<u8>)>,
}

impl Heads {
    /// Of so many messages.
    pub(crate) fn new(messages: usize) -> Self {
        Self {
            found: vec![None; messages],
            current: None,
        }
    }

    /// What is known of each.
    pub(crate) fn finish(self) -> Vec<Option<(Timestamp, Vec<u8>)>> {
        self.found
    }
}

#[async_trait]
impl MessageSink for Heads {
    async fn begin(&mut self, index: usize, at: Timestamp, _: &str) -> Result<(), PartsError> {
        self.current = Some((index, at, Vec::new()));
        Ok(())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        if let Some((_, _, read)) = &mut self.current {
            read.extend_from_slice(bytes);
        }
        Ok(())
    }

    async fn end(&mut self) -> Result<(), PartsError> {
        if let Some((index, at, read)) = self.current.take()
            && let Some(slot) = self.found.get_mut(index)
        {
            *slot = Some((at, header_of(&read).to_vec()));
        }
        Ok(())
    }

    async fn skip(&mut self, _: usize, _: ItemReason) -> Result<(), PartsError> {
        Ok(())
    }
}
