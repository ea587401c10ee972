//! Mails that came back after a server had taken them: reports of that come into the account's own mailbox, and are
//! looked for there.
//!
//! For each account there is one look at a time, as a message in the background; each report is read once, whichever
//! job it is about. A look is asked for when somebody opens a job that sent mails, and by the sweep, once an hour
//! until a week after the last such job. What is found stands beside the job, whose counts stay.

mod fields;
mod matching;
mod report;
mod rows;
mod run;
#[cfg(test)]
mod tests;
mod text;
mod verdict;
mod watch;

use std::time::Duration;

use bulkhead_shared::api::{Bounce, BounceLook, Bounces, ScanState};
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::kinds::Kind;
use jiff::{SignedDuration, Timestamp};

use crate::access;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::{BounceLookRecord, JobRecord};

pub(crate) use run::{dead_letter, run};
pub(crate) use watch::{begin, watch};

/// How long somebody who works on a look may be silent before another one takes it over.
const HOLD: SignedDuration = SignedDuration::from_secs(60);
/// Mails that came back which are told one by one.
const SHOWN: usize = 1_000;

/// What came back of a job's mails, as far as anybody looked.
pub async fn of_job(ports: &Ports, user: &UserId, id: &JobId) -> Result<Bounces, Error> {
    let job = access::job(ports, user, id).await?.into_inner().record;
    shown(ports, &job).await
}

/// The same, and asks for another look.
pub async fn look(ports: &Ports, user: &UserId, id: &JobId) -> Result<Bounces, Error> {
    let job = access::job(ports, user, id).await?.into_inner().record;
    if job.kind != Kind::Recipient || job.started_at.is_none() {
        return Err(Error::NotPossible("This job has sent no mails."));
    }
    // An account that is gone is looked into no more.
    access::account(ports, user, &job.account).await?;
    start(ports, user, &job.account).await?;
    shown(ports, &job).await
}

async fn shown(ports: &Ports, job: &JobRecord) -> Result<Bounces, Error> {
    let look = rows::load(ports.table.as_ref(), &job.account).await?;
    let found = rows::found(ports.table.as_ref(), &job.id).await?;
    let total = found.len() as u64;
    let bounces = found.into_iter().take(SHOWN).map(|record| Bounce {
        item: record.item,
        kind: record.kind,
        reason: record.reason,
        said: record.said,
        at: record.at,
    });
    Ok(Bounces {
        look: look.map(|stored| view(stored.record)),
        total,
        bounces: bounces.collect(),
    })
}

fn view(record: BounceLookRecord) -> BounceLook {
    BounceLook {
        state: record.state,
        read: record.read,
        at: record.updated_at,
        problem: record.problem,
    }
}

/// Asks for a look into an account's mailbox. Asked again while somebody looks, nothing more happens.
async fn start(ports: &Ports, owner: &UserId, account: &AccountId) -> Result<(), Error> {
    let now = ports.clock.now();
    let known = rows::load(ports.table.as_ref(), account).await?;
    if known
        .as_ref()
        .is_some_and(|stored| is_held(&stored.record, now))
    {
        return Ok(());
    }
    let (before, version) = match known {
        Some(stored) => (Some(stored.record), stored.version),
        None => (None, 0),
    };
    let (whole_until, seen) = before
        .map(|before| (before.whole_until, before.seen))
        .unwrap_or_default();
    let record = BounceLookRecord {
        state: ScanState::Running,
        read: 0,
        tries: 0,
        held_until: None,
        begun_at: now,
        updated_at: now,
        cursor: None,
        whole_until,
        seen,
        problem: None,
    };
    match rows::keep(ports, account, &record, version).await {
        // Somebody else asked at the same time.
        Err(error) if error.is_conflict() => Ok(()),
        kept => {
            kept?;
            rows::send(ports, owner, account, Duration::ZERO).await
        }
    }
}

fn is_held(record: &BounceLookRecord, now: Timestamp) -> bool {
    let held = record.held_until.is_some_and(|until| until > now);
    // Asked for a moment ago, and nobody has begun yet.
    let fresh = record.updated_at + HOLD > now;
    record.state == ScanState::Running && (held || fresh)
}
