//! Rules as their owner sees them: with what became of their runs, and what was tested.

use bulkhead_shared::api::{
    BackTest, RanByItself, Rule, RuleLook, RuleRun, RuleState, Rules, RunWaits,
};
use bulkhead_shared::rules::When;

use super::rows;
use super::runs::runs;
use super::turns;
use crate::access::Owned;
use crate::background;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::{AccountRecord, RuleLookRecord, RuleRecord, TestRecord, TurnRecord, names};

/// Why a run waits of which nothing else is known: it was confirmed, and then came back.
const CHANGED: &str = "Something changed since it was drafted. Look at what it is about now.";

/// All rules of an account, and the last look through its mailbox for one.
pub async fn rules(ports: &Ports, account: &Owned<AccountRecord>) -> Result<Rules, Error> {
    let id = &account.get().id;
    let stored = rows::list(ports, id).await?;
    let mut turns = turns::of(ports, id).await?;
    let mut rules = Vec::with_capacity(stored.record.rules.len());
    for record in stored.record.rules {
        let turn = turns.remove(&record.id);
        rules.push(show(ports, account.get(), record, turn).await?);
    }
    let look = background::load::<RuleLookRecord>(ports.table.as_ref(), id).await?;
    Ok(Rules {
        version: stored.version,
        rules,
        look: look.map(|stored| view(&stored.record)),
    })
}

async fn show(
    ports: &Ports,
    account: &AccountRecord,
    record: RuleRecord,
    turn: Option<TurnRecord>,
) -> Result<Rule, Error> {
    let runs = runs(ports, &record).await?;
    let test = rows::get::<TestRecord>(ports, &names::rule_test(&account.id, &record.id)).await?;
    let acts = runs.state(&record) == RuleState::On && runs.waits.is_none();
    let refused = turn.as_ref().and_then(|turn| turn.refused.clone());
    let needs_sign_in = refused.is_some_and(|refused| refused == turns::credentials(account));
    let next = turn.as_ref().filter(|turn| turn.when != When::NewMail {});
    let next = next.filter(|_| acts && !needs_sign_in);
    let wording = record.rule.wording();
    let last = runs.done.last();
    Ok(Rule {
        state: runs.state(&record),
        runs: record.earlier_runs + runs.done.len() as u64,
        mails: record.earlier_mails + runs.done.iter().map(|run| run.0.mails).sum::<u64>(),
        undone: runs.undone(&record),
        last: last.map(|(run, undone)| RuleRun {
            job: run.job.clone(),
            at: run.at,
            mails: run.mails,
            undone: *undone,
        }),
        next: next.map(|turn| turn.next_at),
        by_itself: turn.and_then(|turn| turn.last).map(|end| RanByItself {
            at: end.at,
            looked: end.looked,
            found: end.found,
            job: end.job,
            problem: end.problem,
        }),
        waits: runs.waits.clone().map(|run| RunWaits {
            job: run.job,
            mails: run.mails,
            why: run.waits.unwrap_or_else(|| CHANGED.to_owned()),
        }),
        needs_sign_in,
        test: test.map(|test| BackTest {
            is_current: test.wording == wording,
            at: test.at,
            mails: test.tally.mails,
            other: test.tally.other,
            untold: test.tally.untold,
            bins: test.tally.bins,
            protected: test.tally.protected,
            unknown: test.unknown,
        }),
        id: record.id,
        rule: record.rule,
    })
}

/// A look as its owner sees it.
pub(super) fn view(record: &RuleLookRecord) -> RuleLook {
    RuleLook {
        rule: record.rule.clone(),
        wanted: record.wanted,
        state: record.standing.state,
        looked: record.looked,
        total: record.total,
        found: record.found,
        at: record.standing.updated_at,
        problem: record.standing.problem.clone(),
    }
}
