//! Figures: each fact is noted once for what really happened once, and all of them add up to what
//! the table says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::time::Duration;

use bulkhead_engine::jobs::{children, control};
use bulkhead_engine::ports::{Fact, Selected};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, MarkRead, Operation, OperationName};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::Counts;
use futures::FutureExt;
use futures::executor::block_on;
use jiff::SignedDuration;

fn options() -> JobOptions {
    JobOptions::default()
}

async fn stage(mails: u64) -> Stage {
    Stage::new(MemoryMailbox::new(mails)).await.unwrap()
}

/// What happened reaches the figures.
fn told(stage: &Stage) {
    stage.deliver().now_or_never().unwrap().unwrap();
}

/// Ends noted: state, counts, and how long it took.
fn ends(stage: &Stage) -> Vec<(State, Counts, Option<SignedDuration>)> {
    told(stage);
    let facts = stage.meter.facts().into_iter();
    let end = |fact| match fact {
        Fact::JobEnded {
            state,
            counts,
            took,
            ..
        } => Some((state, counts, took)),
        _ => None,
    };
    facts.filter_map(end).collect()
}

/// All items noted.
fn items(stage: &Stage) -> Counts {
    told(stage);
    let mut sum = Counts::default();
    for fact in stage.meter.facts() {
        if let Fact::ItemsEnded { counts, .. } = fact {
            sum += counts;
        }
    }
    sum
}

fn count(stage: &Stage, which: impl Fn(&Fact) -> bool) -> usize {
    told(stage);
    let facts = stage.meter.facts();
    facts.iter().filter(|fact| which(fact)).count()
}

async fn drafted(stage: &Stage) -> JobId {
    stage
        .draft(Operation::Archive(Archive {}), Stage::inbox(), options())
        .await
        .unwrap()
}

#[test]
fn a_job_with_every_outcome_is_noted_once_and_adds_up() {
    block_on(async {
        let stage = stage(40).await;
        stage.queue.duplicate(2);
        stage.mailbox.trouble(|trouble| {
            trouble.refuse = BTreeSet::from([2, 9]);
            trouble.flaky.insert(5, 1);
            trouble.lose_answers = 1;
        });
        let id = stage.archiving(options()).await.unwrap();
        stage.mailbox.delete(20);
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.counts.failed, job.counts.skipped, job.counts.succeeded),
            (2, 1, 37)
        );
        let took = job
            .ended_at
            .unwrap()
            .duration_since(job.confirmed_at.unwrap());
        assert!(took > SignedDuration::ZERO);
        assert_eq!(ends(&stage), [(State::Completed, job.counts, Some(took))]);
        assert_eq!(items(&stage), job.counts);
        let retries = count(&stage, |fact| matches!(fact, Fact::RetryPlanned { .. }));
        let worked = count(&stage, |fact| matches!(fact, Fact::ChunkWorked { .. }));
        assert_eq!(retries, 2, "of the flaky item, and of the lost answer");
        assert_eq!(worked, 10 + retries, "each chunk, and each retry of one");
    });
}

#[test]
fn an_end_that_several_look_for_is_noted_once() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage.archiving(options()).await.unwrap();
        while stage.step().await.unwrap() {}
        for chunk in 0..2 {
            let job = id.clone();
            let again = bulkhead_engine::ports::Message::Chunk { job, chunk };
            let deadline = stage.ports.clock.now() + SignedDuration::from_secs(30);
            work::handle(&stage.ports, &again, deadline).await.unwrap();
            work::dead_letter(&stage.ports, &again).await.unwrap();
        }
        stage.sweep().await.unwrap();
        assert_eq!(ends(&stage).len(), 1);
        assert_eq!(items(&stage), stage.job(&id).await.unwrap().counts);
    });
}

#[test]
fn items_that_never_started_are_noted_at_the_end() {
    block_on(async {
        let stage = stage(40).await;
        let id = stage.archiving(options()).await.unwrap();
        stage.step().await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        control::cancel(ports, user, &id).await.unwrap();
        control::cancel(ports, user, &id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert!(job.counts.cancelled > 0 && job.counts.succeeded > 0);
        assert_eq!(items(&stage), job.counts);
        let ends = ends(&stage);
        assert_eq!(ends.len(), 1);
        assert_eq!((ends[0].0, ends[0].1), (State::Cancelled, job.counts));
    });
}

#[test]
fn drafts_that_come_to_nothing_end_once_and_took_no_time() {
    block_on(async {
        let stage = stage(8).await;
        let never = (Counts::default(), None);
        let thrown_away = drafted(&stage).await;
        control::cancel(&stage.ports, &stage.user, &thrown_away)
            .await
            .unwrap();
        let (swept, late) = (drafted(&stage).await, drafted(&stage).await);
        stage.clock.advance(Duration::from_secs(25 * 3_600));
        assert!(stage.confirm(&late).await.is_err());
        assert!(stage.confirm(&late).await.is_err());
        stage.sweep().await.unwrap();
        stage.sweep().await.unwrap();
        assert_eq!(stage.job(&swept).await.unwrap().state, State::Expired);
        let ends: Vec<_> = ends(&stage)
            .into_iter()
            .map(|(state, counts, took)| (state, (counts, took)))
            .collect();
        assert_eq!(
            ends,
            [
                (State::Cancelled, never),
                (State::Expired, never),
                (State::Expired, never)
            ]
        );
        assert_eq!(items(&stage), Counts::default());
    });
}

#[test]
fn a_plan_that_fails_is_an_end() {
    block_on(async {
        let stage = stage(8).await;
        stage.queue.duplicate(1);
        let request = stage.request(Operation::Archive(Archive {}), Stage::inbox(), options());
        let (ports, user) = (&stage.ports, &stage.user);
        bulkhead_engine::jobs::draft::create(ports, user, None, request, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        stage.run().await.unwrap();
        assert_eq!(ends(&stage), [(State::Failed, Counts::default(), None)]);
    });
}

#[test]
fn drafts_are_told_apart_by_how_their_items_were_named() {
    block_on(async {
        let stage = stage(8).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = BTreeSet::from([3]));
        let (ports, user) = (&stage.ports, &stage.user);
        let job = stage.archived(options()).await.unwrap();
        stage
            .draft(
                Operation::MarkRead(MarkRead {}),
                stage.these([3]),
                options(),
            )
            .await
            .unwrap();
        children::undo(ports, user, &job.id).await.unwrap();
        children::undo(ports, user, &job.id).await.unwrap();
        children::retry(ports, user, &job.id, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.deliver().await.unwrap();
        let drafted: Vec<_> = stage
            .meter
            .facts()
            .into_iter()
            .filter_map(|fact| match fact {
                Fact::JobDrafted {
                    operation,
                    selected,
                } => Some((operation, selected)),
                _ => None,
            })
            .collect();
        assert_eq!(
            drafted,
            [
                (OperationName::Archive, Selected::Query),
                (OperationName::MarkRead, Selected::Ids),
                (OperationName::Undo, Selected::Undo),
                (OperationName::Archive, Selected::Retry),
            ]
        );
    });
}

#[test]
fn the_same_request_again_is_no_other_draft() {
    block_on(async {
        let stage = stage(8).await;
        for _ in 0..3 {
            let request = stage.request(Operation::Archive(Archive {}), Stage::inbox(), options());
            let (ports, user) = (&stage.ports, &stage.user);
            let most = limits::OPEN_JOBS;
            bulkhead_engine::jobs::draft::create(ports, user, Some("key"), request, most)
                .await
                .unwrap();
        }
        let drafted = count(&stage, |fact| matches!(fact, Fact::JobDrafted { .. }));
        assert_eq!(drafted, 1);
    });
}

#[test]
fn waits_are_noted_by_what_asked_for_them() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(20).limited_to(10, 60))
            .await
            .unwrap();
        stage.archiving(options()).await.unwrap();
        let until = stage.ports.clock.now() + SignedDuration::from_secs(120);
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        stage.run().await.unwrap();
        let operation = OperationName::Archive;
        let throttled = Fact::ProviderThrottled { operation };
        assert_eq!(count(&stage, |fact| *fact == throttled), 1);
        let waits: Vec<_> = stage
            .meter
            .facts()
            .into_iter()
            .filter_map(|fact| match fact {
                Fact::BudgetWaited { wait, .. } => Some(wait.as_secs()),
                _ => None,
            })
            .collect();
        assert!(!waits.is_empty());
        assert!(
            waits.iter().all(|wait| (1..=60).contains(wait)),
            "{waits:?}"
        );
    });
}
