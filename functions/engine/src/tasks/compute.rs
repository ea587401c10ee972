//! Reading items, and keeping what a rule finds of each. Nothing outside is touched.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::{ItemReason, ItemResult};

use super::{Act, Effect, Item, NoStep, Performed, Step, Task};
use crate::error::Error;
use crate::kinds::{ItemState, State};
use crate::ports::{Account, CallError};
use crate::records::{JobRecord, Prior};
use crate::stores::{self, ItemStore};

/// A rule at work, in one account.
pub(super) struct Computing {
    store: Arc<dyn ItemStore>,
    operation: Operation,
}

impl Computing {
    pub(super) fn open(account: Arc<dyn Account>, job: &JobRecord) -> Result<Self, CallError> {
        Ok(Self {
            store: stores::of(account, job.kind)?,
            operation: job.operation.clone(),
        })
    }

    fn judge(&self, state: &State) -> Effect {
        let found: Option<ItemResult> = match state {
            State::Absent => return Effect::Missing,
            State::Contact(card) => self.operation.judge(card),
            State::Mail(_) => None,
        };
        found.map_or(Effect::Refused(ItemReason::Internal), Effect::Result)
    }
}

#[async_trait]
impl Task for Computing {
    fn touches(&self) -> bool {
        false
    }

    fn call_items(&self) -> u32 {
        self.store.call_items(self.operation.name())
    }

    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        self.store.allowance().await
    }

    async fn prepare(
        &mut self,
        items: Vec<Item<'_>>,
    ) -> Result<Vec<Result<Step, NoStep>>, CallError> {
        Ok(items.into_iter().map(|item| Ok(read(item))).collect())
    }

    fn taken(&self, _item: Item<'_>, _prior: &Prior) -> Option<Step> {
        None
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        let ids: Vec<ItemId> = steps.iter().map(|step| step.id.clone()).collect();
        let answer = self.store.states(&ids).await;
        let effects = answer.map(|states| {
            let effects = states.iter().map(|state| self.judge(&state.state));
            effects.collect()
        });
        Ok(Performed::of(steps.len(), effects))
    }
}

/// To be read, whatever it is.
pub(super) fn read(item: Item<'_>) -> Step {
    Step {
        id: item.id,
        from: item.state.unwrap_or(ItemState::ABSENT),
        act: Act::Read,
    }
}
