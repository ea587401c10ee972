//! What a run of a rule has to do becomes a draft like any other.

use bulkhead_shared::api::{DraftRule, LookFor, NewJob, OfRule, RuleState, ScanState};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use jiff::SignedDuration;

use super::rows::{self, NO_SUCH_RULE};
use super::runs::runs;
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
    let key = key(id, rule, &found.begun_at.to_string());
    let asked = Asked {
        key: &key,
        by_itself: false,
        open_most,
    };
    let job = create(ports, user, id, rule, found.ids, asked).await?;
    let run = RuleRunRecord {
        job: job.clone(),
        at: ports.clock.now(),
        mails,
        turn: None,
        waits: None,
    };
    note(ports, id, &rule.id, run).await?;
    Ok(job)
}

/// How the job of a run is asked for.
pub(super) struct Asked<'a> {
    /// The same for the same run.
    pub(super) key: &'a str,
    /// The rule runs by itself.
    pub(super) by_itself: bool,
    /// Open jobs of this person, most.
    pub(super) open_most: u32,
}

/// The key of a run's job, which follows from the rule and what tells its runs apart.
pub(super) fn key(account: &AccountId, rule: &RuleRecord, run: &str) -> String {
    let hash = sha256_hex(format!("{account} {} {run}", rule.id).as_bytes());
    format!("rule-{hash}")
}

/// Drafts the job of a run.
pub(super) async fn create(
    ports: &Ports,
    user: &UserId,
    account: &AccountId,
    rule: &RuleRecord,
    ids: Vec<ItemId>,
    asked: Asked<'_>,
) -> Result<JobId, Error> {
    let new = NewJob {
        account: account.clone(),
        operation: rule.rule.operation.clone(),
        selection: Selection::Ids { ids },
        options: JobOptions::default(),
        confirm: None,
    };
    let of = OfRule {
        id: rule.id.clone(),
        name: rule.rule.name.clone(),
        by_itself: asked.by_itself,
    };
    jobs_draft::create_of(ports, user, Some(asked.key), new, Some(of), asked.open_most).await
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

/// Notes a run with its rule, in place of what was noted of the same job.
pub(super) async fn note(
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
        match record.runs.iter_mut().find(|known| known.job == run.job) {
            Some(known) if known.waits == run.waits => return Ok(()),
            Some(known) => known.waits = run.waits.clone(),
            None => record.runs.push(run.clone()),
        }
        shorten(ports, record).await?;
        match rows::put_list(ports, account, &stored.record, stored.version, None).await {
            Err(error) if error.is_conflict() && tries < TRIES => tries += 1,
            put => return put,
        }
    }
}

/// Of the oldest runs only the sums are kept.
async fn shorten(ports: &Ports, record: &mut RuleRecord) -> Result<(), Error> {
    while record.runs.len() > RUNS_KEPT {
        let run = record.runs.remove(0);
        let became = became(ports, &run.job).await?;
        if matches!(became, Became::Done { .. } | Became::Undone) {
            record.earlier_runs += 1;
            record.earlier_mails += run.mails;
        }
        if became == Became::Undone && record.on_since.is_some_and(|since| run.at >= since) {
            record.earlier_undone += 1;
        }
    }
    Ok(())
}
