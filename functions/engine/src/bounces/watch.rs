//! Looking for reports by itself: until a week after the last job that sent mails.

use bulkhead_shared::api::ScanState;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits::BOUNCE_DAYS;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

use super::{load, start};
use crate::background;
use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Row, Write};
use crate::records::store::{Stored, load_text, text_row};
use crate::records::{BounceLookRecord, BounceWatchRecord, JobRecord, names};

/// The first look comes so long after a job.
const SOON: SignedDuration = SignedDuration::from_mins(5);
/// Between two looks.
const EVERY: SignedDuration = SignedDuration::from_hours(1);

/// A job ends at this time: if it sent mails, reports of them are looked for from now on.
pub(crate) async fn begin(ports: &Ports, job: &JobRecord, now: Timestamp) -> Result<(), Error> {
    if job.kind != Kind::Recipient || job.started_at.is_none() {
        return Ok(());
    }
    let key = names::bounce_watch(&job.account);
    let known: Option<Stored<BounceWatchRecord>> = load_text(ports.table.as_ref(), &key).await?;
    let version = known.map_or(0, |stored| stored.version);
    let watch = BounceWatchRecord {
        owner: job.owner.clone(),
        account: job.account.clone(),
        until: now + SignedDuration::from_hours(24 * BOUNCE_DAYS),
        next_at: now + SOON,
    };
    match keep(ports, key, &watch, version).await {
        // Another job ended at the same time: a look comes for both.
        Err(error) if error.is_conflict() => Ok(()),
        kept => kept,
    }
}

/// It is time for a look. `is_restart` says that nothing is on its way to anybody.
pub(crate) async fn watch(ports: &Ports, key: &Key, is_restart: bool) -> Result<(), Error> {
    let known: Option<Stored<BounceWatchRecord>> = load_text(ports.table.as_ref(), key).await?;
    let Some(Stored { record, version }) = known else {
        return Ok(());
    };
    let BounceWatchRecord { owner, account, .. } = &record;
    let now = ports.clock.now();
    if is_restart && is_running(ports, account).await? {
        background::send::<BounceLookRecord>(ports, owner, account, Duration::ZERO).await?;
    }
    if record.next_at > now {
        return Ok(());
    }
    let next = BounceWatchRecord {
        next_at: now + EVERY,
        ..record.clone()
    };
    keep(ports, key.clone(), &next, version).await?;
    start(ports, owner, account).await
}

async fn is_running(ports: &Ports, account: &AccountId) -> Result<bool, Error> {
    let look = load(ports, account).await?;
    Ok(look.is_some_and(|stored| stored.record.standing.state == ScanState::Running))
}

/// Writes it, due until its time is over.
async fn keep(
    ports: &Ports,
    key: Key,
    record: &BounceWatchRecord,
    version: u64,
) -> Result<(), Error> {
    let row = Row {
        due: Some(record.next_at).filter(|next| *next <= record.until),
        ..text_row(key, version + 1, record, Some(record.until))?
    };
    let expect = match version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    };
    Ok(ports.table.write(vec![Write::Put(row, expect)]).await?)
}
