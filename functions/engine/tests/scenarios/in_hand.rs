//! A chunk in a worker's hands: from when until when, how often it looks up from its work, and what it leaves
//! behind.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulkhead_engine::ports::{CallError, Fact, Message, Table};
use bulkhead_engine::records::store::load_job_with_chunks;
use bulkhead_engine::records::{ChunkRecord, Hold, names};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::{fused, options, stage};

async fn chunks(stage: &Stage, id: &JobId) -> Vec<ChunkRecord> {
    let state = load_job_with_chunks(stage.table.as_ref(), id).await;
    let chunks = state.unwrap().unwrap().chunks.into_iter();
    chunks.map(|chunk| chunk.record).collect()
}

fn message(job: &JobId, chunk: u32) -> Message {
    let job = job.clone();
    Message::Chunk { job, chunk }
}

/// Handles a message of a chunk, as if it came just now.
async fn handle(stage: &Stage, job: &JobId, chunk: u32) {
    let deadline = stage.ports.clock.now() + SignedDuration::from_secs(30);
    work::handle(&stage.ports, &message(job, chunk), deadline)
        .await
        .unwrap();
}

/// Counts the calls of which `is_it` says so.
pub(super) fn counting(
    stage: &mut Stage,
    is_it: impl Fn(&Call<'_>) -> bool + Send + Sync + 'static,
) -> Arc<AtomicU32> {
    let calls = Arc::new(AtomicU32::new(0));
    let counter = calls.clone();
    let by = intercept::by(move |moment, call| {
        let counts = moment == Moment::BeforeEffect && is_it(call);
        counter.fetch_add(u32::from(counts), Ordering::SeqCst);
        Ok(())
    });
    stage.ports = intercept::ports(&stage.ports, &by);
    calls
}

/// The provider's next change is answered like this, and nothing happened.
fn answers(stage: &mut Stage, until: Option<Timestamp>) {
    let asked = AtomicU32::new(0);
    let by = intercept::by(move |moment, call| {
        let change = moment == Moment::BeforeEffect && matches!(call, Call::Change(_));
        match change && asked.fetch_add(1, Ordering::SeqCst) == 0 {
            true => Err(Failure::Call(CallError::Throttled { until })),
            false => Ok(()),
        }
    });
    stage.ports = intercept::ports(&stage.ports, &by);
}

#[test]
fn a_chunk_is_its_workers_until_a_little_after_the_deadline_and_then_anybodys() {
    block_on(async {
        let (stage, fuse) = fused(4).await;
        let id = stage.archiving(options()).await.unwrap();
        let began = stage.ports.clock.now();
        fuse.blow_at(4);
        let _ = stage.step().await;
        fuse.replace();
        // The worker had 30 seconds.
        let until = began + SignedDuration::from_secs(35);
        assert_eq!(chunks(&stage, &id).await[0].hold, Hold::Leased { until });
        stage.clock.set(until - SignedDuration::from_nanos(1));
        handle(&stage, &id, 0).await;
        assert_eq!(chunks(&stage, &id).await[0].hold, Hold::Leased { until });
        stage.clock.set(until);
        handle(&stage, &id, 0).await;
        assert_eq!(chunks(&stage, &id).await[0].hold, Hold::Done);
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 4);
    });
}

#[test]
fn the_time_of_a_chunk_is_told_from_its_claim() {
    block_on(async {
        let stage = stage(4).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.flaky = [(1, 2)].into_iter().collect());
        let began = stage.ports.clock.now();
        let patient = JobOptions {
            max_retries: Some(2),
            ..options()
        };
        stage.archived(patient).await.unwrap();
        // It waited between its attempts, and no attempt took any time.
        assert!(stage.ports.clock.now() > began);
        let facts = stage.meter.facts();
        let took = facts.iter().filter_map(|fact| match fact {
            Fact::ChunkWorked { took, .. } => Some(*took),
            _ => None,
        });
        assert_eq!(took.collect::<Vec<_>>(), [SignedDuration::ZERO; 3]);
    });
}

#[test]
fn while_no_time_passes_a_worker_looks_up_once_and_otherwise_each_tenth_of_a_second() {
    // Before the claim, and before the first of five calls; or before each of them.
    for (millis, expected) in [(0, 2), (99, 4), (100, 6)] {
        block_on(async {
            let mailbox = MemoryMailbox::new(40).in_chunks_of(40);
            let mut stage = Stage::new(mailbox).await.unwrap();
            let id = stage.archiving(options()).await.unwrap();
            let clock = stage.clock.clone();
            let by = intercept::by(move |moment, call| {
                if moment == Moment::BeforeEffect && matches!(call, Call::Change(_)) {
                    clock.advance(Duration::from_millis(millis));
                }
                Ok(())
            });
            stage.ports = intercept::ports(&stage.ports, &by);
            let key = names::wait(&stage.account);
            let looks = counting(
                &mut stage,
                move |call| matches!(call, Call::Get(read) if **read == key),
            );
            handle(&stage, &id, 0).await;
            assert_eq!(chunks(&stage, &id).await[0].counts.succeeded, 20);
            assert_eq!(looks.load(Ordering::SeqCst), expected, "{millis}");
        });
    }
}

#[test]
fn with_less_than_five_seconds_left_a_worker_makes_the_first_call_and_no_other() {
    let five = SignedDuration::from_secs(5);
    let moment = SignedDuration::from_nanos(1);
    for (left, done) in [(five, 20), (five - moment, 4)] {
        block_on(async {
            let mailbox = MemoryMailbox::new(20).in_chunks_of(20);
            let stage = Stage::new(mailbox).await.unwrap();
            let one_lane = JobOptions {
                parallel_chunks: Some(1),
                ..options()
            };
            let id = stage.archiving(one_lane).await.unwrap();
            let deadline = stage.ports.clock.now() + left;
            work::handle(&stage.ports, &message(&id, 0), deadline)
                .await
                .unwrap();
            assert_eq!(chunks(&stage, &id).await[0].counts.succeeded, done);
            stage.run().await.unwrap();
            let job = stage.job(&id).await.unwrap();
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 20));
        });
    }
}

#[test]
fn what_a_worker_has_no_time_left_to_look_for_is_looked_for_by_the_next_one_and_nothing_twice() {
    block_on(async {
        let mailbox = MemoryMailbox::new(20).in_chunks_of(20);
        let mut stage = Stage::new(mailbox).await.unwrap();
        let one_lane = JobOptions {
            parallel_chunks: Some(1),
            ..options()
        };
        let id = stage.archiving(one_lane).await.unwrap();
        // Nothing happened to the first four, and all twenty were about to be changed.
        stage.mailbox.trouble(|trouble| trouble.break_off = 1);
        stage.step().await.unwrap();
        stage.clock.set(stage.queue.next_at().unwrap());
        let looked_for = Arc::new(AtomicUsize::new(0));
        let items = looked_for.clone();
        let by = intercept::by(move |moment, call| {
            if let (Moment::BeforeEffect, Call::Reconcile(some)) = (moment, call) {
                items.fetch_add(*some, Ordering::SeqCst);
            }
            Ok(())
        });
        stage.ports = intercept::ports(&stage.ports, &by);
        // However little time there is, four are looked for.
        let soon = stage.ports.clock.now() + SignedDuration::from_secs(1);
        work::handle(&stage.ports, &message(&id, 0), soon)
            .await
            .unwrap();
        assert_eq!(looked_for.load(Ordering::SeqCst), 4);
        assert_eq!(chunks(&stage, &id).await[0].counts.ended(), 0);
        // The first four had their turn, and have another one.
        handle(&stage, &id, 0).await;
        assert_eq!(chunks(&stage, &id).await[0].counts.succeeded, 16);
        stage.run().await.unwrap();
        assert_eq!(chunks(&stage, &id).await[0].counts.succeeded, 20);
        assert_eq!(looked_for.load(Ordering::SeqCst), 20);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

#[test]
fn an_early_message_of_a_chunk_between_two_batches_begins_nothing_beside_it() {
    block_on(async {
        let mailbox = MemoryMailbox::new(16).in_chunks_of(8);
        let stage = Stage::new(mailbox).await.unwrap();
        let apart = JobOptions {
            batch_size: Some(4),
            parallel_chunks: Some(1),
            delay_between_batches: Some(10.0),
            ..options()
        };
        let id = stage.archiving(apart).await.unwrap();
        for batch in 1..=4 {
            while stage.step().await.unwrap() {}
            assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 4 * batch);
            handle(&stage, &id, 0).await;
            if let Some(at) = stage.queue.next_at() {
                stage.clock.set(at);
            }
        }
        assert_eq!(stage.job(&id).await.unwrap().state, State::Completed);
    });
}

#[test]
fn of_a_chunk_that_nobody_had_nothing_is_read_but_its_items() {
    block_on(async {
        let mut stage = stage(4).await;
        let id = stage.archiving(options()).await.unwrap();
        let kept = [
            names::outcomes(&id, 0),
            names::prior(&id, 0),
            names::after(&id, 0),
        ];
        let reads = counting(
            &mut stage,
            move |call| matches!(call, Call::Get(read) if kept.contains(read)),
        );
        handle(&stage, &id, 0).await;
        assert_eq!(reads.load(Ordering::SeqCst), 0);
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 4);
    });
}

#[test]
fn while_the_provider_is_waited_for_nobody_opens_the_account_and_no_job_is_held() {
    block_on(async {
        let mut stage = stage(8).await;
        let read = Operation::MarkRead(MarkRead {});
        let archive = Operation::Archive(Archive {});
        let draft = async |operation| stage.draft(operation, Stage::inbox(), options()).await;
        let (first, second) = (draft(archive).await.unwrap(), draft(read).await.unwrap());
        for id in [&first, &second] {
            stage.confirm(id).await.unwrap();
        }
        stage.queue.clear();
        let until = stage.ports.clock.now() + SignedDuration::from_secs(120);
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        handle(&stage, &first, 0).await;
        stage.queue.clear();
        let opened = counting(&mut stage, |call| matches!(call, Call::Open));
        handle(&stage, &second, 0).await;
        assert_eq!(opened.load(Ordering::SeqCst), 0);
        assert_eq!(chunks(&stage, &second).await, []);
        assert_eq!(stage.job(&second).await.unwrap().state, State::Running);
        assert_eq!(stage.queue.next_at(), Some(until));
    });
}

#[test]
fn a_provider_that_names_no_time_or_one_that_is_over_is_asked_again_soon() {
    let hour = SignedDuration::from_hours(1);
    let (half_a_minute, tenth) = (
        SignedDuration::from_secs(30),
        SignedDuration::from_millis(100),
    );
    for (named, wait) in [(None, half_a_minute), (Some(-hour), tenth)] {
        block_on(async {
            let mut stage = stage(4).await;
            let id = stage.archiving(options()).await.unwrap();
            let now = stage.ports.clock.now();
            answers(&mut stage, named.map(|named| now + named));
            stage.step().await.unwrap();
            let until = now + wait;
            let why = Some(StateReason::WaitingForProvider { until });
            assert_eq!(stage.job(&id).await.unwrap().reason, why);
            // Whoever else wants something of this provider reads it, until then at least.
            let row = stage.table.get(&names::wait(&stage.account)).await;
            let expires = row.unwrap().unwrap().expires;
            assert!(expires.is_some_and(|expires| expires > until));
            // Nothing was done, so there is nothing to look for.
            let looks = counting(&mut stage, |call| matches!(call, Call::Reconcile(_)));
            stage.run().await.unwrap();
            assert_eq!(looks.load(Ordering::SeqCst), 0);
            assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 4);
            assert_eq!(stage.ports.clock.now(), until);
        });
    }
}

#[test]
fn a_worker_that_another_ones_wait_stops_comes_back_when_that_is_over() {
    block_on(async {
        // Two calls a chunk, in two lanes. While the first one is in its first call, the second is asked to wait.
        let mailbox = MemoryMailbox::new(16).in_chunks_of(8);
        let stage = Stage::new(mailbox).await.unwrap();
        let id = stage.archiving(options()).await.unwrap();
        stage.queue.clear();
        let until = stage.ports.clock.now() + SignedDuration::from_secs(120);
        let (others, mailbox) = (stage.ports.clone(), stage.mailbox.clone());
        let (clock, second) = (stage.clock.clone(), message(&id, 1));
        stage.mailbox.interrupt(0, Moment::AfterEffect, move || {
            mailbox.trouble(|trouble| trouble.throttle = Some((1, until)));
            let deadline = others.clock.now() + SignedDuration::from_secs(30);
            std::thread::spawn(move || block_on(work::handle(&others, &second, deadline)))
                .join()
                .unwrap()
                .unwrap();
            clock.advance(Duration::from_secs(1));
        });
        handle(&stage, &id, 0).await;
        let held = stage.job(&id).await.unwrap();
        let why = Some(StateReason::WaitingForProvider { until });
        assert_eq!((held.state, held.reason), (State::Paused, why));
        assert_eq!(chunks(&stage, &id).await[0].counts.succeeded, 4);
        // Both are asked for again.
        assert_eq!(stage.queue.pending(), 2);
        assert_eq!(stage.queue.next_at(), Some(until));
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 16));
        assert_eq!(stage.ports.clock.now(), until);
    });
}

/// The sort keys of the rows that are written with a chunk's own.
fn written(stage: &mut Stage) -> Arc<Mutex<Vec<String>>> {
    let rows = Arc::new(Mutex::new(Vec::new()));
    let noted = rows.clone();
    let by = intercept::by(move |moment, call| {
        if moment == Moment::BeforeEffect {
            let keys = call.writes().into_iter().map(str::to_owned);
            noted.lock().unwrap().extend(keys);
        }
        Ok(())
    });
    stage.ports = intercept::ports(&stage.ports, &by);
    rows
}

#[test]
fn what_items_were_is_stored_once_and_how_they_ended_with_what_they_became() {
    block_on(async {
        let mut stage = stage(4).await;
        let id = stage.archiving(options()).await.unwrap();
        let rows = written(&mut stage);
        handle(&stage, &id, 0).await;
        let rows = rows.lock().unwrap();
        for key in [
            names::prior(&id, 0),
            names::after(&id, 0),
            names::outcomes(&id, 0),
        ] {
            let times = rows.iter().filter(|sort| **sort == key.sort).count();
            assert_eq!(times, 1, "{}", key.sort);
        }
    });
}
