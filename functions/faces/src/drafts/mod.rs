//! Bulk drafts: mails and contacts by the dozen, drafted, executed, watched and stopped by the id of the draft,
//! which is our job's.

mod fault;
mod make;
mod words;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{control, preview, progress};
use bulkhead_engine::ports::Ports;
use bulkhead_shared::api::{BulkCancelled, BulkProgress, Confirm, ExecuteBulk, Job};
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::problem::Invalid;

pub use fault::Fault;
pub use make::draft;
pub use words::{counted, error, progress_status};

/// Executes a draft as it was made. Asked twice, it runs once.
pub async fn execute(
    ports: &Ports,
    user: &UserId,
    wanted: &ExecuteBulk,
) -> Result<BulkProgress, Fault> {
    let id = id(&wanted.draft_id)?;
    let job = progress::job(ports, user, &id).await?;
    check_as_drafted(&job, wanted)?;
    if job.confirmed_at.is_none() {
        let seen = preview::preview(ports, user, &id).await?;
        let yes = Confirm {
            manifest_hash: seen.manifest_hash,
            drift_hash: None,
        };
        control::confirm(ports, user, &id, &yes).await?;
    }
    watch(ports, user, &wanted.draft_id).await
}

/// What was shown is what is done: other batches than those of the draft are another draft.
fn check_as_drafted(job: &Job, wanted: &ExecuteBulk) -> Result<(), Invalid> {
    let options = &wanted.options;
    let differs = |field: &str, drafted: String| {
        let text = format!("It was drafted with {drafted}; draft it anew for another value.");
        Err(Invalid::new(format!("options.{field}"), text))
    };
    let settings = &job.settings;
    if options
        .batch_size
        .is_some_and(|size| size != settings.batch_size)
    {
        return differs("batchSize", settings.batch_size.to_string());
    }
    if options
        .parallel_batches
        .is_some_and(|lanes| lanes != settings.parallel_chunks)
    {
        return differs("parallelBatches", settings.parallel_chunks.to_string());
    }
    if options
        .retry_failed
        .is_some_and(|again| again != settings.retry_failed)
    {
        return differs("retryFailed", settings.retry_failed.to_string());
    }
    Ok(())
}

/// How far an execution is.
pub async fn watch(ports: &Ports, user: &UserId, draft: &str) -> Result<BulkProgress, Fault> {
    let job = progress::job(ports, user, &id(draft)?).await?;
    Ok(BulkProgress {
        draft_id: draft.to_owned(),
        status: progress_status(job.state),
        progress: counted(&job),
    })
}

/// Stops an execution, or drops a draft: whether there was still something to stop.
pub async fn cancel(ports: &Ports, user: &UserId, draft: &str) -> Result<BulkCancelled, Fault> {
    let id = id(draft)?;
    let before = progress::job(ports, user, &id).await?;
    let cancelled = !before.state.is_ended();
    if cancelled {
        control::cancel(ports, user, &id).await?;
    }
    Ok(BulkCancelled {
        draft_id: draft.to_owned(),
        cancelled,
    })
}

/// What cannot be an id is answered like one that does not exist.
fn id(draft: &str) -> Result<JobId, Error> {
    draft.parse().map_err(|_| Error::NotFound)
}
