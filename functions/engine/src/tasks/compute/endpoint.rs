//! A model somewhere else is asked about mails: in its turn, as long as that is agreed to, and never twice for what it said.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use super::beginnings::Read;
use crate::error::Error;
use crate::limits::budget::Take;
use crate::limits::model_turns::{self, Ended, Turn};
use crate::models::Asked;
use crate::ports::{CallError, MailStore, Ports, Told};
use crate::tasks::{Effect, Performed};

/// A model that is asked for one chunk.
pub(super) struct Endpoint {
    pub(super) asked: Asked,
    /// Whose turns they are: no two workers have one chunk.
    pub(super) holder: String,
}

impl Endpoint {
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

    /// What it says of these mails.
    pub(super) async fn ask(
        &self,
        ports: &Ports,
        mail: &dyn MailStore,
        ids: &[ItemId],
    ) -> Result<Performed, Error> {
        let model = self.asked.model.as_ref();
        let mut read = Read::of(mail, ids, model.message_bytes()).await;
        if let Some(error) = read.broke.take() {
            self.end(ports, Ended::default()).await?;
            return Ok(Performed::of(ids.len(), Err(error)));
        }
        // Looked at after the mails were read, so that as little time as can be lies between this and their going out.
        if !self.asked.still_may(ports).await? {
            self.end(ports, Ended::default()).await?;
            return Ok(read.refused(ItemReason::NotAgreed));
        }
        let told = match read.beginnings.is_empty() {
            true => Told::all(Vec::new()),
            false => model.classify(&read.beginnings).await,
        };
        let mails = u32::try_from(read.beginnings.len()).unwrap_or(u32::MAX);
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
        let spent = told.spent;
        let effects = read.told(told.found, otherwise.filter(|_| waits.is_none()));
        Ok(Performed {
            effects,
            broke: None,
            spent,
            waits,
        })
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
