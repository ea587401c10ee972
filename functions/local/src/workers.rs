//! Workers take messages from the queue and give them to the engine, as the worker function does
//! on AWS.

use std::sync::Arc;
use std::time::Duration;

use bulkhead_engine::ports::{Message, Ports};
use bulkhead_engine::work;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::queue::{Delivery, LocalQueue};

/// A received message comes again after this if it was not acknowledged.
pub(crate) const VISIBILITY: Duration = Duration::from_secs(60);
/// A worker puts its work down after this. Its lease lasts a little longer, and is over before the
/// message comes again.
const WORK: Duration = Duration::from_secs(50);

/// Starts workers. They take nothing new once `stop` says so, and end with what they hold.
pub(crate) fn start(
    number: usize,
    ports: &Ports,
    queue: &Arc<LocalQueue>,
    stop: &watch::Receiver<bool>,
) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    for _ in 0..number {
        workers.spawn(work_until(ports.clone(), queue.clone(), stop.clone()));
    }
    workers
}

async fn work_until(ports: Ports, queue: Arc<LocalQueue>, mut stop: watch::Receiver<bool>) {
    loop {
        let delivery = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return,
            delivery = queue.receive() => delivery,
        };
        if handle(&ports, &delivery).await {
            queue.acknowledge(&delivery);
        }
    }
}

/// Whether it is done. In a task of its own, so that a panic ends this message and no worker.
async fn handle(ports: &Ports, delivery: &Delivery) -> bool {
    let (ports, message, dead) = (ports.clone(), delivery.message.clone(), delivery.dead);
    let handled = tokio::spawn(async move {
        if dead {
            return work::bury(&ports, &message).await;
        }
        let deadline = ports.clock.now() + WORK;
        work::handle(&ports, &message, deadline).await
    });
    let job = delivery.message.job();
    match handled.await {
        Ok(Ok(())) => {
            if dead {
                tracing::error!(job.id = %job, chunk = chunk(&delivery.message), "Given up.");
            }
            true
        }
        Ok(Err(error)) => {
            let chunk = chunk(&delivery.message);
            tracing::warn!(job.id = %job, chunk, error = chain(&error), "Left for another try.");
            false
        }
        Err(_) => {
            tracing::error!(job.id = %job, chunk = chunk(&delivery.message), "A worker broke down.");
            false
        }
    }
}

fn chunk(message: &Message) -> Option<u32> {
    match message {
        Message::Plan { .. } => None,
        Message::Chunk { chunk, .. } => Some(*chunk),
    }
}

/// An error with its causes. The engine's and the adapters' errors name no content.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.ends_with(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}
