//! One batch: SQS answers for each of its messages, and may take some and not others.

use std::time::Duration;

use aws_sdk_sqs::error::BuildError;
use aws_sdk_sqs::operation::send_message_batch::SendMessageBatchOutput;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use bulkhead_engine::ports::{Outgoing, QUEUE_DELAY_MOST};

use super::body;
use super::queue::SqsQueue;
use crate::failure::Failure;
use crate::pause::pause;

const CALL: &str = "SendMessageBatch";
/// Messages in one call: SQS's limit. Its other one, 1 MiB for all of them, is far away: a body is
/// two ids.
pub(super) const BATCH_MESSAGES: usize = 10;
/// Tries of our own for messages that SQS did not take from a batch that it answered: the SDK takes
/// such an answer for a success.
const TRIES: u32 = 5;

/// A message that was not taken.
#[derive(Clone)]
pub(super) struct Refused {
    pub(super) outgoing: Outgoing,
    pub(super) cause: Failure,
    /// At fault is the message itself: trying again does not help.
    hopeless: bool,
}

impl SqsQueue {
    /// Sends at most [`BATCH_MESSAGES`]; what was not taken at any try comes back.
    pub(super) async fn send_batch(&self, group: &str, mut batch: Vec<Outgoing>) -> Vec<Refused> {
        let mut given_up = Vec::new();
        let mut tries = 0..TRIES;
        loop {
            let refused = self.try_batch(group, batch).await;
            let (hopeless, passing): (Vec<_>, Vec<_>) =
                refused.into_iter().partition(|refused| refused.hopeless);
            given_up.extend(hopeless);
            if passing.is_empty() || !pause(&mut tries).await {
                given_up.extend(passing);
                return given_up;
            }
            batch = passing
                .into_iter()
                .map(|refused| refused.outgoing)
                .collect();
        }
    }

    /// One call. A call that failed as a whole may have sent some all the same: that makes doubles,
    /// which everybody has to expect.
    async fn try_batch(&self, group: &str, batch: Vec<Outgoing>) -> Vec<Refused> {
        let all_refused = |batch: Vec<Outgoing>, cause: Failure| {
            let refuse = |outgoing| Refused {
                outgoing,
                cause: cause.clone(),
                hopeless: true, // The SDK has tried again as often as that helps.
            };
            batch.into_iter().map(refuse).collect()
        };
        let entries: Result<Vec<_>, _> = batch
            .iter()
            .enumerate()
            .map(|(place, outgoing)| entry(place, group, outgoing))
            .collect();
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => return all_refused(batch, Failure::not_sent(CALL, &error.to_string())),
        };
        let answer = self
            .client
            .send_message_batch()
            .queue_url(&self.url)
            .set_entries(Some(entries))
            .send()
            .await;
        match answer {
            Ok(answer) => not_taken(&answer, batch),
            Err(error) => all_refused(batch, Failure::of(CALL, &error)),
        }
    }
}

fn entry(
    place: usize,
    group: &str,
    outgoing: &Outgoing,
) -> Result<SendMessageBatchRequestEntry, BuildError> {
    SendMessageBatchRequestEntry::builder()
        .id(place.to_string())
        .message_body(body::of(&outgoing.message))
        .delay_seconds(delay_seconds(outgoing.delay))
        .message_group_id(group)
        .build()
}

/// Whole seconds, rounded up: never too early, but for what is longer than SQS can wait.
fn delay_seconds(delay: Duration) -> i32 {
    let delay = delay.min(QUEUE_DELAY_MOST);
    let up = u64::from(delay.subsec_nanos() > 0);
    i32::try_from(delay.as_secs() + up).unwrap_or(i32::MAX)
}

/// What SQS did not say it took: also what it says nothing about.
fn not_taken(answer: &SendMessageBatchOutput, batch: Vec<Outgoing>) -> Vec<Refused> {
    let taken = |id: &str| answer.successful().iter().any(|entry| entry.id() == id);
    let failed = |id: &str| answer.failed().iter().find(|entry| entry.id() == id);
    let placed = batch.into_iter().enumerate();
    placed
        .map(|(place, outgoing)| (place.to_string(), outgoing))
        .filter(|(id, _)| !taken(id))
        .map(|(id, outgoing)| Refused {
            outgoing,
            hopeless: failed(&id).is_some_and(|entry| entry.sender_fault()),
            cause: Failure {
                call: CALL,
                code: failed(&id)
                    .map_or("no answer", |entry| entry.code())
                    .to_owned(),
                message: failed(&id)
                    .and_then(|entry| entry.message())
                    .unwrap_or_default()
                    .to_owned(),
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_whole_seconds_never_too_early_and_never_too_long() {
        let seconds = |delay| delay_seconds(Duration::from_millis(delay));
        assert_eq!(seconds(0), 0);
        assert_eq!(seconds(1), 1);
        assert_eq!(seconds(1_000), 1);
        assert_eq!(seconds(1_001), 2);
        assert_eq!(seconds(899_500), 900);
        assert_eq!(seconds(900_001), 900);
        assert_eq!(delay_seconds(Duration::MAX), 900);
    }
}
