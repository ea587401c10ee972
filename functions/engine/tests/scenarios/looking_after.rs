//! What a sweep does with each thing that it looks at: when exactly, and with nothing besides.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bulkhead_engine::jobs::{control, draft};
use bulkhead_engine::ports::{Expect, Message, Row, Table, TableError, Write};
use bulkhead_engine::records::store::load_job_with_chunks;
use bulkhead_engine::records::{ChunkRecord, Hold, LAPSES_MOST, names};
use bulkhead_engine::sweep::{Holders, Swept, sweep};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;
use jiff::SignedDuration;

use super::restarts::{dies_at, waiting};
use super::{fused, options, stage};

/// The shortest time there is.
const MOMENT: SignedDuration = SignedDuration::from_nanos(1);

/// Sweeps now, with this much time.
async fn swept_for(stage: &Stage, holders: Holders, time: SignedDuration) -> Swept {
    let deadline = stage.ports.clock.now() + time;
    sweep(&stage.ports, holders, deadline).await.unwrap()
}

async fn row(stage: &Stage, id: &JobId) -> Row {
    stage.table.get(&names::job(id)).await.unwrap().unwrap()
}

async fn put(stage: &Stage, row: Row) {
    let write = Write::Put(row, Expect::Anything);
    stage.table.write(vec![write]).await.unwrap();
}

async fn chunks(stage: &Stage, id: &JobId) -> Vec<ChunkRecord> {
    let state = load_job_with_chunks(stage.table.as_ref(), id).await;
    let chunks = state.unwrap().unwrap().chunks.into_iter();
    chunks.map(|chunk| chunk.record).collect()
}

async fn chunk_version(stage: &Stage, id: &JobId) -> u64 {
    let row = stage.table.get(&names::chunk(id, 0)).await;
    row.unwrap().unwrap().version
}

fn one_lane() -> JobOptions {
    JobOptions {
        parallel_chunks: Some(1),
        ..options()
    }
}

/// A job that runs, has been quiet for a minute, and of which nothing is in the queue.
async fn quiet(mails: u64) -> (Stage, JobId) {
    let stage = stage(mails).await;
    let id = stage.archiving(options()).await.unwrap();
    stage.step().await.unwrap();
    stage.queue.clear();
    stage.clock.advance(Duration::from_secs(60));
    (stage, id)
}

#[test]
fn nothing_is_looked_at_once_ten_seconds_are_left_and_nothing_twice() {
    block_on(async {
        let (stage, _) = quiet(40).await;
        let ten = SignedDuration::from_secs(10);
        let late = swept_for(&stage, Holders::Alive, ten - MOMENT).await;
        let nothing = Swept {
            unfinished: true,
            ..Swept::default()
        };
        assert_eq!(late, nothing);
        let swept = swept_for(&stage, Holders::Alive, ten).await;
        assert_eq!((swept.jobs, swept.unfinished), (1, false));
        // It is due again in a while, and not now.
        let again = swept_for(&stage, Holders::Alive, ten).await;
        assert_eq!((again.jobs, again.unfinished), (0, false));
    });
}

#[test]
fn what_the_table_does_not_answer_now_stays_where_it_is_in_the_queue() {
    block_on(async {
        let (mut stage, id) = quiet(40).await;
        let whole = stage.ports.clone();
        let of_job = id.to_string();
        let busy = intercept::by(move |_, call| match call {
            Call::Range(span) if span.partition == of_job => Err(Failure::Unavailable),
            _ => Ok(()),
        });
        stage.ports.table = intercept::table(stage.table.clone(), &busy);
        let before = row(&stage, &id).await;
        assert_eq!(stage.swept().await.unwrap().failed, 1);
        assert_eq!(row(&stage, &id).await, before);
        stage.ports = whole;
        let swept = stage.swept().await.unwrap();
        assert_eq!((swept.jobs, swept.failed), (1, 0));
    });
}

#[test]
fn that_somebody_else_is_at_a_job_is_no_failure_of_the_sweep() {
    block_on(async {
        let (mut stage, id) = quiet(40).await;
        let of_job = id.to_string();
        let others = intercept::by(move |moment, call| {
            let is_job = |write: &Write| {
                let key = write.key();
                key.partition == of_job && key.sort == names::JOB
            };
            match (moment, call) {
                (Moment::BeforeEffect, Call::Write(writes)) if writes.iter().any(is_job) => {
                    Err(Failure::Table(TableError::Conflict))
                }
                _ => Ok(()),
            }
        });
        stage.ports.table = intercept::table(stage.table.clone(), &others);
        let before = row(&stage, &id).await;
        let swept = stage.swept().await.unwrap();
        assert_eq!((swept.jobs, swept.failed), (1, 0));
        assert_eq!(row(&stage, &id).await, before);
    });
}

/// What is in the job's row becomes something that nobody can read, due now.
async fn damage(stage: &Stage, whole: &Row) {
    let row = Row {
        body: b"{\"schema\":".to_vec(),
        due: Some(stage.ports.clock.now()),
        version: row_version(stage, whole).await,
        ..whole.clone()
    };
    put(stage, row).await;
}

async fn row_version(stage: &Stage, of: &Row) -> u64 {
    stage.table.get(&of.key).await.unwrap().unwrap().version
}

#[test]
fn what_could_not_be_looked_at_is_moved_back_and_in_the_end_forgiven() {
    let forgiven_after = SignedDuration::from_mins(2) + SignedDuration::from_hours(2);
    for (after, minutes) in [(forgiven_after - MOMENT, 4), (forgiven_after, 2)] {
        block_on(async {
            let (stage, id) = quiet(40).await;
            let whole = row(&stage, &id).await;
            let began = stage.ports.clock.now();
            damage(&stage, &whole).await;
            let version = row_version(&stage, &whole).await;
            assert_eq!(stage.swept().await.unwrap().failed, 1);
            let moved = stage.table.get(&whole.key).await.unwrap().unwrap();
            // Whoever read the row before notices that it was written.
            assert_eq!(moved.version, version + 1);
            assert_eq!(moved.due, Some(began + SignedDuration::from_mins(2)));
            // Meanwhile it could be read, and cannot again.
            stage.clock.set(began + after);
            damage(&stage, &whole).await;
            assert_eq!(stage.swept().await.unwrap().failed, 1);
            let moved = stage.table.get(&whole.key).await.unwrap().unwrap();
            let wait = SignedDuration::from_mins(minutes);
            assert_eq!(moved.due, Some(began + after + wait));
        });
    }
}

#[test]
fn what_waits_for_its_provider_is_not_woken_by_being_looked_at_too_early() {
    block_on(async {
        let (stage, id, until) = waiting().await;
        stage.queue.clear();
        let early = Row {
            due: Some(stage.ports.clock.now()),
            ..row(&stage, &id).await
        };
        put(&stage, early).await;
        assert_eq!(stage.swept().await.unwrap().jobs, 1);
        assert_eq!(stage.queue.pending(), 0);
        assert_eq!(stage.job(&id).await.unwrap().state, State::Paused);
        assert_eq!(row(&stage, &id).await.due, Some(until));
    });
}

#[test]
fn of_a_job_that_is_stopped_only_what_was_never_answered_is_asked_for_again() {
    block_on(async {
        let stage = stage(20).await;
        let id = stage.archiving(options()).await.unwrap();
        stage.step().await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        stage.step().await.unwrap();
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.queue.clear();
        let sent = stage.queue.sent();
        stage.sweep().await.unwrap();
        assert_eq!(stage.queue.sent() - sent, 1);
        let asked = stage.queue.receive().unwrap();
        let chunk = Message::Chunk {
            job: id.clone(),
            chunk: 1,
        };
        assert_eq!(asked.message, chunk);
        stage.queue.give_back(asked.receipt);
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(job.state, State::Cancelled);
        assert_eq!((job.counts.succeeded, job.counts.cancelled), (8, 12));
    });
}

#[test]
fn what_somebody_had_half_a_minute_ago_is_not_asked_for_again() {
    block_on(async {
        let stage = stage(16).await;
        stage.archiving(one_lane()).await.unwrap();
        stage.step().await.unwrap();
        stage.clock.advance(Duration::from_secs(25));
        stage.step().await.unwrap();
        let sent = stage.queue.sent();
        // The job has not been written for 35 seconds, and its lane was at work ten seconds ago.
        stage.clock.advance(Duration::from_secs(10));
        assert_eq!(stage.swept().await.unwrap().jobs, 1);
        assert_eq!(stage.queue.sent(), sent);
        stage.clock.advance(Duration::from_secs(60));
        assert_eq!(stage.swept().await.unwrap().jobs, 1);
        assert_eq!(stage.queue.sent(), sent + 1);
    });
}

/// What a sweep does with the events of this many drafts when the reading of a page of them takes this long:
/// how often it reads some.
async fn reads_events(stage: &mut Stage, takes: Duration) -> u32 {
    let reads = Arc::new(AtomicU32::new(0));
    let (counter, clock) = (reads.clone(), stage.clock.clone());
    let partition = names::news(&stage.user).partition;
    let by = intercept::by(move |moment, call| {
        let is_it = matches!(call, Call::Range(span) if span.partition == partition);
        if is_it && moment == Moment::BeforeEffect {
            counter.fetch_add(1, Ordering::SeqCst);
            clock.advance(takes);
        }
        Ok(())
    });
    let whole = stage.ports.clone();
    stage.ports.table = intercept::table(stage.table.clone(), &by);
    swept_for(stage, Holders::Alive, SignedDuration::from_mins(1)).await;
    stage.ports = whole;
    reads.load(Ordering::SeqCst)
}

#[test]
fn what_happened_is_told_until_ten_seconds_are_left_and_the_rest_by_the_next_sweep() {
    block_on(async {
        let mut stage = stage(1).await;
        for _ in 0..130 {
            let archive = Operation::Archive(Archive {});
            let request = stage.request(archive, Stage::inbox(), options());
            draft::create(&stage.ports, &stage.user, None, request, u32::MAX)
                .await
                .unwrap();
        }
        stage.queue.clear();
        // A hundred are read at once.
        assert_eq!(reads_events(&mut stage, Duration::from_secs(50)).await, 1);
        // The other thirty, and that there are no more.
        assert_eq!(reads_events(&mut stage, Duration::ZERO).await, 2);
        assert_eq!(reads_events(&mut stage, Duration::ZERO).await, 0);
    });
}

#[test]
fn a_chunk_whose_every_call_kills_its_worker_is_given_up_as_well() {
    block_on(async {
        let (stage, fuse) = fused(4).await;
        let id = stage.archiving(options()).await.unwrap();
        for died in 1..=LAPSES_MOST {
            // What the items are is stored by then, and the call begins; before that the first one begins the
            // job, and the others look what became of the call before.
            dies_at(&fuse, 6, stage.step()).await;
            let chunk = &chunks(&stage, &id).await[0];
            assert!(chunk.in_flight);
            let Hold::Leased { until } = chunk.hold else {
                panic!("nobody holds it");
            };
            stage.clock.set(until);
            stage.swept().await.unwrap();
            let given_up = chunks(&stage, &id).await[0].hold == Hold::Done;
            assert_eq!(given_up, died == LAPSES_MOST, "{died}");
        }
        // Nobody looks any more whether the last call did something.
        assert_eq!(stage.job(&id).await.unwrap().counts.uncertain, 4);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

#[test]
fn a_chunk_is_given_up_after_exactly_so_many_holders_that_died() {
    block_on(async {
        let (stage, fuse) = fused(4).await;
        let id = stage.archiving(options()).await.unwrap();
        for died in 1..=LAPSES_MOST {
            // Right after the claim; the first one begins the job before.
            dies_at(&fuse, if died == 1 { 4 } else { 2 }, stage.step()).await;
            let Hold::Leased { until } = chunks(&stage, &id).await[0].hold else {
                panic!("nobody holds it");
            };
            stage.clock.set(until);
            let version = chunk_version(&stage, &id).await;
            stage.swept().await.unwrap();
            // Whoever held it, and may only sleep, stores nothing more.
            assert_eq!(
                chunk_version(&stage, &id).await - version,
                1 + u64::from(died == LAPSES_MOST) * 2
            );
            let chunk = &chunks(&stage, &id).await[0];
            let given_up = died == LAPSES_MOST;
            assert_eq!(chunk.hold == Hold::Done, given_up, "{died}");
            if !given_up {
                assert_eq!((chunk.hold, chunk.lapses), (Hold::Free, died));
            }
        }
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.failed), (State::Failed, 4));
    });
}
