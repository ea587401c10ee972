//! Drafting replies: a letter for each mail, put among the drafts and never sent.
//!
//! Its id follows from the first job that tried and the mail, and is looked for before a draft is put again, so that
//! there is one however often that is. Before it is put it is stored that it was not there, and after it where it is:
//! an undo takes exactly that one away, as long as it is as it was left.
//!
//! Where a model writes, its text is asked for right before the draft is put, and once more after a death in between: of
//! two texts the one that was put first is the draft.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::api::Relation;
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::operations::DraftReply;
use bulkhead_shared::outcome::{ItemReason, Outcome};

use super::writing::{NoLetter, Writing, Wrote};
use super::{Act, Effect, Item, NoStep, Performed, Step, Task, Unwritten};
use crate::error::Error;
use crate::kinds::{Found, ItemState, mail};
use crate::letters::{self, Frame, REPLY_READ};
use crate::limits::budget::Take;
use crate::ports::{
    Account, CallError, DRAFTS_AT_ONCE, DraftStore, Envelope, Letter, MailStore, Ports,
};
use crate::reading::{Beginnings, excerpt};
use crate::records::store::load_job;
use crate::records::{JobRecord, Prior, RepliedRecord};
use crate::replies;
use crate::stores;

/// Who says what replies say.
enum Says {
    /// The person, by this template.
    Template(String),
    /// A model.
    Model(Box<Writing>),
}

/// Drafting replies to the mails of one account.
pub(super) struct Drafting {
    mail: Arc<dyn MailStore>,
    drafts: Arc<dyn DraftStore>,
    /// The address under which the account signs in, or what it calls itself there.
    own: Option<String>,
    ports: Ports,
    says: Says,
    /// The job that tried first.
    first: JobId,
    account: AccountId,
    job: JobId,
}

impl Drafting {
    pub(super) async fn open(
        ports: &Ports,
        account: Arc<dyn Account>,
        job: &JobRecord,
        reply: &DraftReply,
        part: &str,
    ) -> Result<Self, Error> {
        let none = || CallError::Unsupported("This account keeps no drafts.".to_owned());
        let drafts = account.clone().drafts().ok_or_else(none)?;
        let says = match &reply.instruction {
            Some(told) => {
                let writing = Writing::open(ports, job, part, told, reply.language).await?;
                Says::Model(Box::new(writing))
            }
            None => Says::Template(reply.text.clone().ok_or(Error::Missing("text"))?),
        };
        Ok(Self {
            mail: account.mail().ok_or_else(|| stores::none_of(job.kind))?,
            own: drafts.user().await?,
            drafts,
            ports: ports.clone(),
            says,
            first: first(ports, job).await?,
            account: job.account.clone(),
            job: job.id.clone(),
        })
    }

    fn id(&self, mail: &ItemId) -> Result<ItemId, ItemReason> {
        letters::reply_id(&self.first, mail, self.own.as_deref())
    }

    /// Keeps that these replies were drafted. That this fails makes none of them undone: then nobody is told later what
    /// became of it.
    async fn keep(&self, steps: &[Step], drafted: impl Iterator<Item = bool>) {
        let drafted = steps.iter().zip(drafted).filter(|(_, drafted)| *drafted);
        let replies = drafted.filter_map(|(step, _)| {
            Some(RepliedRecord {
                mail: step.id.clone(),
                letter: letter_id(step)?.clone(),
                job: self.job.clone(),
                at: self.ports.clock.now(),
            })
        });
        let replies: Vec<RepliedRecord> = replies.collect();
        if let Err(error) = replies::keep(self.ports.table.as_ref(), &self.account, &replies).await
        {
            tracing::warn!(job.id = %self.job, error = %error, "That replies were drafted is not kept.");
        }
    }

    /// The beginnings of mails, or why one cannot be read.
    async fn read(&self, ids: &[ItemId]) -> Result<Vec<Result<Vec<u8>, ItemReason>>, CallError> {
        let mut beginnings = Beginnings::new(ids.len(), REPLY_READ);
        self.mail
            .fetch_beginnings(ids, REPLY_READ, &mut beginnings)
            .await?;
        let broke_off = || CallError::Unavailable("a mail broke off before its end".to_owned());
        let all = beginnings.finish().into_iter();
        all.map(|one| one.ok_or_else(broke_off)).collect()
    }

    /// Of each of these, whether the account's owner wrote it.
    async fn are_own(&self, read: &[Result<Vec<u8>, ItemReason>]) -> Result<Vec<bool>, CallError> {
        let beginnings: Vec<Option<&[u8]>> = read.iter().map(|one| one.as_deref().ok()).collect();
        letters::own_mails(self.drafts.as_ref(), self.own.as_deref(), &beginnings).await
    }

    fn step(
        &self,
        item: &Item<'_>,
        read: Result<Vec<u8>, ItemReason>,
        is_own: bool,
    ) -> Result<Step, NoStep> {
        let beginning = read.map_err(|reason| match reason {
            ItemReason::Missing => (Outcome::Skipped, reason),
            reason => (Outcome::Failed, reason),
        })?;
        let act = self.act(&item.id, &beginning);
        let act = act.and_then(|act| match is_own {
            true => Err(ItemReason::OwnMail),
            false => Ok(act),
        });
        let act = act.map_err(|reason| (ending(reason), reason))?;
        Ok(Step {
            id: item.id.clone(),
            from: ItemState::ABSENT,
            act,
        })
    }

    fn act(&self, mail: &ItemId, beginning: &[u8]) -> Result<Act, ItemReason> {
        let frame = Frame::of(self.id(mail)?, beginning, self.own.as_deref())?;
        Ok(match &self.says {
            Says::Template(text) => Act::Deliver(frame.filled(text, self.ports.clock.now())?),
            Says::Model(_) => Act::Write(Box::new(Unwritten {
                excerpt: excerpt(beginning),
                frame,
            })),
        })
    }

    /// Puts these among the drafts.
    async fn put(&self, steps: &[Step], letters: &[Letter]) -> Result<Vec<Effect>, CallError> {
        let effects = self.drafts.put(letters).await?;
        let is_done = |effect: &mail::Effect| matches!(effect, mail::Effect::Done { .. });
        self.keep(steps, effects.iter().map(is_done)).await;
        let effects = effects.into_iter().map(mail::Effect::widen);
        Ok(effects.map(Effect::from).collect())
    }

    /// Puts those that were written.
    async fn put_written(&self, steps: &[Step], wrote: Wrote) -> Performed {
        let mut put = Vec::with_capacity(steps.len());
        let mut letters = Vec::with_capacity(steps.len());
        let mut effects = Vec::with_capacity(steps.len());
        for (step, letter) in steps.iter().zip(wrote.letters) {
            effects.push(match letter {
                Ok(letter) => {
                    put.push(step.clone());
                    letters.push(letter);
                    Told::Put
                }
                Err(none) => Told::Otherwise(none),
            });
        }
        let answer = match letters.is_empty() {
            true => Ok(Vec::new()),
            false => self.put(&put, &letters).await,
        };
        let (done, broke) = match answer {
            Ok(done) => (done, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        let mut done = done.into_iter();
        let effects = effects.into_iter().map(|told| match told {
            Told::Put => done.next(),
            Told::Otherwise(none) => none.effect(),
        });
        Performed {
            effects: effects.collect(),
            spent: wrote.spent,
            // What may have been put is looked for first.
            waits: wrote.waits.filter(|_| broke.is_none()),
            broke,
        }
    }
}

/// What is known of a step once its text was asked for.
enum Told {
    /// Its draft is put.
    Put,
    /// It has none.
    Otherwise(NoLetter),
}

/// How a mail ends that gets no draft for this reason: what is never answered is no failure.
fn ending(reason: ItemReason) -> Outcome {
    match reason {
        ItemReason::NobodyToAnswer
        | ItemReason::OfAList
        | ItemReason::OfAProgram
        | ItemReason::OwnMail => Outcome::Skipped,
        _ => Outcome::Failed,
    }
}

/// The job that a line of retries began with.
async fn first(ports: &Ports, job: &JobRecord) -> Result<JobId, Error> {
    let mut first = job.id.clone();
    let mut before = tried_before(job);
    while let Some(id) = before {
        let Some(job) = load_job(ports.table.as_ref(), &id).await? else {
            break;
        };
        before = tried_before(&job.record);
        first = id;
    }
    Ok(first)
}

fn tried_before(job: &JobRecord) -> Option<JobId> {
    let is_retry = job.relation == Some(Relation::Retry);
    job.parent.clone().filter(|_| is_retry)
}

#[async_trait]
impl Task for Drafting {
    fn touches(&self) -> bool {
        true
    }

    fn looks(&self) -> bool {
        true
    }

    fn call_items(&self) -> u32 {
        let most = self.mail.abilities().call_items.min(DRAFTS_AT_ONCE);
        match &self.says {
            Says::Template(_) => most,
            Says::Model(writing) => most.min(writing.call_items()),
        }
    }

    fn asks(&self) -> bool {
        matches!(self.says, Says::Model(_))
    }

    async fn admit(&mut self, wanted: u32) -> Result<Take, Error> {
        match &self.says {
            Says::Template(_) => Ok(Take::Granted(wanted)),
            Says::Model(writing) => writing.admit(&self.ports, wanted).await,
        }
    }

    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        self.mail.allowance().await
    }

    async fn prepare(
        &mut self,
        items: Vec<Item<'_>>,
    ) -> Result<Vec<Result<Step, NoStep>>, CallError> {
        let mut steps = Vec::with_capacity(items.len());
        for some in items.chunks(self.call_items().max(1) as usize) {
            let ids: Vec<ItemId> = some.iter().map(|item| item.id.clone()).collect();
            let read = self.read(&ids).await?;
            let are_own = self.are_own(&read).await?;
            let some = some.iter().zip(read).zip(are_own);
            steps.extend(some.map(|((item, read), is_own)| self.step(item, read, is_own)));
        }
        Ok(steps)
    }

    fn taken(&self, item: Item<'_>, prior: &Prior) -> Option<Step> {
        let letter = Letter {
            id: self.id(&item.id).ok()?,
            envelope: Envelope::default(),
            bytes: Vec::new(),
        };
        Some(Step {
            id: item.id,
            from: prior.state.clone(),
            act: Act::Deliver(letter),
        })
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        if let Says::Model(writing) = &self.says {
            let wrote = writing.write(&self.ports, steps).await?;
            return Ok(self.put_written(steps, wrote).await);
        }
        let letters = steps.iter().filter_map(|step| match &step.act {
            Act::Deliver(letter) => Some(letter.clone()),
            _ => None,
        });
        let letters: Vec<Letter> = letters.collect();
        let effects = self.put(steps, &letters).await;
        Ok(Performed::of(steps.len(), effects))
    }

    async fn inspect(&mut self, steps: &[Step]) -> Result<Vec<Found>, CallError> {
        let ids: Vec<ItemId> = steps.iter().filter_map(letter_id).cloned().collect();
        let found = self.drafts.find(&ids).await?;
        self.keep(steps, found.iter().map(Option::is_some)).await;
        let found = steps.iter().zip(found).map(|(step, draft)| match draft {
            Some((id, state)) => Found::Done {
                id,
                state: state.widen(),
            },
            // Looked for again before it is put.
            None => Found::NotDone {
                id: step.id.clone(),
                state: step.from.clone(),
            },
        });
        Ok(found.collect())
    }
}

/// The id of the draft that a step puts.
fn letter_id(step: &Step) -> Option<&ItemId> {
    match &step.act {
        Act::Deliver(letter) => Some(&letter.id),
        Act::Write(unwritten) => Some(unwritten.frame.id()),
        Act::Become(_) | Act::GiveWay(_) | Act::Ask(_) | Act::Read(_) => None,
    }
}
