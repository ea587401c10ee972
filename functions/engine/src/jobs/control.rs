//! What a person may do with a job: confirm, hold, go on, stop.

use bulkhead_shared::api::Confirm;
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::job::{State, StateReason};
use jiff::{SignedDuration, Timestamp};

use crate::access;
use crate::dispatch::ask_for_all;
use crate::error::Error;
use crate::jobs::check::{self, Checked};
use crate::jobs::drift;
use crate::jobs::settle::settle;
use crate::outbox;
use crate::ports::Ports;
use crate::records::store::Stored;
use crate::records::{Happened, JobRecord};

/// Items in a selection that a request itself looks at, to see whether something changed.
pub const CHECKED_INSIDE: u64 = 1_000;
/// How long such a look may take before it goes on outside the request.
const SOON: SignedDuration = SignedDuration::from_secs(2);

/// Yes to exactly what was previewed (invariant 5). If nothing changed, or little is to be looked at, the
/// answer tells what came of it; otherwise the job is being checked, and tells by and by.
pub async fn confirm(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    confirm: &Confirm,
) -> Result<(), Error> {
    let mut job = access::job(ports, user, id).await?.into_inner();
    let now = ports.clock.now();
    let same = job.record.manifest_hash.as_ref() == Some(&confirm.manifest_hash);
    let said = job.record.confirmed_at.is_some() || job.record.state == State::Checking;
    if same && said {
        // The same yes again, because its answer was lost.
        return Ok(());
    }
    expire_if_late(ports, &mut job, now).await?;
    let untouched = job.clone();
    let checking = job.record.check(confirm.drift_hash.clone(), now)?;
    if !same {
        return Err(Error::HashMismatch);
    }
    if drift::is_unchanged(ports, &job.record).await? {
        job = untouched;
        let confirmed = job.record.confirm(None, now)?;
        save(ports, &mut job, &confirmed, now).await?;
        return check::begin(ports, &job.record).await;
    }
    save(ports, &mut job, &checking, now).await?;
    if job.record.total > CHECKED_INSIDE {
        check::ask(ports, &job.record, SignedDuration::ZERO).await;
        return Ok(());
    }
    match check::go_on(ports, id, now + SOON, SignedDuration::ZERO).await {
        Ok(Checked::Drifted(drift)) => Err(Error::Drifted(Box::new(drift))),
        Ok(Checked::Confirmed | Checked::Later) => Ok(()),
        // Somebody else went on with it, or stopped it.
        Err(error) if error.is_conflict() => Ok(()),
        Err(error) => Err(error),
    }
}

async fn save(
    ports: &Ports,
    job: &mut Stored<JobRecord>,
    happened: &Happened,
    now: Timestamp,
) -> Result<(), Error> {
    match outbox::save(ports, job, happened, now).await {
        Err(error) if error.is_conflict() => Err(Error::NotPossible(
            "The job changed in this moment; look again.",
        )),
        saved => saved,
    }
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

/// Discards a draft, as one that nobody will confirm. A job that was confirmed is stopped by [`cancel`].
pub async fn discard(ports: &Ports, user: &UserId, id: &JobId) -> Result<(), Error> {
    let now = ports.clock.now();
    change(ports, user, id, |job| match job.state {
        State::Planning | State::Draft | State::Checking => {
            Ok(Some(job.stop(StateReason::ByUser, now)?))
        }
        // Discarded already, or its time has passed.
        State::Cancelled | State::Expired if job.confirmed_at.is_none() => Ok(None),
        _ => Err(Error::NotPossible(
            "Only a draft can be discarded; a job is cancelled.",
        )),
    })
    .await
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
