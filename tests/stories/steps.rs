//! Steps that several stories take.

use bulkhead_shared::api::{Dials, Job};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::driver::Bulkhead;

/// Small batches, two at a time: enough of them that there is a middle.
pub(crate) fn small_batches() -> JobOptions {
    JobOptions {
        batch_size: Some(20),
        parallel_chunks: Some(2),
        ..JobOptions::default()
    }
}

/// Makes each call to the sandbox take its time, so that a story can step in.
pub(crate) async fn slow_down(server: &Bulkhead, account: &AccountId) {
    every_call_takes(server, account, 100).await;
}

async fn every_call_takes(server: &Bulkhead, account: &AccountId, latency_ms: u64) {
    let slow = Dials {
        latency_ms,
        ..Dials::default()
    };
    server.api.turn_dials(account, &slow).await;
}

/// Back to good weather.
pub(crate) async fn speed_up(server: &Bulkhead, account: &AccountId) {
    server.api.turn_dials(account, &Dials::default()).await;
}

/// Confirms a slow job in small batches over the query, and waits until it is in its middle.
pub(crate) async fn run_into_the_middle(
    server: &Bulkhead,
    account: &AccountId,
    operation: Operation,
    query: &str,
) -> Job {
    slow_down(server, account).await;
    let options = small_batches();
    let draft = server
        .api
        .draft_query(account, operation, query, options)
        .await;
    assert!(draft.total >= 1_000, "too few for a middle: {draft:#?}");
    server.api.confirm(&draft.id).await;
    let begun = |job: &Job| job.counts.succeeded >= 200;
    let job = server
        .api
        .wait_until(&draft.id, "in the middle", begun)
        .await;
    assert!(
        !job.state.is_ended(),
        "over before it could be stopped: {job:#?}"
    );
    // It stays there until a page has come up, however busy the machine is.
    every_call_takes(server, account, 1_000).await;
    job
}
