//! What a provider still lets an account do, shared by all workers and jobs of that account.
//!
//! Waiting is not failing (invariant 8): who finds the budget empty or the provider asking to wait
//! comes back at the time named, and uses no attempt.

use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::operations::OperationName;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::limits::token_bucket::{self, KEPT};
use crate::ports::{Expect, Ports, Write};
use crate::records::names;
use crate::records::store::{Stored, load_text, text_row};

/// How long to wait when the provider names no time.
const UNNAMED_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait that is taken at its word; then the provider is asked again. The longest that is known
/// is a day (Gmail suspends mailboxes for 24 hours), and a time further off may just be a wrong clock.
const WAIT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// Until when nobody calls the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Wait {
    until: Timestamp,
}

/// What the budget answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    /// So many items may be changed, or read where nothing is changed, now; at least one.
    Granted(u32),
    /// None before this time.
    Wait(Timestamp),
}

/// Who has an allowance.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose<'a> {
    Account(&'a AccountId),
    /// All accounts that send through it.
    Outlet(&'static str),
}

/// Takes tokens for up to `wanted` items.
pub(crate) async fn take(
    ports: &Ports,
    whose: Whose<'_>,
    operation: OperationName,
    allowance: Option<Allowance>,
    wanted: u32,
) -> Result<Take, Error> {
    let Some(allowance) = allowance else {
        return Ok(Take::Granted(wanted));
    };
    let key = match whose {
        Whose::Account(account) => names::budget(account, operation.as_str()),
        Whose::Outlet(name) => names::outlet_budget(name),
    };
    let taken = token_bucket::take(ports, &key, allowance, wanted).await?;
    Ok(match taken.granted {
        0 => Take::Wait(taken.until),
        granted => Take::Granted(granted),
    })
}

/// Until when nobody calls this account's provider; none if it may be called.
pub(crate) async fn waits(ports: &Ports, account: &AccountId) -> Result<Option<Timestamp>, Error> {
    let now = ports.clock.now();
    let stored: Option<Stored<Wait>> =
        load_text(ports.table.as_ref(), &names::wait(account)).await?;
    // One further off was stored by a clock that was wrong.
    let until = stored.map(|stored| stored.record.until.min(now + WAIT_MOST));
    Ok(until.filter(|until| *until > now))
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
        .clamp(now + SignedDuration::from_millis(100), now + WAIT_MOST);
    let row = text_row(names::wait(account), 1, &Wait { until }, Some(until + KEPT))?;
    ports
        .table
        .write(vec![Write::Put(row, Expect::Anything)])
        .await?;
    Ok(until)
}
