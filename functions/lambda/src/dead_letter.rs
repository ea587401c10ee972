//! Dead letters: what failed too often ends with a reason, so that nothing waits for ever.

use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use bulkhead_engine::ports::Ports;
use bulkhead_engine::work::{self, Buried};
use jiff::{SignedDuration, Timestamp};

use crate::batch::{self, Delivery, Strange, Verdict};
use crate::metrics::{self, Metrics};

/// Time to answer before the function is ended.
const ANSWER: SignedDuration = SignedDuration::from_millis(500);

/// Handles a batch of dead letters. What cannot be ended now stays among them and comes again.
pub async fn on_batch(
    ports: &Ports,
    metrics: &Arc<Metrics>,
    event: SqsEvent,
    deadline: Timestamp,
) -> SqsBatchResponse {
    let most = batch::left(deadline, ANSWER, ports.clock.now());
    batch::each(event, most, Strange::Dropped, |delivery| {
        on_message(ports.clone(), metrics.clone(), delivery)
    })
    .await
}

async fn on_message(ports: Ports, metrics: Arc<Metrics>, delivery: Delivery) -> Verdict {
    match work::receive_dead(&ports, &delivery.message).await {
        Buried::Ended => {
            metrics.note(metrics::MESSAGES_BURIED, 1.0, &[]);
            Verdict::Done
        }
        Buried::Nothing => Verdict::Done,
        Buried::Left => Verdict::Again,
    }
}
