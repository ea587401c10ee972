//! The queue: what can be seen without moving a clock.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use bulkhead_aws::sqs::{SqsQueue, received};
use bulkhead_engine::ports::Queue;
use bulkhead_engine::testing::queue::message;

use super::moto;

#[tokio::test]
async fn takes_batches_with_delays_and_groups() {
    let (_moto, environment) = moto().await;
    let client = environment.sqs();
    let made = client.create_queue().queue_name("work").send().await;
    let url = made.unwrap().queue_url.unwrap();
    let queue = SqsQueue::new(client.clone(), &url);

    let delay = |n| Duration::from_secs(if n < 20 { 0 } else { 3600 });
    let sent: Vec<_> = (0..25).map(|n| message(n, delay(n))).collect();
    queue.send("ann@example.org", sent.clone()).await.unwrap();

    let attributes = client
        .get_queue_attributes()
        .queue_url(&url)
        .attribute_names(QueueAttributeName::All)
        .send()
        .await
        .unwrap();
    let delayed = QueueAttributeName::ApproximateNumberOfMessagesDelayed;
    assert_eq!(attributes.attributes.unwrap()[&delayed], "5");

    let mut bodies = BTreeMap::new();
    while bodies.len() < 20 {
        let answer = client
            .receive_message()
            .queue_url(&url)
            .max_number_of_messages(10)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await
            .unwrap();
        for delivery in answer.messages.expect("there is more") {
            let attributes = delivery.attributes.unwrap();
            let group = &attributes[&MessageSystemAttributeName::MessageGroupId];
            assert_eq!(group.len(), 64);
            let work = received(&delivery.body.unwrap()).unwrap();
            bodies.insert(delivery.message_id, work);
        }
    }
    let now = sent[..20].iter().map(|outgoing| &outgoing.message);
    assert!(
        now.into_iter()
            .all(|sent| bodies.values().any(|body| body == sent))
    );
}
