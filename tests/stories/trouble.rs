//! What mail servers and computers do to a job: throttle it, lose answers, lose power.

use bulkhead_shared::api::{CrashPoint, Dials};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Label, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::driver::Bulkhead;

use crate::steps::small_batches;

/// Not one attempt beyond the first: whatever is repeated is then visible.
fn one_attempt() -> JobOptions {
    JobOptions {
        max_retries: Some(0),
        ..small_batches()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_8_throttling_uses_no_attempt() {
    let server = Bulkhead::with_mails(2_000).await;
    let account = server.api.sandbox().await;
    let busy = Dials {
        throttle_calls: 5,
        throttle_seconds: 1,
        ..Dials::default()
    };
    server.api.turn_dials(&account, &busy).await;
    let operation = Operation::Archive(Archive {});
    let draft = server
        .api
        .draft_query(&account, operation, "in:inbox", one_attempt())
        .await;
    server.api.confirm(&draft.id).await;
    let job = server.api.wait_for_end(&draft.id).await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, job.total)
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_3_lost_answers_are_looked_after_and_nothing_is_repeated() {
    let server = Bulkhead::with_mails(2_000).await;
    let account = server.api.sandbox().await;
    let before = server.api.mailbox(&account).await;
    let deaf = Dials {
        lose_answers: 4,
        ..Dials::default()
    };
    server.api.turn_dials(&account, &deaf).await;
    let operation = Operation::Archive(Archive {});
    let draft = server
        .api
        .draft_query(&account, operation, "in:inbox", one_attempt())
        .await;
    server.api.confirm(&draft.id).await;
    let job = server.api.wait_for_end(&draft.id).await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, job.total),
        "{job:#?}"
    );
    server.api.undo(&job.id).await;
    assert_eq!(server.api.mailbox(&account).await, before);
    server.stop().await;
}

async fn survives_a_crash(point: CrashPoint) {
    let mut server = Bulkhead::with_mails(2_000).await;
    let account = server.api.sandbox().await;
    let before = server.api.mailbox(&account).await;
    let operation = Operation::Label(Label {
        add: vec!["story".into()],
        remove: Vec::new(),
    });
    let draft = server
        .api
        .draft_query(&account, operation, "in:inbox", small_batches())
        .await;

    let crash = Dials {
        crash: Some(point),
        ..Dials::default()
    };
    server.api.turn_dials(&account, &crash).await;
    server.api.confirm(&draft.id).await;
    server.wait_for_crash().await;
    server.restart().await;
    let job = server.api.wait_for_end(&draft.id).await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, job.total),
        "{job:#?}"
    );
    assert_eq!(
        server.api.count(&account, "in:anywhere label:story").await,
        job.total
    );

    server.api.turn_dials(&account, &crash).await;
    let undo = server.api.child(&job.id, "undo").await;
    server.api.confirm(&undo.id).await;
    server.wait_for_crash().await;
    server.restart().await;
    let undo = server.api.wait_for_end(&undo.id).await;
    assert_eq!(
        (undo.state, undo.counts.succeeded),
        (State::Completed, job.total),
        "{undo:#?}"
    );
    assert_eq!(server.api.mailbox(&account).await, before);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn survives_a_crash_before_a_change() {
    survives_a_crash(CrashPoint::BeforeChange).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn survives_a_crash_in_the_middle_of_a_change() {
    survives_a_crash(CrashPoint::HalfWay).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn survives_a_crash_after_a_change_before_its_answer() {
    survives_a_crash(CrashPoint::AfterChange).await;
}
