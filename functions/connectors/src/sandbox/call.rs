//! One call that changes something, in one transaction, with all the bad luck that the dials ask for.

use std::sync::Arc;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{CrashPoint, Dials};
use jiff::Timestamp;
use rusqlite::Transaction;

use super::error::SandboxError;
use super::{Inner, Sandbox, dials};

/// What became of the call.
enum Answer<T> {
    Done(T),
    Lost,
    Wait(Timestamp),
    PlugPulled,
}

/// A call under way.
pub(super) struct Call<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) dials: &'a Dials,
    pub(super) now: Timestamp,
    /// So many of its changes are made: half of them if the plug is pulled half-way.
    reached: usize,
}

impl Call<'_> {
    /// Makes the changes that are reached, one after the other; what became of each.
    pub(super) fn each<C, E>(
        &self,
        changes: &[C],
        take: impl Fn(&Self, &C) -> Result<E, SandboxError>,
    ) -> Result<Vec<E>, SandboxError> {
        let reached = changes.iter().take(self.reached);
        reached.map(|change| take(self, change)).collect()
    }
}

impl Sandbox {
    /// A call of so many changes, which `work` makes.
    pub(super) async fn call<T, F>(&self, changes: usize, work: F) -> Result<T, CallError>
    where
        T: Send + 'static,
        F: FnOnce(&Inner, &Call<'_>) -> Result<T, SandboxError> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let run = move || {
            let answer = inner
                .pool
                .transact(|transaction| run(&inner, transaction, changes, work))?;
            if matches!(answer, Answer::PlugPulled) {
                std::process::abort();
            }
            Ok::<_, SandboxError>(answer)
        };
        let answer = tokio::task::spawn_blocking(run)
            .await
            .map_err(SandboxError::from)??;
        match answer {
            Answer::Done(done) => Ok(done),
            Answer::Wait(until) => Err(CallError::Throttled { until: Some(until) }),
            Answer::Lost | Answer::PlugPulled => {
                Err(CallError::Unavailable("the answer was lost".to_owned()))
            }
        }
    }
}

fn run<T>(
    inner: &Inner,
    transaction: Transaction<'_>,
    changes: usize,
    work: impl FnOnce(&Inner, &Call<'_>) -> Result<T, SandboxError>,
) -> Result<Answer<T>, SandboxError> {
    let mut dials = dials::load(&transaction)?;
    let now = inner.clock.now();
    if let Some(until) = dials::must_wait(&transaction, &mut dials, changes, now)? {
        transaction.commit()?;
        return Ok(Answer::Wait(until));
    }
    if dials::pulls_plug(&transaction, &mut dials, CrashPoint::BeforeChange)? {
        transaction.commit()?;
        return Ok(Answer::PlugPulled);
    }
    let half_way = dials::pulls_plug(&transaction, &mut dials, CrashPoint::HalfWay)?;
    let call = Call {
        transaction: &transaction,
        dials: &dials,
        now,
        reached: if half_way { changes / 2 } else { changes },
    };
    let done = work(inner, &call)?;
    let lost = dials::loses_answer(&transaction, &mut dials)?;
    let after = dials::pulls_plug(&transaction, &mut dials, CrashPoint::AfterChange)?;
    transaction.commit()?;
    Ok(match (half_way || after, lost) {
        (true, _) => Answer::PlugPulled,
        (false, true) => Answer::Lost,
        (false, false) => Answer::Done(done),
    })
}
