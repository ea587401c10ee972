//! A person writes, orders, switches and deletes rules.

use std::collections::HashSet;

use bulkhead_shared::api::{RuleState, Rules, SaveRules, SavedRule};
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::rules::RULES_MOST;

use super::rows;
use super::runs::runs;
use super::schedule;
use super::show::rules;
use super::turns;
use crate::access::Owned;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::{AccountRecord, RuleRecord, RulesRecord, TestRecord, names};

/// How often a write is tried again that somebody else was faster with.
const TRIES: u32 = 5;
const CHANGED: &str = "The rules were changed meanwhile. Look at them as they are now.";

/// Stores all rules in place of those that there are.
pub async fn save(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    wanted: &SaveRules,
) -> Result<Rules, Error> {
    let id = &account.get().id;
    if wanted.rules.len() > RULES_MOST {
        let text = format!("An account has at most {RULES_MOST} rules.");
        return Err(Invalid::new("rules", text).into());
    }
    let mut tries = 0;
    let known = loop {
        let stored = rows::list(ports, id).await?;
        if stored.version != wanted.version {
            return Err(Error::NotPossible(CHANGED));
        }
        let record = wanted_rules(ports, id, wanted, &stored.record).await?;
        let turns = turns::written(ports, user, id, &record).await?;
        match rows::put_list(ports, id, &record, stored.version, turns).await {
            // It may be that only a rule had its turn.
            Err(error) if error.is_conflict() && tries < TRIES => tries += 1,
            Err(error) if error.is_conflict() => return Err(Error::NotPossible(CHANGED)),
            put => break put.map(|()| stored.record)?,
        }
    };
    let named: HashSet<&String> = wanted
        .rules
        .iter()
        .filter_map(|it| it.id.as_ref())
        .collect();
    let gone: Vec<String> = known
        .rules
        .into_iter()
        .map(|rule| rule.id)
        .filter(|id| !named.contains(id))
        .collect();
    rows::forget(ports, id, &gone).await?;
    rules(ports, account).await
}

/// All rules as they are to be stored, in place of the ones that there are.
async fn wanted_rules(
    ports: &Ports,
    id: &AccountId,
    wanted: &SaveRules,
    known: &RulesRecord,
) -> Result<RulesRecord, Error> {
    let mut named = HashSet::new();
    let mut record = RulesRecord::default();
    for (place, saved) in wanted.rules.iter().enumerate() {
        let at = format!("rules[{place}]");
        saved.rule.validate(&format!("{at}.rule"))?;
        if saved
            .rule
            .when
            .zone()
            .is_some_and(|zone| !schedule::is_zone(zone))
        {
            let text = "There is no such time zone.";
            return Err(Invalid::new(format!("{at}.rule.when.zone"), text).into());
        }
        let before = match &saved.id {
            None => None,
            Some(id) if !named.insert(id) => {
                return Err(Invalid::new(format!("{at}.id"), "It is named twice.").into());
            }
            Some(id) => {
                let text = "There is no such rule; leave it out for a new one.";
                let unknown = || Invalid::new(format!("{at}.id"), text);
                Some(rows::find(known, id).ok_or_else(unknown)?)
            }
        };
        record.rules.push(one(ports, id, &at, saved, before).await?);
    }
    Ok(record)
}

/// A rule as it is to be stored, in place of the one there was.
async fn one(
    ports: &Ports,
    account: &AccountId,
    at: &str,
    saved: &SavedRule,
    before: Option<&RuleRecord>,
) -> Result<RuleRecord, Error> {
    let state = match before {
        Some(before) => runs(ports, before).await?.state(before),
        None => RuleState::Off,
    };
    let wording = saved.rule.wording();
    let same = before.is_some_and(|before| before.rule.wording() == wording);
    let since = before.and_then(|before| before.on_since).filter(|_| same);
    let on_since = match (saved.state, state) {
        (RuleState::Off, _) | (RuleState::Paused, RuleState::On | RuleState::Off) => None,
        // It stays as it is.
        (RuleState::Paused, RuleState::Paused) => since,
        (RuleState::On, RuleState::On) if since.is_some() => since,
        // Switched on anew: what was taken back before counts no more.
        (RuleState::On, _) => {
            is_tested(ports, account, at, before, &wording).await?;
            Some(ports.clock.now())
        }
    };
    Ok(match before {
        Some(before) => RuleRecord {
            rule: saved.rule.clone(),
            on_since,
            earlier_undone: match on_since == before.on_since {
                true => before.earlier_undone,
                false => 0,
            },
            ..before.clone()
        },
        None => RuleRecord {
            id: format!("rul_{:016x}", ports.random.bits() as u64),
            rule: saved.rule.clone(),
            on_since,
            runs: Vec::new(),
            earlier_runs: 0,
            earlier_mails: 0,
            earlier_undone: 0,
        },
    })
}

/// Refuses what was never tested as it stands there.
async fn is_tested(
    ports: &Ports,
    account: &AccountId,
    at: &str,
    before: Option<&RuleRecord>,
    wording: &str,
) -> Result<(), Error> {
    let test = match before {
        Some(before) => {
            let key = names::rule_test(account, &before.id);
            rows::get::<TestRecord>(ports, &key).await?
        }
        None => None,
    };
    match test.filter(|test| test.wording == wording) {
        Some(_) => Ok(()),
        None => {
            let text = "Test it first, exactly as it stands here: what was never tested cannot be switched on.";
            Err(Invalid::new(format!("{at}.state"), text).into())
        }
    }
}
