//! The suite that every store of contacts passes.

use std::sync::atomic::{AtomicUsize, Ordering};

use bulkhead_engine::testing::contacts::conforms;
use bulkhead_tests::servers::cyrus::Cyrus;
use bulkhead_tests::servers::radicale::Radicale;

use crate::support::Fixture;

#[tokio::test]
async fn conforms_on_cyrus() {
    let (server, used) = (Cyrus::start(), AtomicUsize::new(0));
    conforms(async |cards| {
        let user = server.user(used.fetch_add(1, Ordering::SeqCst));
        Fixture::with(user, true, cards).await
    })
    .await;
}

#[tokio::test]
async fn conforms_on_radicale_which_writes_cards_anew() {
    let (server, used) = (Radicale::start(), AtomicUsize::new(0));
    conforms(async |cards| {
        let user = server.user(used.fetch_add(1, Ordering::SeqCst)).await;
        Fixture::with(user, false, cards).await
    })
    .await;
}
