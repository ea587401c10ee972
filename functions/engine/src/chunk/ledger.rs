//! What is about to leave is noted beside the table, so that a table that was put back from a backup does not send
//! it once more.
//!
//! Table and ledger count the notes of a chunk. The table counts before the note is made, and the note is made
//! before anything leaves; so a note that the table has not counted is of a time that it has forgotten, and what
//! was noted then may be gone. It is looked for like all that was never answered, and never sent again by itself.

use std::collections::BTreeSet;

use super::lease::ChunkLease;
use super::next::Stop;
use super::reconcile::before_the_look;
use crate::error::Error;
use crate::jobs::forgotten;
use crate::ports::{CallError, Note, Ports};
use crate::tasks::{Step, Task};

/// Notes that these steps are about to be taken. They were counted with what was stored last. If this fails,
/// none of them may be.
pub(super) async fn note(
    ports: &Ports,
    lease: &ChunkLease,
    steps: &[(usize, Step)],
) -> Result<(), CallError> {
    let first = (lease.record.notes + 1).saturating_sub(steps.len() as u64);
    let notes = (first..).zip(steps).map(|(number, (place, step))| {
        Some(Note {
            number,
            place: u32::try_from(*place).ok()?,
            sha256: step.from.version.as_ref()?.as_bytes().try_into().ok()?,
        })
    });
    let notes: Option<Vec<Note>> = notes.collect();
    let notes = notes.ok_or_else(|| {
        CallError::Unavailable("what is about to leave has no hash to be noted by".to_owned())
    })?;
    let (job, chunk) = (&lease.job.id, lease.record.number);
    let noted = ports.ledger.note(job, chunk, &notes).await;
    noted.map_err(|error| CallError::Unavailable(error.to_string()))
}

/// Marks what may be gone although the table knows nothing of it. Answers what has to pass before that can be told.
pub(super) async fn recall(
    ports: &Ports,
    task: &mut dyn Task,
    lease: &mut ChunkLease,
) -> Result<Option<Stop>, Error> {
    let (job, chunk) = (lease.job.id.clone(), lease.record.number);
    let now = ports.clock.now();
    let forgotten = forgotten::notes(ports, &lease.job, chunk, lease.record.notes).await?;
    let last = forgotten.values().map(|note| note.number).max();
    lease.record.notes = last.unwrap_or(lease.record.notes);
    for place in lease.open_items() {
        if let Some(note) = forgotten.get(&place) {
            let gone = task.sent_as(lease.number_of(place), Some(&note.sha256));
            lease.may_be_gone(place, gone, now);
        }
    }
    let began = lease.job.confirmed_at.unwrap_or(now);
    if !ports.ledger.may_lack(&job, chunk, began) {
        return Ok(None);
    }
    let sent = match task.sent().await {
        Ok(sent) => BTreeSet::from_iter(sent),
        Err(error) => return Ok(Some(before_the_look(lease, error))),
    };
    for place in lease.open_items() {
        let number = lease.number_of(place);
        if !lease.unknown.contains(&place) && sent.contains(&number) {
            let gone = task.sent_as(number, None);
            lease.may_be_gone(place, gone, now);
        }
    }
    Ok(None)
}
