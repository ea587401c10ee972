//! Trouble of the moment after a chunk was claimed: what was claimed is let go of, the message is sent anew,
//! and no attempt, no receive and no lapse is used (invariant 8).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bulkhead_engine::ports::{Clock, Expect, Message, Table, Write};
use bulkhead_engine::records::store::load_job_with_chunks;
use bulkhead_engine::records::{Hold, names};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work::{self, Buried, Received};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;
use jiff::SignedDuration;

use super::{options, stage};

/// Lets the table fail at the calls of which `fails` says so, by their number.
fn troubled(
    stage: &mut Stage,
    at: Moment,
    fails: impl Fn(u32, &Call<'_>) -> bool + Send + Sync + 'static,
) -> Arc<AtomicU32> {
    let calls = Arc::new(AtomicU32::new(0));
    let counter = calls.clone();
    let meet = intercept::by(move |moment, call| {
        if moment != at || !call.is_of_table() {
            return Ok(());
        }
        match fails(counter.fetch_add(1, Ordering::SeqCst), call) {
            true => Err(Failure::Unavailable),
            false => Ok(()),
        }
    });
    stage.ports.table = intercept::table(stage.table.clone(), &meet);
    calls
}

/// Handles messages as workers do wherever they run, until none is left.
async fn run(stage: &Stage) {
    for _ in 0..1_000 {
        let Some(delivery) = stage.queue.receive() else {
            match stage.queue.next_at() {
                Some(at) => stage.clock.set(at.max(stage.clock.now())),
                None => return,
            }
            continue;
        };
        let deadline = stage.ports.clock.now() + SignedDuration::from_secs(50);
        let group = stage.user.as_str();
        match work::receive(&stage.ports, &delivery.message, group, deadline).await {
            Received::Done | Received::PutOff => stage.queue.ack(delivery.receipt),
            Received::Left => {}
        }
    }
    panic!("the job goes in circles");
}

async fn lapses(stage: &Stage, id: &JobId) -> Vec<u32> {
    let state = load_job_with_chunks(stage.table.as_ref(), id).await;
    let chunks = state.unwrap().unwrap().chunks.into_iter();
    chunks.map(|chunk| chunk.record.lapses).collect()
}

#[test]
fn invariant_8_wherever_the_table_is_busy_for_a_moment_the_job_goes_on_within_seconds() {
    for at in [Moment::BeforeEffect, Moment::AfterEffect] {
        let mut step = 0;
        loop {
            let done = block_on(async {
                let mut stage = stage(8).await;
                let id = stage.archiving(options()).await.unwrap();
                let began = stage.ports.clock.now();
                let calls = troubled(&mut stage, at, move |call, _| call == step);
                run(&stage).await;
                stage.ports.table = stage.table.clone();
                let took = stage.ports.clock.now().duration_since(began);
                let context = format!("busy at call {step}, {at:?}");
                let job = stage.job(&id).await.unwrap();
                assert_eq!(job.state, State::Completed, "{context}: {job:?}");
                assert_eq!(job.counts.succeeded, 8, "{context}");
                // Put off for at most 16 seconds, and after an answer that was lost, once for an attempt.
                assert!(took.as_secs() <= 17, "{context}: took {took}");
                assert_eq!(lapses(&stage, &id).await, [0, 0], "{context}");
                assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
                calls.load(Ordering::SeqCst) <= step
            });
            if done {
                break;
            }
            step += 1;
        }
        assert!(step > 20, "a job of two chunks took only {step} calls");
    }
}

#[test]
fn invariant_8_writes_that_stay_throttled_for_minutes_end_nothing() {
    block_on(async {
        let mut stage = stage(12).await;
        let id = stage.archiving(options()).await.unwrap();
        let until = stage.ports.clock.now() + SignedDuration::from_mins(20);
        let clock = stage.clock.clone();
        // As moto was made to do: transactions fail, single writes go through.
        troubled(&mut stage, Moment::BeforeEffect, move |_, call| {
            matches!(call, Call::Write(writes) if writes.len() > 1) && clock.now() < until
        });
        run(&stage).await;
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 12));
        assert!(stage.ports.clock.now() >= until);
    });
}

#[test]
fn invariant_8_a_chunk_that_cannot_be_let_go_of_is_asked_for_when_its_lease_ends() {
    block_on(async {
        let mut stage = stage(4).await;
        let one_lane = JobOptions {
            parallel_chunks: Some(1),
            ..options()
        };
        let id = stage.archiving(one_lane).await.unwrap();
        let began = stage.ports.clock.now();
        let clock = stage.clock.clone();
        // After the claim nothing is stored for half a minute.
        let writes = AtomicU32::new(0);
        troubled(&mut stage, Moment::BeforeEffect, move |_, call| {
            let of_chunk = call.writes().iter().any(|sort| sort.starts_with("CHUNK#"));
            let fails = clock.now() < began + SignedDuration::from_secs(30);
            of_chunk && writes.fetch_add(1, Ordering::SeqCst) > 0 && fails
        });
        run(&stage).await;
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 4));
        // The lease lasts 5 seconds longer than the worker's 50.
        let took = stage.ports.clock.now().duration_since(began);
        assert_eq!(took.as_secs(), 55);
        assert_eq!(lapses(&stage, &id).await, [0]);
    });
}

#[test]
fn what_is_let_go_of_is_nobody_elses() {
    block_on(async {
        let mut stage = stage(4).await;
        let id = stage.archiving(options()).await.unwrap();
        let message = Message::Chunk {
            job: id.clone(),
            chunk: 0,
        };
        // While the first worker's write is not answered, its lease runs out and another takes over.
        let others = stage.ports.clone();
        let (clock, again) = (stage.clock.clone(), message.clone());
        let begun = AtomicU32::new(0);
        let meet = intercept::by(move |moment, call| {
            let begins = call.writes().iter().any(|sort| sort.ends_with("#BEFORE"));
            if moment == Moment::BeforeEffect && begins && begun.fetch_add(1, Ordering::SeqCst) == 0
            {
                clock.advance(std::time::Duration::from_secs(120));
                let deadline = clock.now() + SignedDuration::from_secs(50);
                let (others, again) = (others.clone(), again.clone());
                std::thread::spawn(move || block_on(work::handle(&others, &again, deadline)))
                    .join()
                    .unwrap()
                    .unwrap();
                return Err(Failure::Unavailable);
            }
            Ok(())
        });
        stage.ports.table = intercept::table(stage.table.clone(), &meet);
        let deadline = stage.ports.clock.now() + SignedDuration::from_secs(50);
        let put_off = work::receive(&stage.ports, &message, "ann", deadline).await;
        assert_eq!(put_off, Received::PutOff);
        let state = load_job_with_chunks(stage.table.as_ref(), &id).await;
        let chunks = state.unwrap().unwrap().chunks;
        assert_eq!(chunks[0].record.hold, Hold::Done);
        run(&stage).await;
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 4);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

#[test]
fn what_is_let_go_of_is_written_anew_so_that_a_claim_of_before_stores_nothing_more() {
    block_on(async {
        let mut stage = stage(4).await;
        let id = stage.archiving(options()).await.unwrap();
        let version = async |stage: &Stage| {
            let state = load_job_with_chunks(stage.table.as_ref(), &id).await;
            let chunks = state.unwrap().unwrap().chunks;
            (chunks[0].version, chunks[0].record.hold)
        };
        let begun = AtomicU32::new(0);
        troubled(&mut stage, Moment::BeforeEffect, move |_, call| {
            let begins = call.writes().iter().any(|sort| sort.ends_with("#BEFORE"));
            begins && begun.fetch_add(1, Ordering::SeqCst) == 0
        });
        assert!(stage.step().await.is_err());
        // It was claimed, and let go of.
        assert_eq!(version(&stage).await, (2, Hold::Free));
    });
}

#[test]
fn a_chunk_that_could_not_be_claimed_waits_as_it_did() {
    block_on(async {
        let mut stage = stage(4).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.flaky = [(1, 1)].into_iter().collect());
        let id = stage.archiving(options()).await.unwrap();
        stage.step().await.unwrap();
        let held = async |stage: &Stage| {
            let state = load_job_with_chunks(stage.table.as_ref(), &id).await;
            state.unwrap().unwrap().chunks.remove(0)
        };
        let before = held(&stage).await;
        let Hold::Waiting { until } = before.record.hold else {
            panic!("it does not wait for another attempt");
        };
        stage.clock.set(until);
        let claims = AtomicU32::new(0);
        troubled(&mut stage, Moment::BeforeEffect, move |_, call| {
            let of_chunk = call.writes().iter().any(|sort| sort.starts_with("CHUNK#"));
            of_chunk && claims.fetch_add(1, Ordering::SeqCst) == 0
        });
        assert!(stage.step().await.is_err());
        stage.ports.table = stage.table.clone();
        assert_eq!(held(&stage).await, before);
    });
}

#[test]
fn a_dead_letter_says_whether_there_was_anything_to_end() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage.archiving(options()).await.unwrap();
        let poison = Message::Chunk {
            job: id.clone(),
            chunk: 0,
        };
        assert_eq!(
            work::receive_dead(&stage.ports, &poison).await,
            Buried::Ended
        );
        assert_eq!(
            work::receive_dead(&stage.ports, &poison).await,
            Buried::Nothing
        );
        stage.run().await.unwrap();
        let plan = Message::Plan { job: id.clone() };
        let nobodys: JobId = "arc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
        let nobodys = Message::Plan { job: nobodys };
        for nothing in [poison, plan, nobodys] {
            assert_eq!(
                work::receive_dead(&stage.ports, &nothing).await,
                Buried::Nothing
            );
        }
        assert_eq!(stage.job(&id).await.unwrap().counts.failed, 4);
    });
}

#[test]
fn what_will_not_pass_by_itself_is_left_and_not_sent_anew() {
    block_on(async {
        let stage = stage(4).await;
        let id = stage.archiving(options()).await.unwrap();
        let message = stage.queue.take().unwrap();
        let mut row = stage.table.get(&names::job(&id)).await.unwrap().unwrap();
        row.body.truncate(10);
        let put = Write::Put(row, Expect::Anything);
        stage.table.write(vec![put]).await.unwrap();
        let sent = stage.queue.sent();
        let deadline = stage.ports.clock.now() + SignedDuration::from_secs(50);
        let received = work::receive(&stage.ports, &message, "ann", deadline).await;
        assert_eq!(received, Received::Left);
        assert_eq!(stage.queue.sent(), sent);
    });
}
