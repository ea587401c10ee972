//! Notes of what is about to leave, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use bulkhead_shared::ids::JobId;
use jiff::Timestamp;

use super::lock;
use crate::ports::{Ledger, LedgerError, Note};

type Kept = BTreeMap<(JobId, u32), BTreeSet<Note>>;

/// A ledger in memory.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    kept: Mutex<Kept>,
    /// It was put back together with the table, and notes of these chunks since.
    put_back: Mutex<Option<BTreeSet<(JobId, u32)>>>,
}

impl MemoryLedger {
    /// How many notes there are of a job.
    pub fn notes(&self, job: &JobId) -> usize {
        let kept = lock(&self.kept);
        let of_job = kept.iter().filter(|((of, _), _)| of == job);
        of_job.map(|(_, notes)| notes.len()).sum()
    }

    /// All that it has is lost, and it says so.
    pub fn lose(&self) {
        lock(&self.kept).clear();
        *lock(&self.put_back) = Some(BTreeSet::new());
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn note(&self, job: &JobId, chunk: u32, notes: &[Note]) -> Result<(), LedgerError> {
        let key = (job.clone(), chunk);
        if let Some(since) = lock(&self.put_back).as_mut() {
            since.insert(key.clone());
        }
        lock(&self.kept).entry(key).or_default().extend(notes);
        Ok(())
    }

    async fn read(&self, job: &JobId, chunk: u32) -> Result<Vec<Note>, LedgerError> {
        let kept = lock(&self.kept);
        let notes = kept.get(&(job.clone(), chunk)).into_iter().flatten();
        Ok(notes.copied().collect())
    }

    fn may_lack(&self, job: &JobId, chunk: u32, _began: Timestamp) -> bool {
        let put_back = lock(&self.put_back);
        let since = put_back.as_ref();
        since.is_some_and(|since| !since.contains(&(job.clone(), chunk)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_rules_of_ledgers() {
        futures::executor::block_on(crate::testing::ledger::conforms(&MemoryLedger::default()));
    }
}
