//! What becomes of batches, good and bad.
#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_engine::ports::{Clock, Silent};
use bulkhead_engine::testing::intercept::{self, Call, Failure, Interceptor};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::memory::{
    ManualClock, MemoryLedger, MemoryParts, MemoryQueue, MemoryTable, PlainSealer, SeededRandom,
};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::options::JobOptions;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::dead_letter;
use crate::denied_ports::DeniedPorts;
use crate::testing::Written;

/// What happens at every read of a job's rows.
#[derive(Clone)]
enum Trouble {
    Busy,
    Refused,
    Panics,
    Hangs,
    WaitsForOthers(Arc<Barrier>),
}

/// Lets jobs meet their troubles at every read of their rows.
struct Troubled(BTreeMap<String, Trouble>);

#[async_trait]
impl Interceptor for Troubled {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        let partition = match call {
            Call::Get(key) => &key.partition,
            Call::Range(span) => &span.partition,
            _ => return Ok(()),
        };
        match self.0.get(partition) {
            Some(_) if moment == Moment::AfterEffect => Ok(()),
            None => Ok(()),
            Some(Trouble::Busy) => Err(Failure::Unavailable),
            Some(Trouble::Refused) => Err(Failure::Refused),
            Some(Trouble::Panics) => panic!("the subject of a mail"),
            Some(Trouble::Hangs) => std::future::pending().await,
            Some(Trouble::WaitsForOthers(all)) => {
                all.wait().await;
                Ok(())
            }
        }
    }
}

/// A worker with everything in memory.
struct World {
    ports: Ports,
    clock: Arc<ManualClock>,
    queue: Arc<MemoryQueue>,
    written: Written,
    metrics: Arc<Metrics>,
}

fn job(number: u128) -> JobId {
    JobId::new("arc", Timestamp::constant(1_778_846_400, 0), number)
}

fn world(troubles: impl IntoIterator<Item = (u128, Trouble)>) -> World {
    let clock = Arc::new(ManualClock::default());
    let queue = Arc::new(MemoryQueue::new(clock.clone()));
    let troubles = troubles.into_iter();
    let troubles = troubles.map(|(number, trouble)| (job(number).to_string(), trouble));
    let troubled: Arc<dyn Interceptor> = Arc::new(Troubled(troubles.collect()));
    let table = intercept::table(Arc::new(MemoryTable::new()), &troubled);
    let written = Written::default();
    World {
        ports: Ports {
            table,
            queue: queue.clone(),
            connectors: Arc::new(DeniedPorts),
            parts: Arc::new(MemoryParts::new()),
            ledger: Arc::new(MemoryLedger::default()),
            sealer: Arc::new(PlainSealer),
            model: Arc::new(DeniedPorts),
            endpoints: Arc::new(DeniedPorts),
            deployed: None,
            meter: Arc::new(Silent),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::default()),
        },
        metrics: written.metrics("test"),
        clock,
        queue,
        written,
    }
}

impl World {
    fn deadline(&self) -> Timestamp {
        self.clock.now() + SignedDuration::from_secs(60)
    }

    /// Ids of the messages that are to come again.
    async fn work(&self, records: Vec<Value>) -> BTreeSet<String> {
        let event = event(records);
        failed(on_batch(&self.ports, &self.metrics, event, self.deadline()).await)
    }

    async fn dead_letter(&self, records: Vec<Value>) -> BTreeSet<String> {
        let event = event(records);
        failed(dead_letter::on_batch(&self.ports, &self.metrics, event, self.deadline()).await)
    }
}

pub(super) fn event(records: Vec<Value>) -> SqsEvent {
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

pub(super) fn failed(response: SqsBatchResponse) -> BTreeSet<String> {
    // As it goes out: one wrong name there, and the whole batch would come again.
    let response = serde_json::to_value(&response).unwrap();
    let failures = response["batchItemFailures"].as_array().unwrap();
    let ids = failures
        .iter()
        .map(|failure| failure["itemIdentifier"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

/// A record as SQS hands it to a function.
pub(super) fn record(id: &str, body: &str) -> Value {
    json!({
        "messageId": id,
        "receiptHandle": "r",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1778846398500",
            "SenderId": "s",
            "MessageGroupId": "ann",
        },
        "messageAttributes": {},
        "md5OfBody": "m",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:q",
        "awsRegion": "eu-central-1",
    })
}

fn chunk(id: &str, number: u128) -> Value {
    let body = json!({ "kind": "chunk", "job": job(number), "chunk": 3 });
    record(id, &body.to_string())
}

fn ids(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[tokio::test]
async fn invariant_4_only_what_was_not_handled_comes_again() {
    let world = world([(2, Trouble::Refused), (3, Trouble::Panics)]);
    let records = vec![
        chunk("fine", 1),
        chunk("refused", 2),
        chunk("panics", 3),
        record("strange", "{\"kind\": \"secret\"}"),
        chunk("also fine", 4),
    ];
    let again = world.work(records).await;
    assert_eq!(again, ids(&["refused", "panics", "strange"]));
    assert_eq!(world.written.count(metrics::MESSAGES_FAILED), 3);
    assert_eq!(world.queue.pending(), 0);
}

#[tokio::test]
async fn invariant_8_a_busy_table_puts_messages_off_and_counts_nothing() {
    let world = world([(1, Trouble::Busy), (2, Trouble::Busy)]);
    let again = world.work(vec![chunk("one", 1), chunk("two", 2)]).await;
    assert_eq!(again, ids(&[]));
    assert_eq!(world.written.count(metrics::MESSAGES_PUT_OFF), 2);
    assert_eq!(world.written.count(metrics::MESSAGES_FAILED), 0);
    // Sent again in the group they came from, within 16 seconds.
    assert_eq!(world.queue.groups(), ids(&["ann"]));
    assert_eq!(world.queue.pending(), 2);
    assert!(world.queue.next_at().unwrap() > world.clock.now());
    world.clock.advance(Duration::from_secs(16));
    let mut jobs = BTreeSet::new();
    while let Some(message) = world.queue.take() {
        jobs.extend(message.job().cloned());
    }
    assert_eq!(jobs, [job(1), job(2)].into());
}

#[tokio::test]
async fn what_cannot_be_sent_again_is_left_to_the_queue() {
    let world = world([(1, Trouble::Busy)]);
    world.queue.fail(1);
    assert_eq!(world.work(vec![chunk("one", 1)]).await, ids(&["one"]));
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_holds_up_no_other() {
    let world = world([(1, Trouble::Hangs)]);
    let again = world.work(vec![chunk("hangs", 1), chunk("fine", 2)]).await;
    assert_eq!(again, ids(&["hangs"]));
}

#[tokio::test(start_paused = true)]
async fn records_are_handled_side_by_side() {
    let all = Arc::new(Barrier::new(10));
    let waits = (0..10).map(|number| (number, Trouble::WaitsForOthers(all.clone())));
    let world = world(waits);
    let records = (0..10).map(|number| chunk(&number.to_string(), number));
    assert_eq!(world.work(records.collect()).await, ids(&[]));
}

#[tokio::test]
async fn the_age_of_messages_is_measured() {
    let world = world([]);
    world.work(vec![chunk("one", 1)]).await;
    let lines = world.written.lines();
    // The clock stands at 1778846400 s.
    assert_eq!(lines[0]["QueueAge"], 1_500.0);
}

#[tokio::test]
async fn dead_letters_are_buried_and_what_is_strange_is_dropped() {
    let world = world([(2, Trouble::Busy), (3, Trouble::Panics)]);
    let records = vec![
        chunk("nobody's", 1),
        chunk("busy", 2),
        chunk("panics", 3),
        record("strange", "who knows"),
    ];
    assert_eq!(world.dead_letter(records).await, ids(&["busy", "panics"]));
}

#[tokio::test]
async fn a_dead_letter_that_ends_something_is_counted_once() {
    let stage = Stage::new(MemoryMailbox::new(8)).await.unwrap();
    let job = stage.archiving(JobOptions::default()).await.unwrap();
    let body = json!({ "kind": "chunk", "job": job, "chunk": 0 }).to_string();
    let written = Written::default();
    let metrics = written.metrics("test");
    for _ in 0..2 {
        let event = event(vec![record("m", &body)]);
        let deadline = stage.clock.now() + SignedDuration::from_secs(60);
        let response = dead_letter::on_batch(&stage.ports, &metrics, event, deadline).await;
        assert_eq!(failed(response), ids(&[]));
        assert_eq!(written.count(metrics::MESSAGES_BURIED), 1);
    }
}

#[tokio::test]
async fn a_dead_letter_that_ends_nothing_is_neither_counted_nor_an_error() {
    let log = Written::default();
    let _logging = tracing::subscriber::set_default(crate::logs::to("trace", log.clone()));
    let world = world([]);
    let plan = json!({ "kind": "plan", "job": job(2) });
    let records = vec![
        chunk("nobody's", 1),
        record("nobody's plan", &plan.to_string()),
    ];
    assert_eq!(world.dead_letter(records).await, ids(&[]));
    assert_eq!(world.written.count(metrics::MESSAGES_BURIED), 0);
    let levels = log.lines().into_iter().map(|line| line["level"].clone());
    assert_eq!(levels.collect::<Vec<_>>(), ["INFO", "INFO"]);
}

#[tokio::test]
async fn invariant_10_the_log_tells_ids_and_no_content() {
    let log = Written::default();
    let _logging = tracing::subscriber::set_default(crate::logs::to("trace", log.clone()));
    let world = world([
        (2, Trouble::Refused),
        (3, Trouble::Panics),
        (4, Trouble::Busy),
    ]);
    let mut records = vec![chunk("m2", 2), chunk("m3", 3), chunk("m4", 4)];
    records.push(record("m5", "a secret body"));
    world.work(records).await;
    let text = log.text();
    assert!(
        !text.contains("secret") && !text.contains("subject"),
        "{text}"
    );
    let lines = log.lines();
    for (id, number) in [
        ("m2", Some(2)),
        ("m3", Some(3)),
        ("m4", Some(4)),
        ("m5", None),
    ] {
        let line = lines
            .iter()
            .find(|line| line["spans"][0]["message.id"] == id)
            .unwrap();
        let span = &line["spans"][0];
        assert_eq!(
            span["job.id"].as_str(),
            number.map(|n| job(n).to_string()).as_deref()
        );
        assert_eq!(span["chunk"].as_u64(), number.map(|_| 3));
    }
}
