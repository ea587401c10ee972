//! The worker: gives messages to the engine, and keeps troubles of the moment from counting as failures.

use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use bulkhead_engine::error::{Error, chain};
use bulkhead_engine::limits::backoff;
use bulkhead_engine::ports::{Outgoing, Ports};
use bulkhead_engine::work;
use jiff::{SignedDuration, Timestamp};

use crate::batch::{self, Delivery, Strange, Verdict};
use crate::log_redaction;
use crate::metrics::{self, Metrics};

/// The engine is to be done so much before the function ends. Its leases last 5 seconds longer than its
/// deadline, so that they end when their holder is gone for sure and not before.
const MARGIN: SignedDuration = SignedDuration::from_secs(5);
/// A message that is still in hand so much before the end is given up, so that the answer for the
/// others gets out.
const ANSWER: SignedDuration = SignedDuration::from_millis(500);
/// As after the fifth attempt: a message that is put off comes again within 16 seconds, evenly spread.
/// Long enough for a table or a queue that is asked too much, and short for a person who waits.
const PUT_OFF_AS: u32 = 5;

/// Handles a batch. `deadline` is when the function is ended.
pub async fn on_batch(
    ports: &Ports,
    metrics: &Arc<Metrics>,
    event: SqsEvent,
    deadline: Timestamp,
) -> SqsBatchResponse {
    let most = batch::left(deadline, ANSWER, ports.clock.now());
    let response = batch::each(event, most, Strange::LeftBehind, |delivery| {
        on_message(ports.clone(), metrics.clone(), delivery, deadline - MARGIN)
    })
    .await;
    for _ in &response.batch_item_failures {
        metrics.note(metrics::MESSAGES_FAILED, 1.0, &[]);
    }
    response
}

async fn on_message(
    ports: Ports,
    metrics: Arc<Metrics>,
    delivery: Delivery,
    deadline: Timestamp,
) -> Verdict {
    if let Some(sent_at) = delivery.sent_at {
        let age = ports.clock.now().duration_since(sent_at);
        metrics.note(metrics::QUEUE_AGE, age.as_millis_f64().max(0.0), &[]);
    }
    match work::handle(&ports, &delivery.message, deadline).await {
        Ok(()) => Verdict::Done,
        Err(error) if error.is_passing() => put_off(&ports, &metrics, delivery, &error).await,
        Err(error) => {
            tracing::warn!(error = log_redaction::of(&error), "Left for another try.");
            Verdict::Again
        }
    }
}

/// Sends a message again and acknowledges it. Left alone it would come again as well, but counted: a busy
/// table would end work that has nothing wrong with it.
async fn put_off(ports: &Ports, metrics: &Metrics, delivery: Delivery, error: &Error) -> Verdict {
    let delay = backoff::delay(PUT_OFF_AS, ports.random.bits());
    let again = Outgoing {
        message: delivery.message,
        delay: delay.unsigned_abs(),
    };
    match ports.queue.send(&delivery.group, vec![again]).await {
        Ok(()) => {
            tracing::info!(error = log_redaction::of(error), "Put off.");
            metrics.note(metrics::MESSAGES_PUT_OFF, 1.0, &[]);
            Verdict::Done
        }
        Err(unsent) => {
            tracing::warn!(
                error = log_redaction::of(error),
                unsent = chain(&unsent),
                "Left for another try."
            );
            Verdict::Again
        }
    }
}

#[cfg(test)]
mod tests;
