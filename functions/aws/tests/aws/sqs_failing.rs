//! The queue adapter and answers that SQS seldom gives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_sdk_sqs::config::{BehaviorVersion, Config, Credentials, Region};
use bulkhead_aws::Failure;
use bulkhead_aws::sqs::SqsQueue;
use bulkhead_engine::ports::Queue;
use bulkhead_engine::testing::queue::message;
use serde_json::{Value, json};

use crate::log_capture::saying;

fn queue(answer: impl Fn(&[Value]) -> (u16, Value) + Send + Sync + 'static) -> SqsQueue {
    let http = saying(move |asked| answer(asked["Entries"].as_array().unwrap()));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(bulkhead_cloud::REGION))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .http_client(http)
        .build();
    let client = aws_sdk_sqs::Client::from_conf(config);
    SqsQueue::new(client, "https://sqs.invalid/1/queue")
}

fn taken(entry: &Value) -> Value {
    json!({ "Id": entry["Id"], "MessageId": "1", "MD5OfMessageBody": "unread" })
}

fn failed(entry: &Value, senders_fault: bool) -> Value {
    json!({ "Id": entry["Id"], "SenderFault": senders_fault, "Code": "Odd", "Message": "It is odd." })
}

#[tokio::test(start_paused = true)]
async fn only_what_may_pass_is_sent_again() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    // The first is refused for good, the second for now at first, the third is always taken.
    let queue = queue(move |entries| {
        let first_call = counted.fetch_add(1, Ordering::Relaxed) == 0;
        let answer = match first_call {
            true => json!({
                "Failed": [failed(&entries[0], true), failed(&entries[1], false)],
                "Successful": [taken(&entries[2])],
            }),
            false => json!({ "Successful": entries.iter().map(taken).collect::<Vec<_>>() }),
        };
        (200, answer)
    });
    let sent: Vec<_> = (0..3).map(|n| message(n, Duration::ZERO)).collect();
    let error = queue.send("ann", sent.clone()).await.unwrap_err();
    assert_eq!(error.failed, sent[..1]);
    assert_eq!(error.cause.downcast_ref::<Failure>().unwrap().code, "Odd");
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn what_an_answer_leaves_out_was_not_taken() {
    let queue = queue(|entries| (200, json!({ "Successful": [taken(&entries[0])] })));
    let sent: Vec<_> = (0..3).map(|n| message(n, Duration::ZERO)).collect();
    // One more is taken at each try.
    queue.send("ann", sent).await.unwrap();
    let mute = self::queue(|_| (200, json!({})));
    let sent = vec![message(1, Duration::ZERO)];
    let error = mute.send("ann", sent.clone()).await.unwrap_err();
    assert_eq!(error.failed, sent);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_as_a_whole_fails_its_own_batch_alone() {
    let queue = queue(|entries| match entries.len() {
        10 => {
            let all: Vec<_> = entries.iter().map(taken).collect();
            (200, json!({ "Successful": all }))
        }
        _ => {
            let code = "com.amazonaws.sqs#QueueDoesNotExist";
            (400, json!({ "__type": code, "message": "gone" }))
        }
    });
    let sent: Vec<_> = (0..13).map(|n| message(n, Duration::ZERO)).collect();
    let error = queue.send("ann", sent.clone()).await.unwrap_err();
    assert_eq!(error.failed, sent[10..]);
}
