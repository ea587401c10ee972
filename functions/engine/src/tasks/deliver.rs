//! Handing items to somebody else: once, or never.
//!
//! Before the call the id that we give to what goes out is stored, and the hash of its bytes. It follows
//! from job and item, so whoever looks later looks for the same. Not finding it proves nothing.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::hash::sha256;
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::operations::Operation;
use bulkhead_shared::operations::recipient::{Attached, Recipient};
use bulkhead_shared::outcome::{ItemReason, Outcome};

use super::{Act, Effect, Item, NoStep, Performed, Step, Task};
use crate::attached::Shelf;
use crate::error::Error;
use crate::kinds::version::ItemVersion;
use crate::kinds::{Found, ItemState};
use crate::letters::{self, FileContent, LetterSource};
use crate::ports::{Account, CallError, Clock, Delivery, Letter, Ports, Postbox, SentCopy, Table};
use crate::records::{JobRecord, Prior};
use crate::suppression;

/// A delivery of items, from one account.
pub(super) struct Delivering {
    postbox: Arc<dyn Postbox>,
    operation: Operation,
    job: JobId,
    clock: Arc<dyn Clock>,
    table: Arc<dyn Table>,
    account: AccountId,
    shelf: Shelf,
}

impl Delivering {
    pub(super) fn open(
        ports: &Ports,
        account: Arc<dyn Account>,
        job: &JobRecord,
    ) -> Result<Self, CallError> {
        let none = || CallError::Unsupported("Nothing can be sent from this account.".to_owned());
        Ok(Self {
            postbox: account.postbox().ok_or_else(none)?,
            operation: job.operation.clone(),
            job: job.id.clone(),
            clock: ports.clock.clone(),
            table: ports.table.clone(),
            account: job.account.clone(),
            shelf: Shelf::new(ports.table.clone(), job.account.clone()),
        })
    }

    /// Whether whoever would get this one came onto the list of those who get no mail meanwhile.
    async fn is_suppressed(&self, item: &Item<'_>) -> Result<bool, CallError> {
        let Some(recipient) = item.input.and_then(Recipient::of_bytes) else {
            return Ok(false);
        };
        let known = suppression::has(self.table.as_ref(), &self.account, &recipient).await;
        // Nothing is handed over to anybody of whom this is not known.
        known.map_err(|error| CallError::Unavailable(error.to_string()))
    }

    /// What is in the files that go along with this one.
    async fn files(
        &mut self,
        item: &Item<'_>,
    ) -> Result<Result<Vec<FileContent>, NoStep>, CallError> {
        let Operation::BulkSend(send) = &self.operation else {
            return Ok(Ok(Vec::new()));
        };
        let Some(recipient) = item.input.and_then(Recipient::of_bytes) else {
            return Ok(Ok(Vec::new()));
        };
        // Looked at before the job was confirmed.
        let Ok(files) = Attached::of(send).with(&recipient) else {
            return Ok(Err((Outcome::Failed, ItemReason::Unrenderable)));
        };
        let taken = self.shelf.take(&files, self.clock.now()).await;
        let taken = taken.map_err(|error| CallError::Unavailable(error.to_string()))?;
        Ok(taken.ok_or((Outcome::Failed, ItemReason::FileGone)))
    }

    /// Names an item's letter among all letters.
    fn key(&self, number: u64) -> String {
        format!("{}{number}", self.key_of_all())
    }

    /// How the names of all the job's letters begin.
    fn key_of_all(&self) -> String {
        format!("{}.", self.job)
    }

    fn finish(&self, item: &Item<'_>, files: Vec<FileContent>) -> Result<Step, NoStep> {
        let source = LetterSource {
            key: self.key(item.number),
            #[cfg(feature = "testing")]
            item: &item.id,
            input: item.input,
            files,
        };
        let letter = letters::finish(&self.operation, &source, self.clock.now());
        let letter = letter.map_err(|reason| (Outcome::Failed, reason))?;
        Ok(Step {
            id: letter.id.clone(),
            from: known_by(Some(sha256(&letter.bytes))),
            act: Act::Deliver(letter),
        })
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
        self.postbox.abilities().call_items
    }

    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        self.postbox.allowance().await
    }

    fn shares_with(&self) -> Option<&'static str> {
        self.postbox.outlet()
    }

    async fn prepare(
        &mut self,
        items: Vec<Item<'_>>,
    ) -> Result<Vec<Result<Step, NoStep>>, CallError> {
        self.postbox.ready().await?;
        let mut steps = Vec::with_capacity(items.len());
        for item in &items {
            if self.is_suppressed(item).await? {
                steps.push(Err((Outcome::Skipped, ItemReason::Suppressed)));
                continue;
            }
            let files = self.files(item).await?;
            steps.push(files.and_then(|files| self.finish(item, files)));
        }
        Ok(steps)
    }

    fn taken(&self, _item: Item<'_>, prior: &Prior) -> Option<Step> {
        Some(Step {
            id: prior.id.clone()?,
            from: prior.state.clone(),
            act: Act::Read(None),
        })
    }

    fn sent_as(&self, number: u64, sha256: Option<&[u8; 32]>) -> Option<(ItemId, ItemState)> {
        let id = letters::id_of(&self.operation, &self.key(number))?;
        Some((id, known_by(sha256.copied())))
    }

    async fn sent(&mut self) -> Result<Vec<u64>, CallError> {
        let beginning = self.key_of_all();
        let ids = self.postbox.sent(&beginning).await?;
        let number = |id: ItemId| {
            let rest = id.as_str().strip_prefix(&beginning)?;
            rest.split_once('@')?.0.parse().ok()
        };
        Ok(ids.into_iter().filter_map(number).collect())
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        let letters = steps.iter().filter_map(|step| match &step.act {
            Act::Deliver(letter) => Some(letter.clone()),
            Act::Become(_) | Act::GiveWay(_) | Act::Write(_) | Act::Ask(_) | Act::Read(_) => None,
        });
        let letters: Vec<Letter> = letters.collect();
        let answer = self.postbox.deliver(&letters).await;
        let effects = answer.map(|all| {
            let deliveries = steps.iter().zip(all);
            deliveries
                .map(|(step, delivery)| effect(step, delivery))
                .collect()
        });
        Ok(Performed::of(steps.len(), effects))
    }

    async fn inspect(&mut self, steps: &[Step]) -> Result<Vec<Found>, CallError> {
        let ids: Vec<ItemId> = steps.iter().map(|step| step.id.clone()).collect();
        let found = self.postbox.find(&ids).await?;
        let found = steps.iter().zip(found).map(|(step, copy)| {
            let sent = step.from.version.as_ref().map(ItemVersion::as_bytes);
            let is_it = match copy {
                // Where the bytes are not known, its id has to do.
                SentCopy::Ours(hash) => sent.is_none_or(|sent| sent == hash),
                SentCopy::Theirs => true,
                SentCopy::NotFound => false,
            };
            match is_it {
                true => Found::Done {
                    id: step.id.clone(),
                    state: step.from.clone(),
                },
                false => Found::Unclear,
            }
        });
        Ok(found.collect())
    }
}

/// What a letter is before it is handed over: not there yet, and known by its bytes.
fn known_by(sha256: Option<[u8; 32]>) -> ItemState {
    ItemState {
        version: sha256.map(ItemVersion::new),
        ..ItemState::ABSENT
    }
}

pub(super) fn effect(step: &Step, delivery: Delivery) -> Effect {
    match delivery {
        Delivery::Done => Effect::Done(None),
        Delivery::DoneAs(id) => Effect::Done(Some((id, step.from.clone()))),
        Delivery::Refused(reason) => Effect::Refused(reason),
        Delivery::Unavailable => Effect::Unavailable,
        Delivery::Deferred(wait) => Effect::Deferred(wait),
        Delivery::Unknown => Effect::Unknown,
    }
}
