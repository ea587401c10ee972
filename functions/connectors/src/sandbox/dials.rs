//! The sandbox's dials: kept in its file, so that all workers meet the same weather.
//!
//! Latency is part of every call. Everything else concerns changes, except that mails which fail
//! for good cannot be fetched either. Dials that count down do so in the transaction of the change
//! they spoil, so they neither get lost nor count twice.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bulkhead_shared::api::{CrashPoint, Dials};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::error::SandboxError;
use super::generate::mix;

/// So long what the dials said counts for calls that only ask how slow they are to be: in batches of one
/// that is asked ten thousand times a second. Whoever turns them in this process is obeyed at once.
const RECENT: Duration = Duration::from_millis(10);
const DIALS: &str = "dials";
const WINDOW_START: &str = "window_start";
const WINDOW_USED: &str = "window_used";
const WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// What the dials said a moment ago.
#[derive(Default)]
pub(super) struct Recent(Mutex<Option<(Instant, Dials)>>);

impl Recent {
    pub(super) fn get(&self) -> Option<Dials> {
        let known = self.lock();
        let known = known.as_ref().filter(|(at, _)| at.elapsed() < RECENT);
        known.map(|(_, dials)| dials.clone())
    }

    pub(super) fn keep(&self, dials: &Dials, read_at: Instant) {
        *self.lock() = Some((read_at, dials.clone()));
    }

    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Instant, Dials)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn load(connection: &Connection) -> Result<Dials, SandboxError> {
    match meta::<String>(connection, DIALS)? {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(Dials::default()),
    }
}

pub(super) fn save(transaction: &Transaction<'_>, dials: &Dials) -> Result<(), SandboxError> {
    set_meta(transaction, DIALS, serde_json::to_string(dials)?)
}

/// Turns the dials, and forgets what counts on the old ones.
pub(super) fn turn(transaction: &Transaction<'_>, dials: &Dials) -> Result<(), SandboxError> {
    save(transaction, dials)?;
    transaction.execute("DELETE FROM flaky", [])?;
    transaction.execute(
        "DELETE FROM meta WHERE key IN (?1, ?2)",
        [WINDOW_START, WINDOW_USED],
    )?;
    Ok(())
}

/// Whether a change of so many items has to wait, and until when. Takes them from the budget if not.
pub(super) fn must_wait(
    transaction: &Transaction<'_>,
    dials: &mut Dials,
    items: usize,
    now: Timestamp,
) -> Result<Option<Timestamp>, SandboxError> {
    if dials.throttle_calls > 0 {
        dials.throttle_calls -= 1;
        save(transaction, dials)?;
        let wait = SignedDuration::from_secs(i64::from(dials.throttle_seconds));
        return Ok(Some(later(now, wait)));
    }
    if dials.items_per_minute == 0 {
        return Ok(None);
    }
    let begun = meta::<i64>(transaction, WINDOW_START)?
        .and_then(|millis| Timestamp::from_millisecond(millis).ok())
        .filter(|&begun| begun <= now && now < later(begun, WINDOW));
    let used = match begun {
        Some(_) => meta::<i64>(transaction, WINDOW_USED)?.unwrap_or(0),
        None => 0,
    };
    let items = i64::try_from(items).unwrap_or(i64::MAX);
    let begun = begun.unwrap_or(now);
    // A call larger than the whole budget gets a window of its own: it could never fit otherwise.
    if used > 0 && used.saturating_add(items) > i64::from(dials.items_per_minute) {
        return Ok(Some(later(begun, WINDOW)));
    }
    set_meta(transaction, WINDOW_START, begun.as_millisecond())?;
    set_meta(transaction, WINDOW_USED, used.saturating_add(items))?;
    Ok(None)
}

/// Whether the plug is to be pulled here. The dial springs back with whatever is committed, so the
/// process that starts next goes on.
pub(super) fn pulls_plug(
    transaction: &Transaction<'_>,
    dials: &mut Dials,
    here: CrashPoint,
) -> Result<bool, SandboxError> {
    if dials.crash != Some(here) {
        return Ok(false);
    }
    dials.crash = None;
    save(transaction, dials)?;
    Ok(true)
}

/// Whether the answer of this change is to be lost.
pub(super) fn loses_answer(
    transaction: &Transaction<'_>,
    dials: &mut Dials,
) -> Result<bool, SandboxError> {
    if dials.lose_answers == 0 {
        return Ok(false);
    }
    dials.lose_answers -= 1;
    save(transaction, dials)?;
    Ok(true)
}

/// Whether this mail fails for good: the same ones each time.
pub(super) fn fails(dials: &Dials, id: i64) -> bool {
    is_among(dials.fail_percent, id, 0xfa11)
}

/// Whether this mail fails for now. It does so once or twice, and then succeeds.
pub(super) fn fails_for_now(
    transaction: &Transaction<'_>,
    dials: &Dials,
    id: i64,
) -> Result<bool, SandboxError> {
    if !is_among(dials.flaky_percent, id, 0xf1a2) {
        return Ok(false);
    }
    let failed: Option<i64> = transaction
        .prepare_cached("SELECT attempts FROM flaky WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let failed = failed.unwrap_or(0);
    if failed > i64::from(is_among(50, id, 0x7a1c)) {
        transaction
            .prepare_cached("DELETE FROM flaky WHERE id = ?1")?
            .execute([id])?;
        return Ok(false);
    }
    transaction
        .prepare_cached("INSERT OR REPLACE INTO flaky (id, attempts) VALUES (?1, ?2)")?
        .execute((id, failed + 1))?;
    Ok(true)
}

fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn is_among(percent: u32, id: i64, salt: u64) -> bool {
    percent > 0 && mix(id.cast_unsigned() ^ (salt << 40)) % 100 < u64::from(percent)
}

fn meta<T: rusqlite::types::FromSql>(
    connection: &Connection,
    key: &str,
) -> Result<Option<T>, SandboxError> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

fn set_meta(
    transaction: &Transaction<'_>,
    key: &str,
    value: impl rusqlite::ToSql,
) -> Result<(), SandboxError> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?
        .execute((key, value))?;
    Ok(())
}
