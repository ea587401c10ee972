//! Bringing items from one state to another.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::OperationName;
use bulkhead_shared::outcome::Outcome;

use super::{Act, Effect, Item, NoStep, Performed, Step, Task};
use crate::error::Error;
use crate::kinds::{self, Change, Found, Goal, ItemState};
use crate::ports::{Account, CallError};
use crate::records::{JobRecord, Prior};
use crate::stores::{self, ItemStore};

/// A change of items, in one account.
pub(super) struct Changing {
    store: Arc<dyn ItemStore>,
    goal: Goal,
    operation: OperationName,
    tag: String,
}

impl Changing {
    /// Makes in the account what the target needs.
    pub(super) async fn open(account: Arc<dyn Account>, job: &JobRecord) -> Result<Self, Error> {
        let store = stores::of(account, job.kind)?;
        let target = job.operation.target().ok_or(Error::Missing("target"))?;
        Ok(Self {
            goal: store.goal(target).await?,
            store,
            operation: job.operation.name(),
            tag: job.id.tail().to_owned(),
        })
    }

    /// Reads what nobody has just looked at.
    async fn read(&self, items: &mut [Item<'_>]) -> Result<(), CallError> {
        let mut unread: Vec<&mut Item<'_>> =
            items.iter_mut().filter(|it| it.state.is_none()).collect();
        for call in unread.chunks_mut(self.call_items().max(1) as usize) {
            let ids: Vec<ItemId> = call.iter().map(|item| item.id.clone()).collect();
            let states = self.store.states(&ids).await?;
            for (item, state) in call.iter_mut().zip(states) {
                item.state = Some(state);
            }
        }
        Ok(())
    }

    fn step(&self, item: Item<'_>, from: ItemState) -> Result<Step, NoStep> {
        match self.goal.aim(&from.state, item.back, item.input) {
            Ok(to) => Ok(Step {
                id: item.id,
                from,
                act: Act::Become(to),
            }),
            Err(reason) => Err((Outcome::Skipped, reason)),
        }
    }
}

#[async_trait]
impl Task for Changing {
    fn touches(&self) -> bool {
        true
    }

    fn call_items(&self) -> u32 {
        self.store.call_items(self.operation)
    }

    fn call_items_most(&self) -> u32 {
        self.store.abilities().call_items
    }

    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        self.store.allowance().await
    }

    async fn prepare(
        &mut self,
        mut items: Vec<Item<'_>>,
    ) -> Result<Vec<Result<Step, NoStep>>, CallError> {
        self.read(&mut items).await?;
        let steps = items.into_iter().map(|mut item| {
            let from = item.state.take().unwrap_or(ItemState::ABSENT);
            self.step(item, from)
        });
        Ok(steps.collect())
    }

    fn taken(&self, item: Item<'_>, prior: &Prior) -> Option<Step> {
        self.step(item, prior.state.clone()).ok()
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        let effects = self.store.change(&changes(steps), &self.tag).await;
        let effects = effects.map(|effects| effects.into_iter().map(Effect::from).collect());
        Ok(Performed::of(steps.len(), effects))
    }

    async fn inspect(&mut self, steps: &[Step]) -> Result<Vec<Found>, CallError> {
        self.store.reconcile(&changes(steps), &self.tag).await
    }
}

fn changes(steps: &[Step]) -> Vec<Change> {
    let changes = steps.iter().filter_map(|step| match &step.act {
        Act::Become(to) => Some(Change {
            id: step.id.clone(),
            from: step.from.clone(),
            to: to.clone(),
        }),
        Act::Deliver(_) | Act::Read => None,
    });
    changes.collect()
}

impl From<kinds::Effect> for Effect {
    fn from(effect: kinds::Effect) -> Self {
        match effect {
            kinds::Effect::Done { id, state } => Self::Done(Some((id, state))),
            kinds::Effect::Changed => Self::Changed,
            kinds::Effect::Missing => Self::Missing,
            kinds::Effect::Refused(reason) => Self::Refused(reason),
            kinds::Effect::Unavailable => Self::Unavailable,
            kinds::Effect::Unknown => Self::Unknown,
        }
    }
}
