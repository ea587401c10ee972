//! Everything a job needs, in memory, with a hand-driven clock: what engine scenarios play on.
#![allow(clippy::panic, reason = "a broken invariant has to end the test")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulkhead_shared::api::{Confirm, Connection, Drift, Job, NewAccount, NewJob};
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Label, MarkRead, Move, Operation, Trash};
use bulkhead_shared::options::{Brake, JobOptions, Settings};
use bulkhead_shared::selection::Selection;
use jiff::{SignedDuration, Timestamp};

use super::faults::Fuse;
use super::intercept::{self, Interceptor};
use super::mailbox::MemoryMailbox;
use super::memory::{
    ManualClock, MemoryLedger, MemoryMeter, MemoryParts, MemoryQueue, MemoryTable, PlainSealer,
    SeededRandom, lock,
};
use super::model::{FirstLineModel, MemoryEndpoints};
use crate::error::Error;
use crate::jobs::{children, control, draft, preview, progress};
use crate::outbox;
use crate::ports::{Clock, Ports, Row};
use crate::records::names;
use crate::sweep::{Holders, Swept, sweep};
use crate::{accounts, work};

/// More deliveries than any scenario needs: a job that goes in circles fails instead of hanging.
const DELIVERIES_MOST: u32 = 20_000;

/// Operations that each change a mail that is unread in the inbox.
pub fn changing_operations() -> Vec<Operation> {
    vec![
        Operation::Archive(Archive {}),
        Operation::Trash(Trash {}),
        Operation::Label(Label {
            add: vec!["old".into()],
            remove: vec![],
        }),
        Operation::MarkRead(MarkRead {}),
        Operation::Move(Move::into_folder("Work")),
    ]
}

/// What a job goes by that is done in batches of so many items and in so many lanes.
pub fn settings(batch_size: u32, parallel_chunks: u32) -> Settings {
    Settings {
        batch_size,
        parallel_chunks,
        stop_on_error: false,
        retry_failed: true,
        max_retries: 2,
        delay_between_batches: 0.0,
        brake: Brake::default(),
        undo_days: 7,
    }
}

/// A person with one account, and all ports in memory.
pub struct Stage {
    /// Moved by the test.
    pub clock: Arc<ManualClock>,
    /// The rows.
    pub table: Arc<MemoryTable>,
    /// The messages.
    pub queue: Arc<MemoryQueue>,
    /// The mails.
    pub mailbox: MemoryMailbox,
    /// What exports wrote.
    pub parts: Arc<MemoryParts>,
    /// What was about to leave.
    pub ledger: Arc<MemoryLedger>,
    /// What happened.
    pub meter: Arc<MemoryMeter>,
    /// Models somewhere else, and what they heard.
    pub endpoints: Arc<MemoryEndpoints>,
    /// All of it, as handlers get it.
    pub ports: Ports,
    /// The person.
    pub user: UserId,
    pub account: AccountId,
    /// The last version seen of each job: it must never shrink.
    seen: Mutex<std::collections::BTreeMap<JobId, u64>>,
}

impl Stage {
    /// A stage around this mailbox.
    pub async fn new(mailbox: MemoryMailbox) -> Result<Self, Error> {
        Self::with_fuse(mailbox, None).await
    }

    /// A stage whose ports go through a fuse.
    pub async fn with_fuse(mailbox: MemoryMailbox, fuse: Option<Arc<Fuse>>) -> Result<Self, Error> {
        let clock = Arc::new(ManualClock::default());
        let table = Arc::new(MemoryTable::new());
        let queue = Arc::new(MemoryQueue::new(clock.clone()));
        let parts = Arc::new(MemoryParts::new());
        let ledger = Arc::new(MemoryLedger::default());
        let meter = Arc::new(MemoryMeter::new());
        let endpoints = Arc::new(MemoryEndpoints::default());
        let ports = Ports {
            table: table.clone(),
            queue: queue.clone(),
            connectors: Arc::new(mailbox.clone()),
            parts: parts.clone(),
            ledger: ledger.clone(),
            sealer: Arc::new(PlainSealer),
            model: Arc::new(FirstLineModel),
            endpoints: endpoints.clone(),
            deployed: None,
            meter: meter.clone(),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::default()),
        };
        let ports = match fuse {
            Some(fuse) => intercept::ports(&ports, &(fuse as Arc<dyn Interceptor>)),
            None => ports,
        };
        #[allow(clippy::unwrap_used, reason = "a constant")]
        let user: UserId = "ann".parse().unwrap();
        let new = NewAccount {
            name: None,
            connection: Connection::Sandbox {},
        };
        let account = accounts::create(&ports, &user, new).await?.id;
        let seen = Mutex::default();
        Ok(Self {
            clock,
            table,
            queue,
            mailbox,
            parts,
            ledger,
            meter,
            endpoints,
            ports,
            user,
            account,
            seen,
        })
    }

    /// A request for a job.
    pub fn request(
        &self,
        operation: Operation,
        selection: Selection,
        options: JobOptions,
    ) -> NewJob {
        NewJob {
            account: self.account.clone(),
            operation,
            selection,
            options,
            confirm: None,
        }
    }

    /// Everything in the inbox.
    pub fn inbox() -> Selection {
        Selection::Query {
            query: "in:inbox".to_owned(),
            except: Vec::new(),
        }
    }

    /// These mails, by identity.
    pub fn these(&self, identities: impl IntoIterator<Item = u64>) -> Selection {
        let ids: Vec<ItemId> = identities
            .into_iter()
            .filter_map(|identity| self.mailbox.id_of(identity))
            .collect();
        Selection::Ids { ids }
    }

    /// Drafts a job and lets it be frozen.
    pub async fn draft(
        &self,
        operation: Operation,
        selection: Selection,
        options: JobOptions,
    ) -> Result<JobId, Error> {
        let id = draft::create(
            &self.ports,
            &self.user,
            None,
            self.request(operation, selection, options),
            limits::OPEN_JOBS,
        )
        .await?;
        self.run().await?;
        Ok(id)
    }

    /// Says yes to what was frozen. What drifted since was not seen, so it is refused.
    pub async fn confirm(&self, id: &JobId) -> Result<(), Error> {
        self.say_yes(id, |_| None).await
    }

    /// Says yes to what the preview shows, with all that drifted since.
    pub async fn confirm_with_drift(&self, id: &JobId) -> Result<(), Error> {
        self.say_yes(id, |drift| Some(drift.hash)).await
    }

    async fn say_yes(&self, id: &JobId, seen: fn(Drift) -> Option<String>) -> Result<(), Error> {
        let preview = preview::preview(&self.ports, &self.user, id).await?;
        let yes = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash: preview.drift.and_then(seen),
        };
        control::confirm(&self.ports, &self.user, id, &yes).await
    }

    /// A confirmed job that archives the whole inbox, before anybody works on it.
    pub async fn archiving(&self, options: JobOptions) -> Result<JobId, Error> {
        let inbox = Self::inbox();
        let id = self
            .draft(Operation::Archive(Archive {}), inbox, options)
            .await?;
        self.confirm(&id).await?;
        Ok(id)
    }

    /// Drafts, confirms and works until nothing is left to do.
    pub async fn complete(
        &self,
        operation: Operation,
        selection: Selection,
        options: JobOptions,
    ) -> Result<Job, Error> {
        let id = self.draft(operation, selection, options).await?;
        self.confirm(&id).await?;
        self.run().await?;
        self.job(&id).await
    }

    /// A job that archived the whole inbox, as far as it could.
    pub async fn archived(&self, options: JobOptions) -> Result<Job, Error> {
        self.complete(Operation::Archive(Archive {}), Self::inbox(), options)
            .await
    }

    /// Takes a job back, all the way.
    pub async fn undo(&self, id: &JobId) -> Result<Job, Error> {
        let undo = children::undo(&self.ports, &self.user, id).await?;
        self.run().await?;
        self.confirm(&undo).await?;
        self.run().await?;
        self.job(&undo).await
    }

    /// A job as a client sees it. Checks invariant 1 each time.
    ///
    /// # Panics
    /// When the counts do not add up, or the version shrank.
    pub async fn job(&self, id: &JobId) -> Result<Job, Error> {
        let job = progress::job(&self.ports, &self.user, id).await?;
        assert_eq!(
            job.counts.total(),
            job.total,
            "invariant 1: {:?} of {}",
            job.counts,
            job.total
        );
        let mut seen = lock(&self.seen);
        let last = seen.insert(id.clone(), job.version).unwrap_or(0);
        assert!(
            job.version >= last,
            "invariant 1: version {} after {last}",
            job.version
        );
        Ok(job)
    }

    /// Handles one message whose time has come. Says whether there was one. A message that fails is
    /// not acknowledged.
    pub async fn step(&self) -> Result<bool, Error> {
        let Some(delivery) = self.queue.receive() else {
            return Ok(false);
        };
        let deadline = self.clock.now() + SignedDuration::from_secs(30);
        work::handle(&self.ports, &delivery.message, deadline).await?;
        self.queue.ack(delivery.receipt);
        Ok(true)
    }

    /// Handles messages, letting time pass to the next one, until there is none.
    ///
    /// # Panics
    /// When there are more deliveries than any scenario needs.
    pub async fn run(&self) -> Result<(), Error> {
        for _ in 0..DELIVERIES_MOST {
            if !self.step().await? {
                match self.queue.next_at() {
                    Some(at) => self.clock.set(at.max(self.clock.now())),
                    None => return self.deliver().await,
                }
            }
        }
        panic!("invariant 4: the job goes in circles");
    }

    /// Hands what happened to whoever reads it, as the sweep does.
    pub async fn deliver(&self) -> Result<(), Error> {
        outbox::deliver(&self.ports, &names::news(&self.user), Timestamp::MAX).await
    }

    /// The table is put back from a backup, long after whoever worked when that was made. What was queued and seen
    /// is forgotten.
    pub fn put_back(&self, backup: Vec<Row>) {
        self.clock.advance(Duration::from_secs(3600));
        self.table.put_back(backup);
        self.queue.clear();
        lock(&self.seen).clear();
    }

    /// Lets a minute pass and sweeps.
    pub async fn sweep(&self) -> Result<(), Error> {
        self.clock.advance(Duration::from_secs(60));
        self.swept().await.map(|_| ())
    }

    /// Sweeps now, with a minute's time.
    pub async fn swept(&self) -> Result<Swept, Error> {
        let deadline = self.clock.now() + SignedDuration::from_mins(1);
        sweep(&self.ports, Holders::Alive, deadline).await
    }

    /// Like [`Stage::run`], but a process that died is replaced: failed messages come again, and the
    /// sweep asks for what was lost, until the job has ended.
    ///
    /// # Panics
    /// When it does not end (invariant 4).
    pub async fn run_to_end(&self, id: &JobId) -> Job {
        for _ in 0..100 {
            let _ = self.run().await;
            let job = self
                .job(id)
                .await
                .unwrap_or_else(|error| panic!("the job cannot be read: {error}"));
            if job.state.is_ended() || job.state == State::Draft {
                return job;
            }
            let _ = self.sweep().await;
        }
        let job = self.job(id).await;
        panic!("invariant 4: the job does not end: {job:?}");
    }
}
