//! The sandbox's directory passes the suite every directory passes, and carries whole jobs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixture;
mod jobs;
mod options;
mod results;
mod validate;

use bulkhead_engine::testing::mailboxes::conforms;

use fixture::Fixture;

#[tokio::test]
async fn conforms_to_the_port() {
    conforms(Fixture::with).await;
}
