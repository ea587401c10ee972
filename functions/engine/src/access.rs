//! Whose is it: the one way from an id in a request to a record.
//!
//! What is somebody else's is answered like what does not exist (invariant 6). Functions that act
//! for a person take an [`Owned`] record, so that without this check there is nothing to call.

use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::limits;
use jiff::SignedDuration;

use crate::error::Error;
use crate::ports::{Ports, Table};
use crate::records::store::{JobWithChunks, Stored, load_job, load_job_with_chunks, load_text};
use crate::records::{AccountRecord, JobRecord, names};

/// A record that was checked to belong to the person who asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Owned<T>(T);

impl<T> Owned<T> {
    /// The record.
    pub fn get(&self) -> &T {
        &self.0
    }

    /// The record, taken out.
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// A job of this person.
pub async fn job(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
) -> Result<Owned<Stored<JobRecord>>, Error> {
    match load_job(ports.table.as_ref(), id).await? {
        Some(job) if is_there(ports, user, &job.record) => Ok(Owned(job)),
        _ => Err(Error::NotFound),
    }
}

/// A job of this person, with its chunks.
pub async fn job_with_chunks(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
) -> Result<Owned<JobWithChunks>, Error> {
    match load_job_with_chunks(ports.table.as_ref(), id).await? {
        Some(job) if is_there(ports, user, &job.job.record) => Ok(Owned(job)),
        _ => Err(Error::NotFound),
    }
}

/// A job of this person, with its chunks as long as they say more than its own row: one that has ended
/// carries what it came to, however many chunks it had.
pub(crate) async fn job_as_it_stands(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
) -> Result<JobWithChunks, Error> {
    let job = job(ports, user, id).await?.into_inner();
    if job.record.state.is_ended() {
        let chunks = Vec::new();
        return Ok(JobWithChunks { job, chunks });
    }
    Ok(job_with_chunks(ports, user, id).await?.into_inner())
}

/// Whether a job exists for this person: it is theirs, and the history still goes back to it
/// (invariant 7).
pub(crate) fn is_there(ports: &Ports, user: &UserId, job: &JobRecord) -> bool {
    let kept_until = job.created_at + SignedDuration::from_hours(24 * limits::HISTORY_DAYS);
    job.owner == *user && kept_until > ports.clock.now()
}

/// An account of this person. Accounts are stored under their owner, so others' are not even read.
pub async fn account(
    ports: &Ports,
    user: &UserId,
    id: &AccountId,
) -> Result<Owned<AccountRecord>, Error> {
    account_of(ports.table.as_ref(), user, id).await.map(Owned)
}

/// The account a job works in, for workers.
pub async fn account_of(
    table: &dyn Table,
    owner: &UserId,
    id: &AccountId,
) -> Result<AccountRecord, Error> {
    let stored = load_text(table, &names::account(owner, id)).await?;
    stored.map(|stored| stored.record).ok_or(Error::NotFound)
}
