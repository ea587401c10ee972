//! Bringing items from one state to another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::Outcome;

use super::{Act, Effect, Item, NoStep, Performed, Step, Task};
use crate::error::Error;
use crate::kinds::{self, Change, Found, Goal, ItemState, State};
use crate::ports::{Account, CallError};
use crate::records::{JobRecord, Prior};
use crate::stores::{self, ItemStore};

/// A change of items, in one account.
pub(super) struct Changing {
    store: Arc<dyn ItemStore>,
    goal: Goal,
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
            tag: job.id.tail().to_owned(),
        })
    }

    /// Reads what nobody has just looked at.
    async fn read(&self, items: &mut [Item<'_>]) -> Result<(), CallError> {
        let mut unread: Vec<&mut Item<'_>> =
            items.iter_mut().filter(|it| it.state.is_none()).collect();
        let most = self.look_items().max(1);
        for call in unread.chunks_mut(most as usize) {
            let ids: Vec<ItemId> = call.iter().map(|item| item.id.clone()).collect();
            let states = self.store.states(&ids).await?;
            for (item, state) in call.iter_mut().zip(states) {
                item.state = Some(state);
            }
        }
        Ok(())
    }

    fn step(&self, item: Item<'_>, mut from: ItemState) -> Result<Step, NoStep> {
        // What the provider told of its own change may be what it needs to take that back.
        if let Some(back) = item.back.filter(|back| from.state.is_still(&back.left)) {
            from.state = back.left.clone();
        }
        match self.goal.aim(&from.state, item.back, item.input) {
            Ok(to) => Ok(Step {
                id: item.id,
                from,
                act: match self.goal.kept(item.input) {
                    Some(kept) => Act::GiveWay(kept),
                    None => Act::Become(to),
                },
            }),
            Err(reason) => Err((Outcome::Skipped, reason)),
        }
    }

    /// Whether each step may be taken still: what gives way does so only while the other one is there and as it
    /// was. Looks right before the call, because between preparing and it minutes may pass.
    async fn still_hold(&self, steps: &[Step]) -> Result<Vec<bool>, CallError> {
        let kept = steps.iter().filter_map(|step| match &step.act {
            Act::GiveWay(kept) => Some(kept.id.clone()),
            Act::Become(_) | Act::Deliver(_) | Act::Write(_) | Act::Ask(_) | Act::Read(_) => None,
        });
        let ids: Vec<ItemId> = kept.collect::<BTreeSet<_>>().into_iter().collect();
        let states = match ids.is_empty() {
            true => Vec::new(),
            false => self.store.states(&ids).await?,
        };
        let now: BTreeMap<&ItemId, ItemState> = ids.iter().zip(states).collect();
        let holds = steps.iter().map(|step| match &step.act {
            Act::GiveWay(kept) => {
                let other = now.get(&kept.id);
                other.is_some_and(|other| kept.is_said_by(&other.state))
            }
            Act::Become(_) | Act::Deliver(_) | Act::Write(_) | Act::Ask(_) | Act::Read(_) => true,
        });
        Ok(holds.collect())
    }

    /// Takes the steps that may be taken.
    async fn take(&self, steps: &[Step]) -> Result<Vec<Effect>, CallError> {
        let hold = self.still_hold(steps).await?;
        let steps = steps.iter().zip(&hold);
        let steps = steps.filter(|(_, holds)| **holds).map(|(step, _)| step);
        let changes = changes(steps);
        let effects = match changes.is_empty() {
            true => Vec::new(),
            false => self.store.change(&changes, &self.tag).await?,
        };
        let mut effects = effects.into_iter().map(Effect::from);
        let effects = hold.into_iter().map(|holds| match holds {
            // A store that says nothing of an item has not answered.
            true => effects.next().unwrap_or(Effect::Unknown),
            false => Effect::ChangedSince,
        });
        Ok(effects.collect())
    }
}

#[async_trait]
impl Task for Changing {
    fn touches(&self) -> bool {
        true
    }

    fn looks(&self) -> bool {
        true
    }

    fn look_items(&self) -> u32 {
        self.store.abilities().call_items
    }

    fn call_items(&self) -> u32 {
        self.store.change_items()
    }

    fn first_call_items(&self) -> u32 {
        self.store.first_change_items()
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
        Ok(Performed::of(steps.len(), self.take(steps).await))
    }

    async fn inspect(&mut self, steps: &[Step]) -> Result<Vec<Found>, CallError> {
        self.store
            .reconcile(&changes(steps.iter()), &self.tag)
            .await
    }
}

fn changes<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<Change> {
    let changes = steps.filter_map(|step| {
        let to = match &step.act {
            Act::Become(to) => to.clone(),
            Act::GiveWay(_) => State::Absent,
            Act::Deliver(_) | Act::Write(_) | Act::Ask(_) | Act::Read(_) => return None,
        };
        Some(Change {
            id: step.id.clone(),
            from: step.from.clone(),
            to,
        })
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
