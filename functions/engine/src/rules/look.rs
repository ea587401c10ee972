//! A person asks for a look through the mailbox for a rule.

use bulkhead_shared::api::{LookFor, LookForRule, RuleLook, RuleState};
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::SignedDuration;

use super::rows::{self, NO_SUCH_RULE};
use super::runs::runs;
use super::show::view;
use crate::access::Owned;
use crate::background::{self, Background};
use crate::error::Error;
use crate::ports::{Key, Message, Ports};
use crate::records::{AccountRecord, LookSoFar, RuleLookRecord, Standing, names};

const OFF: &str = "Only a rule that is switched on can run. Test it, and switch it on.";
const PAUSED: &str = "This rule has paused itself, because three of its runs were taken back. Look at what it says, and switch it on again.";
const OTHER: &str =
    "The mailbox is being looked through for another rule. Wait until that has ended.";

impl Background for RuleLookRecord {
    /// Whoever calls has kept some for storing as well.
    const MARGIN: SignedDuration = SignedDuration::from_secs(2);
    const BROKE_DOWN: &'static str = "Looking through the mailbox broke down again and again.";

    fn key(account: &AccountId) -> Key {
        names::rule_look(account)
    }

    fn message(owner: UserId, account: AccountId) -> Message {
        Message::Rule { owner, account }
    }

    fn standing(&self) -> &Standing {
        &self.standing
    }

    fn standing_mut(&mut self) -> &mut Standing {
        &mut self.standing
    }
}

/// Asks for a look through the mailbox: for what a rule would have done, or for what it has to do now. Asked again
/// while somebody does that, nothing more happens.
pub async fn look(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    wanted: &LookForRule,
) -> Result<RuleLook, Error> {
    let id = &account.get().id;
    let rules = rows::list(ports, id).await?.record;
    let rule = rows::find(&rules, &wanted.rule).ok_or(Error::NotPossible(NO_SUCH_RULE))?;
    if wanted.wanted == LookFor::Run {
        match runs(ports, rule).await?.state(rule) {
            RuleState::On => {}
            RuleState::Off => return Err(Error::NotPossible(OFF)),
            RuleState::Paused => return Err(Error::NotPossible(PAUSED)),
        }
    }
    let now = ports.clock.now();
    let wording = rule.rule.wording();
    let known = background::load::<RuleLookRecord>(ports.table.as_ref(), id).await?;
    if let Some(stored) = &known
        && background::is_held(&stored.record, now)
    {
        let record = &stored.record;
        let same = record.rule == rule.id && record.wanted == wanted.wanted;
        return match same && record.wording == wording {
            true => Ok(view(record)),
            false => Err(Error::NotPossible(OTHER)),
        };
    }
    let record = RuleLookRecord {
        standing: Standing::asked(now),
        rule: rule.id.clone(),
        wanted: wanted.wanted,
        wording,
        percent: rule.rule.percent,
        looked: 0,
        total: None,
        found: 0,
        begun_at: now,
        turn: None,
        is_refused: false,
    };
    // What was found before was found for something else.
    rows::put(ports, names::rule_so_far(id), &LookSoFar::default()).await?;
    let version = known.map_or(0, |stored| stored.version);
    background::ask(ports, user, id, &record, version).await?;
    Ok(view(&record))
}
