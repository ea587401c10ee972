//! Rules that run by themselves: one row of each account says when each has its next turn, and is due then. The sweep
//! asks for the look that a turn begins with; a worker does the rest, and goes on with the next rule whose turn it is.

use std::collections::BTreeMap;
use std::time::Duration;

use bulkhead_shared::api::{LookFor, RuleState, ScanState};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::rules::When;
use jiff::{SignedDuration, Timestamp};

use super::rows;
use super::runs::runs;
use super::schedule;
use crate::access;
use crate::background;
use crate::error::Error;
use crate::limits::budget;
use crate::ports::{Expect, Key, Ports, Row, Write};
use crate::records::store::{Stored, load_text, text_row};
use crate::records::{
    AccountRecord, LookSoFar, RuleLookRecord, RuleRecord, RulesRecord, Standing, TurnEnd,
    TurnRecord, TurnsRecord, names,
};

/// While somebody looks through the mailbox it is seen so often whether they still do.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// Between two looks for new mail that somebody who opens the mailbox causes.
const OPENED_EVERY: SignedDuration = SignedDuration::from_secs(15);

/// What stores the turns of these rules in one with them; none if there is nothing to store. A rule that is on as it
/// was keeps its turn.
pub(super) async fn written(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    rules: &RulesRecord,
) -> Result<Option<Write>, Error> {
    let known = load(ports, account).await?;
    let now = ports.clock.now();
    let mut turns = BTreeMap::new();
    for rule in &rules.rules {
        let Some(on_since) = rule.on_since else {
            continue;
        };
        let when = rule.rule.when.clone();
        let Some(next_at) = schedule::next(&when, now) else {
            continue;
        };
        let before = known
            .as_ref()
            .and_then(|known| known.record.rules.get(&rule.id));
        let as_before = before.filter(|it| it.when == when && it.on_since == on_since);
        let turn = as_before.cloned().unwrap_or(TurnRecord {
            when,
            on_since,
            since: now,
            next_at,
            last: None,
            refused: None,
        });
        turns.insert(rule.id.clone(), turn);
    }
    let Some(known) = known else {
        let record = TurnsRecord {
            owner: owner.clone(),
            account: account.clone(),
            rules: turns,
        };
        return match record.rules.is_empty() {
            true => Ok(None),
            false => Ok(Some(write(&record, 0, first(&record))?)),
        };
    };
    let record = TurnsRecord {
        rules: turns,
        ..known.record
    };
    Ok(Some(write(&record, known.version, first(&record))?))
}

/// The turns of an account's rules, by their ids.
pub(super) async fn of(
    ports: &Ports,
    account: &AccountId,
) -> Result<BTreeMap<String, TurnRecord>, Error> {
    let known = load(ports, account).await?;
    Ok(known.map_or_else(BTreeMap::new, |known| known.record.rules))
}

/// It may be the turn of a rule. `is_restart` says that nothing is on its way to anybody.
pub(crate) async fn turns(ports: &Ports, key: &Key, is_restart: bool) -> Result<(), Error> {
    match load_text::<TurnsRecord>(ports.table.as_ref(), key).await? {
        Some(stored) => begin(ports, stored.record, stored.version, is_restart).await,
        None => Ok(()),
    }
}

/// Somebody opened the mailbox: rules about new mail have their turn, unless they had it a moment ago.
pub async fn opened(ports: &Ports, account: &AccountId) -> Result<(), Error> {
    let Some(Stored {
        mut record,
        version,
    }) = load(ports, account).await?
    else {
        return Ok(());
    };
    let now = ports.clock.now();
    let mut is_due = false;
    for turn in record.rules.values_mut() {
        let left = turn.next_at.duration_since(now);
        let is_early = left <= schedule::NEW_MAIL_EVERY - OPENED_EVERY;
        if turn.when == (When::NewMail {}) && is_early {
            turn.next_at = turn.next_at.min(now);
            is_due = true;
        }
    }
    if !is_due {
        return Ok(());
    }
    match begin(ports, record, version, false).await {
        // Somebody else was faster.
        Err(error) if error.is_conflict() => Ok(()),
        begun => begun,
    }
}

/// Begins with the first rule whose turn it is, unless somebody looks through the mailbox already.
async fn begin(
    ports: &Ports,
    mut record: TurnsRecord,
    version: u64,
    is_restart: bool,
) -> Result<(), Error> {
    let (table, now) = (ports.table.as_ref(), ports.clock.now());
    let (owner, id) = (record.owner.clone(), record.account.clone());
    let account = match access::account_of(table, &owner, &id).await {
        // Forgotten meanwhile, and all that was kept with it: this was written once more in that moment.
        Err(Error::NotFound) => {
            let gone = Row {
                expires: Some(now),
                ..row(&record, version, None)?
            };
            let write = Write::Put(gone, Expect::Version(version));
            return Ok(table.write(vec![write]).await?);
        }
        found => found?,
    };
    let look = background::load::<RuleLookRecord>(table, &id).await?;
    if let Some(look) = &look
        && look.record.standing.state == ScanState::Running
    {
        let until = budget::waits(ports, &id).await?;
        let is_lost = is_restart || !background::is_held(&look.record, now);
        // Who waits for the provider comes again by itself, but for a restart.
        if is_lost && (is_restart || until.is_none()) {
            background::send::<RuleLookRecord>(ports, &owner, &id, Duration::ZERO).await?;
        }
        let due = until.unwrap_or(now).max(now + AGAIN);
        return Ok(table
            .write(vec![write(&record, version, Some(due))?])
            .await?);
    }
    let rules = rows::list(ports, &id).await?.record.rules;
    if let Some(look) = &look {
        settle(&mut record, &rules, &account, &look.record);
    }
    let next = next_turn(ports, &account, rules, &mut record, now).await?;
    let Some((rule, turn)) = next else {
        let due = first(&record);
        return Ok(table.write(vec![write(&record, version, due)?]).await?);
    };
    let begun = RuleLookRecord {
        standing: Standing::asked(now),
        wanted: LookFor::Run,
        wording: rule.rule.wording(),
        percent: rule.rule.percent,
        rule: rule.id,
        looked: 0,
        total: None,
        found: 0,
        begun_at: now,
        turn: Some(turn),
        is_refused: false,
    };
    let look_version = look.map_or(0, |look| look.version);
    let so_far = text_row(
        names::rule_so_far(&id),
        1,
        &LookSoFar::default(),
        Some(now + background::KEPT),
    )?;
    // All or nothing: a turn that is counted was begun, and no other worker begins it too.
    table
        .write(vec![
            write(&record, version, Some(now + AGAIN))?,
            background::write(ports, &id, &begun, look_version)?,
            Write::Put(so_far, Expect::Anything),
        ])
        .await?;
    background::send::<RuleLookRecord>(ports, &owner, &id, Duration::ZERO).await
}

/// The first rule whose turn it is, and which. However many it missed, it has one; those that cannot run now wait for
/// the next.
async fn next_turn(
    ports: &Ports,
    account: &AccountRecord,
    rules: Vec<RuleRecord>,
    record: &mut TurnsRecord,
    now: Timestamp,
) -> Result<Option<(RuleRecord, Timestamp)>, Error> {
    record
        .rules
        .retain(|id, _| rules.iter().any(|rule| rule.id == *id));
    for rule in rules {
        let Some(turn) = record.rules.get_mut(&rule.id) else {
            continue;
        };
        let Some(next) = schedule::next(&turn.when, now) else {
            record.rules.remove(&rule.id);
            continue;
        };
        let at = turn.next_at;
        // Never later than it would be now: it may have been said by a clock that was ahead.
        turn.next_at = at.min(next);
        if at > now {
            continue;
        }
        turn.next_at = next;
        if turn.refused == Some(credentials(account)) {
            continue;
        }
        let runs = runs(ports, &rule).await?;
        if runs.state(&rule) == RuleState::On && runs.waits.is_none() {
            return Ok(Some((rule, at)));
        }
    }
    Ok(None)
}

/// Takes down what came of a look that has ended, unless that was done before: of a turn what came of it, and of what
/// a person asked for that somebody gets into the account.
fn settle(
    record: &mut TurnsRecord,
    rules: &[RuleRecord],
    account: &AccountRecord,
    look: &RuleLookRecord,
) {
    let standing = &look.standing;
    let Some(turn) = look.turn else {
        if standing.state == ScanState::Done {
            let turns = record.rules.values_mut();
            turns.for_each(|turn| turn.refused = None);
        }
        return;
    };
    let Some(of) = record.rules.get_mut(&look.rule) else {
        return;
    };
    if of
        .last
        .as_ref()
        .is_some_and(|last| last.at >= standing.updated_at)
    {
        return;
    }
    let rule = rules.iter().find(|rule| rule.id == look.rule);
    let run = rule.and_then(|rule| rule.runs.iter().find(|run| run.turn == Some(turn)));
    of.last = Some(TurnEnd {
        at: standing.updated_at,
        looked: look.looked,
        found: look.found,
        job: run.map(|run| run.job.clone()),
        problem: standing.problem.clone(),
    });
    of.refused = look.is_refused.then(|| credentials(account));
}

/// Tells the credentials of an account from others.
pub(super) fn credentials(account: &AccountRecord) -> String {
    sha256_hex(&account.sealed)
}

/// When the first turn is.
fn first(record: &TurnsRecord) -> Option<Timestamp> {
    record.rules.values().map(|turn| turn.next_at).min()
}

async fn load(ports: &Ports, account: &AccountId) -> Result<Option<Stored<TurnsRecord>>, Error> {
    load_text(ports.table.as_ref(), &names::rule_turns(account)).await
}

fn row(record: &TurnsRecord, version: u64, due: Option<Timestamp>) -> Result<Row, Error> {
    let key = names::rule_turns(&record.account);
    Ok(Row {
        due,
        ..text_row(key, version + 1, record, None)?
    })
}

fn write(record: &TurnsRecord, version: u64, due: Option<Timestamp>) -> Result<Write, Error> {
    let row = row(record, version, due)?;
    let expect = match version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    };
    Ok(Write::Put(row, expect))
}
