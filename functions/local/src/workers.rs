//! Workers take messages from the queue and give them to the engine, as the worker function does
//! on AWS.

use std::sync::Arc;
use std::time::Duration;

use bulkhead_engine::error::chain;
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
            return work::dead_letter(&ports, &message).await;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use async_trait::async_trait;
    use bulkhead_connectors::sandbox::Sandbox;
    use bulkhead_engine::ports::{Key, Queue, Row, Silent, Span, Table, TableError, Write};
    use bulkhead_engine::testing::memory::{
        ManualClock, MemoryParts, MemoryTable, PlainSealer, SeededRandom,
    };
    use bulkhead_engine::testing::queue::message;
    use jiff::Timestamp;

    use crate::connectors::OpenAccounts;

    /// A table at which every read goes wrong.
    enum Broken {
        Fails,
        Panics,
    }

    impl Broken {
        fn result<T>(&self) -> Result<T, TableError> {
            match self {
                Self::Fails => Err(TableError::Unavailable("told to fail".into())),
                Self::Panics => panic!("told to panic"),
            }
        }
    }

    #[async_trait]
    impl Table for Broken {
        async fn get(&self, _: &Key) -> Result<Option<Row>, TableError> {
            self.result()
        }
        async fn range(&self, _: &Span) -> Result<Vec<Row>, TableError> {
            self.result()
        }
        async fn write(&self, _: Vec<Write>) -> Result<(), TableError> {
            self.result()
        }
        async fn put_many(&self, _: Vec<Row>) -> Result<(), TableError> {
            self.result()
        }
        async fn owned(&self, _: &str, _: Option<&str>, _: u32) -> Result<Vec<Row>, TableError> {
            self.result()
        }
        async fn due(&self, _: Timestamp, _: u32) -> Result<Vec<Key>, TableError> {
            self.result()
        }
    }

    fn ports(table: Arc<dyn Table>, queue: Arc<LocalQueue>) -> (Ports, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::default());
        let sandbox = Sandbox::open(folder.path().join("sandbox.db"), clock.clone()).unwrap();
        let ports = Ports {
            table,
            queue,
            connectors: Arc::new(OpenAccounts::new(sandbox)),
            parts: Arc::new(MemoryParts::new()),
            sealer: Arc::new(PlainSealer),
            meter: Arc::new(Silent),
            clock,
            random: Arc::new(SeededRandom::default()),
        };
        (ports, folder)
    }

    /// What is left in the queue after a worker had a message about a job that no one has.
    async fn left_after(table: Arc<dyn Table>) -> usize {
        let queue = Arc::new(LocalQueue::new(VISIBILITY));
        let (ports, _folder) = ports(table, queue.clone());
        let only = vec![message(1, Duration::ZERO)];
        queue.send("acc", only).await.unwrap();
        let delivery = queue.receive().await;
        if handle(&ports, &delivery).await {
            queue.acknowledge(&delivery);
        }
        queue.pending()
    }

    #[tokio::test]
    async fn invariant_4_acknowledges_only_what_was_handled() {
        assert_eq!(left_after(Arc::new(MemoryTable::new())).await, 0);
        assert_eq!(left_after(Arc::new(Broken::Fails)).await, 1);
        assert_eq!(left_after(Arc::new(Broken::Panics)).await, 1);
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
