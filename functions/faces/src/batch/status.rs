//! A batch as it stands, told from its jobs.

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{progress, results};
use bulkhead_engine::ports::Ports;
use bulkhead_shared::api::{BatchError, BatchState, BatchStatus, Job};
use bulkhead_shared::ids::UserId;
use bulkhead_shared::outcome::{Counts, Outcome};
use jiff::Timestamp;

use super::directory::Directory;
use super::record::{BatchRecord, KEPT};
use super::words::{Work, handled, state};

/// A batch of this person. It is not found once a day has passed since its end.
pub async fn status(ports: &Ports, user: &UserId, id: &str) -> Result<BatchStatus, Error> {
    let record = BatchRecord::load(ports, user, id).await?;
    let jobs = jobs(ports, user, &record).await?;
    let now = ports.clock.now();
    let whole = Whole::of(&jobs);
    let completed_at = whole.completed_at(&jobs);
    if completed_at.is_some_and(|at| at + KEPT <= now) {
        return Err(Error::NotFound);
    }
    let (processed, failed) = handled(&whole.counts);
    let errors = match failed {
        0 => None,
        _ => Some(errors(ports, user, id, &jobs).await?),
    };
    Ok(BatchStatus {
        job_id: record.id,
        status: whole.state,
        total: whole.counts.total(),
        processed,
        succeeded: whole.counts.succeeded,
        failed,
        errors,
        created_at: record.created_at,
        updated_at: completed_at.unwrap_or(match whole.state {
            BatchState::Queued => record.created_at,
            _ => now,
        }),
        completed_at,
    })
}

/// Whether nothing will happen any more in a batch. One that there is not has ended.
pub(super) async fn has_ended(ports: &Ports, user: &UserId, id: &str) -> Result<bool, Error> {
    let record = match BatchRecord::load(ports, user, id).await {
        // Claimed, and not begun: it may be in this moment.
        Err(Error::NotFound) => return Ok(false),
        record => record?,
    };
    let jobs = jobs(ports, user, &record).await?;
    Ok(Whole::of(&jobs).state.is_ended())
}

async fn jobs(ports: &Ports, user: &UserId, record: &BatchRecord) -> Result<Vec<Job>, Error> {
    let mut jobs = Vec::with_capacity(record.jobs.len());
    for id in &record.jobs {
        jobs.push(progress::job(ports, user, id).await?);
    }
    Ok(jobs)
}

/// All jobs of a batch together.
struct Whole {
    state: BatchState,
    counts: Counts,
}

impl Whole {
    fn of(jobs: &[Job]) -> Self {
        let mut counts = Counts::default();
        for job in jobs {
            counts += job.counts;
        }
        let states: Vec<BatchState> = jobs.iter().map(|job| state(job.state, &counts)).collect();
        let first = states.first().copied().unwrap_or(BatchState::Completed);
        let state = match () {
            _ if states.iter().all(|state| state.is_ended()) => first,
            _ if states.iter().all(|state| *state == BatchState::Queued) => BatchState::Queued,
            _ => BatchState::Processing,
        };
        Self { state, counts }
    }

    fn completed_at(&self, jobs: &[Job]) -> Option<Timestamp> {
        let ended = jobs.iter().filter_map(|job| job.ended_at).max();
        ended.filter(|_| self.state.is_ended())
    }
}

/// Each mail that failed, and why.
async fn errors(
    ports: &Ports,
    user: &UserId,
    id: &str,
    jobs: &[Job],
) -> Result<Vec<BatchError>, Error> {
    let work = Work::of_id(id).ok_or(Error::NotFound)?;
    let mut directory = Directory::load(ports, user).await?;
    let mut errors = Vec::new();
    for job in jobs {
        for item in results::endings(ports, user, &job.id).await? {
            let Some(outcome) = item
                .outcome
                .filter(|outcome| *outcome != Outcome::Succeeded)
            else {
                continue;
            };
            let Some(email_id) = directory.id(&job.account, &item.id)? else {
                continue;
            };
            let reason = item.reason.filter(|_| outcome != Outcome::Cancelled);
            errors.push(BatchError {
                email_id,
                error: work.error(reason),
                timestamp: item.at.unwrap_or(job.created_at),
            });
        }
    }
    Ok(errors)
}
