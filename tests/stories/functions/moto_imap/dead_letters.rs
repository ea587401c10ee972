//! What can never be worked on ends among the dead letters, and its chunk with a reason: nothing
//! waits for ever (invariant 4).

use std::time::{Duration, Instant};

use bulkhead_cloud::sqs::NewMessage;
use bulkhead_shared::api::Job;
use bulkhead_shared::job::State;
use bulkhead_shared::operation::Operation;
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::api::PATIENCE;
use bulkhead_tests::functions::{Expected, Wishes};
use serde_json::{Value, json};

use super::World;

/// Longer than the queue hides a message (the template's six minutes).
const HIDDEN: Duration = Duration::from_secs(361);

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_ends_its_chunk_with_a_reason() {
    let world = World::with_mails(60, Wishes::default()).await;
    let options = JobOptions {
        batch_size: Some(30),
        parallel_chunks: Some(1),
        delay_between_batches: Some(5.0),
        ..JobOptions::default()
    };
    let draft = world
        .api
        .draft_query(&world.account, Operation::Archive {}, "in:inbox", options)
        .await;
    world.api.confirm(&draft.id).await;
    let half = |job: &Job| job.counts.succeeded == 30;
    world.api.wait_until(&draft.id, "half-way", half).await;
    // From here on nobody can read the manifest, as a fault of ours might leave it.
    let manifest = rows(&world, draft.id.as_str());
    for row in &manifest {
        put(&world, &spoilt(row));
    }
    let sqs = world.cloud.aws.sqs().clone();
    let queue = world.cloud.queue("Queue");
    let strange = NewMessage::of("no message of ours");
    sqs.send(&queue, strange).unwrap();

    let buried = world.cloud.function("DeadLetter");
    let begin = Instant::now();
    while buried.invocations() == 0 || !sqs.depth(&queue).unwrap().is_empty() {
        assert!(begin.elapsed() < PATIENCE, "never buried");
        tokio::time::sleep(Duration::from_millis(500)).await;
        sqs.clock().advance(HIDDEN);
    }
    let job = world.api.wait_for_end(&draft.id).await;
    let counts = (job.counts.succeeded, job.counts.failed);
    assert_eq!(
        (job.state, counts),
        (State::Completed, (30, 30)),
        "{job:#?}"
    );
    for row in &manifest {
        put(&world, row);
    }
    let failed = world.api.outcomes(&job.id, Some("failed")).await;
    assert_eq!(failed.len(), 30);
    assert!(failed.iter().all(|item| item.reason.is_some()));
    let errors = &[
        "Given up.",
        "A message is none of ours.",
        "A request failed.",
    ];
    let expected = Expected {
        errors,
        ..Expected::default()
    };
    world.stop(expected).await;
}

/// The rows of a job's manifest.
fn rows(world: &World, job: &str) -> Vec<Value> {
    let query = json!({
        "TableName": world.cloud.table(),
        "KeyConditionExpression": "pk = :job AND begins_with(sk, :manifest)",
        "ExpressionAttributeValues": {":job": {"S": job}, ":manifest": {"S": "MANIFEST#"}},
    });
    let answer = world
        .cloud
        .aws
        .dynamo()
        .answer("Query", query.to_string().as_bytes());
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    let rows = answer["Items"].as_array().unwrap().clone();
    assert!(!rows.is_empty());
    rows
}

fn spoilt(row: &Value) -> Value {
    let mut row = row.clone();
    for (_, value) in row.as_object_mut().unwrap() {
        if value["B"].is_string() {
            *value = json!({"B": "AAAA"});
        }
    }
    row
}

fn put(world: &World, row: &Value) {
    let put = json!({"TableName": world.cloud.table(), "Item": row});
    let put = world
        .cloud
        .aws
        .dynamo()
        .answer("PutItem", put.to_string().as_bytes());
    assert_eq!(put.status, 200);
}
