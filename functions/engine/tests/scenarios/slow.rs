//! Providers that take their time: calls of a size that they manage, cut when a worker's time is over.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_engine::jobs::control;
use bulkhead_engine::ports::Table;
use bulkhead_engine::records::store::load_job_with_chunks;
use bulkhead_engine::testing::intercept::{self, Call, Failure, Interceptor};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Export, ExportFormat, MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::Counts;
use futures::executor::block_on;

/// A provider that does so many items in ten seconds, half of them before the change is seen.
struct Slow {
    clock: Arc<ManualClock>,
    in_ten_seconds: u32,
    /// Items of each call that changed some.
    sizes: Mutex<Vec<usize>>,
}

impl Slow {
    async fn take(&self, items: usize) {
        for _ in 0..items {
            self.clock
                .advance(Duration::from_secs(5) / self.in_ten_seconds);
            once_around().await;
        }
    }

    fn sizes(&self) -> Vec<usize> {
        std::mem::take(&mut self.sizes.lock().unwrap())
    }
}

/// Lets others have their turn.
async fn once_around() {
    let mut went = false;
    poll_fn(|context| {
        if std::mem::replace(&mut went, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[async_trait]
impl Interceptor for Slow {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        match call {
            Call::Change(items) => {
                if moment == Moment::BeforeEffect {
                    self.sizes.lock().unwrap().push(*items);
                }
                self.take(*items).await;
            }
            Call::Reconcile(items) | Call::Fetch(items) => self.take(*items).await,
            _ => {}
        }
        Ok(())
    }
}

/// A mailbox whose provider takes 1,000 mails in a call, and does so many in ten seconds.
async fn slow(mails: u64, in_ten_seconds: u32) -> (Stage, Arc<Slow>) {
    let mailbox = MemoryMailbox::new(mails).in_chunks_of(1_000);
    let mailbox = mailbox.with(|abilities| {
        abilities.call_items = 1_000;
        abilities.batch_size = 1_000;
    });
    let mut stage = Stage::new(mailbox).await.unwrap();
    let slow = Arc::new(Slow {
        clock: stage.clock.clone(),
        in_ten_seconds,
        sizes: Mutex::default(),
    });
    let by: Arc<dyn Interceptor> = slow.clone();
    stage.ports.connectors = intercept::connectors(stage.ports.connectors.clone(), &by);
    (stage, slow)
}

fn all_done(mails: u64) -> Counts {
    Counts {
        succeeded: mails,
        ..Counts::default()
    }
}

#[test]
fn a_server_that_moves_ten_mails_a_second_ends_a_job_of_5_000_and_none_is_uncertain() {
    block_on(async {
        let (stage, slow) = slow(5_000, 100).await;
        let job = stage.archived(JobOptions::default()).await.unwrap();
        assert_eq!((job.state, job.counts), (State::Completed, all_done(5_000)));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
        let sizes = slow.sizes();
        let small = sizes.iter().rev().take(sizes.len() / 2).max();
        assert!(small.is_some_and(|size| *size <= 40), "{sizes:?}");

        // What was learned is kept with the account: the next job begins with it.
        let read = Operation::MarkRead(MarkRead {});
        let some = stage.these(1..=200);
        let job = stage.complete(read, some, JobOptions::default()).await;
        assert_eq!(job.unwrap().counts, all_done(200));
        let sizes = slow.sizes();
        assert!(sizes.iter().all(|size| *size <= 40), "{sizes:?}");
    });
}

#[test]
fn what_a_job_cost_at_its_server_is_counted() {
    block_on(async {
        let (stage, slow) = slow(100, 1_000).await;
        let job = stage.archived(JobOptions::default()).await.unwrap();
        let called = job.called.unwrap();
        let changing = slow.sizes().len() as u64;
        assert_eq!(called.calls, 1 + changing, "they are read at once");
        assert_eq!(
            called.milliseconds, 1_000,
            "each is moved in 10 ms, and reading them takes no time here"
        );
        let undone = stage.undo(&job.id).await.unwrap();
        assert!(
            undone.called.unwrap().calls > 1,
            "an undo is a job of its own"
        );
    });
}

#[test]
fn a_job_that_never_came_to_its_server_cost_nothing_there() {
    block_on(async {
        let (stage, _) = slow(100, 1_000).await;
        let id = stage.archiving(JobOptions::default()).await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().called, None);
        let cancelled = control::cancel(&stage.ports, &stage.user, &id);
        cancelled.await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.counts.cancelled, job.called), (100, None));
    });
}

#[test]
fn a_server_that_does_three_mails_in_ten_seconds_comes_to_an_end_too() {
    block_on(async {
        let (stage, _) = slow(60, 3).await;
        let read = Operation::MarkRead(MarkRead {});
        let job = stage
            .complete(read, Stage::inbox(), JobOptions::default())
            .await
            .unwrap();
        assert_eq!((job.state, job.counts), (State::Completed, all_done(60)));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

#[test]
fn a_fast_server_is_asked_for_as_much_as_it_takes() {
    block_on(async {
        let (stage, slow) = slow(4_000, 1_000_000).await;
        let job = stage.archived(JobOptions::default()).await.unwrap();
        assert_eq!(job.counts, all_done(4_000));
        assert_eq!(slow.sizes().iter().max(), Some(&1_000));
    });
}

#[test]
fn an_export_is_never_cut_in_the_middle_of_a_mail() {
    block_on(async {
        let (stage, _) = slow(300, 20).await;
        let export = Operation::Export(Export {
            format: ExportFormat::Mbox,
        });
        let job = stage
            .complete(export, Stage::inbox(), JobOptions::default())
            .await
            .unwrap();
        assert_eq!((job.state, job.counts), (State::Completed, all_done(300)));
    });
}

/// The same where the worker's function is ended and cannot cut anything itself.
#[test]
fn the_next_worker_asks_for_less_where_the_last_one_died_of_a_call() {
    for is_swept in [false, true] {
        block_on(async {
            let (stage, slow) = slow(100, 100).await;
            let id = stage
                .draft(
                    Operation::Archive(Archive {}),
                    Stage::inbox(),
                    JobOptions::default(),
                )
                .await
                .unwrap();
            stage.confirm(&id).await.unwrap();
            // Ended in the middle of its first call.
            {
                let mut working = Box::pin(stage.step());
                for _ in 0..20 {
                    let polled = futures::poll!(&mut working);
                    assert!(polled.is_pending());
                }
            }
            let first = slow.sizes();
            if is_swept {
                // Its lease is taken away before the message comes again.
                stage.queue.clear();
                stage.sweep().await.unwrap();
            }
            let job = stage.run_to_end(&id).await;
            assert_eq!((job.state, job.counts), (State::Completed, all_done(100)));
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
            let then = slow.sizes();
            assert!(then.iter().max() < first.iter().max(), "{first:?} {then:?}");
        });
    }
}

/// A provider that takes two seconds for each change; and what was stored of the job's first chunk when it began.
struct Watched {
    clock: Arc<ManualClock>,
    table: Arc<dyn Table>,
    job: JobId,
    stored: Mutex<Vec<u64>>,
}

#[async_trait]
impl Interceptor for Watched {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        if moment == Moment::BeforeEffect && matches!(call, Call::Change(_)) {
            let state = load_job_with_chunks(self.table.as_ref(), &self.job).await;
            let stored = state.unwrap().unwrap().chunks[0].record.counts.ended();
            self.stored.lock().unwrap().push(stored);
            self.clock.advance(Duration::from_secs(2));
        }
        Ok(())
    }
}

#[test]
fn how_far_a_chunk_is_that_takes_long_is_seen_while_it_is_worked_on() {
    block_on(async {
        let mailbox = MemoryMailbox::new(16).in_chunks_of(16);
        let mut stage = Stage::new(mailbox).await.unwrap();
        let one_lane = JobOptions {
            parallel_chunks: Some(1),
            ..JobOptions::default()
        };
        let watched = Arc::new(Watched {
            clock: stage.clock.clone(),
            table: stage.ports.table.clone(),
            job: stage.archiving(one_lane).await.unwrap(),
            stored: Mutex::default(),
        });
        let by: Arc<dyn Interceptor> = watched.clone();
        stage.ports.connectors = intercept::connectors(stage.ports.connectors.clone(), &by);
        stage.step().await.unwrap();
        // Four in a call, and each time all of the calls before.
        assert_eq!(*watched.stored.lock().unwrap(), [0, 4, 8, 12]);
    });
}
