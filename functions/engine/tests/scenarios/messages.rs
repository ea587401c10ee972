//! Messages that are lost, come again, or fail for ever, and what they carry.

use std::collections::BTreeSet;
use std::time::Duration;

use bulkhead_engine::jobs::{children, draft, results};
use bulkhead_engine::ports::{Expect, Message, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::load_job;
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemReason;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::{fused, options, stage};

#[test]
fn invariant_4_what_the_queue_loses_the_sweep_asks_for_again() {
    block_on(async {
        let stage = stage(40).await;
        let id = stage.archiving(options()).await.unwrap();
        stage.step().await.unwrap();
        stage.queue.clear();
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 40);
    });
}

#[test]
fn invariant_4_a_redelivered_message_of_a_finished_chunk_passes_the_lane_on() {
    block_on(async {
        let stage = stage(16).await;
        let one_lane = JobOptions {
            parallel_chunks: Some(1),
            ..options()
        };
        let id = stage.archiving(one_lane).await.unwrap();
        stage.step().await.unwrap();
        // The worker died after it had stored its result and before it asked for the next chunk.
        stage.queue.clear();
        let deadline = stage.ports.clock.now() + SignedDuration::from_secs(30);
        let again = Message::Chunk {
            job: id.clone(),
            chunk: 0,
        };
        work::handle(&stage.ports, &again, deadline).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 16);
    });
}

/// A job of one lane whose first chunk waits after this worker, of which no message is left.
async fn first_chunk_waits(stage: &Stage, options: JobOptions) -> JobId {
    let one_lane = JobOptions {
        parallel_chunks: Some(1),
        ..options
    };
    let id = stage.archiving(one_lane).await.unwrap();
    stage.step().await.unwrap();
    stage.queue.clear();
    let deadline = stage.ports.clock.now() + SignedDuration::from_secs(30);
    let again = Message::Chunk {
        job: id.clone(),
        chunk: 0,
    };
    work::handle(&stage.ports, &again, deadline).await.unwrap();
    while stage.step().await.unwrap() {}
    id
}

#[test]
fn invariant_4_a_redelivered_message_of_a_chunk_that_waits_to_try_again_passes_the_lane_on() {
    block_on(async {
        let stage = stage(8).await;
        stage.mailbox.trouble(|trouble| {
            trouble.flaky.insert(1, 1);
        });
        let id = first_chunk_waits(&stage, options()).await;
        // The second chunk is done, beside the first one.
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 3 + 4);
        assert_eq!(stage.run_to_end(&id).await.counts.succeeded, 8);
    });
}

#[test]
fn a_redelivered_message_of_a_chunk_that_pauses_between_batches_does_not_pass_the_lane_on() {
    block_on(async {
        let stage = stage(8).await;
        let pausing = JobOptions {
            batch_size: Some(2),
            delay_between_batches: Some(5.0),
            ..options()
        };
        let id = first_chunk_waits(&stage, pausing).await;
        stage.clock.advance(Duration::from_secs(6));
        while stage.step().await.unwrap() {}
        // The second batch of the first chunk, and nothing beside it.
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 4);
        assert_eq!(stage.run_to_end(&id).await.counts.succeeded, 8);
    });
}

#[test]
fn invariant_4_after_a_restart_nobody_waits_for_the_leases_of_the_dead() {
    block_on(async {
        let (stage, fuse) = fused(16).await;
        let id = stage.archiving(options()).await.unwrap();
        // Dies with the chunk claimed and its items changed.
        fuse.blow_at(7);
        let _ = stage.step().await;
        assert!(fuse.is_blown());
        fuse.replace();
        stage.queue.clear();
        let began = stage.ports.clock.now();
        sweep(&stage.ports, Holders::Gone, Timestamp::MAX)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 16);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
        assert_eq!(stage.ports.clock.now(), began);
    });
}

#[test]
fn invariant_4_a_poison_message_ends_as_a_failed_chunk_with_a_reason() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage.archiving(options()).await.unwrap();
        let poison = stage.queue.take().unwrap();
        work::dead_letter(&stage.ports, &poison).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.state, job.counts.succeeded, job.counts.failed),
            (State::Completed, 4, 4)
        );
        assert_eq!(job.reasons[0].reason, ItemReason::Internal);
    });
}

#[test]
fn invariant_4_a_chunk_that_cannot_be_read_ends_with_a_reason() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage.archiving(options()).await.unwrap();
        let poison = stage.queue.take().unwrap();
        let Message::Chunk { chunk, .. } = poison else {
            panic!("{poison:?}")
        };
        let generation = load_job(stage.ports.table.as_ref(), &id).await;
        let generation = generation.unwrap().unwrap().record.generation;
        let manifest = names::manifest(&id, generation, chunk);
        let gone = vec![Write::Delete(manifest, Expect::Anything)];
        stage.ports.table.write(gone).await.unwrap();
        let work_ends = stage.ports.clock.now() + SignedDuration::from_secs(60);
        assert!(
            work::handle(&stage.ports, &poison, work_ends)
                .await
                .is_err()
        );
        stage.clock.advance(Duration::from_secs(120));
        work::dead_letter(&stage.ports, &poison).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.state, job.counts.succeeded, job.counts.failed),
            (State::Completed, 4, 4)
        );
        let outcomes = results::items(&stage.ports, &stage.user, &id, None, None, 50).await;
        assert_eq!(outcomes.unwrap().items.len(), 4, "the others are listed");
    });
}

#[test]
fn invariant_4_a_chunk_that_kills_every_worker_ends_with_a_reason() {
    block_on(async {
        let (stage, fuse) = fused(4).await;
        let id = stage.archiving(options()).await.unwrap();
        for death in 1..=5 {
            assert!(!stage.job(&id).await.unwrap().state.is_ended(), "{death}");
            // Dies with the chunk claimed (at first the job begins too); its message comes too late to
            // count for anything.
            fuse.blow_at(if death == 1 { 4 } else { 2 });
            let _ = stage.step().await;
            assert!(fuse.is_blown());
            fuse.replace();
            stage.queue.clear();
            stage.sweep().await.unwrap();
        }
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.failed), (State::Failed, 4));
        assert_eq!(job.reasons[0].reason, ItemReason::Internal);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

#[test]
fn every_message_is_sent_in_its_owners_group() {
    block_on(async {
        let stage = stage(30).await;
        stage.mailbox.trouble(|trouble| {
            trouble.refuse = BTreeSet::from([3]);
            trouble.flaky.insert(5, 1);
        });
        let id = stage.archiving(options()).await.unwrap();
        stage.step().await.unwrap();
        stage.queue.clear();
        stage.sweep().await.unwrap();
        let until = stage.ports.clock.now() + SignedDuration::from_secs(90);
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        stage.run().await.unwrap();
        children::retry(&stage.ports, &stage.user, &id, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.undo(&id).await.unwrap();
        let planned = stage.request(Operation::MarkRead(MarkRead {}), Stage::inbox(), options());
        let (ports, user) = (&stage.ports, &stage.user);
        draft::create(ports, user, None, planned, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.queue.clear();
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.queue.groups(), BTreeSet::from(["ann".to_owned()]));
    });
}

#[test]
fn invariant_10_messages_carry_ids_only() {
    block_on(async {
        let stage = stage(4).await;
        let id = stage.archiving(options()).await.unwrap();
        let message = stage.queue.take().unwrap();
        assert_eq!(message, Message::Chunk { job: id, chunk: 0 });
    });
}
