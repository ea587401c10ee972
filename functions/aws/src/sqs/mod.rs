//! The engine's queue on SQS: a standard queue with fair groups. Messages go out in batches, several
//! side by side; what SQS does not take is tried again, and told to the caller if that does not help.
//!
//! Receiving is not here: on AWS the event source mapping does it, and hands the bodies to
//! [`received`].

mod batch;
mod body;
mod queue;

use async_trait::async_trait;
use bulkhead_engine::ports::{Outgoing, Queue, QueueError};
use bulkhead_shared::hash::sha256_hex;
use futures::{StreamExt, stream};

pub use body::{NotAMessage, received};
pub use queue::SqsQueue;

use batch::{BATCH_MESSAGES, Refused};

/// Batches on their way at a time: a chunk's follow-up is one batch, a sweep's a few.
const SIDE_BY_SIDE: usize = 4;

#[async_trait]
impl Queue for SqsQueue {
    async fn send(&self, group: &str, messages: Vec<Outgoing>) -> Result<(), QueueError> {
        let group = group_id(group);
        let batches: Vec<Vec<Outgoing>> =
            messages.chunks(BATCH_MESSAGES).map(<[_]>::to_vec).collect();
        let sending = batches
            .into_iter()
            .map(|batch| self.send_batch(&group, batch));
        let refused: Vec<Refused> = stream::iter(sending)
            .buffer_unordered(SIDE_BY_SIDE)
            .collect::<Vec<_>>()
            .await
            .concat();
        let (failed, mut causes): (Vec<_>, Vec<_>) = refused
            .into_iter()
            .map(|refused| (refused.outgoing, refused.cause))
            .unzip();
        if causes.is_empty() {
            return Ok(());
        }
        Err(QueueError {
            failed,
            cause: Box::new(causes.swap_remove(0)),
        })
    }
}

/// A group's name takes 128 signs of ASCII, and shows in the queue's console: a person's id is
/// neither sure to fit nor to be seen there. Who sends a message again knows only that name, and sends
/// it in the same group.
fn group_id(group: &str) -> String {
    let is_name = group.len() == 64
        && group
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_name {
        return group.to_owned();
    }
    sha256_hex(group.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_groups_name_fits_and_tells_nobody() {
        let long = "ö@example.org ".repeat(100);
        for group in ["local", "", long.as_str()] {
            let id = group_id(group);
            assert!(id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
        assert_eq!(group_id("ann"), group_id("ann"));
        assert_eq!(group_id(&group_id("ann")), group_id("ann"));
        assert_ne!(group_id("ann"), group_id("bob"));
    }
}
