//! A queue in memory: delays and redelivery follow the test's clock.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::lock;
use crate::ports::{Clock, Message, Outgoing, QUEUE_DELAY_MOST, Queue, QueueError};

/// How long a received message stays hidden unless the test says otherwise.
const HIDDEN: Duration = Duration::from_secs(60);

/// A message in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The work.
    pub message: Message,
    /// Hand it to [`MemoryQueue::ack`].
    pub receipt: u64,
    /// How often it was received, this time included.
    pub receives: u32,
}

#[derive(Debug)]
struct Waiting {
    id: u64,
    receipt: u64,
    message: Message,
    visible: Timestamp,
    receives: u32,
}

#[derive(Debug, Default)]
struct Inside {
    waiting: Vec<Waiting>,
    last_id: u64,
    sent: u64,
    copies: u32,
    failing: u32,
    groups: BTreeSet<String>,
}

/// Messages in memory. Receiving hides a message until it is acknowledged or its time is over.
pub struct MemoryQueue {
    clock: Arc<dyn Clock>,
    hidden: Duration,
    inside: Mutex<Inside>,
}

impl MemoryQueue {
    /// An empty queue on this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            hidden: HIDDEN,
            inside: Mutex::default(),
        }
    }

    /// From now on each message that is sent arrives this many more times than once.
    pub fn duplicate(&self, more: u32) {
        lock(&self.inside).copies = more;
    }

    /// The next so many messages are not taken.
    pub fn fail(&self, messages: u32) {
        lock(&self.inside).failing = messages;
    }

    /// The next message whose time has come, hidden from others until it is acknowledged or the
    /// visibility time is over. The one that waited longest comes first.
    pub fn receive(&self) -> Option<Delivery> {
        let now = self.clock.now();
        let mut inside = lock(&self.inside);
        inside.last_id += 1;
        let receipt = inside.last_id;
        let next = inside
            .waiting
            .iter_mut()
            .filter(|waiting| waiting.visible <= now)
            .min_by_key(|waiting| (waiting.visible, waiting.id))?;
        next.visible = later(now, self.hidden);
        next.receives += 1;
        next.receipt = receipt;
        Some(Delivery {
            message: next.message.clone(),
            receipt,
            receives: next.receives,
        })
    }

    /// Removes a received message. Late is no error: it may be in other hands by then, and stays.
    pub fn ack(&self, receipt: u64) {
        lock(&self.inside)
            .waiting
            .retain(|waiting| waiting.receipt != receipt);
    }

    /// Receives and acknowledges at once.
    pub fn take(&self) -> Option<Message> {
        let delivery = self.receive()?;
        self.ack(delivery.receipt);
        Some(delivery.message)
    }

    /// Puts a received message back at once, as if its visibility had ended.
    pub fn give_back(&self, receipt: u64) {
        let now = self.clock.now();
        for waiting in &mut lock(&self.inside).waiting {
            if waiting.receipt == receipt {
                waiting.visible = now;
            }
        }
    }

    /// Messages not acknowledged yet: waiting, delayed and in somebody's hands.
    pub fn pending(&self) -> usize {
        lock(&self.inside).waiting.len()
    }

    /// When the next message can be received; none if there is none at all.
    pub fn next_at(&self) -> Option<Timestamp> {
        let inside = lock(&self.inside);
        inside.waiting.iter().map(|waiting| waiting.visible).min()
    }

    /// Messages sent so far, copies not counted.
    pub fn sent(&self) -> u64 {
        lock(&self.inside).sent
    }

    /// Every group that messages were sent in.
    pub fn groups(&self) -> BTreeSet<String> {
        lock(&self.inside).groups.clone()
    }

    /// Loses everything, as a process does that is switched off.
    pub fn clear(&self) {
        lock(&self.inside).waiting.clear();
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    async fn send(&self, group: &str, messages: Vec<Outgoing>) -> Result<(), QueueError> {
        let now = self.clock.now();
        let mut inside = lock(&self.inside);
        inside.groups.insert(group.to_owned());
        let failing = messages.len().min(inside.failing as usize);
        inside.failing -= u32::try_from(failing).unwrap_or(u32::MAX);
        let mut messages = messages;
        let taken = messages.split_off(failing);
        for outgoing in taken {
            inside.sent += 1;
            for _ in 0..=inside.copies {
                inside.last_id += 1;
                let waiting = Waiting {
                    id: inside.last_id,
                    receipt: 0,
                    message: outgoing.message.clone(),
                    visible: later(now, outgoing.delay.min(QUEUE_DELAY_MOST)),
                    receives: 0,
                };
                inside.waiting.push(waiting);
            }
        }
        if messages.is_empty() {
            Ok(())
        } else {
            Err(QueueError {
                failed: messages,
                cause: "told to fail".into(),
            })
        }
    }
}

fn later(now: Timestamp, time: Duration) -> Timestamp {
    now.saturating_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::memory::ManualClock;
    use crate::testing::queue::{UnderTest, conforms, message};
    use futures::executor::block_on;

    struct Memory {
        clock: Arc<ManualClock>,
        queue: MemoryQueue,
    }

    #[async_trait]
    impl UnderTest for Memory {
        type Receipt = u64;
        fn queue(&self) -> &dyn Queue {
            &self.queue
        }
        async fn receive(&self) -> Option<(Message, u64)> {
            self.queue.receive().map(|d| (d.message, d.receipt))
        }
        async fn ack(&self, receipt: u64) {
            self.queue.ack(receipt);
        }
        async fn pass(&self, time: Duration) {
            self.clock.advance(time);
        }
        fn visibility(&self) -> Duration {
            HIDDEN
        }
    }

    fn memory() -> Memory {
        let clock = Arc::new(ManualClock::default());
        let queue = MemoryQueue::new(clock.clone());
        Memory { clock, queue }
    }

    #[test]
    fn keeps_the_rules_of_a_queue() {
        block_on(conforms(memory));
    }

    #[test]
    fn fails_and_repeats_when_told_to() {
        let Memory { queue, .. } = memory();
        let three = (0..3).map(|n| message(n, Duration::ZERO)).collect();
        queue.fail(2);
        let error = block_on(queue.send("a", three)).unwrap_err();
        assert_eq!(error.failed.len(), 2);
        assert_eq!((queue.pending(), queue.sent()), (1, 1));
        queue.clear();
        queue.duplicate(1);
        block_on(queue.send("a", vec![message(9, Duration::ZERO)])).unwrap();
        assert_eq!(queue.take(), queue.take());
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn given_back_comes_again_at_once() {
        let Memory { queue, .. } = memory();
        block_on(queue.send("a", vec![message(1, Duration::ZERO)])).unwrap();
        let first = queue.receive().unwrap();
        assert_eq!(queue.receive(), None);
        queue.give_back(first.receipt);
        assert_eq!(queue.receive().unwrap().receives, 2);
    }
}
