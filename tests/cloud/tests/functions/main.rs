//! The stand-in for Lambda, its queue mapping and the HTTP API, with a function that does as it is told.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a broken expectation has to end the test"
)]

mod gateway;
mod lambda;
mod mapping;

use std::collections::BTreeMap;
use std::time::Duration;

use bulkhead_cloud::lambda::{Function, Spec};

/// The function that does as the event says.
fn obedient(concurrency: usize, timeout: Duration) -> Function {
    Function::new(Spec {
        name: "obedient".to_owned(),
        binary: env!("CARGO_BIN_EXE_obedient").into(),
        variables: BTreeMap::new(),
        timeout,
        memory: 128,
        concurrency,
    })
}

/// Waits until it is so.
async fn until(what: &str, so: impl Fn() -> bool) {
    let begin = std::time::Instant::now();
    while !so() {
        assert!(begin.elapsed() < Duration::from_secs(20), "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
