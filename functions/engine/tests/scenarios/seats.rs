//! Mail servers that refuse a session: because there are too many, or because nobody gets one.

use std::sync::atomic::{AtomicBool, Ordering};

use bulkhead_engine::ports::{CallError, Expect, Row, Table, Write};
use bulkhead_engine::records::store::{load_job_with_chunks, load_text, text_row};
use bulkhead_engine::records::{AccountRecord, names};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::AccountKind;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{options, stage};

async fn put(stage: &Stage, row: Row) {
    let write = Write::Put(row, Expect::Anything);
    stage.table.write(vec![write]).await.unwrap();
}

/// A job in one lane, on a mail server with which these have a session for the next ten minutes.
async fn beside(others: &[&str]) -> (Stage, JobId) {
    let stage = stage(8).await;
    let one_lane = JobOptions {
        parallel_chunks: Some(1),
        ..options()
    };
    let id = stage.archiving(one_lane).await.unwrap();
    let key = names::account(&stage.user, &stage.account);
    let stored = load_text::<AccountRecord>(stage.table.as_ref(), &key).await;
    let stored = stored.unwrap().unwrap();
    let record = AccountRecord {
        kind: AccountKind::Imap,
        ..stored.record
    };
    let version = stored.version + 1;
    put(&stage, text_row(key, version, &record, None).unwrap()).await;
    let until = stage.ports.clock.now() + SignedDuration::from_mins(10);
    let held: serde_json::Map<String, Value> = others
        .iter()
        .map(|other| ((*other).to_owned(), json!(until)))
        .collect();
    let key = names::sessions(&stage.account);
    put(
        &stage,
        text_row(key, 1, &json!({"held": held}), None).unwrap(),
    )
    .await;
    (stage, id)
}

/// The server refuses the next session like this.
fn refuses(stage: &mut Stage, refusal: fn() -> CallError) {
    let refused = AtomicBool::new(false);
    let by = intercept::by(move |moment, call| {
        let opens = moment == Moment::BeforeEffect && matches!(call, Call::Open);
        match opens && !refused.swap(true, Ordering::SeqCst) {
            true => Err(Failure::Call(refusal())),
            false => Ok(()),
        }
    });
    stage.ports = intercept::ports(&stage.ports, &by);
}

fn too_many() -> CallError {
    CallError::Throttled { until: None }
}

/// Who has a session, and how many the server is believed to take.
async fn sessions(stage: &Stage) -> (Vec<String>, Option<u64>) {
    let key = names::sessions(&stage.account);
    let row = stage.table.get(&key).await.unwrap().unwrap();
    let row: Value = serde_json::from_slice(&row.body).unwrap();
    let held = row["held"].as_object().unwrap().keys().cloned();
    (held.collect(), row["narrowed"][0].as_u64())
}

#[test]
fn who_finds_that_a_server_has_too_many_sessions_comes_back_and_holds_up_no_job() {
    block_on(async {
        let (mut stage, id) = beside(&["a", "b"]).await;
        refuses(&mut stage, too_many);
        let began = stage.ports.clock.now();
        stage.step().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Running);
        let second = began + SignedDuration::from_secs(1);
        assert_eq!(stage.queue.next_at(), Some(second));
        let others = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(sessions(&stage).await, (others, Some(2)));
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
    });
}

#[test]
fn a_server_that_has_too_many_sessions_without_any_of_ours_is_waited_for() {
    block_on(async {
        let (mut stage, id) = beside(&[]).await;
        refuses(&mut stage, too_many);
        let until = stage.ports.clock.now() + SignedDuration::from_secs(30);
        stage.step().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        let why = Some(StateReason::WaitingForProvider { until });
        assert_eq!((job.state, job.reason), (State::Paused, why));
        assert_eq!(sessions(&stage).await, (Vec::new(), None));
    });
}

#[test]
fn a_server_that_cannot_be_reached_has_not_too_many_sessions() {
    block_on(async {
        let (mut stage, id) = beside(&["a"]).await;
        refuses(&mut stage, || CallError::Unavailable("gone".to_owned()));
        stage.step().await.unwrap();
        let state = load_job_with_chunks(stage.table.as_ref(), &id).await;
        assert_eq!(state.unwrap().unwrap().chunks[0].record.breaks, 1);
        assert_eq!(sessions(&stage).await, (vec!["a".to_owned()], None));
    });
}
