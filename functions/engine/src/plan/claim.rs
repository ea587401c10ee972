//! Taking a job for planning: at most one planner has it at a time, and goes on where the one before stopped
//! or died.

use bulkhead_shared::ids::JobId;
use jiff::Timestamp;

use super::freezer::{Freezer, ReadBack};
use super::held::{Plan, ask_again, give_up, put_down};
use crate::error::Error;
use crate::limits::RESERVE;
use crate::ports::Ports;
use crate::records::store::{Stored, keep_job, load_job};
use crate::records::{JobRecord, PutDown, Taken};

/// Takes the job for planning, with a lease until then; none if there is nothing to plan for this planner.
pub(super) async fn claim(
    ports: &Ports,
    id: &JobId,
    deadline: Timestamp,
    until: Timestamp,
) -> Result<Option<Plan>, Error> {
    loop {
        let Some((job, put_down)) = take(ports, id, until).await? else {
            return Ok(None);
        };
        let freezer = Freezer::new(&job.record, ports.clock.now());
        let Some(put_down) = put_down else {
            let cursor = None;
            return Ok(Some(Plan {
                job,
                freezer,
                cursor,
            }));
        };
        match read_back(ports, job, freezer, &put_down, deadline).await? {
            Taking::Has(plan) => return Ok(Some(*plan)),
            Taking::Anew => {}
            Taking::Later => return Ok(None),
        }
    }
}

async fn take(
    ports: &Ports,
    id: &JobId,
    until: Timestamp,
) -> Result<Option<(Stored<JobRecord>, Option<PutDown>)>, Error> {
    let now = ports.clock.now();
    let Some(mut job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(None);
    };
    let put_down = match job.record.take_for_planning(until, now) {
        Taken::No(None) => return Ok(None),
        Taken::No(Some(until)) => {
            // Whoever is at it may be gone.
            ask_again(ports, &job.record, until.duration_since(now)).await;
            return Ok(None);
        }
        Taken::TooOften => {
            give_up(ports, id).await?;
            return Ok(None);
        }
        Taken::At(put_down) => put_down,
    };
    keep_job(ports, &mut job, now).await?;
    Ok(Some((job, put_down)))
}

/// What came of going on with what was put down.
enum Taking {
    Has(Box<Plan>),
    /// It is not as it was put down.
    Anew,
    /// There was not enough time.
    Later,
}

async fn read_back(
    ports: &Ports,
    mut job: Stored<JobRecord>,
    mut freezer: Freezer,
    reached: &PutDown,
    deadline: Timestamp,
) -> Result<Taking, Error> {
    let now = ports.clock.now();
    let read = freezer.read_back(ports, &job.record, reached, deadline - RESERVE);
    match read.await? {
        ReadBack::All => Ok(Taking::Has(Box::new(Plan {
            job,
            freezer,
            cursor: reached.cursor.clone(),
        }))),
        ReadBack::Other => {
            tracing::warn!(job.id = %job.record.id, "What was put down is not as it was; planned anew.");
            job.record.forget_put_down();
            keep_job(ports, &mut job, now).await?;
            Ok(Taking::Anew)
        }
        // What is put down stays as it is.
        ReadBack::Late => {
            if job.record.plan_trouble() {
                give_up(ports, &job.record.id).await?;
            } else {
                put_down(ports, job, None).await?;
            }
            Ok(Taking::Later)
        }
    }
}
