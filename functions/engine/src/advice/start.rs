//! A person asks for advice.

use bulkhead_shared::api::Advice;
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::SignedDuration;

use super::rows;
use crate::access::Owned;
use crate::background::{self, Background};
use crate::error::Error;
use crate::ports::{Key, Message, Ports};
use crate::records::{AccountRecord, AdviceRecord, Standing, names};
use crate::scan;

impl Background for AdviceRecord {
    /// Whoever calls has kept some for storing as well.
    const MARGIN: SignedDuration = SignedDuration::from_secs(2);
    const BROKE_DOWN: &'static str = "Looking through the mailbox broke down again and again.";

    fn key(account: &AccountId) -> Key {
        names::advice(account)
    }

    fn message(owner: UserId, account: AccountId) -> Message {
        Message::Advise { owner, account }
    }

    fn standing(&self) -> &Standing {
        &self.standing
    }

    fn standing_mut(&mut self) -> &mut Standing {
        &mut self.standing
    }
}

/// Asks for an account's headers to be brought up to date, and for its senders and lists to be weighed then. Asked
/// again while somebody does that, nothing more happens.
pub async fn start(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
) -> Result<Advice, Error> {
    let id = &account.get().id;
    let now = ports.clock.now();
    let known = background::load::<AdviceRecord>(ports.table.as_ref(), id).await?;
    if let Some(stored) = &known
        && background::is_held(&stored.record, now)
    {
        return Ok(view(&stored.record));
    }
    scan::start(ports, user, account).await?;
    let record = AdviceRecord {
        standing: Standing::asked(now),
        weighed: 0,
        sources: None,
        begun_at: now,
    };
    // What was weighed before was weighed of another mailbox.
    rows::drop_weighed(ports, id).await?;
    let version = known.map_or(0, |stored| stored.version);
    background::ask(ports, user, id, &record, version).await?;
    Ok(view(&record))
}

/// As its owner sees it.
pub(super) fn view(record: &AdviceRecord) -> Advice {
    Advice {
        state: record.standing.state,
        weighed: record.weighed,
        sources: record.sources,
        at: record.standing.updated_at,
        problem: record.standing.problem.clone(),
    }
}
