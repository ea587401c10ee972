//! What a person is told of the model before a job and after it.

use bulkhead_shared::api::{JobModel, ModelUse, Range, TokensSpent};
use bulkhead_shared::tokens::{about_tokens, about_tokens_written};

use super::agreed_to;
use super::current::current;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::{JobRecord, ModelAt, ModelRecord, is_written, model_name};

/// Who tells what a draft's mails are about, about what that costs, and how long it takes beside reading them; none where
/// nobody does.
pub(crate) async fn of_preview(
    ports: &Ports,
    job: &JobRecord,
) -> Result<Option<(ModelUse, Range)>, Error> {
    if !job.asks_a_model() {
        return Ok(None);
    }
    let chosen = current(ports, &job.owner).await?.map(|it| it.record);
    let given = agreed_to(ports, &job.owner, &job.account).await?;
    let chosen_at = chosen.as_ref().map(|record| &record.at);
    let may = given.is_some_and(|given| Some(&given.to) == chosen_at);
    let note = match (&job.model, chosen_at) {
        (Some(frozen), Some(at)) if frozen == at && may => None,
        (Some(_), _) => Some(
            "You chose another model since, or took your yes back: nothing would be sent, and no mail classified. \
             Begin again."
                .to_owned(),
        ),
        (None, Some(at)) if !may => Some(format!(
            "You have not agreed that mails of this account are sent to {}.",
            at.named()
        )),
        (None, _) => None,
    };
    let asked = job.model.as_ref().zip(chosen.as_ref());
    let told = ModelUse {
        name: model_name(job.model.as_ref()),
        endpoint: job.model.as_ref().map(ModelAt::named),
        about_tokens: asked.map(|(_, record)| match is_written(&job.operation) {
            true => about_tokens_written(job.total, mean_bytes(job)),
            false => about_tokens(job.total, mean_bytes(job), record.mails_per_request),
        }),
        note,
    };
    let takes = asked.map_or(Range { least: 0, most: 0 }, |(_, record)| {
        let at_once = match is_written(&job.operation) {
            true => 1,
            false => record.mails_per_request,
        };
        takes(job.total, at_once, record)
    });
    Ok(Some((told, takes)))
}

/// How long so many mails take on a good and on a bad day, in seconds: by the requests of a minute, and half a second to
/// five a request.
fn takes(mails: u64, mails_per_request: u32, record: &ModelRecord) -> Range {
    let requests = mails.div_ceil(u64::from(mails_per_request.max(1)));
    let minutes = requests
        .div_ceil(u64::from(record.requests_per_minute.max(1)))
        .saturating_sub(1);
    let rounds = requests.div_ceil(u64::from(record.side_by_side.max(1)));
    Range {
        least: (rounds / 2).max(60 * minutes),
        most: (5 * rounds).max(60 * minutes),
    }
}

/// Bytes of one of its mails, as far as that is known.
fn mean_bytes(job: &JobRecord) -> Option<u64> {
    let told = job.summary.as_ref()?;
    told.bytes.checked_div(told.sized)
}

/// Who tells what a job's mails are about, and what that took so far; none where nobody does.
pub(crate) fn of_job(job: &JobRecord, spent: TokensSpent) -> Option<JobModel> {
    job.asks_a_model().then(|| JobModel {
        name: model_name(job.model.as_ref()),
        endpoint: job.model.as_ref().map(ModelAt::named),
        spent: (!spent.is_none()).then_some(spent),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::model::elsewhere;

    #[test]
    fn time_goes_by_the_requests_of_a_minute_and_by_those_at_the_same_time() {
        let few = takes(600, 1, &elsewhere(60, 4));
        assert_eq!((few.least, few.most), (540, 750));
        let many = takes(600, 1, &elsewhere(6_000, 4));
        assert_eq!((many.least, many.most), (75, 750));
        assert_eq!(takes(0, 1, &elsewhere(60, 4)).most, 0);
        // A part of a request, a minute and a round is one.
        for (mails, at_once, minutes, side, least, most) in [
            (60, 1, 60, 4, 7, 75),
            (61, 1, 60, 4, 60, 80),
            (61, 2, 60, 4, 4, 40),
            (121, 1, 60, 16, 120, 120),
            (7, 1, 60, 2, 2, 20),
        ] {
            let told = takes(mails, at_once, &elsewhere(minutes, side));
            assert_eq!((told.least, told.most), (least, most), "{mails} mails");
        }
    }
}
