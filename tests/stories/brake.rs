//! Rules that stop a job by themselves: too much fails, or the first error is one too many.

use bulkhead_shared::api::Dials;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{MarkRead, Operation};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_tests::driver::Bulkhead;

use crate::steps::small_batches;

async fn run_with(server: &Bulkhead, options: JobOptions) -> bulkhead_shared::api::Job {
    let account = server.api.sandbox().await;
    let failing = Dials {
        fail_percent: 80,
        ..Dials::default()
    };
    server.api.turn_dials(&account, &failing).await;
    let operation = Operation::MarkRead(MarkRead {});
    let draft = server
        .api
        .draft_query(&account, operation, "is:unread", options)
        .await;
    server.api.confirm(&draft.id).await;
    server.api.wait_for_end(&draft.id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_brake_stops_a_job_in_which_most_fails() {
    let server = Bulkhead::with_mails(4_000).await;
    let job = run_with(&server, small_batches()).await;
    assert_eq!(
        (job.state, job.reason),
        (State::Failed, Some(StateReason::Brake))
    );
    assert!(
        job.counts.failed >= 100 / 2 && job.counts.cancelled > 0,
        "{:?}",
        job.counts
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_brake_everything_is_tried() {
    let server = Bulkhead::with_mails(1_000).await;
    let brake = Some(Brake {
        enabled: false,
        ..Brake::default()
    });
    let job = run_with(
        &server,
        JobOptions {
            brake,
            ..small_batches()
        },
    )
    .await;
    assert_eq!((job.state, job.counts.cancelled), (State::Completed, 0));
    assert!(job.counts.failed > job.counts.succeeded && job.counts.succeeded > 0);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_on_error_stops_at_the_first() {
    let server = Bulkhead::with_mails(4_000).await;
    let options = JobOptions {
        stop_on_error: Some(true),
        ..small_batches()
    };
    let job = run_with(&server, options).await;
    assert_eq!(
        (job.state, job.reason),
        (State::Failed, Some(StateReason::StopOnError))
    );
    assert!(
        job.counts.failed > 0 && job.counts.cancelled > 0,
        "{:?}",
        job.counts
    );
    server.stop().await;
}
