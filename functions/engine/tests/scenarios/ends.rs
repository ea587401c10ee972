//! How chunks and jobs end where something else happens in that moment: somebody stops or holds them, dies, or
//! finds records that cannot be read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, control, draft};
use bulkhead_engine::ports::{Expect, Message, Ports, Table, Write};
use bulkhead_engine::records::store::load_job_with_chunks;
use bulkhead_engine::records::{ChunkRecord, Hold, names};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work::{self, Buried};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;
use jiff::SignedDuration;

use super::by_hand::{meanwhile, writes_a_job};
use super::restarts::dies_at;
use super::{fused, options, stage};

async fn chunks(ports: &Ports, id: &JobId) -> Vec<ChunkRecord> {
    let state = load_job_with_chunks(ports.table.as_ref(), id).await;
    let chunks = state.unwrap().unwrap().chunks.into_iter();
    chunks.map(|chunk| chunk.record).collect()
}

fn message(job: &JobId, chunk: u32) -> Message {
    let job = job.clone();
    Message::Chunk { job, chunk }
}

async fn handle(ports: &Ports, job: &JobId, chunk: u32) -> Result<(), Error> {
    let deadline = ports.clock.now() + SignedDuration::from_secs(30);
    work::handle(ports, &message(job, chunk), deadline).await
}

/// These ports, where calls of which `is_it` says so meet trouble of the moment: the first so many.
fn busy(
    ports: &Ports,
    times: u32,
    is_it: impl Fn(&Call<'_>) -> bool + Send + Sync + 'static,
) -> Ports {
    let met = AtomicU32::new(0);
    let by = intercept::by(move |moment, call| {
        let fails = moment == Moment::BeforeEffect && is_it(call);
        match fails && met.fetch_add(1, Ordering::SeqCst) < times {
            true => Err(Failure::Unavailable),
            false => Ok(()),
        }
    });
    intercept::ports(ports, &by)
}

#[test]
fn a_job_that_is_stopped_ends_once_nobody_holds_anything_of_it() {
    block_on(async {
        let (stage, fuse) = fused(8).await;
        let id = stage.archiving(options()).await.unwrap();
        dies_at(&fuse, 4, stage.step()).await;
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let Hold::Leased { until } = chunks(&stage.ports, &id).await[0].hold else {
            panic!("nobody holds it");
        };
        stage.clock.set(until - SignedDuration::from_nanos(1));
        handle(&stage.ports, &id, 1).await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelling);
        stage.clock.set(until);
        // The message of a chunk that nobody began is enough.
        handle(&stage.ports, &id, 1).await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.cancelled), (State::Cancelled, 8));
        // Whoever held the other one, and may only sleep, stores nothing more.
        let chunk = &chunks(&stage.ports, &id).await[0];
        assert_eq!((chunk.hold, chunk.lapses), (Hold::Free, 1));
    });
}

#[test]
fn a_job_that_is_stopped_ends_with_the_message_of_a_chunk_that_was_done_before() {
    block_on(async {
        let stage = stage(12).await;
        let id = stage.archiving(options()).await.unwrap();
        handle(&stage.ports, &id, 0).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        handle(&stage.ports, &id, 1).await.unwrap();
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.queue.clear();
        stage.clock.advance(Duration::from_secs(60));
        // Whoever finds out about the other one cannot end the job.
        let ports = busy(&stage.ports, u32::MAX, writes_a_job);
        assert!(handle(&ports, &id, 1).await.is_err());
        assert_eq!(chunks(&stage.ports, &id).await[1].hold, Hold::Done);
        assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelling);
        handle(&stage.ports, &id, 0).await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Cancelled, 8));
    });
}

#[test]
fn a_job_that_somebody_holds_in_the_moment_in_which_it_ends_has_ended() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage.archiving(options()).await.unwrap();
        handle(&stage.ports, &id, 0).await.unwrap();
        let (user, held) = (stage.user.clone(), id.clone());
        let ports = meanwhile(&stage, writes_a_job, move |ports| {
            block_on(control::pause(ports, &user, &held)).unwrap();
        });
        handle(&ports, &id, 1).await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
    });
}

#[test]
fn an_end_that_cannot_be_stored_now_comes_with_the_same_message_again() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage.archiving(options()).await.unwrap();
        handle(&stage.ports, &id, 0).await.unwrap();
        let ports = busy(&stage.ports, 1, writes_a_job);
        let error = handle(&ports, &id, 1).await.unwrap_err();
        assert!(error.is_passing());
        assert_eq!(stage.job(&id).await.unwrap().state, State::Running);
        handle(&ports, &id, 1).await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Completed);
    });
}

#[test]
fn a_failure_stops_a_job_that_somebody_holds_in_that_moment() {
    block_on(async {
        let stage = stage(8).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = [1].into_iter().collect());
        let careful = JobOptions {
            stop_on_error: Some(true),
            parallel_chunks: Some(1),
            ..options()
        };
        let id = stage.archiving(careful).await.unwrap();
        let (ports, user, held) = (stage.ports.clone(), stage.user.clone(), id.clone());
        stage.mailbox.interrupt(0, Moment::AfterEffect, move || {
            thread::spawn(move || block_on(control::pause(&ports, &user, &held)))
                .join()
                .unwrap()
                .unwrap();
        });
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        let why = Some(StateReason::StopOnError);
        assert_eq!((job.state, job.reason), (State::Failed, why));
    });
}

#[test]
fn a_chunk_whose_items_cannot_be_read_ends_by_its_count_and_a_busy_table_ends_none() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage.archiving(options()).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        handle(&stage.ports, &id, 0).await.unwrap();
        stage.clock.advance(Duration::from_secs(120));
        let key = names::chunk(&id, 0);
        let (before, poison) = (stage.table.get(&key).await.unwrap(), message(&id, 0));
        let read = key.clone();
        let ports = busy(
            &stage.ports,
            1,
            move |call| matches!(call, Call::Get(key) if **key == read),
        );
        assert_eq!(work::receive_dead(&ports, &poison).await, Buried::Left);
        assert_eq!(stage.table.get(&key).await.unwrap(), before);
        let state = load_job_with_chunks(stage.table.as_ref(), &id).await;
        let generation = state.unwrap().unwrap().job.record.generation;
        let gone = Write::Delete(names::manifest(&id, generation, 0), Expect::Anything);
        stage.table.write(vec![gone]).await.unwrap();
        assert_eq!(work::receive_dead(&ports, &poison).await, Buried::Ended);
        let row = stage.table.get(&key).await.unwrap().unwrap();
        // Once for the claim, and once for the end.
        assert_eq!(row.version, before.unwrap().version + 2);
        let chunk = &chunks(&stage.ports, &id).await[0];
        assert_eq!((chunk.hold, chunk.in_flight), (Hold::Done, false));
        assert_eq!(chunk.updated_at, stage.ports.clock.now());
        assert_eq!(chunk.counts.uncertain, 4);
    });
}

#[test]
fn a_plan_whose_message_came_too_often_fails_once() {
    block_on(async {
        let stage = stage(8).await;
        let archive = Operation::Archive(Archive {});
        let request = stage.request(archive, Stage::inbox(), options());
        let drafted = draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS);
        let id = drafted.await.unwrap();
        let plan = Message::Plan { job: id.clone() };
        assert_eq!(work::receive_dead(&stage.ports, &plan).await, Buried::Ended);
        let job = stage.job(&id).await.unwrap();
        let why = Some(StateReason::PlanFailed);
        assert_eq!((job.state, job.reason), (State::Failed, why));
        let again = work::receive_dead(&stage.ports, &plan).await;
        assert_eq!(again, Buried::Nothing);
    });
}

#[test]
fn what_failed_can_be_tried_again_for_as_long_as_its_outcomes_are_kept() {
    block_on(async {
        let stage = stage(8).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = [3].into_iter().collect());
        let job = stage.archived(options()).await.unwrap();
        let ended = stage.ports.clock.now();
        let kept = SignedDuration::from_hours(limits::RESULT_HOURS);
        let retry = || children::retry(&stage.ports, &stage.user, &job.id, limits::OPEN_JOBS);
        stage
            .clock
            .set(ended + kept - SignedDuration::from_nanos(1));
        assert!(retry().await.is_ok());
        stage.clock.set(ended + kept);
        let gone = retry().await;
        assert!(matches!(gone, Err(Error::Gone)), "{gone:?}");
    });
}

#[test]
fn a_chunk_that_takes_long_is_stored_each_second_and_one_that_does_not_once() {
    for (seconds, stored) in [(0, 0), (2, 8)] {
        block_on(async {
            let mailbox = MemoryMailbox::new(20).in_chunks_of(20);
            let mut stage = Stage::new(mailbox).await.unwrap();
            let one_lane = JobOptions {
                parallel_chunks: Some(1),
                ..options()
            };
            let id = stage.archiving(one_lane).await.unwrap();
            // What is stored of it when the fourth of five calls begins.
            let (calls, seen) = (AtomicU32::new(0), Arc::new(AtomicU64::new(u64::MAX)));
            let (others, job, clock) = (stage.ports.clone(), id.clone(), stage.clock.clone());
            let noted = seen.clone();
            let by = intercept::by(move |moment, call| {
                if moment == Moment::BeforeEffect && matches!(call, Call::Change(_)) {
                    if calls.fetch_add(1, Ordering::SeqCst) == 3 {
                        let read = || block_on(chunks(&others, &job))[0].counts.succeeded;
                        let read = thread::scope(|scope| scope.spawn(read).join().unwrap());
                        noted.store(read, Ordering::SeqCst);
                    }
                    clock.advance(Duration::from_secs(seconds));
                }
                Ok(())
            });
            stage.ports = intercept::ports(&stage.ports, &by);
            handle(&stage.ports, &id, 0).await.unwrap();
            let seen = seen.load(Ordering::SeqCst);
            assert!(seen >= stored && seen <= stored + 4, "{seen}");
            assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 20);
        });
    }
}

#[test]
fn what_is_tried_again_is_seen_as_it_is_now() {
    block_on(async {
        let stage = stage(8).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = [3].into_iter().collect());
        let job = stage.archived(options()).await.unwrap();
        // What somebody did before the retry was asked for is no drift of the retry.
        stage.mailbox.act(3, |place| {
            place.flags.insert("theirs".into());
        });
        let retry = children::retry(&stage.ports, &stage.user, &job.id, limits::OPEN_JOBS);
        let retry = retry.await.unwrap();
        stage.run().await.unwrap();
        stage.mailbox.act(8, |place| {
            place.flags.insert("theirs".into());
        });
        stage.confirm(&retry).await.unwrap();
        assert_eq!(stage.job(&retry).await.unwrap().state, State::Queued);
    });
}
