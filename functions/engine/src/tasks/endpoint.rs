//! A model somewhere else is asked about mails: in its turn, as long as that is agreed to, and never twice for what it said.

use bulkhead_shared::api::TokensSpent;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use super::Effect;
use crate::error::Error;
use crate::limits::budget::Take;
use crate::limits::model_turns::{self, Ended, Turn};
use crate::models::Asked;
use crate::ports::{CallError, Model, Ports, Told};
use crate::records::JobRecord;

/// A model that is asked for one chunk.
pub(super) struct Endpoint {
    asked: Asked,
    /// Whose turns they are: no two workers have one chunk.
    holder: String,
}

/// What it said of mails.
pub(super) struct Heard<T> {
    /// Of each, in the order asked; none where nothing is known of it.
    pub(super) found: Vec<Option<Result<T, ItemReason>>>,
    /// What becomes of a mail of which nothing is known; none where it waits.
    pub(super) otherwise: Option<fn() -> Effect>,
    /// What that took.
    pub(super) spent: TokensSpent,
    /// Until when it asked everybody to wait.
    pub(super) waits: Option<Timestamp>,
}

impl Endpoint {
    /// The model that is asked for this part of a job.
    pub(super) fn new(asked: Asked, job: &JobRecord, part: &str) -> Self {
        let chunk = part.split('-').next().unwrap_or(part);
        Self {
            asked,
            holder: format!("{}.{chunk}", job.id),
        }
    }

    pub(super) fn model(&self) -> &dyn Model {
        self.asked.model.as_ref()
    }

    /// Mails of one call, most.
    pub(super) fn call_items(&self) -> u32 {
        self.asked.call_items()
    }

    /// How many of so many mails it may be asked about now.
    pub(super) async fn admit(&self, ports: &Ports, wanted: u32) -> Result<Take, Error> {
        let Asked { record, .. } = &self.asked;
        let requests = self.asked.requests(wanted);
        let turn = model_turns::take(ports, self.asked.owner(), record, &self.holder, requests);
        Ok(match turn.await? {
            Turn::Granted(requests) => {
                let mails = requests.saturating_mul(record.mails_per_request);
                Take::Granted(wanted.min(mails))
            }
            Turn::Later(until) => Take::Wait(until),
        })
    }

    /// What is said of so many mails; none if they may not be sent any more, and then nothing is. That is looked at here,
    /// after they were read, so that as little time as can be lies between it and their going out.
    pub(super) async fn hear<T>(
        &self,
        ports: &Ports,
        mails: usize,
        asking: impl Future<Output = Told<T>>,
    ) -> Result<Option<Heard<T>>, Error> {
        if !self.asked.still_may(ports).await? {
            self.let_go(ports).await?;
            return Ok(None);
        }
        let told = match mails {
            0 => Told::all(Vec::new()),
            _ => asking.await,
        };
        let mails = u32::try_from(mails).unwrap_or(u32::MAX);
        let made = u32::try_from(told.spent.requests).unwrap_or(u32::MAX);
        let (otherwise, asked_to_wait) = match &told.broke {
            Some(CallError::Throttled { until }) => (None, Some(*until)),
            Some(error) => (Some(unsaid(error)), None),
            None => (None, None),
        };
        let ended = Ended {
            extra: made.saturating_sub(self.asked.requests(mails)),
            asked_to_wait,
        };
        let waits = self.end(ports, ended).await?;
        Ok(Some(Heard {
            found: told.found,
            otherwise: otherwise.filter(|_| waits.is_none()),
            spent: told.spent,
            waits,
        }))
    }

    /// Nothing was asked in this turn.
    pub(super) async fn let_go(&self, ports: &Ports) -> Result<(), Error> {
        self.end(ports, Ended::default()).await.map(|_| ())
    }

    async fn end(&self, ports: &Ports, ended: Ended) -> Result<Option<Timestamp>, Error> {
        let Asked { record, .. } = &self.asked;
        model_turns::give_back(ports, self.asked.owner(), record, &self.holder, ended).await
    }
}

/// What becomes of a mail that was not told because the model could not be asked.
fn unsaid(error: &CallError) -> fn() -> Effect {
    match error {
        CallError::Unavailable(_) | CallError::Throttled { .. } => || Effect::ModelUnavailable,
        CallError::SignIn => || Effect::Refused(ItemReason::ModelKey),
        CallError::Unsupported(_) | CallError::Refused(_) => {
            || Effect::Refused(ItemReason::ModelRefused)
        }
    }
}
