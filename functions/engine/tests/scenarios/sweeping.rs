//! The sweep: everything that is due has its turn, however much there is and whatever is in the way.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bulkhead_engine::ports::{Clock, DueShard, Expect, Key, Message, Row, Table, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{fused, options, stage};

/// A stage with so many jobs that run, besides the one that they are copies of. Nothing is in the queue.
async fn crowd(copies: u64) -> (Stage, Vec<JobId>) {
    let stage = stage(8).await;
    let id = stage.archiving(options()).await.unwrap();
    stage.step().await.unwrap();
    assert_eq!(stage.job(&id).await.unwrap().state, State::Running);
    stage.queue.clear();
    let row = stage.table.get(&names::job(&id)).await.unwrap().unwrap();
    let mut body: Value = serde_json::from_slice(&row.body).unwrap();
    let mut jobs = Vec::new();
    for copy in 0..copies {
        let id = JobId::new("arc", stage.clock.now(), u128::from(copy) << 20);
        body["id"] = Value::String(id.to_string());
        let copy = Row {
            key: names::job(&id),
            body: serde_json::to_vec(&body).unwrap(),
            ..row.clone()
        };
        put(&stage, copy).await;
        jobs.push(id);
    }
    (stage, jobs)
}

async fn put(stage: &Stage, row: Row) {
    let write = Write::Put(row, Expect::Anything);
    stage.table.write(vec![write]).await.unwrap();
}

/// What is in a job's row becomes something that nobody can read.
async fn damage(stage: &Stage, job: &JobId) {
    let row = stage.table.get(&names::job(job)).await.unwrap().unwrap();
    let body = b"{\"schema\":".to_vec();
    put(stage, Row { body, ..row }).await;
}

/// The jobs about which there are messages; the queue is empty then.
fn asked(stage: &Stage) -> BTreeSet<JobId> {
    let mut jobs = BTreeSet::new();
    while let Some(delivery) = stage.queue.receive() {
        jobs.extend(delivery.message.job().cloned());
        stage.queue.ack(delivery.receipt);
    }
    jobs
}

#[test]
fn two_thousand_jobs_of_which_many_are_unreadable_are_looked_after_within_two_minutes() {
    block_on(async {
        let (stage, jobs) = crowd(2_000).await;
        let (bad, good) = jobs.split_at(500);
        for job in bad {
            damage(&stage, job).await;
        }
        let (mut looked, mut failed, mut found) = (0, 0, BTreeSet::new());
        for _ in 0..2 {
            stage.clock.advance(Duration::from_secs(60));
            let swept = stage.swept().await.unwrap();
            assert!(!swept.unfinished);
            looked += swept.jobs;
            failed += swept.failed;
            found.extend(asked(&stage));
        }
        assert!(looked as usize >= good.len(), "{looked} jobs were told");
        assert_eq!(failed, 500, "each rang once, and moved back");
        let missing = good.iter().filter(|job| !found.contains(job)).count();
        assert_eq!(missing, 0, "of {}", good.len());
    });
}

#[test]
fn what_cannot_be_looked_at_is_looked_at_ever_more_seldom() {
    block_on(async {
        let (stage, jobs) = crowd(1).await;
        damage(&stage, &jobs[0]).await;
        let mut looks = Vec::new();
        for minute in 1..=600 {
            stage.clock.advance(Duration::from_secs(60));
            let failed = stage.swept().await.unwrap().failed;
            looks.extend((failed > 0).then_some(minute));
            stage.queue.clear();
        }
        assert_eq!(looks, [1, 3, 7, 15, 31, 63, 127, 247, 367, 487]);
    });
}

#[test]
fn jobs_that_the_first_release_left_are_found_and_move_to_a_shard() {
    block_on(async {
        let (stage, jobs) = crowd(250).await;
        stage.table.unshard();
        stage.clock.advance(Duration::from_secs(60));
        stage.swept().await.unwrap();
        let found = asked(&stage);
        assert!(jobs.iter().all(|job| found.contains(job)));
        let left = stage
            .table
            .due(DueShard::Unsharded, Timestamp::MAX, None, 9)
            .await;
        assert!(left.unwrap().is_empty());
        stage.clock.advance(Duration::from_secs(60));
        stage.swept().await.unwrap();
        assert_eq!(asked(&stage), found);
    });
}

#[test]
fn what_is_no_job_does_not_head_the_queue() {
    block_on(async {
        let (stage, jobs) = crowd(20).await;
        let row = stage.table.get(&names::job(&jobs[0])).await.unwrap();
        for number in 0..300 {
            let key = Key {
                partition: format!("STRANGER#{number}"),
                sort: "JOB".to_owned(),
            };
            let due = Some(Timestamp::UNIX_EPOCH);
            let row = row.clone().unwrap();
            put(&stage, Row { key, due, ..row }).await;
        }
        stage.clock.advance(Duration::from_secs(60));
        assert_eq!(stage.swept().await.unwrap().failed, 300);
        let found = asked(&stage);
        assert!(jobs.iter().all(|job| found.contains(job)));
        stage.clock.advance(Duration::from_secs(60));
        assert_eq!(stage.swept().await.unwrap().failed, 0, "they moved back");
    });
}

#[test]
fn a_sweep_ends_before_its_deadline_and_the_next_ones_go_on() {
    /// Every look at it lets a tenth of a second pass.
    struct Slow(Arc<ManualClock>);
    impl Clock for Slow {
        fn now(&self) -> Timestamp {
            self.0.advance(Duration::from_millis(100));
            self.0.now()
        }
    }
    block_on(async {
        let (mut stage, jobs) = crowd(1_000).await;
        stage.clock.advance(Duration::from_secs(60));
        stage.ports.clock = Arc::new(Slow(stage.clock.clone()));
        let mut found = BTreeSet::new();
        let mut sweeps = 0;
        while !jobs.iter().all(|job| found.contains(job)) {
            let deadline = stage.clock.now() + SignedDuration::from_secs(60);
            let swept = sweep(&stage.ports, Holders::Alive, deadline).await.unwrap();
            assert!(stage.clock.now() <= deadline, "{swept:?}");
            found.extend(asked(&stage));
            sweeps += 1;
            assert!(sweeps < 60, "{} of 1000", found.len());
        }
        assert!(sweeps > 1);
    });
}

#[test]
fn sweeps_begin_at_different_shards_so_that_the_last_ones_have_their_turn() {
    block_on(async {
        let (mut stage, _) = crowd(48).await;
        let shards = DueShard::all().count();
        let mut first = BTreeSet::new();
        for chance in 0..shards {
            stage.ports.random = Arc::new(move || chance as u128);
            stage.clock.advance(Duration::from_secs(60));
            stage.swept().await.unwrap();
            let delivery = stage.queue.receive().unwrap();
            first.extend(delivery.message.job().cloned());
            stage.queue.clear();
        }
        assert!(first.len() > shards / 2, "{first:?}");
    });
}

/// The chunks that the next sweep asks for; the queue is empty then.
async fn asked_for(stage: &Stage, after: u64) -> Vec<u32> {
    stage.queue.clear();
    stage.clock.advance(Duration::from_secs(after));
    stage.swept().await.unwrap();
    let mut chunks = Vec::new();
    while let Some(message) = stage.queue.take() {
        if let Message::Chunk { chunk, .. } = message {
            chunks.push(chunk);
        }
    }
    chunks.sort_unstable();
    chunks
}

fn in_one_lane(pause: f64) -> JobOptions {
    JobOptions {
        parallel_chunks: Some(1),
        batch_size: Some(4),
        delay_between_batches: Some(pause),
        ..options()
    }
}

#[test]
fn a_lane_goes_on_beside_what_is_tried_again_and_not_beyond_what_nobody_has_tried() {
    block_on(async {
        // Whoever had the first chunk died before any of it was tried.
        let (stage, fuse) = fused(12).await;
        stage.archiving(in_one_lane(0.0)).await.unwrap();
        fuse.blow_at(2);
        assert!(stage.step().await.is_err());
        fuse.replace();
        assert_eq!(asked_for(&stage, 600).await, [0]);

        // It was tried, and one of it is tried again later.
        let (stage, _) = fused(12).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.flaky = [(1, 1)].into());
        let id = stage.archiving(in_one_lane(0.0)).await.unwrap();
        stage.step().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 3);
        assert_eq!(asked_for(&stage, 600).await, [0, 1]);
    });
}

#[test]
fn what_a_pause_between_batches_keeps_waiting_is_not_asked_for_before_its_time() {
    block_on(async {
        let stage = stage(12).await;
        let id = stage.archiving(in_one_lane(300.0)).await.unwrap();
        stage.step().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 4);
        assert_eq!(asked_for(&stage, 150).await, [0; 0]);
        assert_eq!(asked_for(&stage, 250).await, [1]);
    });
}
