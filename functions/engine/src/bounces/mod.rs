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

use bulkhead_shared::api::{Bounce, BounceLook, Bounces};
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::kinds::Kind;
use jiff::SignedDuration;

use crate::access;
use crate::background::{self, Background};
use crate::error::Error;
use crate::ports::{Key, Message, Ports};
use crate::records::store::Stored;
use crate::records::{BounceLookRecord, JobRecord, Standing, names};

pub(crate) use run::run;
pub(crate) use watch::{begin, watch};

/// Reads bytes as a report and judges what they tell of an address, in the words that would be shown: a way in for
/// made-up input.
#[cfg(feature = "testing")]
pub fn told_of(bytes: &[u8], address: &str) -> Option<String> {
    let report = report::read(bytes)?;
    for id in &report.message_ids {
        let _ = matching::named(id);
    }
    let failure = report.of(address)?;
    let _ = verdict::judge(failure.status, &failure.said);
    Some(failure.said.clone())
}

/// Mails that came back which are told one by one.
const SHOWN: usize = 1_000;

impl Background for BounceLookRecord {
    const MARGIN: SignedDuration = SignedDuration::from_secs(5);
    const BROKE_DOWN: &'static str = "Looking for reports broke down again and again.";

    fn key(account: &AccountId) -> Key {
        names::bounce_look(account)
    }

    fn message(owner: UserId, account: AccountId) -> Message {
        Message::Bounces { owner, account }
    }

    fn standing(&self) -> &Standing {
        &self.standing
    }

    fn standing_mut(&mut self) -> &mut Standing {
        &mut self.standing
    }
}

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
    let look = load(ports, &job.account).await?;
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
        state: record.standing.state,
        read: record.read,
        at: record.standing.updated_at,
        problem: record.standing.problem,
    }
}

/// Asks for a look into an account's mailbox. Asked again while somebody looks, nothing more happens.
async fn start(ports: &Ports, owner: &UserId, account: &AccountId) -> Result<(), Error> {
    let now = ports.clock.now();
    let known = load(ports, account).await?;
    if known
        .as_ref()
        .is_some_and(|stored| background::is_held(&stored.record, now))
    {
        return Ok(());
    }
    let version = known.as_ref().map_or(0, |stored| stored.version);
    let (whole_until, seen) = known
        .map(|before| (before.record.whole_until, before.record.seen))
        .unwrap_or_default();
    let record = BounceLookRecord {
        standing: Standing::asked(now),
        read: 0,
        begun_at: now,
        cursor: None,
        whole_until,
        seen,
    };
    background::ask(ports, owner, account, &record, version).await
}

async fn load(
    ports: &Ports,
    account: &AccountId,
) -> Result<Option<Stored<BounceLookRecord>>, Error> {
    background::load(ports.table.as_ref(), account).await
}
