//! The queue adapter against a server that speaks SQS's protocol and goes by a clock that can be
//! moved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message as Delivery, MessageSystemAttributeName};
use bulkhead_aws::sqs::{SqsQueue, received};
use bulkhead_cloud::often::Often;
use bulkhead_cloud::sqs::{Faults, Served, Sqs, arn};
use bulkhead_engine::ports::{Message, Queue};
use bulkhead_engine::testing::queue::{UnderTest, conforms, message};

use crate::stand_in::environment;

const VISIBILITY: Duration = Duration::from_secs(60);

/// A service, and the way to it.
struct World {
    sqs: Sqs,
    served: Served,
    client: Client,
    queues: AtomicU32,
}

/// A queue of it, with both ends.
struct Ends {
    sqs: Sqs,
    name: String,
    url: String,
    client: Client,
    queue: SqsQueue,
}

impl World {
    async fn new() -> Self {
        let sqs = Sqs::default();
        let served = sqs.serve().await.unwrap();
        let client = environment(&served.url).sqs();
        Self {
            sqs,
            served,
            client,
            queues: AtomicU32::new(0),
        }
    }

    fn queue(&self) -> Ends {
        self.queue_with(&[])
    }

    fn queue_with(&self, attributes: &[(&str, &str)]) -> Ends {
        let number = self.queues.fetch_add(1, Ordering::Relaxed);
        let name = format!("queue-{number}");
        let visibility = VISIBILITY.as_secs().to_string();
        let mut all = BTreeMap::from([("VisibilityTimeout".to_owned(), visibility)]);
        all.extend(
            attributes
                .iter()
                .map(|(k, v)| (k.to_string(), v.to_string())),
        );
        self.sqs.create(&name, &all).unwrap();
        let url = self.served.queue(&name);
        Ends {
            sqs: self.sqs.clone(),
            queue: SqsQueue::new(self.client.clone(), &url),
            client: self.client.clone(),
            name,
            url,
        }
    }
}

impl Ends {
    async fn deliveries(&self, most: i32) -> Vec<Delivery> {
        let answer = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(most)
            .wait_time_seconds(0)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await;
        answer.unwrap().messages.unwrap_or_default()
    }

    async fn delete(&self, delivery: &Delivery) {
        self.client
            .delete_message()
            .queue_url(&self.url)
            .receipt_handle(delivery.receipt_handle().unwrap())
            .send()
            .await
            .unwrap();
    }

    /// Chunk numbers of all that can be received now, doubles and all, each acknowledged.
    async fn drain(&self) -> Vec<u32> {
        let mut chunks = Vec::new();
        while !self.sqs.depth(&self.name).unwrap().is_empty() {
            for delivery in self.deliveries(10).await {
                match work(&delivery) {
                    Message::Chunk { chunk, .. } => chunks.push(chunk),
                    Message::Plan { .. }
                    | Message::Check { .. }
                    | Message::Scan { .. }
                    | Message::Advise { .. }
                    | Message::Rule { .. }
                    | Message::Review { .. }
                    | Message::Bounces { .. } => {
                        panic!("nobody sent this")
                    }
                }
                self.delete(&delivery).await;
            }
        }
        chunks
    }
}

fn work(delivery: &Delivery) -> Message {
    received(delivery.body().unwrap()).unwrap()
}

#[async_trait]
impl UnderTest for Ends {
    type Receipt = Delivery;
    fn queue(&self) -> &dyn Queue {
        &self.queue
    }
    async fn receive(&self) -> Option<(Message, Delivery)> {
        let delivery = self.deliveries(1).await.pop()?;
        Some((work(&delivery), delivery))
    }
    async fn ack(&self, receipt: Delivery) {
        self.delete(&receipt).await;
    }
    async fn pass(&self, time: Duration) {
        self.sqs.clock().advance(time);
    }
    fn visibility(&self) -> Duration {
        VISIBILITY
    }
}

#[tokio::test]
async fn keeps_the_rules_of_a_queue() {
    let world = World::new().await;
    conforms(|| world.queue()).await;
}

#[tokio::test]
async fn nothing_is_lost_on_a_queue_that_does_its_worst() {
    let world = World::new().await;
    let ends = world.queue();
    world.sqs.misbehave(Faults {
        duplicates: Often::Share(0.3),
        disorder: Often::Share(0.5),
        short_receives: Often::Share(0.3),
        failed_entries: Often::Next(40),
        throttled: Often::Next(2),
        broken: Often::Next(2),
        lost_answers: Often::Next(2),
    });
    let sent = (0..123).map(|n| message(n, Duration::ZERO)).collect();
    ends.queue.send("ann", sent).await.unwrap();
    let chunks = ends.drain().await;
    assert!(chunks.len() > 123, "it made doubles");
    let chunks: BTreeSet<u32> = chunks.into_iter().collect();
    assert_eq!(chunks, (0..123).collect());
}

#[tokio::test]
async fn what_the_queue_never_takes_is_told_and_nothing_else() {
    let world = World::new().await;
    let ends = world.queue();
    world.sqs.misbehave(Faults {
        failed_entries: Often::Share(1.0),
        ..Faults::default()
    });
    let sent: Vec<_> = (0..12)
        .map(|n| message(n, Duration::from_secs(n.into())))
        .collect();
    let error = ends.queue.send("ann", sent.clone()).await.unwrap_err();
    let mut failed = error.failed;
    failed.sort_by_key(|outgoing| outgoing.delay);
    assert_eq!(failed, sent);
    assert!(ends.sqs.depth(&ends.name).unwrap().is_empty());
}

#[tokio::test]
async fn a_poisoned_message_ends_in_the_dead_letter_queue_as_it_was_sent() {
    let world = World::new().await;
    let dead = world.queue();
    let policy = format!(
        r#"{{"deadLetterTargetArn":"{}","maxReceiveCount":3}}"#,
        arn(&dead.name)
    );
    let ends = world.queue_with(&[("RedrivePolicy", &policy)]);
    let poison = message(7, Duration::ZERO);
    ends.queue.send("ann", vec![poison.clone()]).await.unwrap();
    for count in 1..=3 {
        let delivery = ends.deliveries(1).await.pop().expect("comes again");
        let counted = MessageSystemAttributeName::ApproximateReceiveCount;
        assert_eq!(delivery.attributes().unwrap()[&counted], count.to_string());
        ends.pass(VISIBILITY + Duration::from_secs(1)).await;
    }
    assert!(ends.deliveries(1).await.is_empty());
    let buried = dead.deliveries(1).await.pop().expect("is there");
    assert_eq!(work(&buried), poison.message);
}

#[tokio::test]
async fn each_tenant_has_a_group_that_does_not_tell_who_it_is() {
    let world = World::new().await;
    let ends = world.queue();
    for tenant in ["ann@example.org", "ann@example.org", "bob"] {
        let one = vec![message(1, Duration::ZERO)];
        ends.queue.send(tenant, one).await.unwrap();
    }
    let deliveries = ends.deliveries(10).await;
    let group = |delivery: &Delivery| {
        let attributes = delivery.attributes().unwrap();
        attributes[&MessageSystemAttributeName::MessageGroupId].clone()
    };
    let groups: BTreeSet<String> = deliveries.iter().map(group).collect();
    assert_eq!((deliveries.len(), groups.len()), (3, 2));
    assert!(!groups.iter().any(|group| group.contains("ann")));
}
