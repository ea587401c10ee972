//! The beginnings of messages, as far as anybody reads them.

use async_trait::async_trait;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use crate::ports::{MessageSink, PartsError};

/// Takes the beginning of each message, and lets the rest go by.
pub(crate) struct Beginnings {
    /// By place: the bytes, or why there are none; none while nothing is known.
    found: Vec<Option<Result<Vec<u8>, ItemReason>>>,
    bytes: usize,
    /// The message that is being read.
    current: Option<(usize, Vec<u8>)>,
}

impl Beginnings {
    /// So many bytes of each of so many messages.
    pub(crate) fn new(messages: usize, bytes: usize) -> Self {
        Self {
            found: vec![None; messages],
            bytes,
            current: None,
        }
    }

    /// What is known of each. A message that broke off is not known.
    pub(crate) fn finish(self) -> Vec<Option<Result<Vec<u8>, ItemReason>>> {
        self.found
    }

    fn set(&mut self, index: usize, found: Result<Vec<u8>, ItemReason>) {
        if let Some(slot) = self.found.get_mut(index) {
            *slot = Some(found);
        }
    }
}

#[async_trait]
impl MessageSink for Beginnings {
    async fn begin(&mut self, index: usize, _: Timestamp, _: &str) -> Result<(), PartsError> {
        self.current = Some((index, Vec::new()));
        Ok(())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        if let Some((_, beginning)) = &mut self.current {
            let room = self.bytes.saturating_sub(beginning.len());
            beginning.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        }
        Ok(())
    }

    async fn end(&mut self) -> Result<(), PartsError> {
        if let Some((index, beginning)) = self.current.take() {
            self.set(index, Ok(beginning));
        }
        Ok(())
    }

    async fn skip(&mut self, index: usize, reason: ItemReason) -> Result<(), PartsError> {
        self.set(index, Err(reason));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;

    #[test]
    fn no_more_is_kept_than_is_read_and_what_breaks_off_is_not_known() {
        block_on(async {
            let mut beginnings = Beginnings::new(4, 5);
            let sink: &mut dyn MessageSink = &mut beginnings;
            for (index, piece) in [(1, "abc"), (0, "abcdef")] {
                let _ = sink.begin(index, Timestamp::UNIX_EPOCH, "").await;
                let _ = sink.bytes(piece.as_bytes()).await;
                let _ = sink.bytes(b"xyz").await;
                let _ = sink.end().await;
            }
            let _ = sink.skip(3, ItemReason::Missing).await;
            let _ = sink.begin(2, Timestamp::UNIX_EPOCH, "").await;
            let found = beginnings.finish();
            let text = |text: &str| Some(Ok(text.as_bytes().to_vec()));
            let expected = [
                text("abcde"),
                text("abcxy"),
                None,
                Some(Err(ItemReason::Missing)),
            ];
            assert_eq!(found, expected);
        });
    }
}
