//! Looks every few seconds for work that nobody holds, as a schedule does on AWS.

use std::time::Duration;

use anyhow::{Context, Result};
use bulkhead_engine::log_redaction;
use bulkhead_engine::ports::Ports;
use bulkhead_engine::sweep::{Holders, sweep};
use jiff::Timestamp;

/// Between two sweeps.
const EVERY: Duration = Duration::from_secs(5);
/// The time that a sweep may take.
const TIME: Duration = Duration::from_secs(60);

/// The sweep at the start, before any worker: the folder is locked, so whoever held a lease is gone.
pub(crate) async fn first(ports: &Ports) -> Result<()> {
    let swept = sweep(ports, Holders::Gone, Timestamp::MAX)
        .await
        .context("Unfinished jobs cannot be read.")?;
    if swept.jobs > 0 {
        tracing::info!(jobs = swept.jobs, "Going on with unfinished jobs.");
    }
    Ok(())
}

/// Sweeps for ever.
pub(crate) async fn run(ports: Ports) {
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let deadline = ports.clock.now() + TIME;
        if let Err(error) = sweep(&ports, Holders::Alive, deadline).await {
            tracing::warn!(
                error = log_redaction::of(&error),
                "A sweep failed; the next one tries again."
            );
        }
    }
}
