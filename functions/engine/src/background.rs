//! Work on a whole mailbox beside all jobs: asked for by a person, done by workers one after the other, put down
//! when the time is over, and told while it goes on. One row says how it stands; whoever writes that row has it.

use std::time::Duration;

use bulkhead_shared::api::ScanState;
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::limits::{backoff, budget};
use crate::ports::{CallError, Expect, Key, Message, Outgoing, Ports, Table, Write};
use crate::records::Standing;
use crate::records::store::{Stored, load_text, text_row};

/// How long somebody who works on it may be silent before another one takes it over.
const HOLD: SignedDuration = SignedDuration::from_secs(60);
/// How long what is kept of it lasts without being asked for anew.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_hours(24 * 60);
/// After so many tries in a row that reached nobody it is given up.
const TRIES_MOST: u32 = 5;
/// How often others are told how far it is.
const TELL_EVERY: SignedDuration = SignedDuration::from_millis(400);

/// A record that says how far work in the background is.
pub(crate) trait Background: Serialize + DeserializeOwned + Send + Sync {
    /// What is left of the time when work is put down, for storing it.
    const MARGIN: SignedDuration;
    /// What a person is told when a message about it was delivered too often.
    const BROKE_DOWN: &'static str;

    /// The row that it is in.
    fn key(account: &AccountId) -> Key;

    /// What asks a worker for it.
    fn message(owner: UserId, account: AccountId) -> Message;

    /// How it stands.
    fn standing(&self) -> &Standing;

    /// The same, for writing.
    fn standing_mut(&mut self) -> &mut Standing;
}

/// How far it is; none if nobody has asked for it yet.
pub(crate) async fn load<R: Background>(
    table: &dyn Table,
    account: &AccountId,
) -> Result<Option<Stored<R>>, Error> {
    load_text(table, &R::key(account)).await
}

/// Whether somebody works on it, or was asked to a moment ago.
pub(crate) fn is_held<R: Background>(record: &R, now: Timestamp) -> bool {
    let standing = record.standing();
    let held = standing.held_until.is_some_and(|until| until > now);
    // Asked for a moment ago, and nobody has begun yet.
    let fresh = standing.updated_at + HOLD > now;
    standing.state == ScanState::Running && (held || fresh)
}

/// Stores that it was asked for, in place of this version of the row, and asks a worker for it. Where somebody else
/// asked at the same time, nothing more happens.
pub(crate) async fn ask<R: Background>(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    record: &R,
    version: u64,
) -> Result<(), Error> {
    match keep(ports, account, record, version).await {
        Err(error) if error.is_conflict() => Ok(()),
        kept => {
            kept?;
            send::<R>(ports, owner, account, Duration::ZERO).await
        }
    }
}

/// Writes how far it is, if nobody else did since this version.
async fn keep<R: Background>(
    ports: &Ports,
    account: &AccountId,
    record: &R,
    version: u64,
) -> Result<(), Error> {
    let write = write(ports, account, record, version)?;
    Ok(ports.table.write(vec![write]).await?)
}

/// What writes how far it is, if nobody else did since this version: for those who write more with it.
pub(crate) fn write<R: Background>(
    ports: &Ports,
    account: &AccountId,
    record: &R,
    version: u64,
) -> Result<Write, Error> {
    let expires = ports.clock.now() + KEPT;
    let row = text_row(R::key(account), version + 1, record, Some(expires))?;
    let expect = match version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    };
    Ok(Write::Put(row, expect))
}

/// Asks a worker to go on with it after so long.
pub(crate) async fn send<R: Background>(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    delay: Duration,
) -> Result<(), Error> {
    let message = R::message(owner.clone(), account.clone());
    let outgoing = vec![Outgoing { message, delay }];
    Ok(ports.queue.send(owner.as_str(), outgoing).await?)
}

/// A message about it was delivered too often: it is given up. Says whether there was anything to give up.
pub(crate) async fn dead_letter<R: Background>(
    ports: &Ports,
    account: &AccountId,
) -> Result<bool, Error> {
    let Some(mut stored) = load::<R>(ports.table.as_ref(), account).await? else {
        return Ok(false);
    };
    let standing = stored.record.standing_mut();
    if standing.state != ScanState::Running {
        return Ok(false);
    }
    standing.state = ScanState::Failed;
    standing.problem = Some(R::BROKE_DOWN.to_owned());
    standing.held_until = None;
    standing.updated_at = ports.clock.now();
    keep(ports, account, &stored.record, stored.version).await?;
    Ok(true)
}

/// What a worker has to do: the work of a message, unless it is done, given up, erased, or somebody else's for now,
/// in which case the message comes again.
pub(crate) async fn take<'a, R: Background>(
    ports: &'a Ports,
    owner: &'a UserId,
    account: &'a AccountId,
    deadline: Timestamp,
) -> Result<Option<Working<'a, R>>, Error> {
    let Some(stored) = load::<R>(ports.table.as_ref(), account).await? else {
        // Erased.
        return Ok(None);
    };
    let now = ports.clock.now();
    let standing = stored.record.standing();
    if standing.state != ScanState::Running {
        return Ok(None);
    }
    // Somebody works on it, or did: then this message goes on with it.
    let held = standing.held_until.filter(|until| *until > now);
    let until = match held {
        Some(until) => Some(until),
        None => budget::waits(ports, account).await?,
    };
    if let Some(until) = until {
        send::<R>(ports, owner, account, wait(until, now)).await?;
        return Ok(None);
    }
    Ok(Some(Working {
        ports,
        owner,
        account,
        deadline,
        version: stored.version,
        told_at: now,
        record: stored.record,
    }))
}

fn wait(until: Timestamp, now: Timestamp) -> Duration {
    let left = until.duration_since(now);
    left.max(SignedDuration::ZERO).unsigned_abs()
}

/// Work that is under way here.
pub(crate) struct Working<'a, R> {
    pub(crate) ports: &'a Ports,
    pub(crate) owner: &'a UserId,
    pub(crate) account: &'a AccountId,
    pub(crate) record: R,
    deadline: Timestamp,
    /// The version of the row that says how far it is.
    version: u64,
    told_at: Timestamp,
}

impl<R: Background> Working<'_, R> {
    /// Whether there is time to go on.
    pub(crate) fn is_in_time(&self) -> bool {
        self.ports.clock.now() + R::MARGIN < self.deadline
    }

    /// What comes of it all. A provider that did not go along is tried again, and who lost it to another leaves it.
    pub(crate) async fn ended(&mut self, worked: Result<(), Error>) -> Result<(), Error> {
        match worked {
            Err(Error::Provider(error)) => self.stopped(error).await,
            Err(error) if error.is_conflict() => Ok(()),
            worked => worked,
        }
    }

    /// Lets others go on after so long.
    pub(crate) async fn put_down(&mut self, delay: Duration) -> Result<(), Error> {
        self.record.standing_mut().held_until = None;
        self.keep(ScanState::Running).await?;
        self.look_again(delay).await
    }

    /// Comes again after so long, with nothing written: what it waits for is not there yet.
    pub(crate) async fn look_again(&self, delay: Duration) -> Result<(), Error> {
        send::<R>(self.ports, self.owner, self.account, delay).await
    }

    /// The provider did not go along.
    async fn stopped(&mut self, error: CallError) -> Result<(), Error> {
        let standing = self.record.standing_mut();
        let delay = match error {
            CallError::Throttled { until } => {
                let until = budget::park(self.ports, self.account, until).await?;
                wait(until, self.ports.clock.now())
            }
            CallError::Unavailable(_) if standing.tries < TRIES_MOST => {
                standing.tries += 1;
                let bits = self.ports.random.bits();
                backoff::delay(standing.tries, bits).unsigned_abs()
            }
            error => return self.give_up(error.to_string()).await,
        };
        self.put_down(delay).await
    }

    /// Ends it without what was asked for, and says why.
    pub(crate) async fn give_up(&mut self, problem: String) -> Result<(), Error> {
        let standing = self.record.standing_mut();
        standing.problem = Some(problem);
        standing.held_until = None;
        self.keep(ScanState::Failed).await
    }

    /// Says how far it is, unless that was said a moment ago.
    pub(crate) async fn tell_now_and_then(&mut self) -> Result<(), Error> {
        if self.ports.clock.now().duration_since(self.told_at) < TELL_EVERY {
            return Ok(());
        }
        self.tell().await
    }

    /// Says how far it is, and that somebody works on it. Only who still has it can.
    pub(crate) async fn tell(&mut self) -> Result<(), Error> {
        self.record.standing_mut().held_until = Some(self.ports.clock.now() + HOLD);
        self.keep(ScanState::Running).await
    }

    /// Says that it is done.
    pub(crate) async fn done(&mut self) -> Result<(), Error> {
        self.done_but_for(None).await
    }

    /// The same, and names what kept it from being whole, if something did.
    pub(crate) async fn done_but_for(&mut self, problem: Option<String>) -> Result<(), Error> {
        let standing = self.record.standing_mut();
        standing.tries = 0;
        standing.problem = problem;
        standing.held_until = None;
        self.keep(ScanState::Done).await
    }

    async fn keep(&mut self, state: ScanState) -> Result<(), Error> {
        self.told_at = self.ports.clock.now();
        let standing = self.record.standing_mut();
        standing.updated_at = self.told_at;
        standing.state = state;
        keep(self.ports, self.account, &self.record, self.version).await?;
        self.version += 1;
        Ok(())
    }
}
