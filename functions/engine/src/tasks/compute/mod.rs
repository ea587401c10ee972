//! Reading items, and keeping what a rule or a model finds of each. Nothing outside is touched.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::proposal::Marks;

use super::{Act, Effect, Performed, Step, Task};
use crate::error::Error;
use crate::ports::{Account, CallError, Clock, MailStore, Model, Ports};
use crate::reading::Beginnings;
use crate::records::JobRecord;
use crate::stores::{self, ItemStore};

/// Mails of one call, at most: what is read of all of them is in memory together.
const MAILS_AT_ONCE: u32 = 100;

/// Who finds something, and what it reads.
enum Finder {
    /// The operation's own rule, of what the store has of an item.
    Rule(Arc<dyn ItemStore>),
    /// A model, of a mail's beginning.
    Model(Arc<dyn MailStore>, Arc<dyn Model>),
}

/// A rule or a model at work, in one account.
pub(super) struct Computing {
    clock: Arc<dyn Clock>,
    finder: Finder,
    operation: Operation,
}

impl Computing {
    pub(super) fn open(
        ports: &Ports,
        account: Arc<dyn Account>,
        job: &JobRecord,
    ) -> Result<Self, CallError> {
        let finder = match job.kind {
            Kind::Mail => {
                let mail = account.mail().ok_or_else(|| stores::none_of(job.kind))?;
                Finder::Model(mail, ports.model.clone())
            }
            kind => Finder::Rule(stores::of(account, kind)?),
        };
        Ok(Self {
            clock: ports.clock.clone(),
            finder,
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
        match &self.finder {
            Finder::Rule(store) => store.abilities().call_items,
            Finder::Model(mail, _) => mail.abilities().call_items.min(MAILS_AT_ONCE),
        }
    }

    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        match &self.finder {
            Finder::Rule(store) => store.allowance().await,
            Finder::Model(mail, _) => mail.allowance().await,
        }
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        Ok(match &self.finder {
            Finder::Rule(store) => {
                let now = self.clock.now();
                let answer = store.judge(&self.operation, &inputs(steps), now).await;
                let effects = answer.map(|judged| {
                    let effects = judged.into_iter().map(|found| match found {
                        Ok(result) => Effect::Result(result),
                        Err(ItemReason::Missing) => Effect::Missing,
                        Err(reason) => Effect::Refused(reason),
                    });
                    effects.collect()
                });
                Performed::of(steps.len(), effects)
            }
            Finder::Model(mail, model) => {
                let ids: Vec<ItemId> = steps.iter().map(|step| step.id.clone()).collect();
                let found = classified(mail.as_ref(), model.as_ref(), &ids).await;
                match self.operation.weighs_marks() {
                    true => weighed(mail.as_ref(), &self.operation, &ids, found).await,
                    false => found,
                }
            }
        })
    }
}

/// Items with what was brought for them.
fn inputs(steps: &[Step]) -> Vec<(ItemId, Option<Vec<u8>>)> {
    let items = steps.iter().map(|step| {
        let input = match &step.act {
            Act::Read(input) => input.clone(),
            Act::Become(_) | Act::GiveWay(_) | Act::Deliver(_) | Act::Ask(_) => None,
        };
        (step.id.clone(), input)
    });
    items.collect()
}

/// What the model says of those mails that could be read. Of the others it is known why not, or nothing.
async fn classified(mail: &dyn MailStore, model: &dyn Model, ids: &[ItemId]) -> Performed {
    let bytes = model.message_bytes();
    let mut beginnings = Beginnings::new(ids.len(), bytes);
    let answer = mail.fetch_beginnings(ids, bytes, &mut beginnings).await;
    let mut effects: Vec<Option<Effect>> = Vec::with_capacity(ids.len());
    let mut places = Vec::new();
    let mut read = Vec::new();
    for (place, beginning) in beginnings.finish().into_iter().enumerate() {
        effects.push(match beginning {
            Some(Ok(bytes)) => {
                places.push(place);
                read.push(bytes);
                None
            }
            Some(Err(ItemReason::Missing)) => Some(Effect::Missing),
            Some(Err(reason)) => Some(Effect::Refused(reason)),
            None => None,
        });
    }
    let broke = match model.classify(&read).await {
        Ok(found) => {
            // One that says fewer or more has not said of whom.
            let fits = found.len() == places.len();
            let found = found.into_iter().map(|found| match found {
                Ok(result) => Effect::Result(result),
                Err(reason) => Effect::Refused(reason),
            });
            let mut found = found.filter(|_| fits);
            for place in places {
                if let Some(effect) = effects.get_mut(place) {
                    let found = found.next();
                    *effect = Some(found.unwrap_or(Effect::Refused(ItemReason::Internal)));
                }
            }
            answer.err()
        }
        Err(error) => Some(error),
    };
    Performed { effects, broke }
}

/// What the operation makes of what was found, by how the mails are marked in this moment. Where that cannot be
/// told nothing is known of them.
async fn weighed(
    mail: &dyn MailStore,
    operation: &Operation,
    ids: &[ItemId],
    mut found: Performed,
) -> Performed {
    let states = match mail.states(ids).await {
        Ok(states) => states,
        Err(error) => return Performed::of(ids.len(), Err(error)),
    };
    for (effect, state) in found.effects.iter_mut().zip(states) {
        if let Some(Effect::Result(result)) = effect {
            *effect = Some(match state {
                Some(state) => {
                    let flags = state.state.flags.iter();
                    let marks = Marks::among(flags.map(String::as_str));
                    Effect::Result(operation.conclude(result.clone(), marks))
                }
                None => Effect::Missing,
            });
        }
    }
    found
}
