//! A job's change, its line in the audit trail and its event are there together or not at all, whatever dies.

use std::thread;

use bulkhead_engine::audit;
use bulkhead_engine::jobs::{control, draft};
use bulkhead_engine::outbox::Event;
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::{load_job, read_text};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::AuditEvent;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use futures::FutureExt;
use futures::executor::block_on;

/// The whole trail, first event first. The chain has neither a gap nor a break.
fn trail(stage: &Stage, context: &str) -> Vec<AuditEvent> {
    let (rows, mut events) = (stage.table.rows(), Vec::<AuditEvent>::new());
    let partition = names::audit(&stage.user, 1).partition;
    for row in rows.iter().filter(|row| row.key.partition == partition) {
        let event: AuditEvent = read_text(row).unwrap().record;
        let hash = audit::digest(&event).unwrap();
        assert_eq!(hash, event.hash, "{context}");
        assert_eq!(event.sequence, events.len() as u64 + 1, "{context}");
        if let Some(before) = events.last() {
            assert_eq!(event.previous, before.hash, "{context}");
        }
        events.push(event);
    }
    events
}

/// The events in the outbox, in their order.
fn outbox(stage: &Stage) -> Vec<Event> {
    let partition = names::news(&stage.user).partition;
    let rows = stage.table.rows().into_iter();
    let is_event = |sort: &str| sort.bytes().all(|byte| byte.is_ascii_digit());
    rows.filter(|row| row.key.partition == partition && is_event(&row.key.sort))
        .map(|row| read_text(&row).unwrap().record)
        .collect()
}

/// The names of a job's events in the audit trail.
pub(super) fn events(stage: &Stage, job: &JobId) -> Vec<String> {
    names_of(&trail(stage, ""), job)
}

fn names_of(trail: &[AuditEvent], job: &JobId) -> Vec<String> {
    let of_job = |event: &&AuditEvent| event.job.as_ref() == Some(job);
    let names = trail.iter().filter(of_job).map(|event| event.event.clone());
    names.collect()
}

/// What the last event of a job in this state is.
fn last_of(state: State) -> &'static [&'static str] {
    match state {
        State::Planning => &["job_drafted"],
        State::Draft => &["job_frozen", "job_drifted", "job_unchecked"],
        State::Checking => &["job_checking"],
        State::Queued => &["job_confirmed"],
        State::Running => &["job_started", "job_resumed"],
        State::Paused => &["job_paused"],
        State::Cancelling => &["job_stopped"],
        _ => &["job_ended"],
    }
}

/// The job, the trail and the outbox say the same.
pub(super) fn check(stage: &Stage, id: &JobId, context: &str) {
    let job = load_job(stage.table.as_ref(), id).now_or_never();
    let job = job.unwrap().unwrap().unwrap().record.state;
    let trail = trail(stage, context);
    let of_jobs = trail.iter().filter(|event| event.job.is_some());
    let places: Vec<u64> = of_jobs.map(|event| event.sequence).collect();
    let told: Vec<u64> = outbox(stage).iter().map(|event| event.sequence).collect();
    assert_eq!(told, places, "{context}");
    let names = names_of(&trail, id);
    let last = names.last().map(String::as_str).unwrap();
    assert!(last_of(job).contains(&last), "{job:?} {names:?}: {context}");
}

#[test]
fn what_many_do_at_once_is_one_chain_in_which_nothing_is_missing() {
    const EACH: usize = 12;
    let stage = block_on(Stage::new(MemoryMailbox::new(20))).unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| block_on(come_and_go(&stage, EACH)));
        }
    });
    let trail = trail(&stage, "");
    let told = outbox(&stage);
    assert_eq!(told.len(), 8 * EACH * 4);
    // Before them the account was connected.
    assert_eq!(trail.len(), told.len() + 1);
    for event in &told {
        let names = names_of(&trail, &event.job);
        let whole = ["job_drafted", "job_frozen", "job_stopped", "job_ended"];
        assert_eq!(names, whole);
    }
}

async fn come_and_go(stage: &Stage, times: usize) {
    for _ in 0..times {
        let (operation, some) = (Operation::MarkRead(MarkRead {}), stage.these([1, 2]));
        let request = stage.request(operation, some, JobOptions::default());
        let (ports, user) = (&stage.ports, &stage.user);
        let id = draft::create(ports, user, None, request, limits::OPEN_JOBS)
            .await
            .unwrap();
        control::cancel(ports, user, &id).await.unwrap();
    }
}

#[test]
fn a_reader_that_dies_anywhere_has_everything_in_the_end_and_in_order() {
    let fuse = Fuse::new();
    for step in 0..8 {
        block_on(async {
            let mailbox = MemoryMailbox::new(20);
            let stage = Stage::with_fuse(mailbox, Some(fuse.clone())).await.unwrap();
            come_and_go(&stage, 3).await;
            fuse.blow_at(step);
            let _ = stage.deliver().await;
            fuse.replace();
            stage.deliver().await.unwrap();
            let facts = stage.meter.facts();
            // Drafted and ended, three times, the first ones perhaps twice.
            let count = facts.len();
            assert!((6..=12).contains(&count), "{step}: {facts:?}");
            stage.deliver().await.unwrap();
            assert_eq!(stage.meter.facts().len(), count, "{step}");
            let due = stage
                .table
                .rows()
                .into_iter()
                .filter(|row| row.key == names::news(&stage.user) && row.due.is_some());
            assert_eq!(due.count(), 0, "{step}");
        });
    }
}
