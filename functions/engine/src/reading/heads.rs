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

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;

    #[test]
    fn the_header_of_each_is_kept_and_what_breaks_off_is_not_known() {
        block_on(async {
            let at = |second| Timestamp::from_second(second).unwrap_or_default();
            let mut heads = Heads::new(3);
            let sink: &mut dyn MessageSink = &mut heads;
            for (index, second) in [(2, 7), (0, 8), (3, 9)] {
                let _ = sink.begin(index, at(second), "").await;
                let _ = sink.bytes(b"Subject: a\r\nTo: ").await;
                let _ = sink.bytes(b"b\r\n\r\ntext").await;
                let _ = sink.end().await;
            }
            let _ = sink.skip(1, ItemReason::Missing).await;
            let _ = sink.begin(1, at(9), "").await;
            let _ = sink.bytes(b"Subject: c\r\n").await;
            let header = b"Subject: a\r\nTo: b\r\n".to_vec();
            let expected = [Some((at(8), header.clone())), None, Some((at(7), header))];
            assert_eq!(heads.finish(), expected);
        });
    }
}
