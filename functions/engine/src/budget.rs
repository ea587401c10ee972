//! What a provider still lets an account do, shared by all workers and jobs of that account.
//!
//! Waiting is not failing (invariant 8): who finds the budget empty or the provider asking to wait
//! comes back at the time named, and uses no attempt.

use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::operation::OperationKind;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ports::{Expect, Ports, Write};
use crate::records::names;
use crate::store::{Stored, load_text, text_row};

/// How long to wait when the provider names no time.
const UNNAMED_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// How long an unused budget row stays.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// The tokens of one account and operation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Tokens {
    /// Items that may still be changed in this window.
    left: u32,
    /// When the window began.
    since: Timestamp,
}

/// Until when nobody calls the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Wait {
    until: Timestamp,
}

/// What the budget answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    /// So many items may be changed now; at least one.
    Granted(u32),
    /// None before this time.
    Wait(Timestamp),
}

/// Takes tokens for up to `wanted` items.
pub(crate) async fn take(
    ports: &Ports,
    account: &AccountId,
    operation: OperationKind,
    allowance: Option<Allowance>,
    wanted: u32,
) -> Result<Take, Error> {
    let Some(allowance) = allowance else {
        return Ok(Take::Granted(wanted));
    };
    let window = SignedDuration::from_secs(i64::from(allowance.seconds));
    let key = names::budget(account, operation.name());
    loop {
        let now = ports.clock.now();
        let stored: Option<Stored<Tokens>> = load_text(ports.table.as_ref(), &key).await?;
        let (tokens, expect, version) = match stored {
            Some(stored) => (
                stored.record,
                Expect::Version(stored.version),
                stored.version,
            ),
            None => (
                Tokens {
                    left: allowance.items,
                    since: now,
                },
                Expect::Absent,
                0,
            ),
        };
        let tokens = if tokens.since + window <= now {
            Tokens {
                left: allowance.items,
                since: now,
            }
        } else {
            tokens
        };
        let granted = tokens.left.min(wanted);
        if granted == 0 {
            return Ok(Take::Wait(tokens.since + window));
        }
        let rest = Tokens {
            left: tokens.left - granted,
            ..tokens
        };
        let row = text_row(key.clone(), version + 1, &rest, Some(now + KEPT))?;
        match ports
            .table
            .write(vec![Write::Put(row, expect)])
            .await
            .map_err(Error::from)
        {
            Ok(()) => return Ok(Take::Granted(granted)),
            // Another worker took some first: look again.
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
    }
}

/// Until when nobody calls this account's provider; none if it may be called.
pub(crate) async fn waits(ports: &Ports, account: &AccountId) -> Result<Option<Timestamp>, Error> {
    let stored: Option<Stored<Wait>> =
        load_text(ports.table.as_ref(), &names::wait(account)).await?;
    Ok(stored
        .map(|stored| stored.record.until)
        .filter(|until| *until > ports.clock.now()))
}

/// Remembers for everybody that the provider asked to wait. Answers until when.
pub(crate) async fn park(
    ports: &Ports,
    account: &AccountId,
    until: Option<Timestamp>,
) -> Result<Timestamp, Error> {
    let now = ports.clock.now();
    let until = until
        .unwrap_or(now + UNNAMED_WAIT)
        .max(now + SignedDuration::from_millis(100));
    let row = text_row(names::wait(account), 1, &Wait { until }, Some(until + KEPT))?;
    ports
        .table
        .write(vec![Write::Put(row, Expect::Anything)])
        .await?;
    Ok(until)
}
