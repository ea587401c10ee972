//! Reading items, and keeping what a rule finds of each. Nothing outside is touched.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;

use super::{Act, Effect, Performed, Step, Task};
use crate::error::Error;
use crate::ports::{Account, CallError, Clock, Ports};
use crate::records::JobRecord;
use crate::stores::{self, ItemStore};

/// A rule at work, in one account.
pub(super) struct Computing {
    clock: Arc<dyn Clock>,
    store: Arc<dyn ItemStore>,
    operation: Operation,
}

impl Computing {
    pub(super) fn open(
        ports: &Ports,
        account: Arc<dyn Account>,
        job: &JobRecord,
    ) -> Result<Self, CallError> {
        Ok(Self {
            clock: ports.clock.clone(),
            store: stores::of(account, job.kind)?,
            operation: job.operation.clone(),
        })
    }
}

#[async_trait]
impl Task for Computing {
    fn touches(&self) -> bool {
        false
    }

    fn call_items(&self) -> u32 {
        self.store.abilities().call_items
    }

    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        self.store.allowance().await
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        let items = steps.iter().map(|step| {
            let input = match &step.act {
                Act::Read(input) => input.clone(),
                Act::Become(_) | Act::GiveWay(_) | Act::Deliver(_) => None,
            };
            (step.id.clone(), input)
        });
        let items: Vec<(ItemId, Option<Vec<u8>>)> = items.collect();
        let now = self.clock.now();
        let answer = self.store.judge(&self.operation, &items, now).await;
        let effects = answer.map(|judged| {
            let effects = judged.into_iter().map(|found| match found {
                Ok(result) => Effect::Result(result),
                Err(ItemReason::Missing) => Effect::Missing,
                Err(reason) => Effect::Refused(reason),
            });
            effects.collect()
        });
        Ok(Performed::of(steps.len(), effects))
    }
}
