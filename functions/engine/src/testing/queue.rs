//! What every [`Queue`] and its receiving side have to do; adapters run [`conforms`] in their tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_shared::ids::JobId;
use jiff::Timestamp;

use crate::ports::{Message, Outgoing, Queue};

/// A queue with its receiving side, and a way to let time pass.
#[async_trait]
pub trait UnderTest: Send + Sync {
    /// Acknowledges a delivery.
    type Receipt: Send + Sync;
    /// Where messages are sent.
    fn queue(&self) -> &dyn Queue;
    /// A message whose time has come; none if there is none.
    async fn receive(&self) -> Option<(Message, Self::Receipt)>;
    /// Removes a received message for good.
    async fn ack(&self, receipt: Self::Receipt);
    /// Lets time pass.
    async fn pass(&self, time: Duration);
    /// How long a received message is hidden from other receivers.
    fn visibility(&self) -> Duration;
}

/// A message about chunk `n` of a job that no one has.
pub fn message(n: u32, delay: Duration) -> Outgoing {
    let job = JobId::new("arc", Timestamp::constant(1_778_846_400, 0), 7);
    Outgoing {
        message: Message::Chunk { job, chunk: n },
        delay,
    }
}

/// Runs the whole suite, each rule on a new queue. Duplicates and any order are allowed throughout.
pub async fn conforms<T: UnderTest>(new: impl Fn() -> T) {
    delivers_all(&new()).await;
    waits_for_the_delay(&new()).await;
    cuts_a_delay_that_is_too_long(&new()).await;
    repeats_what_was_not_acknowledged(&new()).await;
    forgets_what_was_acknowledged(&new()).await;
    a_late_acknowledgement_harms_nothing(&new()).await;
}

async fn delivers_all<T: UnderTest>(under_test: &T) {
    send(under_test, (0..250).map(|n| message(n, Duration::ZERO))).await;
    assert_eq!(drain(under_test).await, (0..250).collect());
}

async fn waits_for_the_delay<T: UnderTest>(under_test: &T) {
    let second = Duration::from_secs(1);
    let delays = [(1, Duration::ZERO), (2, 10 * second), (3, 20 * second)];
    send(under_test, delays.map(|(n, delay)| message(n, delay))).await;
    assert_eq!(drain(under_test).await, BTreeSet::from([1]));
    under_test.pass(9 * second).await;
    assert_eq!(drain(under_test).await, BTreeSet::new(), "too early");
    under_test.pass(2 * second).await;
    assert_eq!(drain(under_test).await, BTreeSet::from([2]));
    under_test.pass(10 * second).await;
    assert_eq!(drain(under_test).await, BTreeSet::from([3]));
}

async fn cuts_a_delay_that_is_too_long<T: UnderTest>(under_test: &T) {
    let week = Duration::from_secs(7 * 24 * 3600);
    send(under_test, [message(1, week)]).await;
    assert_eq!(drain(under_test).await, BTreeSet::new());
    let limit = crate::ports::QUEUE_DELAY_MOST;
    under_test.pass(limit + Duration::from_secs(1)).await;
    assert_eq!(drain(under_test).await, BTreeSet::from([1]));
}

async fn repeats_what_was_not_acknowledged<T: UnderTest>(under_test: &T) {
    send(under_test, [message(1, Duration::ZERO)]).await;
    for _ in 0..3 {
        let (received, _receipt) = under_test.receive().await.expect("comes again");
        assert_eq!(received, message(1, Duration::ZERO).message);
        under_test.pass(under_test.visibility() / 2).await;
        assert!(under_test.receive().await.is_none(), "it is in our hands");
        let rest = under_test.visibility() / 2 + Duration::from_secs(1);
        under_test.pass(rest).await;
    }
}

async fn forgets_what_was_acknowledged<T: UnderTest>(under_test: &T) {
    send(under_test, (0..3).map(|n| message(n, Duration::ZERO))).await;
    drain(under_test).await;
    under_test.pass(3 * under_test.visibility()).await;
    assert!(under_test.receive().await.is_none());
}

async fn a_late_acknowledgement_harms_nothing<T: UnderTest>(under_test: &T) {
    send(under_test, [message(1, Duration::ZERO)]).await;
    let (_, late) = under_test.receive().await.unwrap();
    let over = under_test.visibility() + Duration::from_secs(1);
    under_test.pass(over).await;
    let (_, current) = under_test.receive().await.expect("comes again");
    // Whether the late one still removes it is the queue's business; it must not break anything.
    under_test.ack(late).await;
    under_test.ack(current).await;
    under_test.pass(over).await;
    assert!(under_test.receive().await.is_none());
}

async fn send<T: UnderTest>(under_test: &T, messages: impl IntoIterator<Item = Outgoing>) {
    let messages = messages.into_iter().collect();
    under_test.queue().send("acc", messages).await.unwrap();
}

/// Chunk numbers of everything that can be received now, each acknowledged.
async fn drain<T: UnderTest>(under_test: &T) -> BTreeSet<u32> {
    let mut chunks = BTreeSet::new();
    while let Some((message, receipt)) = under_test.receive().await {
        match message {
            Message::Chunk { chunk, .. } => chunks.insert(chunk),
            Message::Plan { .. }
            | Message::Check { .. }
            | Message::Scan { .. }
            | Message::Advise { .. }
            | Message::Rule { .. }
            | Message::Review { .. }
            | Message::Bounces { .. } => {
                panic!("nobody sent this")
            }
        };
        under_test.ack(receipt).await;
    }
    chunks
}
