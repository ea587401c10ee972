//! A person asks for advice.

use std::time::Duration;

use bulkhead_shared::api::{Advice, ScanState};
use bulkhead_shared::ids::UserId;
use jiff::{SignedDuration, Timestamp};

use super::rows;
use crate::access::Owned;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::{AccountRecord, AdviceRecord};
use crate::scan;

/// How long somebody who works on it may be silent before another one takes it over.
pub(super) const HOLD: SignedDuration = SignedDuration::from_secs(60);

/// Asks for an account's headers to be brought up to date, and for its senders and lists to be weighed then. Asked
/// again while somebody does that, nothing more happens.
pub async fn start(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
) -> Result<Advice, Error> {
    let id = &account.get().id;
    let now = ports.clock.now();
    let known = rows::load(ports.table.as_ref(), id).await?;
    if let Some(stored) = &known
        && is_held(&stored.record, now)
    {
        return Ok(view(&stored.record));
    }
    scan::start(ports, user, account).await?;
    let record = AdviceRecord {
        state: ScanState::Running,
        weighed: 0,
        sources: None,
        tries: 0,
        held_until: None,
        begun_at: now,
        updated_at: now,
        problem: None,
    };
    // What was weighed before was weighed of another mailbox.
    rows::drop_weighed(ports, id).await?;
    let version = known.map_or(0, |stored| stored.version);
    match rows::keep(ports, id, &record, version).await {
        // Somebody else asked at the same time.
        Err(error) if error.is_conflict() => {}
        kept => {
            kept?;
            rows::send(ports, user, id, Duration::ZERO).await?;
        }
    }
    Ok(view(&record))
}

fn is_held(record: &AdviceRecord, now: Timestamp) -> bool {
    let held = record.held_until.is_some_and(|until| until > now);
    // Asked for a moment ago, and nobody has begun yet.
    let fresh = record.updated_at + HOLD > now;
    record.state == ScanState::Running && (held || fresh)
}

/// As its owner sees it.
pub(super) fn view(record: &AdviceRecord) -> Advice {
    Advice {
        state: record.state,
        weighed: record.weighed,
        sources: record.sources,
        at: record.updated_at,
        problem: record.problem.clone(),
    }
}
