//! Tokens in the table: so many in each window of time, shared by all processes. Taken by a
//! conditional write, so that no two processes ever get the same one.

use bulkhead_shared::abilities::Allowance;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Write};
use crate::records::store::{Stored, load_text, text_row};

/// How long an unused row stays.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// What is left in a window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Tokens {
    /// Those that nobody has taken.
    left: u32,
    /// When the window began.
    since: Timestamp,
}

/// What was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    /// So many: as many as wanted, or all that were left. None left is zero.
    pub(crate) granted: u32,
    /// When the window ends, and new ones can be taken.
    pub(crate) until: Timestamp,
}

/// How long a window lasts.
pub(crate) fn window(allowance: Allowance) -> SignedDuration {
    SignedDuration::from_secs(i64::from(allowance.seconds))
}

/// Takes up to `wanted` tokens of the row `key`. A window begins with the first that is taken. One
/// read and, if there were any, one write; again if somebody else was faster.
pub(crate) async fn take(
    ports: &Ports,
    key: &Key,
    allowance: Allowance,
    wanted: u32,
) -> Result<Taken, Error> {
    let window = window(allowance);
    loop {
        let now = ports.clock.now();
        let stored: Option<Stored<Tokens>> = load_text(ports.table.as_ref(), key).await?;
        let (expect, version) = match &stored {
            Some(stored) => (Expect::Version(stored.version), stored.version),
            None => (Expect::Absent, 0),
        };
        let running = stored
            .map(|stored| stored.record)
            .filter(|tokens| is_running(tokens.since + window, window, now));
        let tokens = running.unwrap_or(Tokens {
            left: allowance.items,
            since: now,
        });
        let taken = Taken {
            granted: tokens.left.min(wanted),
            until: tokens.since + window,
        };
        if taken.granted == 0 {
            return Ok(taken);
        }
        let rest = Tokens {
            left: tokens.left - taken.granted,
            ..tokens
        };
        let row = text_row(key.clone(), version + 1, &rest, Some(now + KEPT))?;
        match ports
            .table
            .write(vec![Write::Put(row, expect)])
            .await
            .map_err(Error::from)
        {
            Ok(()) => return Ok(taken),
            // Another process took some first: look again.
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether a window that ends then is the present one. Clocks differ a little, so it may seem to have
/// begun a while from now; one further off was begun by a clock that was wrong, and locks nobody out.
pub(crate) fn is_running(until: Timestamp, window: SignedDuration, now: Timestamp) -> bool {
    now < until && until <= now + window + window
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_runs_to_its_end_and_none_that_is_further_off_than_clocks_differ() {
        let now = Timestamp::UNIX_EPOCH;
        let minute = SignedDuration::from_secs(60);
        for (ends_in_millis, runs) in [
            (-1, false),
            (0, false),
            (1, true),
            (60_000, true),
            (120_000, true),
            (120_001, false),
        ] {
            let until = now + SignedDuration::from_millis(ends_in_millis);
            assert_eq!(is_running(until, minute, now), runs, "{ends_in_millis}");
        }
    }
}
