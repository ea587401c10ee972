//! Freezing rows: each makes an item, under an id that follows from what it brings, or from job and row.

use std::collections::HashMap;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::problem::Invalid;

use super::freezer::Freezer;
use super::left_out::leave_out;
use crate::attached;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::{Entry, Happened, JobRecord, Seen};
use crate::stores::{ItemStore, Row, calls};

/// Freezes what rows bring. What is made of a row has the same id whoever works on it and however often
/// it is tried, so that nothing is made twice.
pub(crate) async fn freeze_rows(
    ports: &Ports,
    store: &dyn ItemStore,
    job: &mut JobRecord,
    inputs: Vec<Vec<u8>>,
) -> Result<Happened, Error> {
    let now = ports.clock.now();
    if let Some(invalid) = store.check_rows(&job.operation, &inputs) {
        return Err(invalid.into());
    }
    attached::check_kept(ports, &job.account, &job.operation).await?;
    // Taken before anything is read: a change in between then shows as drift, not as nothing.
    job.read_from(store.sync_token().await?);
    let rows = (1..).zip(inputs).map(|(number, input)| Row {
        key: key(job, number),
        input,
    });
    let rows = store.rows(&job.operation, rows.collect()).await?;
    check_each_once(&rows)?;
    let rows = leave_out(ports, job, rows).await?;
    let mut freezer = Freezer::new(job, now);
    for call in calls(store, &rows) {
        let ids: Vec<ItemId> = call.iter().map(|(id, _)| id.clone()).collect();
        let states = store.states(&ids).await?;
        for ((id, input), state) in call.iter().zip(states) {
            let entry = Entry {
                id: id.clone(),
                seen: Seen::of(&state),
                input: Some(input.clone()),
            };
            freezer.add(entry, None)?;
        }
        freezer.store(ports).await?;
    }
    let frozen = freezer.finish(ports).await?;
    Ok(frozen.into_job(job, now)?)
}

/// Names what is made of a row, whatever happens: letters, digits and a dash.
fn key(job: &JobRecord, row: u64) -> String {
    format!("{}-{row}", job.id.by_time())
}

fn check_each_once(rows: &[(ItemId, Vec<u8>)]) -> Result<(), Invalid> {
    let mut first = HashMap::with_capacity(rows.len());
    for (row, (id, _)) in rows.iter().enumerate() {
        if let Some(other) = first.insert(id, row) {
            let text = format!("It makes the same item as row {}.", other + 1);
            return Err(Invalid::new(format!("selection.rows[{row}]"), text));
        }
    }
    Ok(())
}
