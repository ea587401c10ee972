//! Changes, with all the bad luck that the dials ask for.

use bulkhead_engine::kinds::contact::{Change, Effect};
use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{CrashPoint, Dials};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vcard::Card;
use jiff::Timestamp;
use rusqlite::Transaction;
use sha2::{Digest, Sha256};

use super::super::error::SandboxError;
use super::super::{Inner, dials};
use super::{SandboxContacts, is_ours, state, write};

/// What became of the call.
enum Answer {
    Done(Vec<Effect>),
    Lost,
    Wait(Timestamp),
    PlugPulled,
}

impl SandboxContacts {
    pub(super) async fn apply(&self, changes: &[Change]) -> Result<Vec<Effect>, CallError> {
        let (inner, changes) = (std::sync::Arc::clone(&self.sandbox.inner), changes.to_vec());
        let work = move || {
            let answer = inner
                .pool
                .transact(|transaction| run(&inner, transaction, &changes))?;
            if matches!(answer, Answer::PlugPulled) {
                std::process::abort();
            }
            Ok::<_, SandboxError>(answer)
        };
        let answer = tokio::task::spawn_blocking(work)
            .await
            .map_err(SandboxError::from)??;
        match answer {
            Answer::Done(effects) => Ok(effects),
            Answer::Wait(until) => Err(CallError::Throttled { until: Some(until) }),
            Answer::Lost | Answer::PlugPulled => {
                Err(CallError::Unavailable("the answer was lost".to_owned()))
            }
        }
    }
}

fn run(
    inner: &Inner,
    transaction: Transaction<'_>,
    changes: &[Change],
) -> Result<Answer, SandboxError> {
    let mut dials = dials::load(&transaction)?;
    let now = inner.clock.now();
    if let Some(until) = dials::must_wait(&transaction, &mut dials, changes.len(), now)? {
        transaction.commit()?;
        return Ok(Answer::Wait(until));
    }
    if dials::pulls_plug(&transaction, &mut dials, CrashPoint::BeforeChange)? {
        transaction.commit()?;
        return Ok(Answer::PlugPulled);
    }
    let half_way = dials::pulls_plug(&transaction, &mut dials, CrashPoint::HalfWay)?;
    let changes = match half_way {
        true => changes.get(..changes.len() / 2).unwrap_or_default(),
        false => changes,
    };
    let mut effects = Vec::with_capacity(changes.len());
    for change in changes {
        effects.push(take(&transaction, &dials, change)?);
    }
    let lost = dials::loses_answer(&transaction, &mut dials)?;
    let after = dials::pulls_plug(&transaction, &mut dials, CrashPoint::AfterChange)?;
    transaction.commit()?;
    Ok(match (half_way || after, lost) {
        (true, _) => Answer::PlugPulled,
        (false, true) => Answer::Lost,
        (false, false) => Answer::Done(effects),
    })
}

fn take(
    transaction: &Transaction<'_>,
    dials: &Dials,
    change: &Change,
) -> Result<Effect, SandboxError> {
    if !is_ours(&change.id) {
        return Ok(match change.from.state {
            None => Effect::Refused(ItemReason::NoSuchFolder),
            Some(_) => Effect::Missing,
        });
    }
    if change
        .to
        .as_ref()
        .is_some_and(|card| Card::read(card).is_err())
    {
        return Ok(Effect::Refused(ItemReason::Refused));
    }
    let number = number(&change.id);
    if dials::fails(dials, number) {
        return Ok(Effect::Refused(ItemReason::Refused));
    }
    if dials::fails_for_now(transaction, dials, number)? {
        return Ok(Effect::Unavailable);
    }
    let now = state(transaction, &change.id)?;
    match (&change.from.state, &now.state) {
        _ if now.is_as(&change.from) => {}
        (Some(_), None) => return Ok(Effect::Missing),
        _ => return Ok(Effect::Changed),
    }
    transaction
        .prepare_cached(
            "INSERT INTO contact_change (id, touched) VALUES (?1, 1)
             ON CONFLICT (id) DO UPDATE SET touched = touched + 1",
        )?
        .execute([change.id.as_str()])?;
    let state = write(transaction, &change.id, change.to.as_deref())?;
    let id = change.id.clone();
    Ok(Effect::Done { id, state })
}

/// What the dials pick by: the same for the same contact, and none of the mails' numbers.
fn number(id: &ItemId) -> i64 {
    let hash = Sha256::digest(id.as_str());
    let bits = hash
        .iter()
        .take(8)
        .fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
    (bits | 1 << 62).cast_signed()
}
