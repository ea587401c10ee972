//! A large job, as large as a story has time for. `cargo xtask bench large` does the same with a million mails.

use std::time::Duration;

use bulkhead_tests::large_job::live_through;

#[tokio::test]
async fn a_large_job_survives_two_power_cuts_in_a_mailbox_that_keeps_receiving_mail() {
    let took = live_through(25_000, Duration::from_secs(120)).await;
    assert!(took.items >= 25_000 && took.received > 5, "{took}");
    assert!(took.answered < Duration::from_secs(1), "{took}");
}
