//! Workers take messages from the queue and give them to the engine, as the worker function does
//! on AWS.

use std::sync::Arc;
use std::time::Duration;

use bulkhead_engine::ports::Ports;
use bulkhead_engine::work::{self, Buried, Received};
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
            return work::receive_dead(&ports, &message).await != Buried::Left;
        }
        let deadline = ports.clock.now() + WORK;
        // One person: nobody has to be kept from starving another.
        let group = message.about();
        work::receive(&ports, &message, group, deadline).await != Received::Left
    });
    match handled.await {
        Ok(acknowledged) => acknowledged,
        Err(_) => {
            let (about, chunk) = (delivery.message.about(), delivery.message.chunk());
            tracing::error!(job.id = about, chunk, "A worker broke down.");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use bulkhead_connectors::discover::Programs;
    use bulkhead_connectors::imap::Reach;
    use bulkhead_connectors::model::{BuiltIn, OpenEndpoints};
    use bulkhead_connectors::sandbox::Sandbox;
    use bulkhead_engine::ports::{Queue, Silent, Table};
    use bulkhead_engine::testing::intercept::{self, Failure};
    use bulkhead_engine::testing::memory::{
        ManualClock, MemoryLedger, MemoryParts, MemoryTable, PlainSealer, SeededRandom,
    };
    use bulkhead_engine::testing::queue::message;

    use crate::connectors::OpenAccounts;

    /// A table at which every call goes wrong like this.
    fn broken(failure: fn() -> Failure) -> Arc<dyn Table> {
        let fails = intercept::by(move |_, _| Err(failure()));
        intercept::table(Arc::new(MemoryTable::new()), &fails)
    }

    fn ports(table: Arc<dyn Table>, queue: Arc<LocalQueue>) -> (Ports, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::default());
        let sandbox = Sandbox::open(folder.path().join("sandbox.db"), clock.clone()).unwrap();
        let ports = Ports {
            table,
            queue,
            connectors: Arc::new(OpenAccounts::new(
                sandbox,
                clock.clone(),
                Programs::default(),
            )),
            parts: Arc::new(MemoryParts::new()),
            ledger: Arc::new(MemoryLedger::default()),
            sealer: Arc::new(PlainSealer),
            model: Arc::new(BuiltIn),
            deployed: None,
            endpoints: Arc::new(OpenEndpoints::new(
                Reach::Anywhere,
                Arc::new(SeededRandom::default()),
            )),
            meter: Arc::new(Silent),
            clock,
            random: Arc::new(SeededRandom::default()),
        };
        (ports, folder)
    }

    /// What is left in the queue after a worker had a message about a job that no one has, and how many
    /// messages were sent in all.
    async fn left_after(table: Arc<dyn Table>) -> (usize, u64) {
        let queue = Arc::new(LocalQueue::new(VISIBILITY));
        let (ports, _folder) = ports(table, queue.clone());
        let only = vec![message(1, Duration::ZERO)];
        queue.send("acc", only).await.unwrap();
        let delivery = queue.receive().await;
        if handle(&ports, &delivery).await {
            queue.acknowledge(&delivery);
        }
        (queue.pending(), queue.sent())
    }

    #[tokio::test]
    async fn invariant_4_acknowledges_only_what_was_handled() {
        assert_eq!(left_after(Arc::new(MemoryTable::new())).await, (0, 1));
        assert_eq!(left_after(broken(|| Failure::Refused)).await, (1, 1));
        assert_eq!(left_after(broken(|| panic!("told to"))).await, (1, 1));
    }

    #[tokio::test]
    async fn invariant_8_a_busy_table_puts_a_message_off_as_on_aws() {
        // Acknowledged, and sent anew, so that the queue counts from the beginning.
        assert_eq!(left_after(broken(|| Failure::Unavailable)).await, (1, 2));
    }

    #[tokio::test]
    async fn workers_stop_when_they_are_told() {
        let queue = Arc::new(LocalQueue::new(VISIBILITY));
        let (ports, _folder) = ports(Arc::new(MemoryTable::new()), queue.clone());
        let (stopping, stop) = watch::channel(false);
        let mut workers = start(3, &ports, &queue, &stop);
        stopping.send(true).unwrap();
        let mut ended = 0;
        while workers.join_next().await.is_some() {
            ended += 1;
        }
        assert_eq!(ended, 3);
    }
}
