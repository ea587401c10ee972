//! Chunks whose workers die again and again: what each of them ended stays ended, and what one had begun is never
//! called stopped.

use std::time::Duration;

use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Operation, TestDeliver};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemReason;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::{options, stage};

fn deliver() -> Operation {
    Operation::TestDeliver(TestDeliver {})
}

/// As many letters as it takes more workers than may die in a row for nothing.
const LETTERS: u64 = 40;
/// Steps after which each of them dies: it has handed some letters over by then.
const STEPS: u32 = 16;

#[test]
fn invariant_4_workers_that_die_while_a_chunk_gets_on_are_no_reason_to_give_it_up() {
    block_on(async {
        // All of them in one chunk, so that all workers die with the same one.
        let all_in_one = u32::try_from(LETTERS).unwrap();
        let mailbox = MemoryMailbox::new(LETTERS).in_chunks_of(all_in_one);
        let fuse = Fuse::new();
        let stage = Stage::with_fuse(mailbox, Some(fuse.clone()));
        let stage = stage.await.unwrap();
        let one_lane = JobOptions {
            parallel_chunks: Some(1),
            ..options()
        };
        let draft = stage.draft(deliver(), Stage::inbox(), one_lane);
        let id = draft.await.unwrap();
        stage.confirm(&id).await.unwrap();
        let mut deaths = 0;
        while !stage.job(&id).await.unwrap().state.is_ended() {
            fuse.blow_at(STEPS);
            let _ = stage.run().await;
            deaths += u32::from(fuse.is_blown());
            assert!(deaths < 100);
            fuse.replace();
            stage.queue.clear();
            let (ports, all) = (&stage.ports, Timestamp::MAX);
            sweep(ports, Holders::Gone, all).await.unwrap();
        }
        assert!(deaths > 5, "only {deaths} deaths");
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.failed), (State::Completed, 0));
        let known = job.counts.succeeded + job.counts.uncertain;
        assert_eq!(known, LETTERS, "{job:#?}");
        // One who died right before a call left open what was in it.
        let delivered = stage.mailbox.delivered().len() as u64;
        assert!(job.counts.succeeded <= delivered && delivered <= LETTERS);
    });
}

/// The first call of a job breaks off half done, nobody can tell how far it came, and its chunk is given up.
async fn given_up_half_done(operation: Operation) -> (u64, u64, u64, u64, Vec<ItemReason>) {
    let stage = stage(6).await;
    let draft = stage.draft(operation, Stage::inbox(), options());
    let id = draft.await.unwrap();
    stage.confirm(&id).await.unwrap();
    stage.mailbox.trouble(|trouble| {
        trouble.half_way = 1;
        trouble.blind = true;
    });
    let message = stage.queue.take().unwrap();
    let deadline = stage.ports.clock.now() + SignedDuration::from_secs(60);
    let _ = work::handle(&stage.ports, &message, deadline).await;
    stage.queue.clear();
    stage.clock.advance(Duration::from_secs(600));
    let ended = work::dead_letter(&stage.ports, &message).await.unwrap();
    assert!(ended);
    stage.run().await.unwrap();
    let job = stage.run_to_end(&id).await;
    let counts = job.counts;
    assert_eq!(counts.ended(), job.total);
    (
        counts.succeeded,
        counts.failed,
        counts.uncertain,
        counts.cancelled,
        job.reasons.iter().map(|reason| reason.reason).collect(),
    )
}

#[test]
fn invariant_3_what_was_begun_in_a_chunk_that_is_given_up_is_uncertain_and_nothing_else_is() {
    block_on(async {
        let (succeeded, failed, uncertain, cancelled, reasons) =
            given_up_half_done(deliver()).await;
        // Two letters of four were in the call, and two never begun; another chunk went on.
        assert_eq!((succeeded, failed, uncertain, cancelled), (2, 2, 2, 0));
        assert_eq!(reasons, [ItemReason::Internal, ItemReason::MayHaveArrived]);
        let archive = Operation::Archive(Archive {});
        let (.., uncertain, cancelled, reasons) = given_up_half_done(archive).await;
        assert_eq!((uncertain > 0, cancelled), (true, 0));
        assert!(reasons.contains(&ItemReason::NoAnswer), "{reasons:?}");
    });
}
