//! What kills every worker ends among the dead letters, and its chunk with a reason: nothing waits for
//! ever (invariant 4).

use std::time::{Duration, Instant};

use bulkhead_cloud::aws::Trouble;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_tests::api::PATIENCE;
use bulkhead_tests::functions::{Expected, Wishes};

use super::World;

/// Longer than the queue hides a message (the template's six minutes).
const HIDDEN: Duration = Duration::from_secs(361);
/// What a worker may take for a batch, and as long as its lease.
const TIMEOUT: Duration = Duration::from_secs(7);

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_ends_its_chunk_with_a_reason() {
    // Nobody sweeps: what the queue alone does is to be seen.
    let wishes = Wishes {
        worker_timeout: TIMEOUT,
        sweep_every: Duration::from_secs(3_600),
        ..Wishes::default()
    };
    let mut world = World::with_mails(60, wishes).await;
    let before = world.mailbox();
    let one_chunk = JobOptions {
        batch_size: Some(100),
        ..JobOptions::default()
    };
    let draft = world
        .api
        .draft_query(
            &world.account,
            Operation::Archive(Archive {}),
            "in:inbox",
            one_chunk,
        )
        .await;
    // So slow that every worker is killed before it touches anything.
    let slow = Trouble {
        actions: "dynamodb:*".to_owned(),
        delay: Duration::from_millis(300),
        ..Trouble::default()
    };
    world.cloud.aws.trouble("worker", slow);
    world.cloud.rest().await;
    world.api.confirm(&draft.id).await;

    let workers = world.cloud.function("Worker").clone();
    let buried = world.cloud.function("DeadLetter").clone();
    let begin = Instant::now();
    let mut deaths = 0;
    while buried.invocations() == 0 {
        assert!(begin.elapsed() < PATIENCE, "never buried");
        if workers.busy() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        }
        // Long enough to claim the chunk.
        tokio::time::sleep(Duration::from_millis(700)).await;
        deaths += workers.kill_busy();
        tokio::time::sleep(TIMEOUT).await;
        world.cloud.aws.clock().advance(HIDDEN);
    }
    assert_eq!(deaths, 5, "as often as the template lets a message come");
    let job = world.api.wait_for_end(&draft.id).await;
    assert_eq!(
        (job.state, job.counts.failed),
        (State::Failed, 60),
        "{job:#?}"
    );
    let failed = world.api.outcomes(&job.id, Some("failed")).await;
    let reason = Some(ItemReason::Internal);
    assert!(failed.iter().all(|item| item.reason == reason));
    assert_eq!(world.mailbox(), before);
    let expected = Expected {
        deaths: true,
        errors: &["Given up."],
    };
    world.stop(expected).await;
}
