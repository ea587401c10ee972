//! Rules as their owner sees them: with what became of their runs, and what was tested.

use bulkhead_shared::api::{BackTest, Rule, RuleLook, RuleRun, RuleState, Rules};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::rules::UNDONE_MOST;

use super::rows;
use crate::access::Owned;
use crate::background;
use crate::error::Error;
use crate::jobs::became::{Became, became};
use crate::ports::Ports;
use crate::records::{AccountRecord, RuleLookRecord, RuleRecord, RuleRunRecord, TestRecord, names};

/// All rules of an account, and the last look through its mailbox for one.
pub async fn rules(ports: &Ports, account: &Owned<AccountRecord>) -> Result<Rules, Error> {
    let id = &account.get().id;
    let stored = rows::list(ports, id).await?;
    let mut rules = Vec::with_capacity(stored.record.rules.len());
    for record in stored.record.rules {
        rules.push(show(ports, id, record).await?);
    }
    let look = background::load::<RuleLookRecord>(ports.table.as_ref(), id).await?;
    Ok(Rules {
        version: stored.version,
        rules,
        look: look.map(|stored| view(&stored.record)),
    })
}

async fn show(ports: &Ports, account: &AccountId, record: RuleRecord) -> Result<Rule, Error> {
    let runs = runs(ports, &record).await?;
    let test = rows::get::<TestRecord>(ports, &names::rule_test(account, &record.id)).await?;
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

/// The runs of a rule that were confirmed, the oldest first, and whether each was taken back.
pub(super) struct Runs {
    pub(super) done: Vec<(RuleRunRecord, bool)>,
}

impl Runs {
    /// Whether the rule acts.
    pub(super) fn state(&self, rule: &RuleRecord) -> RuleState {
        match rule.on_since {
            None => RuleState::Off,
            Some(_) if self.undone(rule) >= UNDONE_MOST => RuleState::Paused,
            Some(_) => RuleState::On,
        }
    }

    /// Runs that were taken back since the rule was switched on.
    fn undone(&self, rule: &RuleRecord) -> u32 {
        let since = |run: &RuleRunRecord| rule.on_since.is_some_and(|since| run.at >= since);
        let undone = self
            .done
            .iter()
            .filter(|(run, undone)| *undone && since(run));
        u32::try_from(undone.count()).unwrap_or(u32::MAX)
    }
}

/// What became of a rule's runs: looked up when it is asked for, so an undo by any way counts at once.
pub(super) async fn runs(ports: &Ports, rule: &RuleRecord) -> Result<Runs, Error> {
    let mut done = Vec::new();
    for run in &rule.runs {
        match became(ports, &run.job).await? {
            Became::Done { .. } => done.push((run.clone(), false)),
            Became::Undone => done.push((run.clone(), true)),
            Became::Draft | Became::Nothing => {}
        }
    }
    Ok(Runs { done })
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
