//! What a person may do with a job: confirm, hold, go on, stop.

use bulkhead_shared::api::Confirm;
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::job::{State, StateReason};
use jiff::Timestamp;

use crate::access;
use crate::error::Error;
use crate::jobs::dispatch::{claimable, send};
use crate::jobs::drift::{self, Drifted};
use crate::jobs::settle::settle;
use crate::outbox;
use crate::ports::Ports;
use crate::records::store::{PackedRows, Stored, load_job_with_chunks, packed_rows, read_text};
use crate::records::{Happened, JobRecord, names};

/// Jobs looked at for those that a new sign-in lets go on.
const RECENT_JOBS: u32 = 200;

/// Yes to exactly what was previewed (invariant 5).
pub async fn confirm(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    confirm: &Confirm,
) -> Result<(), Error> {
    let mut job = access::job(ports, user, id).await?.into_inner();
    let now = ports.clock.now();
    if job.record.manifest_hash.as_ref() == Some(&confirm.manifest_hash)
        && already_confirmed(&job.record)
    {
        // The same yes again, because its answer was lost.
        return Ok(());
    }
    expire_if_late(ports, &mut job, now).await?;
    let mut drift = None;
    // Whether it may be confirmed at all is asked before anything that takes long.
    let _ = job.record.clone().confirm(None, now)?;
    if job.record.manifest_hash.as_ref() != Some(&confirm.manifest_hash) {
        return Err(Error::HashMismatch);
    }
    if let Some(Drifted {
        drift: found,
        left_at,
    }) = drift::find(ports, &job.record).await?
    {
        let seen = confirm.drift_hash.as_ref() == Some(&found.hash);
        if !seen && (found.left > 0 || found.changed > 0) {
            return Err(Error::Drifted(Box::new(found)));
        }
        // What left is not swept along, also where a mail keeps its id when it moves.
        let left = left_at
            .iter()
            .map(|(&chunk, places)| packed_rows(names::left(id, &found.hash, chunk), places, now));
        let rows = left.collect::<Result<Vec<PackedRows>, Error>>()?;
        let rows = rows.into_iter().flat_map(PackedRows::into_rows);
        ports.table.put_many(rows.collect()).await?;
        drift = (found.left > 0).then_some(found.hash);
    }
    let confirmed = job.record.confirm(drift, now)?;
    match outbox::save(ports, &mut job, &confirmed, now).await {
        Err(error) if error.is_conflict() => {
            return Err(Error::NotPossible(
                "The job changed in this moment; look again.",
            ));
        }
        other => other?,
    }
    if job.record.total == 0 {
        settle(ports, id).await?;
    } else {
        ask_for_all(ports, id).await?;
    }
    Ok(())
}

fn already_confirmed(job: &JobRecord) -> bool {
    job.confirmed_at.is_some()
}

/// A draft whose time has passed is expired, whatever the table still holds (invariant 7).
async fn expire_if_late(
    ports: &Ports,
    job: &mut Stored<JobRecord>,
    now: Timestamp,
) -> Result<(), Error> {
    if matches!(job.record.state, State::Draft | State::Planning) && job.record.confirm_by() <= now
    {
        let expired = job.record.expire(now)?;
        outbox::save(ports, job, &expired, now).await?;
    }
    Ok(())
}

/// Asks for every chunk that can be worked on now.
pub(crate) async fn ask_for_all(ports: &Ports, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    if let Some(state) = load_job_with_chunks(ports.table.as_ref(), id).await? {
        send(
            ports,
            &state.job.record,
            &claimable(&state, now, Timestamp::MAX),
        )
        .await;
    }
    Ok(())
}

/// Holds a job. Workers put down what they hold before their next provider call.
pub async fn pause(ports: &Ports, user: &UserId, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    change(ports, user, id, |job| {
        let already = job.state == State::Paused && job.why == Some(StateReason::ByUser);
        let pause = (!already).then(|| job.pause(StateReason::ByUser, now));
        Ok(pause.transpose()?)
    })
    .await
}

/// Goes on with a held job.
pub async fn resume(ports: &Ports, user: &UserId, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    change(ports, user, id, |job| {
        let already = job.state.may_work();
        Ok((!already).then(|| job.resume(now)).transpose()?)
    })
    .await?;
    ask_for_all(ports, id).await?;
    // Everything may have been done before it was held.
    settle(ports, id).await.map(|_| ())
}

/// Goes on with the jobs of an account that were held because its sign-in was refused.
pub(crate) async fn go_on_after_sign_in(
    ports: &Ports,
    user: &UserId,
    account: &AccountId,
) -> Result<(), Error> {
    for row in ports.table.owned(user.as_str(), None, RECENT_JOBS).await? {
        let job: Stored<JobRecord> = read_text(&row)?;
        let held =
            job.record.why == Some(StateReason::SignInNeeded) && job.record.state == State::Paused;
        if held && job.record.account == *account {
            resume(ports, user, &job.record.id).await?;
        }
    }
    Ok(())
}

/// Stops a job. What was done stays done and can be undone; what never started is cancelled.
pub async fn cancel(ports: &Ports, user: &UserId, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    change(ports, user, id, |job| {
        let already = matches!(job.state, State::Cancelling | State::Cancelled);
        let stop = (!already).then(|| job.stop(StateReason::ByUser, now));
        Ok(stop.transpose()?)
    })
    .await?;
    settle(ports, id).await.map(|_| ())
}

/// What a person wants to happen to their job. Asked twice is asked once: then `what` says that nothing
/// happens.
async fn change(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    what: impl Fn(&mut JobRecord) -> Result<Option<Happened>, Error> + Send + Sync,
) -> Result<(), Error> {
    access::job(ports, user, id).await?;
    outbox::change(ports, id, ports.clock.now(), what).await?;
    Ok(())
}
