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
        // What is noted of it already says why it waited.
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

#[cfg(test)]
mod tests {
    use bulkhead_shared::api::Drift;
    use bulkhead_shared::operations::{Archive, Operation};
    use bulkhead_shared::options::JobOptions;
    use futures::executor::block_on;
    use serde_json::json;

    use super::*;
    use crate::records::RulesRecord;
    use crate::rules::rows;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;

    fn rule() -> RuleRecord {
        let words = json!({"name": "News", "operation": {"type": "archive"}, "by_itself_most": 3});
        serde_json::from_value(json!({"id": "rul_1", "rule": words})).unwrap()
    }

    async fn drafted(stage: &Stage) -> JobId {
        let archive = Operation::Archive(Archive {});
        let job = stage.draft(archive, Stage::inbox(), JobOptions::default());
        job.await.unwrap()
    }

    /// The message of its turn comes once more.
    #[test]
    fn why_a_job_waited_is_still_told_after_a_person_confirmed_it() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(4)).await.unwrap();
            let (ports, turn) = (&stage.ports, stage.ports.clock.now());
            let rules = RulesRecord {
                rules: vec![rule()],
            };
            rows::put_list(ports, &stage.account, &rules, 0, None)
                .await
                .unwrap();
            let stored = async || {
                let rules = rows::list(ports, &stage.account).await;
                rules.unwrap().record.rules.remove(0)
            };
            let job = drafted(&stage).await;
            confirm(ports, &stage.user, &stored().await, &job, turn)
                .await
                .unwrap();
            let waiting = stored().await;
            assert!(waiting.runs[0].waits.is_some());
            stage.confirm(&job).await.unwrap();
            confirm(ports, &stage.user, &waiting, &job, turn)
                .await
                .unwrap();
            assert_eq!(stored().await, waiting);
        });
    }

    /// What is otherwise about a preview.
    type Change = fn(&mut Preview);

    #[test]
    fn a_rule_confirms_what_is_small_and_harmless_and_as_it_was_seen() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
            let job = drafted(&stage).await;
            let seen = preview::preview(&stage.ports, &stage.user, &job).await;
            let seen = seen.unwrap();
            let rule = rule();
            let objection = |change: Change| {
                let mut preview = seen.clone();
                change(&mut preview);
                objection(&rule, &preview)
            };
            assert_eq!(objection(|_| ()), None);
            let more = "It has 4 mails, more than the 3 that the rule takes without asking.";
            let refused: [(Change, &str); 4] = [
                (|preview| preview.total = 4, more),
                (
                    |preview| preview.reversibility.kind = Reversibility::BestEffort,
                    INEXACT,
                ),
                (|preview| preview.gate = Gate::TypeCount, RISKY),
                (|preview| preview.drift = Some(Drift::default()), DRIFTED),
            ];
            for (change, why) in refused {
                assert_eq!(objection(change).as_deref(), Some(why));
            }
        });
    }
}
