//! What a run of a rule has to do becomes a draft like any other.

use bulkhead_shared::api::{DraftRule, LookFor, NewJob, RuleState, ScanState};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use jiff::SignedDuration;

use super::rows::{self, NO_SUCH_RULE};
use super::show::runs;
use crate::access::Owned;
use crate::background;
use crate::error::Error;
use crate::jobs::became::{Became, became};
use crate::jobs::draft as jobs_draft;
use crate::ports::Ports;
use crate::records::{
    AccountRecord, FoundRecord, RuleLookRecord, RuleRecord, RuleRunRecord, names,
};

/// How old a look may be whose finds are drafted.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// Runs that are kept with a rule, at the least.
const RUNS_KEPT: usize = 8;
/// How often a write is tried again that somebody else was faster with.
const TRIES: u32 = 5;
const OLD: &str = "Run the rule first: there is no look for it, or it is over an hour old.";
const OFF: &str = "This rule is switched off, has paused itself, or was changed since it was run.";
const NOTHING: &str = "There is nothing to do for this rule.";

/// Drafts what the last run of a rule found, unless `open_most` jobs of this person are open already. Asked again it is
/// the same draft.
pub async fn draft(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    wanted: &DraftRule,
    open_most: u32,
) -> Result<JobId, Error> {
    let id = &account.get().id;
    let rules = rows::list(ports, id).await?.record;
    let rule = rows::find(&rules, &wanted.rule).ok_or(Error::NotPossible(NO_SUCH_RULE))?;
    let found = found(ports, id, rule).await?;
    if found.ids.is_empty() {
        return Err(Error::NotPossible(NOTHING));
    }
    let mails = found.ids.len() as u64;
    let key = sha256_hex(format!("{id} {} {}", rule.id, found.begun_at).as_bytes());
    let new = NewJob {
        account: id.clone(),
        operation: rule.rule.operation.clone(),
        selection: Selection::Ids { ids: found.ids },
        options: JobOptions::default(),
        confirm: None,
    };
    let key = format!("rule-{key}");
    let job = jobs_draft::create(ports, user, Some(&key), new, open_most).await?;
    let run = RuleRunRecord {
        job: job.clone(),
        at: ports.clock.now(),
        mails,
    };
    note(ports, id, &rule.id, run).await?;
    Ok(job)
}

/// What the last run found, if it was one of this rule as it is.
async fn found(
    ports: &Ports,
    account: &AccountId,
    rule: &RuleRecord,
) -> Result<FoundRecord, Error> {
    let look = background::load::<RuleLookRecord>(ports.table.as_ref(), account).await?;
    let look = look.map(|stored| stored.record).filter(|look| {
        let is_its = look.rule == rule.id && look.wanted == LookFor::Run;
        let is_fresh = look.begun_at + FRESH > ports.clock.now();
        is_its && is_fresh && look.standing.state == ScanState::Done
    });
    let look = look.ok_or(Error::NotPossible(OLD))?;
    let is_as_it_was = look.wording == rule.rule.wording() && look.percent == rule.rule.percent;
    if !is_as_it_was || runs(ports, rule).await?.state(rule) != RuleState::On {
        return Err(Error::NotPossible(OFF));
    }
    let found = rows::get::<FoundRecord>(ports, &names::rule_found(account)).await?;
    let found = found.filter(|it| it.rule == rule.id && it.begun_at == look.begun_at);
    found.ok_or(Error::NotPossible(OLD))
}

/// Notes a run with its rule.
async fn note(
    ports: &Ports,
    account: &AccountId,
    rule: &str,
    run: RuleRunRecord,
) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        let mut stored = rows::list(ports, account).await?;
        let mut rules = stored.record.rules.iter_mut();
        let Some(record) = rules.find(|it| it.id == rule) else {
            return Ok(());
        };
        if record.runs.iter().any(|known| known.job == run.job) {
            return Ok(());
        }
        record.runs.push(run.clone());
        shorten(ports, record).await?;
        match rows::put_list(ports, account, &stored.record, stored.version).await {
            Err(error) if error.is_conflict() && tries < TRIES => tries += 1,
            put => return put,
        }
    }
}

/// Of the oldest runs only the sums are kept.
async fn shorten(ports: &Ports, record: &mut RuleRecord) -> Result<(), Error> {
    while record.runs.len() > RUNS_KEPT {
        let run = record.runs.remove(0);
        if matches!(
            became(ports, &run.job).await?,
            Became::Done { .. } | Became::Undone
        ) {
            record.earlier_runs += 1;
            record.earlier_mails += run.mails;
        }
    }
    Ok(())
}
