//! Accounts that are signed in to again, and the jobs that waited for it.

use bulkhead_shared::api::{Account, Consent, NewAccount};
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::job::{State, StateReason};

use crate::accounts;
use crate::error::Error;
use crate::jobs::control;
use crate::limits::open_jobs;
use crate::ports::Ports;
use crate::records::store::load_job;

/// Connects an account as a person asks for it, and goes on with its jobs.
pub async fn connect(ports: &Ports, user: &UserId, new: NewAccount) -> Result<Account, Error> {
    let account = accounts::connect(ports, user, new).await?;
    go_on(ports, user, &account.id).await?;
    Ok(account)
}

/// Connects a mailbox by a consent that was just given, and goes on with its jobs.
pub async fn connect_by_consent(
    ports: &Ports,
    user: &UserId,
    consent: Consent,
) -> Result<Account, Error> {
    let account = accounts::connect_by_consent(ports, user, consent).await?;
    go_on(ports, user, &account.id).await?;
    Ok(account)
}

/// Goes on with the jobs of an account that were held because its sign-in was refused.
pub async fn go_on(ports: &Ports, user: &UserId, account: &AccountId) -> Result<(), Error> {
    // That list is exact, and has every job that is open. One that cannot go on keeps no other.
    for id in open_jobs::ids(ports, user).await? {
        if let Err(error) = go_on_if_held(ports, user, &id, account).await {
            tracing::warn!(job.id = %id, error = %error, "A job does not go on after the sign-in.");
        }
    }
    Ok(())
}

async fn go_on_if_held(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    account: &AccountId,
) -> Result<(), Error> {
    let Some(job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(());
    };
    let job = job.record;
    let held = job.why == Some(StateReason::SignInNeeded) && job.state == State::Paused;
    if held && job.account == *account {
        control::resume(ports, user, id).await?;
    }
    Ok(())
}
