//! What did not go as asked and is left as it is: a person has seen it, and nothing more is to be done about it.

use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::outcome::{ItemReason, Outcome};

use crate::access;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::store::keep_job;

/// Leaves all items as they are that ended so for this reason: no retry tries them again. Their outcomes stay what
/// they are. Said twice it is said once.
pub async fn leave(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    outcome: Outcome,
    reason: ItemReason,
) -> Result<(), Error> {
    loop {
        let mut job = access::job(ports, user, id).await?.into_inner();
        let now = ports.clock.now();
        if !job.record.state.is_ended() {
            return Err(Error::NotPossible("The job has not ended yet."));
        }
        if !job.record.leave(outcome, reason) {
            return Err(Error::NotPossible(
                "Nothing in this job failed for this reason.",
            ));
        }
        match keep_job(ports, &mut job, now).await {
            Err(error) if error.is_conflict() => {}
            kept => return kept,
        }
    }
}
