//! A table that was put back from a backup knows nothing of what left since. Nothing leaves twice for that.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use bulkhead_engine::jobs::{children, control, results};
use bulkhead_engine::ports::{Message, Ports, Row};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Operation, TestDeliver};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::Outcome;
use futures::executor::block_on;

const MAILS: u64 = 6;
/// So many of them are in the first chunk.
const IN_FIRST: u64 = 4;
/// Calls of two.
const CALLS: u32 = 3;

async fn confirmed() -> (Arc<Stage>, JobId) {
    let stage = Stage::new(MemoryMailbox::new(MAILS)).await.unwrap();
    let options = JobOptions {
        parallel_chunks: Some(1),
        brake: Some(Brake {
            enabled: false,
            ..Brake::default()
        }),
        ..JobOptions::default()
    };
    let deliver = Operation::TestDeliver(TestDeliver {});
    let draft = stage.draft(deliver, Stage::inbox(), options);
    let id = draft.await.unwrap();
    stage.confirm(&id).await.unwrap();
    (Arc::new(stage), id)
}

/// Everything left, and this is a backup that was made at that moment of that call.
async fn sent(call: u32, moment: Moment) -> (Arc<Stage>, JobId, Vec<Row>) {
    let (stage, id) = confirmed().await;
    let backup = Arc::new(Mutex::new(Vec::new()));
    let (made, table) = (backup.clone(), stage.table.clone());
    stage.mailbox.interrupt(call, moment, move || {
        *made.lock().unwrap() = table.rows();
    });
    stage.run_to_end(&id).await;
    check_each_once(&stage, "before anything is put back");
    let backup = std::mem::take(&mut *backup.lock().unwrap());
    assert!(!backup.is_empty());
    (stage, id, backup)
}

fn check_each_once(stage: &Stage, context: &str) {
    let delivered = stage.mailbox.delivered();
    let ids: BTreeSet<_> = delivered.iter().map(|letter| &letter.id).collect();
    let all = (delivered.len() as u64, ids.len() as u64);
    assert_eq!(all, (MAILS, MAILS), "{context}");
}

/// What the job comes to after the table was put back.
async fn gone_on(stage: &Stage, id: &JobId, backup: Vec<Row>, context: &str) -> Job {
    stage.put_back(backup);
    let job = stage.run_to_end(id).await;
    check_each_once(stage, context);
    assert_eq!(job.state, State::Completed, "{context}");
    job
}

fn moments() -> impl Iterator<Item = (u32, Moment)> {
    let both = |call| [(call, Moment::BeforeEffect), (call, Moment::AfterEffect)];
    (0..CALLS).flat_map(both)
}

#[test]
fn what_left_after_the_backup_is_found_and_not_sent_again() {
    for (call, moment) in moments() {
        block_on(async {
            let context = format!("backup at call {call}, {moment:?}");
            let (stage, id, backup) = sent(call, moment).await;
            let job = gone_on(&stage, &id, backup, &context).await;
            assert_eq!(job.counts.succeeded, MAILS, "{context}: {job:?}");
        });
    }
}

#[test]
fn what_nobody_can_find_is_uncertain_with_what_is_known_of_it() {
    for (call, moment) in moments() {
        block_on(async {
            let context = format!("backup at call {call}, {moment:?}");
            let (stage, id, backup) = sent(call, moment).await;
            stage.mailbox.trouble(|trouble| trouble.blind = true);
            let job = gone_on(&stage, &id, backup.clone(), &context).await;
            // Those of the call at which the backup was made, and of all after it.
            let before = 2 * u64::from(call);
            let unclear = MAILS - before;
            let counts = (
                job.counts.succeeded,
                job.counts.uncertain,
                job.counts.failed,
            );
            assert_eq!(counts, (before, unclear, 0), "{context}");
            let uncertain = Some(Outcome::Uncertain);
            let page = results::items(&stage.ports, &stage.user, &id, uncertain, None, 50).await;
            for item in page.unwrap().items {
                let evidence = item.evidence.unwrap();
                let sent = stage.mailbox.delivered().into_iter();
                let mut sent = sent.filter(|letter| letter.id == evidence.message_id);
                let letter = sent.next().unwrap();
                let hash = bulkhead_shared::hash::sha256_hex(&letter.bytes);
                assert_eq!(evidence.sha256, hash, "{context}");
            }
            let again = children::retry(&stage.ports, &stage.user, &id, limits::OPEN_JOBS).await;
            assert!(again.is_err(), "{context}");
            // Put back once more, it is the same.
            let job = gone_on(&stage, &id, backup, &context).await;
            assert_eq!(job.counts.uncertain, unclear, "{context}");
        });
    }
}

#[test]
fn a_backup_from_before_the_job_began_sends_nothing_again_either() {
    block_on(async {
        let (stage, id) = confirmed().await;
        let backup = stage.table.rows();
        stage.run_to_end(&id).await;
        let job = gone_on(&stage, &id, backup, "backup before the first call").await;
        assert_eq!(job.counts.succeeded, MAILS);
        assert_eq!(stage.ledger.notes(&id) as u64, MAILS);
    });
}

#[test]
fn what_was_tried_before_the_backup_and_did_not_leave_is_sent_after_it() {
    block_on(async {
        let (stage, id) = confirmed().await;
        // Two are put off, and the backup is made before their time comes.
        stage
            .mailbox
            .trouble(|trouble| trouble.flaky = [(1, 1), (4, 1)].into());
        while stage.step().await.unwrap() {}
        assert_eq!(stage.mailbox.delivered().len() as u64, MAILS - 2);
        let backup = stage.table.rows();
        let job = gone_on(&stage, &id, backup, "backup between two attempts").await;
        assert_eq!(job.counts.succeeded, MAILS);
    });
}

#[test]
fn where_the_ledger_was_put_back_too_the_copies_tell() {
    for (call, moment) in moments() {
        block_on(async {
            let context = format!("backup at call {call}, {moment:?}");
            let (stage, id, backup) = sent(call, moment).await;
            stage.ledger.lose();
            let job = gone_on(&stage, &id, backup, &context).await;
            assert_eq!(job.counts.succeeded, MAILS, "{context}: {job:?}");
        });
    }
}

#[test]
fn where_the_ledger_was_put_back_too_what_is_not_among_the_copies_leaves() {
    block_on(async {
        let (stage, id) = confirmed().await;
        let backup = stage.table.rows();
        stage.step().await.unwrap();
        let gone = stage.mailbox.delivered().len() as u64;
        assert!((1..MAILS).contains(&gone), "{gone}");
        stage.ledger.lose();
        let job = gone_on(&stage, &id, backup, "part of it had left").await;
        assert_eq!(job.counts.succeeded, MAILS, "{job:?}");
    });
}

#[test]
fn what_left_is_counted_although_the_job_is_stopped_right_after_the_backup_came_back() {
    for (call, moment) in moments() {
        block_on(async {
            let context = format!("backup at call {call}, {moment:?}");
            let (stage, id, backup) = sent(call, moment).await;
            stage.put_back(backup);
            control::cancel(&stage.ports, &stage.user, &id)
                .await
                .unwrap();
            let job = stage.run_to_end(&id).await;
            check_each_once(&stage, &context);
            let counts = (job.counts.succeeded, job.counts.cancelled);
            assert_eq!(
                (job.state, counts),
                (State::Cancelled, (MAILS, 0)),
                "{context}"
            );
        });
    }
}

#[test]
fn what_left_of_a_chunk_that_waited_at_the_backup_is_counted_although_the_job_is_stopped() {
    block_on(async {
        let (stage, id) = confirmed().await;
        stage
            .mailbox
            .trouble(|trouble| trouble.flaky = [(1, 1)].into());
        while stage.step().await.unwrap() {}
        assert_eq!(stage.mailbox.delivered().len() as u64, MAILS - 1);
        let backup = stage.table.rows();
        stage.run_to_end(&id).await;
        stage.put_back(backup);
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let job = stage.run_to_end(&id).await;
        check_each_once(&stage, "backup between two attempts");
        let counts = (job.counts.succeeded, job.counts.cancelled);
        assert_eq!((job.state, counts), (State::Cancelled, (MAILS, 0)));
    });
}

#[test]
fn what_never_left_of_a_stopped_job_was_not_started() {
    block_on(async {
        let (stage, id) = confirmed().await;
        stage.step().await.unwrap();
        let gone = stage.mailbox.delivered().len() as u64;
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let job = stage.run_to_end(&id).await;
        let counts = (job.counts.succeeded, job.counts.cancelled);
        assert_eq!(
            (job.state, counts),
            (State::Cancelled, (gone, MAILS - gone))
        );
    });
}

#[test]
fn a_chunk_that_is_given_up_after_the_backup_came_back_is_not_told_as_never_sent() {
    block_on(async {
        let (stage, id) = confirmed().await;
        let backup = stage.table.rows();
        stage.run_to_end(&id).await;
        stage.put_back(backup);
        let message = Message::Chunk {
            job: id.clone(),
            chunk: 0,
        };
        assert!(work::dead_letter(&stage.ports, &message).await.unwrap());
        let job = stage.run_to_end(&id).await;
        check_each_once(&stage, "given up");
        let counts = job.counts;
        // The other chunk goes on, and finds its own.
        assert_eq!(
            (counts.uncertain, counts.succeeded, counts.failed),
            (IN_FIRST, MAILS - IN_FIRST, 0)
        );
    });
}

/// Ports whose ledger does not take the next so many notes, or tell them.
fn failing(stage: &Stage, times: u32, is_it: fn(&Call<'_>) -> bool) -> Ports {
    let left = Mutex::new(times);
    let by = intercept::by(move |moment, call| {
        let mut left = left.lock().unwrap();
        match moment == Moment::BeforeEffect && is_it(call) && *left > 0 {
            true => {
                *left -= 1;
                Err(Failure::Unavailable)
            }
            false => Ok(()),
        }
    });
    intercept::ports(&stage.ports, &by)
}

async fn run_with(stage: Arc<Stage>, ports: Ports, id: &JobId) -> (Job, u64) {
    let mut stage = Arc::into_inner(stage).unwrap();
    stage.ports = ports;
    let job = stage.run_to_end(id).await;
    (job, stage.mailbox.delivered().len() as u64)
}

#[test]
fn what_cannot_be_noted_does_not_leave() {
    block_on(async {
        let (stage, id) = confirmed().await;
        let ports = failing(&stage, 1, |call| matches!(call, Call::Note(_)));
        let (job, delivered) = run_with(stage, ports, &id).await;
        let counts = (job.counts.succeeded, job.counts.uncertain, delivered);
        assert_eq!(counts, (MAILS, 0, MAILS), "it goes on once it can");

        let (stage, id) = confirmed().await;
        let ports = failing(&stage, u32::MAX, |call| matches!(call, Call::Note(_)));
        let (job, delivered) = run_with(stage, ports, &id).await;
        let counts = (job.counts.failed, job.counts.uncertain, delivered);
        assert_eq!(counts, (MAILS, 0, 0), "nothing is open that never left");
    });
}

#[test]
fn as_long_as_the_ledger_cannot_be_read_nothing_leaves_and_nothing_fails() {
    block_on(async {
        let (stage, id) = confirmed().await;
        let ports = failing(&stage, 20, |call| matches!(call, Call::Noted));
        let (job, delivered) = run_with(stage, ports, &id).await;
        let counts = (job.counts.succeeded, job.counts.uncertain, delivered);
        assert_eq!(counts, (MAILS, 0, MAILS));
    });
}
