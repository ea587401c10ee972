//! What became of a job that something else than a person's own request drafted: a suggestion, or a rule.

use bulkhead_shared::api::Relation;
use bulkhead_shared::ids::JobId;

use crate::error::Error;
use crate::ports::Ports;
use crate::records::JobRecord;
use crate::records::store::load_job;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Became {
    /// It waits to be confirmed.
    Draft,
    /// It was confirmed, and still works unless it `is_ended`; nobody can take it back any more if `is_final`.
    Done {
        is_ended: bool,
        is_final: bool,
    },
    Undone,
    /// It was never confirmed, or that is not known any more.
    Nothing,
}

/// What became of this job. An undo by any way counts.
pub(crate) async fn became(ports: &Ports, job: &JobId) -> Result<Became, Error> {
    match load_job(ports.table.as_ref(), job).await? {
        Some(job) => of_record(ports, &job.record).await,
        None => Ok(Became::Nothing),
    }
}

async fn of_record(ports: &Ports, job: &JobRecord) -> Result<Became, Error> {
    let now = ports.clock.now();
    if job.confirmed_at.is_none() {
        return Ok(match job.is_open_draft(now) {
            true => Became::Draft,
            false => Became::Nothing,
        });
    }
    for child in &job.children {
        let child = load_job(ports.table.as_ref(), child).await?;
        let undone = child.is_some_and(|child| {
            child.record.relation == Some(Relation::Undo) && child.record.confirmed_at.is_some()
        });
        if undone {
            return Ok(Became::Undone);
        }
    }
    let is_ended = job.state.is_ended();
    let is_final = is_ended && job.undo_until().is_none_or(|until| until <= now);
    Ok(Became::Done { is_ended, is_final })
}
