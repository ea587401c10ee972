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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use futures::executor::block_on;

    #[test]
    fn a_provider_is_waited_for_at_its_word_for_a_day_and_never_not_at_all() {
        let millis = SignedDuration::from_millis;
        let day = SignedDuration::from_hours(24);
        for (asked, waited) in [
            (None, SignedDuration::from_secs(30)),
            (Some(millis(-1)), millis(100)),
            (Some(millis(99)), millis(100)),
            (Some(millis(101)), millis(101)),
            (Some(day), day),
            (Some(day + millis(1)), day),
        ] {
            block_on(async {
                let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
                let (ports, account) = (&stage.ports, &stage.account);
                let now = stage.ports.clock.now();
                assert_eq!(waits(ports, account).await.unwrap(), None);
                let parked = park(ports, account, asked.map(|asked| now + asked)).await;
                let until = now + waited;
                assert_eq!(parked.unwrap(), until, "{asked:?}");
                assert_eq!(waits(ports, account).await.unwrap(), Some(until));
                let row = stage.ports.table.get(&names::wait(account)).await;
                // Rows end with full seconds.
                let kept = row.unwrap().unwrap().expires.unwrap().duration_since(until);
                assert_eq!(kept.as_hours(), 1, "{kept}");
                stage.clock.set(until);
                assert_eq!(waits(ports, account).await.unwrap(), None);
                // By a clock that was two days ahead.
                stage.clock.set(until + day + day);
                park(ports, account, None).await.unwrap();
                stage.clock.set(until);
                let capped = waits(ports, account).await.unwrap();
                assert_eq!(capped, Some(until + day));
            });
        }
    }

    #[test]
    fn an_allowance_is_taken_until_none_is_left_and_by_each_account_for_itself() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
            let now = stage.ports.clock.now();
            let allowance = Some(Allowance {
                items: 5,
                seconds: 60,
            });
            let operation = OperationName::Archive;
            let other = AccountId::new(now, 7);
            let (ours, theirs) = (Whose::Account(&stage.account), Whose::Account(&other));
            let outlet = Whose::Outlet("smtp.x.example");
            let until = now + SignedDuration::from_secs(60);
            for (whose, allowance, wanted, taken) in [
                (ours, None, 1_000, Take::Granted(1_000)),
                (ours, allowance, 3, Take::Granted(3)),
                (ours, allowance, 3, Take::Granted(2)),
                (ours, allowance, 1, Take::Wait(until)),
                (theirs, allowance, 9, Take::Granted(5)),
                (outlet, allowance, 4, Take::Granted(4)),
                (outlet, allowance, 4, Take::Granted(1)),
            ] {
                let told = take(&stage.ports, whose, operation, allowance, wanted).await;
                assert_eq!(told.unwrap(), taken, "{whose:?}");
            }
        });
    }
}
