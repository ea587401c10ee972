//! Handing items to somebody else: once, or never.
//!
//! Before the call the id that we give to what goes out is stored, and the hash of its bytes. It follows
//! from job and item, so whoever looks later looks for the same. Not finding it proves nothing.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::hash::sha256;
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::{ItemReason, Outcome};

use super::{Act, Effect, Item, NoStep, Performed, Step, Task};
use crate::error::Error;
use crate::kinds::version::ItemVersion;
use crate::kinds::{Found, ItemState};
use crate::ports::{Account, CallError, Delivery, Letter, LetterSource, Postbox};
use crate::records::{JobRecord, Prior};

/// A delivery of items, from one account.
pub(super) struct Delivering {
    postbox: Arc<dyn Postbox>,
    operation: Operation,
    job: JobId,
}

impl Delivering {
    pub(super) fn open(account: Arc<dyn Account>, job: &JobRecord) -> Result<Self, CallError> {
        let none = || CallError::Unsupported("Nothing can be sent from this account.".to_owned());
        Ok(Self {
            postbox: account.postbox().ok_or_else(none)?,
            operation: job.operation.clone(),
            job: job.id.clone(),
        })
    }

    /// In the form of a Message-ID (RFC 5322, section 3.6.4), without its brackets.
    fn letter_id(&self, number: u64) -> Option<ItemId> {
        format!("{}.{number}@bulkhead", self.job).parse().ok()
    }
}

#[async_trait]
impl Task for Delivering {
    fn touches(&self) -> bool {
        true
    }

    fn repeats(&self) -> bool {
        false
    }

    fn call_items(&self) -> u32 {
        self.postbox.call_items()
    }

    async fn prepare(
        &mut self,
        items: Vec<Item<'_>>,
    ) -> Result<Vec<Result<Step, NoStep>>, CallError> {
        let drafts = items.into_iter().map(|item| {
            let id = self.letter_id(item.number);
            Ok(LetterSource {
                id: id.ok_or(CallError::Refused(ItemReason::Internal))?,
                item: item.id,
                input: item.input,
            })
        });
        let drafts = drafts.collect::<Result<Vec<_>, CallError>>()?;
        let letters = self.postbox.finish(&self.operation, &drafts).await?;
        let steps = letters.into_iter().map(|letter| match letter {
            Ok(Letter { id, bytes }) => Ok(Step {
                id,
                from: ItemState {
                    // Not there yet, and known by its bytes.
                    version: Some(ItemVersion::new(sha256(&bytes))),
                    ..ItemState::ABSENT
                },
                act: Act::Deliver(bytes),
            }),
            Err(reason) => Err((Outcome::Failed, reason)),
        });
        Ok(steps.collect())
    }

    fn taken(&self, _item: Item<'_>, prior: &Prior) -> Option<Step> {
        Some(Step {
            id: prior.id.clone()?,
            from: prior.state.clone(),
            act: Act::Deliver(Vec::new()),
        })
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        let letters = steps.iter().filter_map(|step| match &step.act {
            Act::Deliver(bytes) => Some(Letter {
                id: step.id.clone(),
                bytes: bytes.clone(),
            }),
            Act::Become(_) | Act::GiveWay(_) | Act::Read(_) => None,
        });
        let letters: Vec<Letter> = letters.collect();
        let answer = self.postbox.deliver(&letters).await;
        let effects = answer.map(|all| all.into_iter().map(Effect::from).collect());
        Ok(Performed::of(steps.len(), effects))
    }

    async fn inspect(&mut self, steps: &[Step]) -> Result<Vec<Found>, CallError> {
        let ids: Vec<ItemId> = steps.iter().map(|step| step.id.clone()).collect();
        let found = self.postbox.find(&ids).await?;
        let found = steps.iter().zip(found).map(|(step, hash)| {
            let sent = step.from.version.as_ref().map(ItemVersion::as_bytes);
            match hash {
                Some(hash) if sent == Some(&hash[..]) => Found::Done {
                    id: step.id.clone(),
                    state: step.from.clone(),
                },
                _ => Found::Unclear,
            }
        });
        Ok(found.collect())
    }
}

impl From<Delivery> for Effect {
    fn from(delivery: Delivery) -> Self {
        match delivery {
            Delivery::Done => Self::Done(None),
            Delivery::Refused(reason) => Self::Refused(reason),
            Delivery::Unavailable => Self::Unavailable,
            Delivery::Unknown => Self::Unknown,
        }
    }
}
