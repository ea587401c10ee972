//! What can never be worked on ends among the dead letters, and its chunk with a reason: nothing
//! waits for ever (invariant 4).

use std::time::Duration;

use bulkhead_cloud::sqs::NewMessage;
use bulkhead_shared::job::State;
use bulkhead_shared::operation::Operation;
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::functions::Wishes;
use serde_json::{Value, json};

use super::World;

/// Longer than the queue hides a message (the template's six minutes).
const HIDDEN: Duration = Duration::from_secs(361);

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_ends_its_chunk_with_a_reason() {
    let mut world = World::with_mails(60, Wishes::default()).await;
    let before = world.mailbox();
    let options = JobOptions {
        batch_size: Some(30),
        parallel_chunks: Some(2),
        ..JobOptions::default()
    };
    let draft = world
        .api
        .draft_query(&world.account, Operation::Archive {}, "in:inbox", options)
        .await;
    // A manifest that nobody can read, as a fault of ours might leave it.
    spoil_first_manifest(&world, draft.id.as_str());
    let sqs = world.cloud.aws.sqs().clone();
    let queue = world.cloud.queue("Queue");
    sqs.send(&queue, NewMessage::of("no message of ours")).unwrap();
    world.api.confirm(&draft.id).await;

    let buried = world.cloud.function("DeadLetter");
    let begin = std::time::Instant::now();
    while buried.invocations() == 0 || !sqs.depth(&queue).unwrap().is_empty() {
        assert!(begin.elapsed() < bulkhead_tests::api::PATIENCE, "never buried");
        tokio::time::sleep(Duration::from_millis(500)).await;
        sqs.clock().advance(HIDDEN);
    }
    let job = world.api.wait_for_end(&draft.id).await;
    assert_ne!(job.state, State::Cancelled);
    assert_eq!(job.counts.failed, 60, "{job:#?}");
    let outcomes = world.api.outcomes(&job.id, Some("failed")).await;
    assert!(outcomes.iter().all(|item| item.reason.is_some()));
    assert_eq!(world.mailbox(), before);
    world.stop().await;
}

fn spoil_first_manifest(world: &World, job: &str) {
    let dynamo = world.cloud.aws.dynamo();
    let table = world.cloud.table();
    let query = json!({
        "TableName": table,
        "KeyConditionExpression": "pk = :job AND begins_with(sk, :manifest)",
        "ExpressionAttributeValues": {":job": {"S": job}, ":manifest": {"S": "MANIFEST#"}},
    });
    let answer = dynamo.answer("Query", query.to_string().as_bytes());
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    for mut item in answer["Items"].as_array().unwrap().clone() {
        for (_, value) in item.as_object_mut().unwrap() {
            if value["B"].is_string() {
                *value = json!({"B": "AAAA"});
            }
        }
        let put = json!({"TableName": table, "Item": item});
        let put = dynamo.answer("PutItem", put.to_string().as_bytes());
        assert_eq!(put.status, 200);
    }
}
