//! After a restart nothing is on its way, and nobody holds anything: what was held goes on at once.

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{control, draft};
use bulkhead_engine::records::store::{load_job, load_job_with_chunks};
use bulkhead_engine::records::{Hold, JobRecord};
use bulkhead_engine::sweep::{Holders, Swept, sweep};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Operation};
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::{fused, options, stage};

/// Sweeps as a process does that has just started and is the only one.
async fn restart(stage: &Stage) -> Swept {
    stage.queue.clear();
    let deadline = stage.ports.clock.now() + SignedDuration::from_mins(1);
    sweep(&stage.ports, Holders::Gone, deadline).await.unwrap()
}

async fn stored(stage: &Stage, id: &JobId) -> JobRecord {
    let job = load_job(stage.table.as_ref(), id).await;
    job.unwrap().unwrap().record
}

/// Lets what `dies` does go on until so many steps were taken, and puts another process in its place.
pub(super) async fn dies_at<T>(
    fuse: &Fuse,
    step: u32,
    dies: impl Future<Output = Result<T, Error>>,
) {
    fuse.blow_at(step);
    assert!(dies.await.is_err());
    assert!(fuse.is_blown());
    fuse.replace();
}

#[test]
fn after_a_restart_nobody_waits_for_a_planner_that_is_gone() {
    block_on(async {
        let (stage, fuse) = fused(8).await;
        let archive = Operation::Archive(Archive {});
        let request = stage.request(archive, Stage::inbox(), options());
        let (ports, user) = (&stage.ports, &stage.user);
        let id = draft::create(ports, user, None, request, limits::OPEN_JOBS)
            .await
            .unwrap();
        // It has taken the job and stored nothing of it.
        dies_at(&fuse, 2, stage.step()).await;
        let now = stage.ports.clock.now();
        // A little longer than the 30 seconds that it had.
        let until = stored(&stage, &id).await.planning_until;
        assert_eq!(until, Some(now + SignedDuration::from_secs(35)));
        restart(&stage).await;
        while stage.step().await.unwrap() {}
        assert_eq!(stage.job(&id).await.unwrap().state, State::Draft);
        assert_eq!(stage.ports.clock.now(), now);
    });
}

#[test]
fn after_a_restart_nobody_waits_for_a_check_whose_process_is_gone() {
    block_on(async {
        let (stage, fuse) = fused(8).await;
        let archive = Operation::Archive(Archive {});
        let id = stage
            .draft(archive, Stage::inbox(), options())
            .await
            .unwrap();
        stage.mailbox.act(1, |place| place.folder = "Work".into());
        // It has taken the check and looked at nothing.
        dies_at(&fuse, 4, stage.confirm(&id)).await;
        let check = stored(&stage, &id).await.check.clone().unwrap();
        let now = stage.ports.clock.now();
        assert!(check.until.is_some_and(|until| until > now));
        restart(&stage).await;
        while stage.step().await.unwrap() {}
        assert_eq!(stage.job(&id).await.unwrap().state, State::Draft);
        let job = stored(&stage, &id).await;
        assert_eq!(job.drifted.as_ref().map(|drift| drift.left), Some(1));
        assert_eq!(stage.ports.clock.now(), now);
    });
}

/// A job whose provider asked it to wait for an hour, and until when.
pub(super) async fn waiting() -> (Stage, JobId, Timestamp) {
    let stage = stage(8).await;
    let id = stage.archiving(options()).await.unwrap();
    let until = stage.ports.clock.now() + SignedDuration::from_hours(1);
    stage
        .mailbox
        .trouble(|trouble| trouble.throttle = Some((1, until)));
    stage.step().await.unwrap();
    let waits = StateReason::WaitingForProvider { until };
    assert_eq!(stage.job(&id).await.unwrap().reason, Some(waits));
    (stage, id, until)
}

#[test]
fn after_a_restart_what_waits_for_its_provider_is_asked_for_and_waits_on() {
    block_on(async {
        let (stage, id, until) = waiting().await;
        restart(&stage).await;
        assert!(stage.queue.pending() > 0);
        let calls = stage.mailbox.calls();
        while stage.step().await.unwrap() {}
        assert_eq!(stage.job(&id).await.unwrap().state, State::Paused);
        assert_eq!(stage.mailbox.calls(), calls);
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 8);
        assert_eq!(stage.ports.clock.now(), until);
    });
}

#[test]
fn after_a_restart_a_job_that_a_person_holds_is_in_nobodys_hands() {
    block_on(async {
        let (stage, fuse) = fused(4).await;
        let id = stage.archiving(options()).await.unwrap();
        dies_at(&fuse, 4, stage.step()).await;
        control::pause(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        restart(&stage).await;
        let state = load_job_with_chunks(stage.table.as_ref(), &id).await;
        assert_eq!(state.unwrap().unwrap().chunks[0].record.hold, Hold::Free);
        assert_eq!(stage.job(&id).await.unwrap().state, State::Paused);
        let now = stage.ports.clock.now();
        control::resume(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        while stage.step().await.unwrap() {}
        assert_eq!(stage.job(&id).await.unwrap().state, State::Completed);
        assert_eq!(stage.ports.clock.now(), now);
    });
}
