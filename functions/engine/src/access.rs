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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use bulkhead_shared::options::JobOptions;
    use futures::executor::block_on;

    #[test]
    fn a_job_is_there_for_whose_it_is_as_long_as_the_history_goes_back() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(8)).await.unwrap();
            let done = stage.archived(JobOptions::default()).await.unwrap();
            let eve: UserId = "eve".parse().unwrap();
            let is_found = async |user: &UserId| {
                let (ports, id) = (&stage.ports, &done.id);
                let alone = job(ports, user, id).await.is_ok();
                let with_chunks = job_with_chunks(ports, user, id).await.is_ok();
                assert_eq!(alone, with_chunks);
                alone
            };
            assert!(is_found(&stage.user).await && !is_found(&eve).await);
            let history = SignedDuration::from_hours(24 * limits::HISTORY_DAYS);
            let gone_at = done.created_at + history;
            for (at, is_there) in [
                (gone_at - SignedDuration::from_nanos(1), true),
                (gone_at, false),
            ] {
                stage.clock.set(at);
                assert_eq!(is_found(&stage.user).await, is_there, "{at}");
            }
        });
    }
}
