//! The queue inside this process: what SQS does, for one machine. It forgets everything at the end
//! of the process; the sweep at the start asks again for what is not done.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_engine::ports::{Message, Outgoing, QUEUE_DELAY_MOST, Queue, QueueError};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// A message that was received so often and never acknowledged is dead.
const RECEIVES_MOST: u32 = 5;

/// When a message may be received next, and its number: unique, and in order of time.
type Slot = (Instant, u64);

/// A message in a worker's hands.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// The work.
    pub(crate) message: Message,
    /// It was received too often: bury it instead of trying again.
    pub(crate) dead: bool,
    slot: Slot,
}

#[derive(Debug)]
struct Waiting {
    message: Message,
    receives: u32,
}

#[derive(Debug, Default)]
struct Inside {
    waiting: BTreeMap<Slot, Waiting>,
    last_number: u64,
    sent: u64,
}

/// Messages waiting, delayed, or in somebody's hands.
pub(crate) struct LocalQueue {
    visibility: Duration,
    inside: Mutex<Inside>,
    changed: Notify,
}

impl LocalQueue {
    /// An empty queue. A received message comes again after `visibility` unless it is acknowledged.
    pub(crate) fn new(visibility: Duration) -> Self {
        Self {
            visibility,
            inside: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Waits for the next message.
    pub(crate) async fn receive(&self) -> Delivery {
        loop {
            let mut changed = pin!(self.changed.notified());
            // From here on no change goes unnoticed.
            changed.as_mut().enable();
            match self.try_receive() {
                Ok(delivery) => return delivery,
                Err(None) => changed.await,
                Err(Some(at)) => tokio::select! {
                    () = changed => {}
                    () = sleep_until(at) => {}
                },
            }
        }
    }

    /// The next message whose time has come, or when to ask again.
    fn try_receive(&self) -> Result<Delivery, Option<Instant>> {
        let now = Instant::now();
        let mut inside = self.inside();
        let Some((&slot, _)) = inside.waiting.first_key_value() else {
            return Err(None);
        };
        if slot.0 > now {
            return Err(Some(slot.0));
        }
        let Some(mut waiting) = inside.waiting.remove(&slot) else {
            return Err(None);
        };
        waiting.receives += 1;
        let hidden = (now + self.visibility, slot.1);
        let delivery = Delivery {
            message: waiting.message.clone(),
            dead: waiting.receives > RECEIVES_MOST,
            slot: hidden,
        };
        inside.waiting.insert(hidden, waiting);
        Ok(delivery)
    }

    /// Removes a received message. Too late is no error: it is in other hands by then, and stays.
    pub(crate) fn acknowledge(&self, delivery: &Delivery) {
        self.inside().waiting.remove(&delivery.slot);
    }

    /// Messages sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.inside().sent
    }

    /// Messages that are not acknowledged.
    #[cfg(test)]
    pub(crate) fn pending(&self) -> usize {
        self.inside().waiting.len()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Queue for LocalQueue {
    async fn send(&self, _group: &str, messages: Vec<Outgoing>) -> Result<(), QueueError> {
        let now = Instant::now();
        {
            let mut inside = self.inside();
            for Outgoing { message, delay } in messages {
                inside.last_number += 1;
                inside.sent += 1;
                let slot = (now + delay.min(QUEUE_DELAY_MOST), inside.last_number);
                let waiting = Waiting {
                    message,
                    receives: 0,
                };
                inside.waiting.insert(slot, waiting);
            }
        }
        self.changed.notify_waiters();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_engine::testing::queue::{UnderTest, conforms, message};
    use std::sync::Arc;

    const VISIBILITY: Duration = Duration::from_secs(60);

    #[async_trait]
    impl UnderTest for LocalQueue {
        type Receipt = Delivery;
        fn queue(&self) -> &dyn Queue {
            self
        }
        async fn receive(&self) -> Option<(Message, Delivery)> {
            let delivery = self.try_receive().ok()?;
            Some((delivery.message.clone(), delivery))
        }
        async fn ack(&self, receipt: Delivery) {
            self.acknowledge(&receipt);
        }
        async fn pass(&self, time: Duration) {
            tokio::time::advance(time).await;
        }
        fn visibility(&self) -> Duration {
            VISIBILITY
        }
    }

    #[tokio::test(start_paused = true)]
    async fn keeps_the_rules_of_a_queue() {
        conforms(|| LocalQueue::new(VISIBILITY)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn wakes_who_waits_for_a_new_message_and_for_a_delayed_one() {
        let queue = Arc::new(LocalQueue::new(VISIBILITY));
        let receiver = queue.clone();
        let waiting = tokio::spawn(async move {
            for _ in 0..2 {
                let delivery = receiver.receive().await;
                receiver.acknowledge(&delivery);
            }
        });
        tokio::task::yield_now().await;
        let delayed = message(1, Duration::from_secs(30));
        let now = message(2, Duration::ZERO);
        queue.send("acc", vec![delayed, now]).await.unwrap();
        waiting.await.unwrap();
        assert_eq!(queue.pending(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_nobody_can_handle_is_dead_after_five_tries() {
        let queue = LocalQueue::new(VISIBILITY);
        let only = vec![message(1, Duration::ZERO)];
        queue.send("acc", only).await.unwrap();
        for _ in 0..5 {
            assert!(!queue.receive().await.dead);
        }
        let dead = queue.receive().await;
        assert!(dead.dead);
        queue.acknowledge(&dead);
        assert_eq!(queue.pending(), 0);
    }
}
