//! The worker: gives messages to the engine, and keeps troubles of the moment from counting as failures.

use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use bulkhead_engine::ports::Ports;
use bulkhead_engine::work::{self, Received};
use jiff::{SignedDuration, Timestamp};

use crate::batch::{self, Delivery, Strange, Verdict};
use crate::metrics::{self, Metrics};

/// The engine is to be done so much before the function ends. Its leases last 5 seconds longer than its
/// deadline, so that they end when their holder is gone for sure and not before.
const MARGIN: SignedDuration = SignedDuration::from_secs(5);
/// A message that is still in hand so much before the end is given up, so that the answer for the
/// others gets out.
const ANSWER: SignedDuration = SignedDuration::from_millis(500);
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
    let Delivery { message, group, .. } = &delivery;
    match work::receive(&ports, message, group, deadline).await {
        Received::Done => Verdict::Done,
        Received::PutOff => {
            metrics.note(metrics::MESSAGES_PUT_OFF, 1.0, &[]);
            Verdict::Done
        }
        Received::Left => Verdict::Again,
    }
}

#[cfg(test)]
mod large;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod units;
