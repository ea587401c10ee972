//! What failed for a passing reason is tried again by itself; the rest when a person says so.

use std::collections::BTreeSet;

use bulkhead_shared::api::{Dials, Relation};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, MarkRead, Operation};
use bulkhead_tests::driver::Bulkhead;

#[tokio::test(flavor = "multi_thread")]
async fn retry_does_what_failed_and_nothing_else() {
    let server = Bulkhead::with_mails(2_000).await;
    let account = server.api.sandbox().await;
    let before = server.api.mailbox(&account).await;
    let failing = Dials {
        fail_percent: 10,
        ..Dials::default()
    };
    server.api.turn_dials(&account, &failing).await;

    let job = server
        .api
        .run(&account, Operation::Archive(Archive {}), "in:inbox")
        .await;
    assert_eq!(job.state, State::Completed);
    assert!(job.counts.failed > 0, "{:?}", job.counts);
    assert_eq!(job.counts.succeeded + job.counts.failed, job.total);
    let reasons: u64 = job.reasons.iter().map(|reason| reason.count).sum();
    assert_eq!(reasons, job.counts.failed, "{:?}", job.reasons);
    let failed = server.api.outcomes(&job.id, Some("failed")).await;
    assert_eq!(failed.len() as u64, job.counts.failed);
    assert!(failed.iter().all(|item| item.reason.is_some()));

    server.api.turn_dials(&account, &Dials::default()).await;
    let retry = server.api.child(&job.id, "retry").await;
    assert_eq!(
        (retry.relation, retry.total),
        (Some(Relation::Retry), job.counts.failed)
    );
    server.api.confirm(&retry.id).await;
    let retry = server.api.wait_for_end(&retry.id).await;
    assert_eq!(
        (retry.state, retry.counts.succeeded),
        (State::Completed, retry.total)
    );
    let retried = server.api.outcomes(&retry.id, None).await;
    let ids = |items: &[bulkhead_shared::api::ItemOutcome]| -> BTreeSet<_> {
        items.iter().map(|item| item.id.clone()).collect()
    };
    assert_eq!(ids(&retried), ids(&failed));
    assert_eq!(
        server.api.job(&job.id).await.children,
        std::slice::from_ref(&retry.id)
    );

    // Both are undone, each by its own.
    server.api.undo(&retry.id).await;
    server.api.undo(&job.id).await;
    assert_eq!(server.api.mailbox(&account).await, before);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passing_failure_is_over_before_anybody_sees_it() {
    let server = Bulkhead::with_mails(1_000).await;
    let account = server.api.sandbox().await;
    let flaky = Dials {
        flaky_percent: 30,
        ..Dials::default()
    };
    server.api.turn_dials(&account, &flaky).await;
    let job = server
        .api
        .run(&account, Operation::MarkRead(MarkRead {}), "is:unread")
        .await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, job.total)
    );
    assert_eq!(server.api.count(&account, "is:unread").await, 0);
    server.stop().await;
}
