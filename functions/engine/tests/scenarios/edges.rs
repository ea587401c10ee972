//! Where exactly things begin and end: sizes of calls, ends of leases, what counts as once.

use std::sync::{Arc, Mutex};

use bulkhead_engine::audit;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{control, preview};
use bulkhead_engine::records::store::load_job_with_chunks;
use bulkhead_engine::records::{ChunkRecord, Hold};
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::intercept::{self, Call};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::ReasonCount;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::{fused, options, stage};

/// How often the audit trail has this event.
async fn noted(stage: &Stage, event: &str) -> usize {
    let events = audit::list(&stage.ports, &stage.user, None, 100).await;
    let events = events.unwrap().events;
    events.iter().filter(|known| known.event == event).count()
}

#[test]
fn asked_twice_is_asked_once() {
    block_on(async {
        let stage = stage(40).await;
        let id = stage.archiving(options()).await.unwrap();
        stage.step().await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        control::pause(ports, user, &id).await.unwrap();
        let held = stage.job(&id).await.unwrap();
        control::pause(ports, user, &id).await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap(), held);
        control::resume(ports, user, &id).await.unwrap();
        let resumed = stage.job(&id).await.unwrap();
        assert_eq!(resumed.state, State::Running);
        control::resume(ports, user, &id).await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap(), resumed);
        control::cancel(ports, user, &id).await.unwrap();
        let stopped = stage.job(&id).await.unwrap();
        control::cancel(ports, user, &id).await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap(), stopped);
        for event in ["job_paused", "job_resumed", "job_stopped"] {
            assert_eq!(noted(&stage, event).await, 1, "{event}");
        }
        // What has ended is neither held nor gone on with.
        let held = control::pause(ports, user, &id).await;
        assert!(matches!(held, Err(Error::WrongState(_))), "{held:?}");
        let resumed = control::resume(ports, user, &id).await;
        assert!(matches!(resumed, Err(Error::WrongState(_))), "{resumed:?}");
    });
}

#[test]
fn invariant_5_the_drift_of_picked_items_names_each_that_left_or_changed() {
    block_on(async {
        let stage = stage(20).await;
        let picked = stage.these(1..=13);
        let (gone, changed) = (
            stage.mailbox.id_of(9).unwrap(),
            stage.mailbox.id_of(6).unwrap(),
        );
        let archive = Operation::Archive(Archive {});
        let id = stage.draft(archive, picked, options()).await.unwrap();
        stage.mailbox.delete(9);
        stage.mailbox.act(6, |place| {
            place.flags.insert("theirs".into());
        });
        // Not picked, so it is nothing to this job.
        stage.mailbox.delete(20);
        let shown = preview::preview(&stage.ports, &stage.user, &id).await;
        let drift = shown.unwrap().drift.unwrap();
        assert_eq!((drift.left, drift.changed, drift.joined), (1, 1, 0));
        // In the order of the manifest.
        assert_eq!(drift.sample, [changed, gone]);
        let unseen = stage.confirm(&id).await;
        assert!(matches!(unseen, Err(Error::Drifted(_))), "{unseen:?}");
        stage.confirm_with_drift(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.skipped), (12, 1));
    });
}

#[test]
fn invariant_5_the_drift_of_a_query_is_told_over_all_its_pages() {
    block_on(async {
        let stage = stage(20).await;
        stage
            .mailbox
            .act(15, |place| place.folder = "Archive".into());
        let (inbox, archive) = (Stage::inbox(), Operation::Archive(Archive {}));
        let id = stage.draft(archive, inbox, options()).await.unwrap();
        // The mailbox answers in pages of seven.
        stage.mailbox.delete(1);
        stage.mailbox.act(10, |place| {
            place.flags.insert("theirs".into());
        });
        stage.mailbox.act(15, |place| place.folder = "INBOX".into());
        stage.mailbox.delete(20);
        let shown = preview::preview(&stage.ports, &stage.user, &id).await;
        let drift = shown.unwrap().drift.unwrap();
        assert_eq!((drift.left, drift.changed, drift.joined), (2, 1, 1));
    });
}

/// The sizes of the calls that change items in a job with these options.
async fn calls(mailbox: MemoryMailbox, options: JobOptions) -> Vec<usize> {
    let mut stage = Stage::new(mailbox.clone()).await.unwrap();
    let sizes = Arc::new(Mutex::new(Vec::new()));
    let seen = sizes.clone();
    let counts = intercept::by(move |moment, call| {
        if let (Moment::BeforeEffect, Call::Change(items)) = (moment, call) {
            seen.lock().unwrap().push(*items);
        }
        Ok(())
    });
    stage.ports.connectors = intercept::connectors(Arc::new(mailbox), &counts);
    stage.archived(options).await.unwrap();
    sizes.lock().unwrap().clone()
}

#[test]
fn calls_are_as_large_as_may_be_and_the_first_of_each_lane_no_larger_than_the_brake_needs() {
    block_on(async {
        let brake = |after, enabled| JobOptions {
            brake: Some(Brake {
                after,
                enabled,
                ..Brake::default()
            }),
            ..options()
        };
        // Three chunks of four in two lanes: the third is nobody's first.
        let mailbox = || MemoryMailbox::new(12);
        assert_eq!(calls(mailbox(), brake(3, true)).await, [3, 1, 3, 1, 4]);
        assert_eq!(calls(mailbox(), brake(3, false)).await, [4, 4, 4]);
        let small = JobOptions {
            batch_size: Some(3),
            ..brake(100, true)
        };
        assert_eq!(calls(mailbox(), small).await, [3, 1, 3, 1, 3, 1]);
        // Another attempt is no beginning.
        let flaky = MemoryMailbox::new(4);
        flaky.trouble(|trouble| trouble.flaky = [(1, 1), (2, 1), (3, 1)].into());
        assert_eq!(calls(flaky, brake(1, true)).await, [1, 3, 3]);
    });
}

#[test]
fn a_job_that_stops_at_the_first_error_makes_small_calls() {
    block_on(async {
        let mailbox = MemoryMailbox::new(25)
            .in_chunks_of(25)
            .with(|abilities| abilities.call_items = 100);
        let careful = JobOptions {
            batch_size: Some(100),
            stop_on_error: Some(true),
            parallel_chunks: Some(1),
            ..options()
        };
        assert_eq!(calls(mailbox, careful).await, [10, 10, 5]);
    });
}

async fn chunks(stage: &Stage, id: &JobId) -> Vec<ChunkRecord> {
    let state = load_job_with_chunks(stage.table.as_ref(), id).await;
    let chunks = state.unwrap().unwrap().chunks.into_iter();
    chunks.map(|chunk| chunk.record).collect()
}

#[test]
fn nobody_begins_a_chunk_of_a_job_that_is_being_stopped() {
    block_on(async {
        let stage = stage(12).await;
        let id = stage.archiving(options()).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        stage.step().await.unwrap();
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        // What was never answered has to be looked for before the job ends.
        assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelling);
        let calls = stage.mailbox.calls();
        assert!(stage.step().await.unwrap(), "the other lane's message");
        assert_eq!(stage.mailbox.calls(), calls);
        assert_eq!(chunks(&stage, &id).await.len(), 1);
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Cancelled, 4));
        let never_begun = ReasonCount {
            outcome: Outcome::Cancelled,
            reason: ItemReason::Stopped,
            count: 8,
        };
        assert_eq!(job.reasons, [never_begun]);
    });
}

#[test]
fn a_job_that_did_everything_has_no_reasons() {
    block_on(async {
        let job = stage(8).await.archived(options()).await.unwrap();
        assert_eq!((job.counts.succeeded, job.reasons), (8, Vec::new()));
    });
}

/// A worker died with the chunk claimed; its lease ends then.
async fn died_with_a_lease() -> (Stage, JobId, Timestamp) {
    let (stage, fuse) = fused(4).await;
    let id = stage.archiving(options()).await.unwrap();
    fuse.blow_at(4);
    let _ = stage.step().await;
    fuse.replace();
    match chunks(&stage, &id).await[0].hold {
        Hold::Leased { until } => (stage, id, until),
        other => panic!("it did not die with the chunk claimed: {other:?}"),
    }
}

#[test]
fn a_lease_is_taken_away_at_its_end_and_not_before() {
    let moment = SignedDuration::from_nanos(1);
    for (early, taken) in [(moment, false), (SignedDuration::ZERO, true)] {
        block_on(async {
            let (stage, id, until) = died_with_a_lease().await;
            stage.clock.set(until - early);
            let deadline = until + SignedDuration::from_secs(60);
            sweep(&stage.ports, Holders::Alive, deadline).await.unwrap();
            let chunk = &chunks(&stage, &id).await[0];
            let expected = match taken {
                true => (Hold::Free, 1),
                false => (Hold::Leased { until }, 0),
            };
            assert_eq!((chunk.hold, chunk.lapses), expected);
        });
    }
}
