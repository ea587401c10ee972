//! Stopped in the middle: what was done is counted, what was not begun is left alone.

use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, Operation, Trash};
use bulkhead_shared::outcome::Outcome;
use bulkhead_tests::driver::Bulkhead;

use crate::steps::{run_into_the_middle, speed_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_job_says_what_it_did_and_takes_that_back() {
    let server = Bulkhead::with_mails(4_000).await;
    let account = server.api.sandbox().await;
    let before = server.api.mailbox(&account).await;
    let job = run_into_the_middle(&server, &account, Operation::Trash(Trash {}), "in:inbox").await;

    let told = server.api.control(&job.id, "cancel").await;
    assert!(
        matches!(told.state, State::Cancelling | State::Cancelled),
        "{told:#?}"
    );
    assert_eq!(told.reason, Some(StateReason::ByUser));
    let job = server.api.wait_for_end(&job.id).await;
    assert_eq!(job.state, State::Cancelled);
    assert!(
        job.counts.succeeded >= 200 && job.counts.cancelled > 0,
        "{:?}",
        job.counts
    );
    assert_eq!(job.counts.succeeded + job.counts.cancelled, job.total);

    // Exactly what it counts has changed.
    let after = server.api.mailbox(&account).await;
    for outcome in server.api.outcomes(&job.id, None).await {
        let moved = after[&outcome.id].folder != before[&outcome.id].folder;
        assert_eq!(
            moved,
            outcome.outcome == Some(Outcome::Succeeded),
            "{outcome:?}"
        );
    }

    // Asking again is no error; starting again is.
    speed_up(&server, &account).await;
    let path = format!("/jobs/{}/resume", job.id);
    assert_eq!(server.api.post(&path, &()).await.status.as_u16(), 409);
    let undo = server.api.undo(&job.id).await;
    assert_eq!(undo.counts.succeeded, job.counts.succeeded);
    assert_eq!(server.api.mailbox(&account).await, before);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_draft_touches_nothing() {
    let server = Bulkhead::with_mails(200).await;
    let account = server.api.sandbox().await;
    let before = server.api.mailbox(&account).await;
    let (operation, options) = (Operation::Archive(Archive {}), Default::default());
    let draft = server
        .api
        .draft_query(&account, operation, "in:inbox", options)
        .await;
    let job = server.api.control(&draft.id, "cancel").await;
    assert_eq!(job.state, State::Cancelled);
    assert_eq!(server.api.mailbox(&account).await, before);
    server.stop().await;
}
