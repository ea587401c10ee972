//! Where mails are that a job moved, and that an undo may have brought back: many providers give them other ids there.

use std::collections::HashMap;

use bulkhead_shared::api::Relation;
use bulkhead_shared::ids::{ItemId, JobId};

use crate::error::Error;
use crate::jobs::endings::{Ended, chunk_outcomes};
use crate::ports::Ports;
use crate::records::JobRecord;
use crate::records::store::load_job;

/// The ids that mails of a job have since it took them, or since it was taken back, by those that they had before it.
/// Of what cannot be read any more nothing is told.
pub(super) async fn moved(ports: &Ports, job: &JobId) -> Result<HashMap<ItemId, ItemId>, Error> {
    let Some(job) = load_job(ports.table.as_ref(), job).await? else {
        return Ok(HashMap::new());
    };
    // What it made stands under other ids; the mails themselves are where they were.
    let target = job.record.operation.target();
    if target.is_some_and(|target| target.makes_others()) {
        return Ok(HashMap::new());
    }
    let mut now = ids(ports, &job.record).await?;
    for child in &job.record.children {
        let child = load_job(ports.table.as_ref(), child).await?;
        let Some(undo) = child.filter(|it| it.record.relation == Some(Relation::Undo)) else {
            continue;
        };
        if undo.record.manifest_hash.is_none() {
            continue;
        }
        let back = ids(ports, &undo.record).await?;
        for id in now.values_mut() {
            if let Some(back) = back.get(id) {
                *id = back.clone();
            }
        }
    }
    Ok(now)
}

/// The ids that a job left its mails with, by those that it took them with.
async fn ids(ports: &Ports, job: &JobRecord) -> Result<HashMap<ItemId, ItemId>, Error> {
    let mut ids = HashMap::new();
    for chunk in 0..job.chunks() {
        if let Ended::Known(rows) = chunk_outcomes(ports, job, chunk).await? {
            ids.extend(rows.into_iter().map(|row| (row.outcome.id, row.id_now)));
        }
    }
    Ok(ids)
}
