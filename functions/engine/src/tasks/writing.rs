//! Having the texts of replies written by the model that was confirmed with the job.

use bulkhead_shared::api::TokensSpent;
use bulkhead_shared::operations::ReplyLanguage;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use super::endpoint::Endpoint;
use super::{Act, Effect, Step};
use crate::error::Error;
use crate::limits::budget::Take;
use crate::models;
use crate::ports::{Letter, Ports};
use crate::records::JobRecord;
use crate::written::{Order, Written};

/// A model at work for one chunk of a job.
pub(super) struct Writing {
    instruction: String,
    language: ReplyLanguage,
    /// None where the model that was confirmed may not be asked any more.
    endpoint: Option<Endpoint>,
}

/// What came of asking it.
pub(super) struct Wrote {
    /// Of each step.
    pub(super) letters: Vec<Result<Letter, NoLetter>>,
    pub(super) spent: TokensSpent,
    /// Until when the model asked everybody to wait.
    pub(super) waits: Option<Timestamp>,
}

/// Why there is no draft.
pub(super) enum NoLetter {
    /// It cannot be.
    Refused(ItemReason),
    /// The model did not answer, which is told so of all that were asked for with it.
    Unanswered(fn() -> Effect),
    /// It is asked for again.
    Waits,
}

impl NoLetter {
    /// What becomes of its step; none where it waits.
    pub(super) fn effect(self) -> Option<Effect> {
        match self {
            Self::Refused(reason) => Some(Effect::Refused(reason)),
            Self::Unanswered(effect) => Some(effect()),
            Self::Waits => None,
        }
    }
}

impl Wrote {
    /// No draft of any, for this reason.
    fn nothing(steps: &[Step], reason: ItemReason) -> Self {
        let none = steps.iter().map(|_| Err(NoLetter::Refused(reason)));
        Self {
            letters: none.collect(),
            spent: TokensSpent::default(),
            waits: None,
        }
    }
}

impl Writing {
    pub(super) async fn open(
        ports: &Ports,
        job: &JobRecord,
        part: &str,
        instruction: &str,
        language: ReplyLanguage,
    ) -> Result<Self, Error> {
        let asked = match &job.model {
            Some(at) => models::opened_to_write(ports, job, at).await?,
            None => None,
        };
        Ok(Self {
            instruction: instruction.to_owned(),
            language,
            endpoint: asked.map(|asked| Endpoint::new(asked, job, part)),
        })
    }

    /// Replies of one call, most.
    pub(super) fn call_items(&self) -> u32 {
        self.endpoint
            .as_ref()
            .map_or(u32::MAX, Endpoint::call_items)
    }

    /// How many of so many it may be asked for now.
    pub(super) async fn admit(&self, ports: &Ports, wanted: u32) -> Result<Take, Error> {
        match &self.endpoint {
            Some(endpoint) => endpoint.admit(ports, wanted).await,
            None => Ok(Take::Granted(wanted)),
        }
    }

    /// Has the texts written, each by a request of its own: what stands in a mail gets into no other reply.
    pub(super) async fn write(&self, ports: &Ports, steps: &[Step]) -> Result<Wrote, Error> {
        let Some(endpoint) = &self.endpoint else {
            return Ok(Wrote::nothing(steps, ItemReason::NotAgreed));
        };
        let orders = self.orders(steps);
        let asking = endpoint.model().write(&orders);
        let Some(heard) = endpoint.hear(ports, orders.len(), asking).await? else {
            return Ok(Wrote::nothing(steps, ItemReason::NotAgreed));
        };
        if heard.found.len() != steps.len() {
            // One that says fewer or more has not said of whom.
            return Ok(Wrote {
                spent: heard.spent,
                ..Wrote::nothing(steps, ItemReason::Internal)
            });
        }
        let now = ports.clock.now();
        let told = steps.iter().zip(heard.found);
        let letters = told.map(|(step, found)| match found {
            Some(found) => letter(step, found, now).map_err(NoLetter::Refused),
            None => Err(heard
                .otherwise
                .map_or(NoLetter::Waits, NoLetter::Unanswered)),
        });
        Ok(Wrote {
            letters: letters.collect(),
            spent: heard.spent,
            waits: heard.waits,
        })
    }

    fn orders(&self, steps: &[Step]) -> Vec<Order> {
        let orders = steps.iter().map(|step| Order {
            instruction: self.instruction.clone(),
            language: self.language,
            mail: match &step.act {
                Act::Write(unwritten) => unwritten.excerpt.clone(),
                _ => String::new(),
            },
        });
        orders.collect()
    }
}

fn letter(
    step: &Step,
    written: Result<Written, ItemReason>,
    now: Timestamp,
) -> Result<Letter, ItemReason> {
    match &step.act {
        Act::Write(unwritten) => unwritten.frame.saying(written?.text(), now),
        _ => Err(ItemReason::Internal),
    }
}
