//! A job in a planner's hands, and how it leaves them.

use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use jiff::{SignedDuration, Timestamp};

use super::freezer::Freezer;
use crate::dispatch::send_one;
use crate::error::Error;
use crate::outbox;
use crate::ports::{Message, Ports};
use crate::records::JobRecord;
use crate::records::store::{Stored, keep_job};

/// A job in a planner's hands. Between two pages `freezer` holds exactly what comes before `cursor`.
pub(super) struct Plan {
    pub(super) job: Stored<JobRecord>,
    pub(super) freezer: Freezer,
    pub(super) cursor: Option<String>,
}

/// Puts the job down as it is after the last page, and asks for somebody to go on, not before `until`.
pub(super) async fn put_down(
    ports: &Ports,
    mut job: Stored<JobRecord>,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    let now = ports.clock.now();
    job.record.put_down(until);
    keep_job(ports, &mut job, now).await?;
    let delay = until.map_or(SignedDuration::ZERO, |until| until.duration_since(now));
    ask_again(ports, &job.record, delay).await;
    Ok(())
}

/// Asks for a planner.
pub(super) async fn ask_again(ports: &Ports, job: &JobRecord, delay: SignedDuration) {
    let message = Message::Plan {
        job: job.id.clone(),
    };
    send_one(ports, &job.owner, message, delay).await;
}

/// Gives up a plan, if there still is one.
pub(super) async fn give_up(ports: &Ports, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    outbox::change(ports, id, now, |job| {
        let planning = job.state == State::Planning;
        let failed = planning.then(|| job.fail_to_plan(StateReason::PlanFailed, now));
        Ok(failed.transpose()?)
    })
    .await?;
    Ok(())
}
