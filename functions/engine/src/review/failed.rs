//! Why mails were not done by a job that took them: they wait for a person again.

use std::collections::HashMap;

use bulkhead_shared::api::Relation;
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::outcome::{ItemReason, Outcome};

use crate::error::Error;
use crate::jobs::endings::{Ended, chunk_outcomes};
use crate::ports::Ports;
use crate::records::JobRecord;
use crate::records::store::load_job;

/// The mails that failed in a job that has ended, by the ids that it took them with; none while a retry has them. Of what
/// cannot be read any more nothing is told.
pub(super) async fn failed(
    ports: &Ports,
    job: &JobId,
) -> Result<HashMap<ItemId, ItemReason>, Error> {
    let Some(job) = load_job(ports.table.as_ref(), job).await? else {
        return Ok(HashMap::new());
    };
    let mut failed = HashMap::new();
    // Only a job that has ended has counts.
    let has_failures = job.record.counts.is_some_and(|counts| counts.failed > 0);
    if !has_failures || is_retried(ports, &job.record).await? {
        return Ok(failed);
    }
    for chunk in 0..job.record.chunks() {
        let Ended::Known(rows) = chunk_outcomes(ports, &job.record, chunk).await? else {
            continue;
        };
        let rows = rows.into_iter().map(|row| row.outcome);
        let rows = rows.filter(|outcome| outcome.outcome == Some(Outcome::Failed));
        failed.extend(rows.map(|it| (it.id, it.reason.unwrap_or(ItemReason::Internal))));
    }
    Ok(failed)
}

async fn is_retried(ports: &Ports, job: &JobRecord) -> Result<bool, Error> {
    for child in &job.children {
        let child = load_job(ports.table.as_ref(), child).await?;
        let is_retry =
            |job: &JobRecord| job.relation == Some(Relation::Retry) && job.confirmed_at.is_some();
        if child.is_some_and(|child| is_retry(&child.record)) {
            return Ok(true);
        }
    }
    Ok(false)
}
