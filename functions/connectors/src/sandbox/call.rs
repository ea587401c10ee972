//! One call that changes something, in one transaction, with all the bad luck that the dials ask for.

use std::sync::Arc;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{CrashPoint, Dials};
use jiff::Timestamp;
use rusqlite::Transaction;

use super::error::SandboxError;
use super::{Inner, Sandbox, dials};

/// What became of the call.
enum Answer<E> {
    Done(Vec<E>),
    Lost,
    Wait(Timestamp),
    PlugPulled,
}

impl Sandbox {
    /// Takes these changes, one after the other; what became of each.
    pub(super) async fn call<C, E, F>(&self, changes: &[C], take: F) -> Result<Vec<E>, CallError>
    where
        C: Clone + Send + 'static,
        E: Send + 'static,
        F: Fn(&Transaction<'_>, &Dials, &C, Timestamp) -> Result<E, SandboxError> + Send + 'static,
    {
        let (inner, changes) = (Arc::clone(&self.inner), changes.to_vec());
        let work = move || {
            let answer = inner
                .pool
                .transact(|transaction| run(&inner, transaction, &changes, &take))?;
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

fn run<C, E, F>(
    inner: &Inner,
    transaction: Transaction<'_>,
    changes: &[C],
    take: &F,
) -> Result<Answer<E>, SandboxError>
where
    F: Fn(&Transaction<'_>, &Dials, &C, Timestamp) -> Result<E, SandboxError>,
{
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
        effects.push(take(&transaction, &dials, change, now)?);
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
