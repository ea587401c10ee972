//! Asking lists to write no more: each once, or never.
//!
//! Before a list is asked it is stored what is asked: of a mail its own id and the hash of its bytes, of a request the
//! hash of its page. A mail is looked for after a lost answer; a request leaves nothing that could be.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::hash::sha256;
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use bulkhead_shared::unsubscribe::{MailingList, Way};

use super::deliver::effect;
use super::{Act, Item, NoStep, Performed, Question, Step, Task};
use crate::error::Error;
use crate::kinds::version::ItemVersion;
use crate::kinds::{Found, ItemState};
use crate::letters::{self, Note};
use crate::ports::{
    Account, CallError, Clock, Delivery, OneClick, Ports, Postbox, SentCopy, Table,
};
use crate::records::{JobRecord, Prior, UnsubscribedRecord};
use crate::unsubscribe;

/// Asking lists on behalf of one account.
pub(super) struct Unsubscribing {
    one_click: Option<Arc<dyn OneClick>>,
    postbox: Option<Arc<dyn Postbox>>,
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
    account: AccountId,
    job: JobId,
}

impl Unsubscribing {
    pub(super) fn open(ports: &Ports, account: Arc<dyn Account>, job: &JobRecord) -> Self {
        Self {
            one_click: account.clone().one_click(),
            postbox: account.postbox(),
            table: ports.table.clone(),
            clock: ports.clock.clone(),
            account: job.account.clone(),
            job: job.id.clone(),
        }
    }

    fn step(&self, item: &Item<'_>) -> Result<Step, NoStep> {
        let list = list_of(item).ok_or((Outcome::Failed, ItemReason::Internal))?;
        if let Some(why) = list.way.obstacle() {
            return Err((Outcome::Skipped, why));
        }
        let (id, asked, letter) = match &list.way {
            Way::Mail {
                to,
                from,
                subject,
                body,
            } => {
                let note = Note {
                    key: &format!("{}.{}", self.job, item.number),
                    from,
                    to,
                    subject,
                    text: body,
                };
                let letter = letters::note(&note, self.clock.now());
                let letter = letter.map_err(|reason| (Outcome::Failed, reason))?;
                (letter.id.clone(), sha256(&letter.bytes), Some(letter))
            }
            Way::OneClick { url, .. } => (item.id.clone(), sha256(url.as_bytes()), None),
            _ => return Err((Outcome::Failed, ItemReason::Internal)),
        };
        Ok(Step {
            id,
            from: ItemState {
                version: Some(ItemVersion::new(asked)),
                ..ItemState::ABSENT
            },
            act: Act::Ask(Box::new(Question { list, letter })),
        })
    }

    async fn ask(&self, question: &Question) -> Result<Delivery, CallError> {
        let none = || CallError::Unsupported("Nothing is asked from this account.".to_owned());
        match (&question.letter, &question.list.way) {
            (Some(letter), _) => {
                let postbox = self.postbox.as_ref().ok_or_else(none)?;
                let answer = postbox.deliver(std::slice::from_ref(letter)).await?;
                Ok(match answer.into_iter().next() {
                    // The list is known by its own name, whatever its mail is called on the way.
                    Some(Delivery::DoneAs(_)) => Delivery::Done,
                    Some(answer) => answer,
                    None => Delivery::Unknown,
                })
            }
            (None, Way::OneClick { url, .. }) => {
                self.one_click.as_ref().ok_or_else(none)?.ask(url).await
            }
            (None, _) => Err(none()),
        }
    }

    /// Keeps that this list was asked. That this fails must not make it look as if it were not.
    async fn keep(&self, list: &MailingList, answered: bool) {
        let to = match &list.way {
            Way::OneClick { host, .. } => host,
            Way::Mail { to, .. } => to,
            _ => return,
        };
        let record = UnsubscribedRecord {
            list: list.key.clone(),
            name: list.name.clone(),
            to: to.clone(),
            at: self.clock.now(),
            answered,
            job: self.job.clone(),
        };
        let kept = unsubscribe::keep(self.table.as_ref(), &self.account, &record).await;
        if let Err(error) = kept {
            tracing::warn!(job.id = %self.job, error = %error, "That a list was asked is not kept.");
        }
    }
}

/// The list that an item stands for.
fn list_of(item: &Item<'_>) -> Option<MailingList> {
    MailingList::of_bytes(item.input?)
}

#[async_trait]
impl Task for Unsubscribing {
    fn touches(&self) -> bool {
        true
    }

    fn repeats(&self) -> bool {
        false
    }

    /// One after the other: each is somebody else's server, which may take its time.
    fn call_items(&self) -> u32 {
        1
    }

    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        match &self.postbox {
            Some(postbox) => postbox.allowance().await,
            None => Ok(None),
        }
    }

    async fn prepare(
        &mut self,
        items: Vec<Item<'_>>,
    ) -> Result<Vec<Result<Step, NoStep>>, CallError> {
        let steps: Vec<_> = items.iter().map(|item| self.step(item)).collect();
        let is_mail = |step: &Step| matches!(&step.act, Act::Ask(asked) if asked.letter.is_some());
        if let Some(postbox) = &self.postbox
            && steps.iter().flatten().any(is_mail)
        {
            postbox.ready().await?;
        }
        Ok(steps)
    }

    fn taken(&self, item: Item<'_>, prior: &Prior) -> Option<Step> {
        let list = list_of(&item)?;
        Some(Step {
            id: prior.id.clone().unwrap_or(item.id),
            from: prior.state.clone(),
            act: Act::Ask(Box::new(Question { list, letter: None })),
        })
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        let mut effects = Vec::with_capacity(steps.len());
        for step in steps {
            let Act::Ask(question) = &step.act else {
                effects.push(None);
                continue;
            };
            let answer = self.ask(question).await;
            let may_be_asked = matches!(
                answer,
                Ok(Delivery::Unknown) | Err(CallError::Unavailable(_))
            );
            if may_be_asked || matches!(answer, Ok(Delivery::Done)) {
                self.keep(&question.list, !may_be_asked).await;
            }
            match answer {
                Ok(delivery) => effects.push(Some(effect(step, delivery))),
                Err(error) => {
                    effects.resize_with(steps.len(), || None);
                    return Ok(Performed::partly(effects, Some(error)));
                }
            }
        }
        Ok(Performed::partly(effects, None))
    }

    async fn inspect(&mut self, steps: &[Step]) -> Result<Vec<Found>, CallError> {
        let mut found = Vec::with_capacity(steps.len());
        for step in steps {
            let Act::Ask(question) = &step.act else {
                found.push(Found::Unclear);
                continue;
            };
            let was_sent = match (&question.list.way, &self.postbox) {
                (Way::Mail { .. }, Some(postbox)) => was_sent(postbox.as_ref(), step).await?,
                _ => false,
            };
            self.keep(&question.list, was_sent).await;
            found.push(match was_sent {
                true => Found::Done {
                    id: step.id.clone(),
                    state: step.from.clone(),
                },
                false => Found::Unclear,
            });
        }
        Ok(found)
    }
}

/// Whether there is a copy of the mail that was to be sent.
async fn was_sent(postbox: &dyn Postbox, step: &Step) -> Result<bool, CallError> {
    let copies = postbox.find(std::slice::from_ref(&step.id)).await?;
    let sent = step.from.version.as_ref().map(ItemVersion::as_bytes);
    Ok(copies.into_iter().any(|copy| match copy {
        SentCopy::Ours(hash) => sent == Some(&hash[..]),
        SentCopy::Theirs => true,
        SentCopy::NotFound => false,
    }))
}
