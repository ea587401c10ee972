//! A rule that runs by itself: what its look found becomes a job, and the rule confirms that where nothing speaks
//! against it. Asked again for the same turn, it is the same job.

use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::{Confirm, Gate, Preview};
use bulkhead_shared::ids::{ItemId, JobId, UserId};
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use jiff::Timestamp;

use super::draft::{Asked, create, key, note};
use super::judge::{Known, protection};
use crate::error::Error;
use crate::jobs::{control, preview};
use crate::limits::idempotency::made_under;
use crate::ports::{CallError, MailStore, Ports};
use crate::records::store::load_job;
use crate::records::{AccountRecord, FoundRecord, RuleRecord, RuleRunRecord};

const INEXACT: &str = "This account cannot bring these mails back exactly as they were.";
const RISKY: &str = "What it would do is more than goes without a look.";
const DRIFTED: &str = "Something changed between the look and the confirmation.";

/// Does what the look for this turn found, if there is still something to do.
pub(super) async fn act(
    ports: &Ports,
    owner: &UserId,
    account: &AccountRecord,
    mail: &dyn MailStore,
    rule: &RuleRecord,
    found: &FoundRecord,
    turn: Timestamp,
) -> Result<(), Error> {
    let key = key(&account.id, rule, &format!("turn {turn}"));
    let known = rule.runs.iter().find(|run| run.turn == Some(turn));
    let known = match known {
        Some(run) => Some(run.job.clone()),
        None => made_under(ports, owner, &key).await?,
    };
    let job = match known {
        Some(job) => job,
        None => {
            let ids = still_free(mail, rule, &found.ids).await?;
            if ids.is_empty() {
                return Ok(());
            }
            let asked = Asked {
                key: &key,
                by_itself: true,
                open_most: limits::OPEN_JOBS,
            };
            create(ports, owner, &account.id, rule, ids, asked).await?
        }
    };
    confirm(ports, owner, rule, &job, turn).await
}

/// Those that are still there, and that nothing protects which a person did since the look.
async fn still_free(
    mail: &dyn MailStore,
    rule: &RuleRecord,
    ids: &[ItemId],
) -> Result<Vec<ItemId>, CallError> {
    let mut free = Vec::with_capacity(ids.len());
    for some in ids.chunks(mail.abilities().call_items.max(1) as usize) {
        let states = some.iter().zip(mail.states(some).await?);
        free.extend(states.filter_map(|(id, state)| {
            let place = state?.state;
            let protected = protection(&rule.rule, &place, "", &Known::default());
            protected.is_none().then(|| id.clone())
        }));
    }
    Ok(free)
}

/// Notes the job with its rule, and confirms it, unless it waits for a person.
async fn confirm(
    ports: &Ports,
    owner: &UserId,
    rule: &RuleRecord,
    id: &JobId,
    turn: Timestamp,
) -> Result<(), Error> {
    let Some(job) = load_job(ports.table.as_ref(), id).await? else {
        return Ok(());
    };
    let job = job.record;
    let mut run = RuleRunRecord {
        job: id.clone(),
        at: job.created_at,
        mails: job.total,
        turn: Some(turn),
        waits: None,
    };
    if job.state != State::Draft {
        // Confirmed by an earlier try, or by a person, who may have dropped it as well.
        return match rule.runs.iter().any(|known| known.job == *id) {
            true => Ok(()),
            false => note(ports, &job.account, &rule.id, run).await,
        };
    }
    let preview = preview::preview(ports, owner, id).await?;
    run.waits = objection(rule, &preview);
    note(ports, &job.account, &rule.id, run.clone()).await?;
    if run.waits.is_some() {
        return Ok(());
    }
    let yes = Confirm {
        manifest_hash: preview.manifest_hash,
        drift_hash: None,
    };
    match control::confirm(ports, owner, id, &yes).await {
        Err(Error::Drifted(_)) => {
            run.waits = Some(DRIFTED.to_owned());
            note(ports, &job.account, &rule.id, run).await
        }
        confirmed => confirmed,
    }
}

/// Why a rule does not confirm this by itself; none if it may.
fn objection(rule: &RuleRecord, preview: &Preview) -> Option<String> {
    let most = rule.rule.by_itself_most;
    if preview.total > u64::from(most) {
        return Some(format!(
            "It has {} mails, more than the {most} that the rule takes without asking.",
            preview.total
        ));
    }
    let objection = match preview {
        _ if preview.reversibility.kind != Reversibility::Exact => INEXACT,
        _ if preview.gate != Gate::Confirm => RISKY,
        _ if preview.drift.is_some() => DRIFTED,
        _ => return None,
    };
    Some(objection.to_owned())
}
