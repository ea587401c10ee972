//! The rules that stop a job: the brake, and stop on error.

use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};

use super::lease::ChunkLease;
use crate::error::Error;
use crate::outbox;
use crate::ports::Ports;

/// Whether the failures so far stop the job: the brake, or stop on error. Told to the job at once,
/// so that all workers see it before their next call.
pub(super) async fn check_rules(ports: &Ports, lease: &mut ChunkLease) -> Result<bool, Error> {
    let (stop_on_error, brake) = (lease.job.settings.stop_on_error, lease.job.settings.brake);
    let why = if stop_on_error {
        Some(StateReason::StopOnError)
    } else if brake.enabled {
        let tally = lease.tally_of_job(ports).await?;
        let tried = tally.succeeded + tally.failed + tally.uncertain;
        brake
            .trips(tried, tally.failed)
            .then_some(StateReason::Brake)
    } else {
        None
    };
    let Some(why) = why else { return Ok(false) };
    lease.stopped_job = true;
    stop_job(ports, &lease.job.id, why).await?;
    Ok(true)
}

pub(super) async fn stop_job(ports: &Ports, id: &JobId, why: StateReason) -> Result<(), Error> {
    let now = ports.clock.now();
    outbox::change(ports, id, now, |job| {
        let stops = job.state.may_work() || job.state == State::Paused;
        Ok(stops.then(|| job.stop(why, now)).transpose()?)
    })
    .await?;
    Ok(())
}
