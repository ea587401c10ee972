//! The sweep: asks again for what nobody holds, ends what has ended, expires what nobody confirmed.

use bulkhead_engine::log_redaction;
use bulkhead_engine::ports::Ports;
use bulkhead_engine::sweep::{Holders, Swept, sweep};
use jiff::Timestamp;
use serde::de::IgnoredAny;

use crate::metrics::{self, Metrics};

/// What the schedule sends; nothing in it matters.
pub type Occasion = IgnoredAny;

/// The sweep did not take place. Why is in the log.
#[derive(Debug, thiserror::Error)]
#[error("the sweep did not take place")]
pub struct NotSwept;

/// Sweeps once. Workers may be at work: a lease counts until it ends by itself.
/// `deadline` is when the function is ended.
pub async fn on_schedule(
    ports: &Ports,
    metrics: &Metrics,
    deadline: Timestamp,
) -> Result<(), NotSwept> {
    let swept = sweep(ports, Holders::Alive, deadline).await;
    let swept = swept.map_err(|error| {
        tracing::error!(
            error = log_redaction::of(&error),
            "The sweep did not take place."
        );
        NotSwept
    })?;
    metrics.note(metrics::SWEEPS_FAILED, f64::from(swept.failed), &[]);
    let Swept {
        jobs,
        failed,
        unfinished,
    } = swept;
    tracing::info!(jobs, failed, unfinished, "Swept.");
    Ok(())
}
