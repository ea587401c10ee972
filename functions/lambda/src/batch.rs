//! Batches of messages from SQS: records side by side, an answer for each. What is not handled is named in
//! the answer, so that only that comes again (`ReportBatchItemFailures`).

use std::time::Duration;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use bulkhead_aws::sqs;
use bulkhead_engine::ports::Message;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tracing::Instrument;

/// A message in this function's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The work.
    pub message: Message,
    /// Whose work it is; the group it was sent in.
    pub group: String,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
}

/// What becomes of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Acknowledged: the queue forgets it.
    Done,
    /// Not acknowledged: it comes again, and goes to the dead letters after too many times.
    Again,
}

/// What is done with the body of a record that is no message of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strange {
    /// Left to the queue, which hands it to the dead letters.
    LeftBehind,
    /// Acknowledged: there is nobody else to hand it to.
    Dropped,
}

/// Handles every record in a task of its own, so that one that is slow or panics holds up no other, and
/// none for longer than `most`: what is answered after the function's own end is answered to nobody.
pub async fn each<F, Handling>(
    event: SqsEvent,
    most: Duration,
    strange: Strange,
    handle: F,
) -> SqsBatchResponse
where
    F: Fn(Delivery) -> Handling,
    Handling: Future<Output = Verdict> + Send + 'static,
{
    let handlings = event.records.into_iter().map(|record| {
        let id = record.message_id.clone().unwrap_or_default();
        let delivery = read(&record);
        let message = delivery.as_ref().map(|delivery| &delivery.message);
        let span = tracing::info_span!(
            "message",
            message.id = id,
            job.id = message.map(Message::about),
            chunk = message.and_then(Message::chunk),
        );
        let handling =
            delivery.map(|delivery| tokio::spawn(handle(delivery).instrument(span.clone())));
        async move {
            let verdict = match handling {
                Some(handling) => end(handling, most).await,
                None => refuse(strange),
            };
            (id, verdict)
        }
        .instrument(span)
    });
    let mut response = SqsBatchResponse::default();
    for (id, verdict) in join_all(handlings).await {
        if verdict == Verdict::Again {
            response.add_failure(id);
        }
    }
    response
}

async fn end(mut handling: tokio::task::JoinHandle<Verdict>, most: Duration) -> Verdict {
    match tokio::time::timeout(most, &mut handling).await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(_)) => {
            tracing::error!("A worker broke down.");
            Verdict::Again
        }
        Err(_) => {
            handling.abort();
            tracing::error!("A message took longer than this function may run.");
            Verdict::Again
        }
    }
}

/// Tells of a body that is not ours by its message's id only: nobody knows what is in it.
fn refuse(strange: Strange) -> Verdict {
    tracing::error!("A message is none of ours.");
    match strange {
        Strange::LeftBehind => Verdict::Again,
        Strange::Dropped => Verdict::Done,
    }
}

fn read(record: &SqsMessage) -> Option<Delivery> {
    let message = sqs::received(record.body.as_deref()?).ok()?;
    let group = record.attributes.get("MessageGroupId").cloned();
    Some(Delivery {
        group: group.unwrap_or_else(|| message.about().to_owned()),
        sent_at: attribute(record, "SentTimestamp")
            .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        message,
    })
}

fn attribute(record: &SqsMessage, name: &str) -> Option<i64> {
    record.attributes.get(name)?.parse().ok()
}

/// What is left until `deadline`, less `margin`.
pub fn left(deadline: Timestamp, margin: SignedDuration, now: Timestamp) -> Duration {
    let left = deadline.duration_since(now).saturating_sub(margin);
    left.max(SignedDuration::ZERO).unsigned_abs()
}
