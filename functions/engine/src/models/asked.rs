//! Which model a job asks: settled when it is drafted, and looked at again before each call.

use std::sync::Arc;

use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::problem::Invalid;

use super::agreed_to;
use super::current::{Current, current};
use crate::error::Error;
use crate::ports::{CallError, EndpointConnection, Model, Ports};
use crate::records::{JobRecord, ModelAt, ModelRecord, asks_a_model};

/// What a person is told where there is no model that could write.
const NOBODY_WRITES: &str = "You have chosen no model, or not agreed that it is sent mails of this account: see Model and privacy.";

/// The model somewhere else that a job of this kind asks, if it is drafted now; none if nothing is sent. That a reply is
/// to be written by one where none may be asked is a fault of the request: what is built in writes nothing.
pub(crate) async fn of_draft(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    kind: Kind,
    operation: &Operation,
) -> Result<Option<ModelAt>, Error> {
    if !asks_a_model(kind, operation) {
        return Ok(None);
    }
    let asked = may_be_asked(ports, owner, account).await?;
    match (asked, instruction_at(operation)) {
        (None, Some(field)) => Err(Invalid::new(field, NOBODY_WRITES).into()),
        (asked, _) => Ok(asked.map(|it| it.record.at)),
    }
}

/// Where an operation says what a model is to write; none where it does not.
fn instruction_at(operation: &Operation) -> Option<&'static str> {
    match operation {
        Operation::DraftReply(reply) if reply.instruction.is_some() => {
            Some("operation.instruction")
        }
        Operation::Process(process) if process.reply_instruction.is_some() => {
            Some("operation.reply_instruction")
        }
        _ => None,
    }
}

/// The chosen endpoint, if this account's mails may be sent there.
async fn may_be_asked(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
) -> Result<Option<Current>, Error> {
    let Some(current) = current(ports, owner).await? else {
        return Ok(None);
    };
    let given = agreed_to(ports, owner, account).await?;
    let is_given = given.is_some_and(|given| given.to == current.record.at);
    Ok(is_given.then_some(current))
}

/// A model that a job asks.
pub(crate) struct Asked {
    pub(crate) model: Arc<dyn Model>,
    pub(crate) record: ModelRecord,
    owner: UserId,
    account: AccountId,
}

impl Asked {
    /// Whether it may still be asked about this account's mails: looked at anew.
    pub(crate) async fn still_may(&self, ports: &Ports) -> Result<bool, Error> {
        let now = may_be_asked(ports, &self.owner, &self.account).await?;
        Ok(now.is_some_and(|now| now.record.at == self.record.at))
    }

    pub(crate) fn owner(&self) -> &UserId {
        &self.owner
    }

    /// Mails of one call, most.
    pub(crate) fn call_items(&self) -> u32 {
        let ModelRecord {
            side_by_side,
            mails_per_request,
            ..
        } = self.record;
        side_by_side.saturating_mul(mails_per_request).max(1)
    }

    /// Requests that so many mails take.
    pub(crate) fn requests(&self, mails: u32) -> u32 {
        mails.div_ceil(self.record.mails_per_request.max(1))
    }
}

/// The model `at` which this job's mails are told; none if it may not be asked about them (any more).
pub(crate) async fn opened(
    ports: &Ports,
    job: &JobRecord,
    at: &ModelAt,
) -> Result<Option<Asked>, Error> {
    let current = may_be_asked(ports, &job.owner, &job.account).await?;
    let Some(current) = current.filter(|current| current.record.at == *at) else {
        return Ok(None);
    };
    let key = current.key(ports, &job.owner).await?;
    let record = current.record;
    let connection = EndpointConnection {
        url: record.at.url.clone(),
        model: record.at.model.clone(),
        key,
        mails_per_request: record.mails_per_request as usize,
    };
    let model = match ports.endpoints.open(&connection) {
        Ok(model) => model,
        // It could be asked when it was chosen, and this process must not.
        Err(CallError::Unsupported(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(Asked {
        model,
        record,
        owner: job.owner.clone(),
        account: job.account.clone(),
    }))
}

/// The same for texts of replies: each is asked for by a request of its own.
pub(crate) async fn opened_to_write(
    ports: &Ports,
    job: &JobRecord,
    at: &ModelAt,
) -> Result<Option<Asked>, Error> {
    let asked = opened(ports, job, at).await?;
    Ok(asked.map(|asked| Asked {
        record: ModelRecord {
            mails_per_request: 1,
            ..asked.record
        },
        ..asked
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::model::{FirstLineModel, elsewhere};
    use bulkhead_shared::operations::{
        Archive, Certainty, DraftReply, Process, ReplyLanguage, Then,
    };
    use jiff::Timestamp;

    #[test]
    fn what_a_model_is_to_write_is_named_by_its_field_where_it_is_to_write() {
        let waits = || Process::new(Certainty::Percent80, Then::Wait);
        let told = Some("Say soon".to_owned());
        for (operation, field) in [
            (
                DraftReply::written("Say soon", ReplyLanguage::AsMail).into(),
                Some("operation.instruction"),
            ),
            (
                DraftReply {
                    text: told.clone(),
                    template: None,
                    instruction: None,
                    language: ReplyLanguage::AsMail,
                }
                .into(),
                None,
            ),
            (
                Process {
                    reply_instruction: told.clone(),
                    ..waits()
                }
                .into(),
                Some("operation.reply_instruction"),
            ),
            (
                Process {
                    reply: told,
                    ..waits()
                }
                .into(),
                None,
            ),
            (Archive {}.into(), None),
        ] {
            assert_eq!(instruction_at(&operation), field, "{operation:?}");
        }
    }

    #[test]
    fn a_call_has_as_many_mails_as_the_requests_at_the_same_time_and_at_least_one() {
        for (side_by_side, mails_per_request, call, of_seven) in
            [(4, 5, 20, 2), (1, 7, 7, 1), (3, 1, 3, 7), (0, 0, 1, 7)]
        {
            let asked = Asked {
                model: Arc::new(FirstLineModel),
                record: ModelRecord {
                    mails_per_request,
                    ..elsewhere(60, side_by_side)
                },
                owner: "ann".parse().unwrap(),
                account: AccountId::new(Timestamp::UNIX_EPOCH, 2),
            };
            assert_eq!((asked.call_items(), asked.requests(7)), (call, of_seven));
            assert_eq!(asked.requests(0), 0);
            assert_eq!(asked.owner().as_str(), "ann");
        }
    }
}
