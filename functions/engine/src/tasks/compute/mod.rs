//! Reading items, and keeping what a rule or a model finds of each. Nothing outside is touched.

mod beginnings;
mod own;

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::proposal::{Marks, Proposal};

use super::endpoint::Endpoint;
use super::{Act, Effect, Performed, Step, Task};
use crate::error::Error;
use crate::limits::budget::Take;
use crate::models;
use crate::ports::{Account, CallError, MailStore, Model, Ports};
use crate::records::JobRecord;
use crate::stores::{self, ItemStore};
use beginnings::Read;
use own::Own;

/// Mails of one call, at most: what is read of all of them is in memory together.
const MAILS_AT_ONCE: u32 = 100;

/// Who finds something, and what it reads.
enum Finder {
    /// The operation's own rule, of what the store has of an item.
    Rule(Arc<dyn ItemStore>),
    /// The model that is built in, of a mail's beginning.
    BuiltIn(Arc<dyn MailStore>, Arc<dyn Model>),
    /// A model somewhere else, of the same.
    Endpoint(Arc<dyn MailStore>, Endpoint),
    /// Nobody: the model that was confirmed may not be asked any more.
    Nobody(Arc<dyn MailStore>),
}

/// A rule or a model at work, in one account.
pub(super) struct Computing {
    ports: Ports,
    finder: Finder,
    operation: Operation,
    /// Who tells which mails are not to be answered; none where no replies are proposed.
    own: Option<Own>,
}

impl Computing {
    /// `part` names what this claim of the chunk may write.
    pub(super) async fn open(
        ports: &Ports,
        account: Arc<dyn Account>,
        job: &JobRecord,
        part: &str,
    ) -> Result<Self, Error> {
        let own = Own::of(&account, &job.operation).await?;
        let finder = match job.kind {
            Kind::Mail => {
                let mail = account.mail().ok_or_else(|| stores::none_of(job.kind))?;
                by_model(ports, mail, job, part).await?
            }
            kind => Finder::Rule(stores::of(account, kind)?),
        };
        Ok(Self {
            ports: ports.clone(),
            finder,
            operation: job.operation.clone(),
            own,
        })
    }
}

/// The model that was confirmed with the job.
async fn by_model(
    ports: &Ports,
    mail: Arc<dyn MailStore>,
    job: &JobRecord,
    part: &str,
) -> Result<Finder, Error> {
    let Some(at) = &job.model else {
        return Ok(Finder::BuiltIn(mail, ports.model.clone()));
    };
    Ok(match models::opened(ports, job, at).await? {
        Some(asked) => Finder::Endpoint(mail, Endpoint::new(asked, job, part)),
        None => Finder::Nobody(mail),
    })
}

#[async_trait]
impl Task for Computing {
    fn touches(&self) -> bool {
        false
    }

    fn call_items(&self) -> u32 {
        match &self.finder {
            Finder::Rule(store) => store.abilities().call_items,
            Finder::BuiltIn(mail, _) | Finder::Nobody(mail) => most(mail.as_ref()),
            Finder::Endpoint(mail, endpoint) => most(mail.as_ref()).min(endpoint.call_items()),
        }
    }

    fn asks(&self) -> bool {
        matches!(self.finder, Finder::Endpoint(..))
    }

    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        match &self.finder {
            Finder::Rule(store) => store.allowance().await,
            Finder::BuiltIn(mail, _) | Finder::Endpoint(mail, _) => mail.allowance().await,
            Finder::Nobody(_) => Ok(None),
        }
    }

    async fn admit(&mut self, wanted: u32) -> Result<Take, Error> {
        match &self.finder {
            Finder::Endpoint(_, endpoint) => endpoint.admit(&self.ports, wanted).await,
            _ => Ok(Take::Granted(wanted)),
        }
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        let ids: Vec<ItemId> = steps.iter().map(|step| step.id.clone()).collect();
        let (mail, found) = match &self.finder {
            Finder::Rule(store) => {
                return Ok(judged(store.as_ref(), &self.operation, steps, &self.ports).await);
            }
            Finder::Nobody(_) => {
                let refused = ids.iter().map(|_| Effect::Refused(ItemReason::NotAgreed));
                return Ok(Performed::of(ids.len(), Ok(refused.collect())));
            }
            Finder::BuiltIn(mail, model) => {
                let found = classified(mail.as_ref(), model.as_ref(), &ids).await;
                (mail, found)
            }
            Finder::Endpoint(mail, endpoint) => {
                let found = asked(&self.ports, endpoint, mail.as_ref(), &ids).await?;
                (mail, found)
            }
        };
        Ok(match self.operation.weighs_marks() {
            true => self.weighed(mail.as_ref(), &ids, found).await,
            false => found,
        })
    }
}

/// Mails of one call of this store, at most.
fn most(mail: &dyn MailStore) -> u32 {
    mail.abilities().call_items.min(MAILS_AT_ONCE)
}

/// What the operation's own rule finds.
async fn judged(
    store: &dyn ItemStore,
    operation: &Operation,
    steps: &[Step],
    ports: &Ports,
) -> Performed {
    let now = ports.clock.now();
    let answer = store.judge(operation, &inputs(steps), now).await;
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

/// Items with what was brought for them.
fn inputs(steps: &[Step]) -> Vec<(ItemId, Option<Vec<u8>>)> {
    let items = steps.iter().map(|step| {
        let input = match &step.act {
            Act::Read(input) => input.clone(),
            Act::Become(_) | Act::GiveWay(_) | Act::Deliver(_) | Act::Write(_) | Act::Ask(_) => {
                None
            }
        };
        (step.id.clone(), input)
    });
    items.collect()
}

/// What the model that is built in says of those mails that could be read. Of the others it is known why not, or nothing.
async fn classified(mail: &dyn MailStore, model: &dyn Model, ids: &[ItemId]) -> Performed {
    let mut read = Read::of(mail, ids, model.message_bytes()).await;
    let told = model.classify(&read.beginnings).await;
    let broke = told.broke.or(read.broke.take());
    Performed {
        effects: read.told(told.found, None),
        broke,
        spent: told.spent,
        waits: None,
    }
}

/// What a model somewhere else says of those mails that could be read.
async fn asked(
    ports: &Ports,
    endpoint: &Endpoint,
    mail: &dyn MailStore,
    ids: &[ItemId],
) -> Result<Performed, Error> {
    let mut read = Read::of(mail, ids, endpoint.model().message_bytes()).await;
    if let Some(error) = read.broke.take() {
        endpoint.let_go(ports).await?;
        return Ok(Performed::of(ids.len(), Err(error)));
    }
    let asking = endpoint.model().classify(&read.beginnings);
    let heard = endpoint.hear(ports, read.beginnings.len(), asking).await?;
    Ok(match heard {
        None => read.refused(ItemReason::NotAgreed),
        Some(heard) => Performed {
            effects: read.told(heard.found, heard.otherwise),
            broke: None,
            spent: heard.spent,
            waits: heard.waits,
        },
    })
}

impl Computing {
    /// What the operation makes of what was found, by how the mails are marked in this moment. Where that cannot be
    /// told nothing is known of them.
    async fn weighed(
        &self,
        mail: &dyn MailStore,
        ids: &[ItemId],
        mut found: Performed,
    ) -> Performed {
        let marks = match self.marks(mail, ids, &found.effects).await {
            Ok(marks) => marks,
            Err(error) => {
                return Performed {
                    spent: found.spent,
                    ..Performed::of(ids.len(), Err(error))
                };
            }
        };
        for (effect, marks) in found.effects.iter_mut().zip(marks) {
            if let Some(Effect::Result(result)) = effect {
                *effect = Some(match marks {
                    Some(marks) => Effect::Result(self.operation.conclude(result.clone(), marks)),
                    None => Effect::Missing,
                });
            }
        }
        found
    }

    /// How mails are marked of which this was found; none of those that are gone. Whether its owner wrote one is asked
    /// only where a reply would be proposed.
    async fn marks(
        &self,
        mail: &dyn MailStore,
        ids: &[ItemId],
        found: &[Option<Effect>],
    ) -> Result<Vec<Option<Marks>>, CallError> {
        let states = mail.states(ids).await?.into_iter();
        let marks = states.map(|state| {
            let flags = state?.state.flags;
            Some(Marks::among(flags.iter().map(String::as_str)))
        });
        let mut marks: Vec<Option<Marks>> = marks.collect();
        let Some(own) = &self.own else {
            return Ok(marks);
        };
        let answered = |effect: &Option<Effect>, marks: &Option<Marks>| match (effect, marks) {
            (Some(Effect::Result(result)), Some(marks)) => {
                let concluded = self.operation.conclude(result.clone(), *marks);
                concluded.class == Proposal::Reply.name()
            }
            _ => false,
        };
        let (mut places, mut asked) = (Vec::new(), Vec::new());
        for (id, (effect, marks)) in ids.iter().zip(found.iter().zip(&mut marks)) {
            if answered(effect, marks) {
                places.push(marks);
                asked.push(id.clone());
            }
        }
        for (marks, own) in places.into_iter().zip(own.are_own(mail, &asked).await?) {
            *marks = marks.map(|marks| Marks { own, ..marks });
        }
        Ok(marks)
    }
}
