//! A large job through the code of the functions, on the database that speaks DynamoDB's protocol, in a mailbox
//! that keeps receiving mail. The workers are killed in the middle, twice, as environments are.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::io::{BufReader, Cursor};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bulkhead_aws::dynamo::{DynamoTable, client, create::create_table};
use bulkhead_cloud::dynamo::Dynamo;
use bulkhead_connectors::import::Mbox;
use bulkhead_connectors::sandbox::Sandbox;
use bulkhead_engine::jobs::{children, control, draft, preview, progress};
use bulkhead_engine::ports::{Account, CallError, Clock, Connectors, MailStore, Silent};
use bulkhead_engine::testing::memory::{
    MemoryLedger, MemoryParts, MemoryQueue, PlainSealer, SeededRandom,
};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Confirm, Connection, Job, NewAccount, NewJob};
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Label, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use tokio::task::JoinHandle;

use super::tests::{event, failed, record};
use super::*;
use crate::denied_ports::DeniedPorts;
use crate::read_only::ReadOnly;
use crate::sweep;
use crate::testing::Written;

/// How long an environment has for a batch: short, so that a test does not wait long for the lease of one that was
/// killed.
const SHORT: SignedDuration = SignedDuration::from_secs(16);
/// The same as the template has it.
const AS_IN_TEMPLATE: SignedDuration = SignedDuration::from_secs(60);

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// One sandbox for all.
struct OneSandbox(Arc<Sandbox>);

#[async_trait]
impl Connectors for OneSandbox {
    async fn open(&self, _: &AccountId, _: &Connection) -> Result<Arc<dyn Account>, CallError> {
        Ok(self.0.clone())
    }

    async fn close(&self, _: &AccountId) {}

    fn least_abilities(&self, _: AccountKind) -> BTreeMap<Kind, Abilities> {
        [(Kind::Mail, MailStore::abilities(self.0.as_ref()).clone())].into()
    }
}

/// Functions and what they share.
pub(super) struct World {
    /// The worker's.
    pub(super) ports: Ports,
    /// Of what answers people: it changes no mail.
    pub(super) answering: Ports,
    pub(super) table: Arc<DynamoTable>,
    pub(super) queue: Arc<MemoryQueue>,
    metrics: Arc<Metrics>,
    sandbox: Arc<Sandbox>,
    pub(super) user: UserId,
    pub(super) account: AccountId,
    /// How long an environment has for a batch.
    pub(super) has: SignedDuration,
    /// Mails that have arrived.
    received: AtomicU64,
    /// When the present part began, for the report.
    began: Instant,
}

impl World {
    pub(super) async fn new(folder: &std::path::Path, mails: u32) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(Wall);
        let sandbox = Sandbox::open(folder.join("sandbox"), clock.clone()).unwrap();
        sandbox.seed(1, mails).await.unwrap();
        let sandbox = Arc::new(sandbox);
        let dynamo = Dynamo::open(&folder.join("table")).unwrap();
        let answer = move |operation: &str, body: &[u8]| {
            let answer = dynamo.answer(operation, body);
            (answer.status, answer.body)
        };
        let client = client::in_process(Arc::new(answer));
        create_table(&client, "large").await.unwrap();
        let queue = Arc::new(MemoryQueue::new(clock.clone()));
        let table = Arc::new(DynamoTable::new(client, "large"));
        let ports = Ports {
            table: table.clone(),
            queue: queue.clone(),
            connectors: Arc::new(OneSandbox(sandbox.clone())),
            parts: Arc::new(MemoryParts::new()),
            ledger: Arc::new(MemoryLedger::default()),
            sealer: Arc::new(PlainSealer),
            model: Arc::new(DeniedPorts),
            endpoints: Arc::new(DeniedPorts),
            deployed: None,
            meter: Arc::new(Silent),
            clock,
            random: Arc::new(SeededRandom::default()),
        };
        let user: UserId = "ann".parse().unwrap();
        let new = NewAccount {
            name: None,
            connection: Connection::Sandbox {},
        };
        let account = bulkhead_engine::accounts::create(&ports, &user, new);
        let account = account.await.unwrap().id;
        let answering = Ports {
            connectors: Arc::new(ReadOnly(Arc::new(OneSandbox(sandbox.clone())))),
            ..ports.clone()
        };
        Self {
            answering,
            ports,
            table,
            queue,
            metrics: Written::default().metrics("test"),
            sandbox,
            user,
            account,
            has: SHORT,
            received: AtomicU64::new(0),
            began: Instant::now(),
        }
    }

    /// An environment of the worker that takes one message after the other.
    fn worker(&self) -> JoinHandle<()> {
        let (ports, queue, metrics) =
            (self.ports.clone(), self.queue.clone(), self.metrics.clone());
        let has = self.has;
        tokio::spawn(async move {
            loop {
                let Some(delivery) = queue.receive() else {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                };
                let body = serde_json::to_string(&delivery.message).unwrap();
                let batch = event(vec![record("m", &body)]);
                let deadline = Timestamp::now() + has;
                let response = on_batch(&ports, &metrics, batch, deadline).await;
                if failed(response).is_empty() {
                    queue.ack(delivery.receipt);
                }
            }
        })
    }

    /// Works with two environments, sweeps, and lets mail arrive, until the job is as wanted. Then the
    /// environments are killed, in the middle of whatever they do.
    async fn until(&self, id: &JobId, wanted: impl Fn(&Job) -> bool) -> Job {
        let workers = [self.worker(), self.worker()];
        let mut swept = Instant::now();
        let job = loop {
            let job = progress::job(&self.answering, &self.user, id).await;
            let job = job.unwrap();
            assert_eq!(job.counts.total(), job.total, "invariant 1");
            if wanted(&job) {
                break job;
            }
            if swept.elapsed() > Duration::from_secs(2) {
                let deadline = Timestamp::now() + self.has;
                let sweep = sweep::on_schedule(&self.ports, &self.metrics, deadline);
                sweep.await.unwrap();
                swept = Instant::now();
                self.receive().await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        workers.iter().for_each(JoinHandle::abort);
        for worker in workers {
            assert!(worker.await.unwrap_err().is_cancelled());
        }
        job
    }

    /// A mail arrives.
    async fn receive(&self) {
        let mail = "From ann@example.org Mon Jan  5 10:00:00 2026\nFrom: ann@example.org\n\ntext\n";
        let reader = BufReader::new(Cursor::new(mail));
        let import = self.sandbox.import_from(Mbox::new(reader), |_| ());
        assert_eq!(import.await.unwrap().imported, 1);
        self.received.fetch_add(1, Ordering::Relaxed);
    }

    fn said(&mut self, what: &str) {
        eprintln!("{what:<14}{:>9.2} s", self.began.elapsed().as_secs_f64());
        self.began = Instant::now();
    }

    async fn confirm(&self, id: &JobId) {
        let preview = preview::preview(&self.answering, &self.user, id).await;
        let preview = preview.unwrap();
        let yes = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash: preview.drift.map(|drift| drift.hash),
        };
        self.receive().await;
        let confirmed = control::confirm(&self.answering, &self.user, id, &yes);
        confirmed.await.unwrap();
    }
}

/// Drafts, confirms, kills twice, ends and takes back.
async fn live_through(mails: u32, has: SignedDuration) {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(folder.path(), mails).await;
    world.has = has;
    let before = world.sandbox.fingerprint().await.unwrap();
    world.said("seeded");
    let new = NewJob {
        account: world.account.clone(),
        operation: Operation::Label(Label {
            add: vec!["large".to_owned()],
            remove: Vec::new(),
        }),
        selection: Selection::Query {
            query: "in:anywhere".to_owned(),
            except: Vec::new(),
        },
        options: JobOptions::default(),
        confirm: None,
    };
    let id = draft::create(&world.answering, &world.user, None, new, limits::OPEN_JOBS);
    let id = id.await.unwrap();
    let planned = |job: &Job| job.state != State::Planning;
    let drafted = world.until(&id, planned).await;
    assert_eq!(drafted.state, State::Draft);
    // What arrived while it was searched may be among it.
    let most = u64::from(mails) + world.received.load(Ordering::Relaxed);
    assert!((u64::from(mails)..=most).contains(&drafted.total));
    world.said("frozen");
    world.confirm(&id).await;
    world.said("yes answered");
    world.until(&id, |job| job.state != State::Checking).await;
    world.said("checked");
    for share in [4, 2] {
        let part = |job: &Job| job.counts.ended() >= job.total / share;
        let job = world.until(&id, part).await;
        assert!(!job.state.is_ended(), "too quick for a middle: {job:#?}");
    }
    let job = world.until(&id, |job| job.state.is_ended()).await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, job.total)
    );
    world.said("run");
    let undo = children::undo(&world.answering, &world.user, &id).await;
    let undo = undo.unwrap();
    assert_eq!(world.until(&undo, planned).await.state, State::Draft);
    world.said("undo frozen");
    world.confirm(&undo).await;
    let undone = world.until(&undo, |job| job.state.is_ended()).await;
    assert_eq!(undone.counts.succeeded, job.total);
    world.said("undone");
    // Each was changed once, and once back, whoever died.
    let touches = world.sandbox.touches().await.unwrap();
    assert_eq!(touches.len() as u64, job.total);
    assert!(touches.values().all(|touched| *touched == 2));
    // What arrived meanwhile is there, and all else is as it was.
    assert_ne!(world.sandbox.fingerprint().await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_job_survives_workers_that_are_killed() {
    live_through(12_000, SHORT).await;
}

/// A million, with the time of each part: `cargo test … --lib -- --ignored --nocapture a_million`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes long"]
async fn a_million_mails_survive_workers_that_are_killed() {
    live_through(1_000_000, AS_IN_TEMPLATE).await;
}
