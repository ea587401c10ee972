//! From a person's yes to the first worker: whether what was confirmed is what there is.
//!
//! A look at a large selection takes longer than a request may, so it is a message. It goes on where an
//! earlier one put it down, with a lease that ends by itself, and waits with everybody else when the
//! provider asks to. Of a small selection the request itself looks, as far as that ends soon.

use bulkhead_shared::api::Drift;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use jiff::{SignedDuration, Timestamp};

use crate::access::account_of;
use crate::accounts;
use crate::dispatch::{ask_for_all, send_one};
use crate::error::Error;
use crate::jobs::drift::{DriftCheck, check_name};
use crate::jobs::settle::settle;
use crate::limits::{LEASE_MARGIN, RESERVE, backoff, budget};
use crate::outbox;
use crate::ports::{CallError, Fact, Message, Ports};
use crate::records::store::{Stored, keep_job, load_job};
use crate::records::{Check, CheckTaken, JobRecord};

/// How often how far it is is stored: what is read again after a death, and how late the screen is.
const SHOW_EVERY: SignedDuration = SignedDuration::from_secs(2);

/// What came of a check.
#[derive(Debug)]
pub(crate) enum Checked {
    /// The job is confirmed.
    Confirmed,
    /// Something drifted that the person has not seen.
    Drifted(Drift),
    /// It goes on later, or somebody else is at it.
    Later,
}

/// Goes on with a check, as a message asks. What is not done by `deadline` is put down and asked for again.
pub(crate) async fn run(ports: &Ports, id: &JobId, deadline: Timestamp) -> Result<(), Error> {
    match go_on(ports, id, deadline, RESERVE).await {
        // Stopped, or taken over: whoever did that goes on.
        Err(error) if error.is_conflict() => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Ok(()),
    }
}

/// Takes the check of a job and goes as far as it comes. A step is not begun if it would probably end later
/// than `reserve` before the deadline.
pub(crate) async fn go_on(
    ports: &Ports,
    id: &JobId,
    deadline: Timestamp,
    reserve: SignedDuration,
) -> Result<Checked, Error> {
    let now = ports.clock.now();
    let Some(mut job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(Checked::Later);
    };
    let check = match job.record.take_check(deadline + LEASE_MARGIN, now) {
        CheckTaken::No(None) => return Ok(Checked::Later),
        CheckTaken::No(Some(until)) => {
            // Whoever is at it may be gone.
            ask(ports, &job.record, until.duration_since(now)).await;
            return Ok(Checked::Later);
        }
        CheckTaken::TooOften => {
            give_up(ports, id, StateReason::CheckFailed).await?;
            return Ok(Checked::Later);
        }
        CheckTaken::At(check) => check,
    };
    keep_job(ports, &mut job, now).await?;
    match look(ports, &mut job, check, deadline - reserve).await {
        Ok(Looked::All(drift)) => conclude(ports, job, drift).await,
        Ok(Looked::OutOfTime) => {
            put_down(ports, job, None, false).await?;
            Ok(Checked::Later)
        }
        Ok(Looked::HasToWait(until)) => {
            put_down(ports, job, Some(until), false).await?;
            Ok(Checked::Later)
        }
        Err(error) => fail(ports, job, error).await,
    }
}

/// How a look ended.
enum Looked {
    All(Option<Drift>),
    OutOfTime,
    /// The provider asked to wait (invariant 8).
    HasToWait(Timestamp),
}

async fn look(
    ports: &Ports,
    job: &mut Stored<JobRecord>,
    check: Check,
    stop_at: Timestamp,
) -> Result<Looked, Error> {
    let account = account_of(ports.table.as_ref(), &job.record.owner, &job.record.account).await?;
    let store = accounts::items(ports, &account, job.record.kind).await?;
    let record = job.record.clone();
    let number = Some(check.number);
    let mut drift = DriftCheck::new(ports, store.as_ref(), &record, number, check.reached);
    let mut shown = ports.clock.now();
    while !drift.is_done() {
        if let Some(until) = budget::waits(ports, &record.account).await? {
            job.record.checked(drift.reached.clone());
            return Ok(Looked::HasToWait(until));
        }
        let began = ports.clock.now();
        match drift.step().await {
            Err(Error::Provider(CallError::Throttled { until })) => {
                let operation = record.operation.name();
                ports.meter.note(Fact::ProviderThrottled { operation });
                let until = budget::park(ports, &record.account, until).await?;
                job.record.checked(drift.reached.clone());
                return Ok(Looked::HasToWait(until));
            }
            step => step?,
        }
        job.record.checked(drift.reached.clone());
        let now = ports.clock.now();
        if !drift.is_done() && now + now.duration_since(began) > stop_at {
            return Ok(Looked::OutOfTime);
        }
        if now.duration_since(shown) >= SHOW_EVERY {
            keep_job(ports, job, now).await?;
            shown = now;
        }
    }
    Ok(Looked::All(drift.drift()))
}

/// All is looked at: the job is confirmed, or its person is asked again.
async fn conclude(
    ports: &Ports,
    mut job: Stored<JobRecord>,
    drift: Option<Drift>,
) -> Result<Checked, Error> {
    let now = ports.clock.now();
    let check = job.record.check.clone().ok_or(Error::Missing("check"))?;
    if let Some(drift) = &drift {
        let seen = check.seen.as_ref() == Some(&drift.hash);
        if !seen && (drift.left > 0 || drift.changed > 0) {
            let happened = job.record.drift(drift.clone(), now)?;
            outbox::save(ports, &mut job, &happened, now).await?;
            return Ok(Checked::Drifted(drift.clone()));
        }
    }
    // What left is not swept along, also where an item keeps its id when it moves.
    let left = drift.filter(|drift| drift.left > 0);
    let confirmed = job
        .record
        .confirm(left.map(|_| check_name(check.number)), now)?;
    outbox::save(ports, &mut job, &confirmed, now).await?;
    begin(ports, &job.record).await?;
    Ok(Checked::Confirmed)
}

/// Asks for the first chunks of a job that was confirmed.
pub(crate) async fn begin(ports: &Ports, job: &JobRecord) -> Result<(), Error> {
    if job.total == 0 {
        settle(ports, &job.id).await?;
        return Ok(());
    }
    ask_for_all(ports, &job.id).await
}

/// Stores how far it came, and asks for somebody to go on, not before `until`.
async fn put_down(
    ports: &Ports,
    mut job: Stored<JobRecord>,
    until: Option<Timestamp>,
    counts: bool,
) -> Result<(), Error> {
    let now = ports.clock.now();
    job.record.put_check_down(until, counts);
    keep_job(ports, &mut job, now).await?;
    let delay = until.map_or(SignedDuration::ZERO, |until| until.duration_since(now));
    ask(ports, &job.record, delay).await;
    Ok(())
}

/// What will not work goes back to the draft with a reason; what may pass is tried again.
async fn fail(ports: &Ports, job: Stored<JobRecord>, error: Error) -> Result<Checked, Error> {
    if error.is_conflict() {
        return Err(error);
    }
    if error.is_passing() {
        // Let go, if that can be stored: the message comes again.
        let mut job = job;
        job.record.put_check_down(None, false);
        let _ = keep_job(ports, &mut job, ports.clock.now()).await;
        return Err(error);
    }
    let why = match &error {
        Error::Provider(CallError::SignIn) => StateReason::SignInNeeded,
        Error::Provider(CallError::Unavailable(_)) => {
            let lapses = job.record.check.as_ref().map_or(1, |check| check.lapses);
            let wait = backoff::delay(lapses, ports.random.bits());
            put_down(ports, job, Some(ports.clock.now() + wait), true).await?;
            return Err(error);
        }
        _ => StateReason::CheckFailed,
    };
    tracing::warn!(job.id = %job.record.id, job.why = ?why, error = %error, "A draft could not be checked.");
    give_up(ports, &job.record.id, why).await?;
    Err(error)
}

/// Asks for somebody to go on with a check. Not sent is not lost: the sweep asks again.
pub(crate) async fn ask(ports: &Ports, job: &JobRecord, delay: SignedDuration) {
    let message = Message::Check {
        job: job.id.clone(),
    };
    send_one(ports, &job.owner, message, delay).await;
}

/// Gives up a check whose message was delivered too often. Says whether there was one.
pub(crate) async fn dead_letter(ports: &Ports, id: &JobId) -> Result<bool, Error> {
    give_up(ports, id, StateReason::CheckFailed).await
}

/// Ends a check: the job is a draft again. Says whether it was being checked.
async fn give_up(ports: &Ports, id: &JobId, why: StateReason) -> Result<bool, Error> {
    let now = ports.clock.now();
    let Some(job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(false);
    };
    outbox::change(ports, id, now, |job| {
        let checking = job.state == State::Checking;
        Ok(checking.then(|| job.fail_to_check(why, now)).transpose()?)
    })
    .await?;
    Ok(job.record.state == State::Checking)
}
