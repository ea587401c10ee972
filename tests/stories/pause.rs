//! Held and let go again: while it is held nothing happens, also not after a restart.

use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_tests::driver::Bulkhead;

use crate::steps::{run_into_the_middle, speed_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_job_stands_still_and_goes_on_where_it_was() {
    let mut server = Bulkhead::with_mails(4_000).await;
    let account = server.api.sandbox().await;
    let job = run_into_the_middle(
        &server,
        &account,
        Operation::Archive(Archive {}),
        "in:inbox",
    )
    .await;

    let held = server.api.control(&job.id, "pause").await;
    assert_eq!(
        (held.state, held.reason),
        (State::Paused, Some(StateReason::ByUser))
    );
    let put_down = |job: &bulkhead_shared::api::Job| job.counts.running == 0;
    let still = server.api.wait_until(&job.id, "put down", put_down).await;
    assert!(still.counts.pending > 0, "{:?}", still.counts);

    // A restart is when a held job might be taken for a forgotten one.
    server.restart().await;
    speed_up(&server, &account).await;
    let mailbox = server.api.mailbox(&account).await;
    for _ in 0..20 {
        let job = server.api.job(&job.id).await;
        assert_eq!((job.state, job.counts), (State::Paused, still.counts));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(server.api.mailbox(&account).await, mailbox);

    server.api.control(&job.id, "resume").await;
    let job = server.api.wait_for_end(&job.id).await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, job.total)
    );
    server.stop().await;
}
