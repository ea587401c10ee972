//! What it costs to go on with what an earlier planner put down.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bulkhead_engine::jobs::children;
use bulkhead_engine::ports::{Clock, Expect, Message, Row, Table, Write};
use bulkhead_engine::records::JobRecord;
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::load_job;
use bulkhead_engine::testing::intercept::{self, Call};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, Operation};
use futures::executor::block_on;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{MAILS, PAGE, PAGES, ask, in_one_go, messages, noting_pages, slow};

/// Chunks that may still be cut otherwise: as many as lanes, and the one that is not full.
const HELD: u64 = 3;

/// Counts the chunks' rows that are read and written.
#[derive(Default)]
struct Rows {
    read: AtomicU64,
    written: AtomicU64,
}

impl Rows {
    fn noting(stage: &mut Stage) -> Arc<Self> {
        let rows = Arc::new(Self::default());
        let counter = rows.clone();
        let by = intercept::by(move |moment, call| {
            if moment == Moment::BeforeEffect {
                counter.note(call);
            }
            Ok(())
        });
        stage.ports = intercept::ports(&stage.ports, &by);
        rows
    }

    fn note(&self, call: &Call<'_>) {
        let is_chunk = |sort: &str| sort.starts_with("MANIFEST#");
        match call {
            Call::Get(key) if is_chunk(&key.sort) => {
                self.read.fetch_add(1, Ordering::Relaxed);
            }
            Call::PutMany(rows) => {
                let rows = rows.iter().filter(|row| is_chunk(&row.key.sort));
                self.written
                    .fetch_add(rows.count() as u64, Ordering::Relaxed);
            }
            _ => {}
        }
    }

    /// What was read and written since this was asked last.
    fn since(&self) -> (u64, u64) {
        let of = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed);
        (of(&self.read), of(&self.written))
    }
}

async fn stored(stage: &Stage, id: &JobId) -> JobRecord {
    load_job(stage.table.as_ref(), id)
        .await
        .unwrap()
        .unwrap()
        .record
}

#[test]
fn a_message_costs_what_its_own_pages_cost_however_much_is_put_down() {
    block_on(async {
        let mut stage = slow(None).await;
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let rows = Rows::noting(&mut stage);
        let (mut messages, mut stored_in_all) = (0, 0);
        while let Some(delivery) = stage.queue.receive() {
            let before = stored(&stage, &id).await.total;
            let deadline = stage.clock.now() + SignedDuration::from_secs(30);
            let handled = work::handle(&stage.ports, &delivery.message, deadline);
            handled.await.unwrap();
            stage.queue.ack(delivery.receipt);
            let (read, written) = rows.since();
            let pages = (stored(&stage, &id).await.total - before).div_ceil(PAGE);
            assert!(read <= HELD, "{read} read back of {before} items");
            // A page of seven makes one or two chunks of five, and begins another one.
            assert!(written <= HELD + 3 * pages, "{written} for {pages} pages");
            messages += 1;
            stored_in_all += written;
        }
        assert!(messages > 3, "{messages}");
        // Each chunk once, and with each page one that is not full yet.
        let most = MAILS / 5 + PAGES;
        assert!(stored_in_all <= most, "{stored_in_all}");
        // None of the planners died, so that all rows are of one of them.
        let job = stored(&stage, &id).await;
        assert_eq!((job.state, job.total), (State::Draft, MAILS));
        assert!(job.earlier.is_empty() && job.schema == 0);
    });
}

/// Lets a planner take the job and sleep, so that the next one takes it for dead.
async fn falls_asleep(stage: &Stage, id: &JobId) {
    let mut body = serde_json::to_value(stored(stage, id).await).unwrap();
    body["put_down"]["taken"] = json!(true);
    store(stage, id, &body).await;
}

/// Stores a job's row as it says here.
async fn store(stage: &Stage, id: &JobId, body: &Value) {
    let row = stage.table.get(&names::job(id)).await.unwrap().unwrap();
    let row = Row {
        body: serde_json::to_vec(body).unwrap(),
        ..row
    };
    let put = Write::Put(row, Expect::Anything);
    stage.table.write(vec![put]).await.unwrap();
}

#[test]
fn after_a_death_nothing_is_copied_and_what_was_confirmed_is_what_is_done() {
    block_on(async {
        let mut stage = slow(None).await;
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        let rows = Rows::noting(&mut stage);
        loop {
            let before = stored(&stage, &id).await.total;
            let Some(delivery) = stage.queue.receive() else {
                break;
            };
            let deadline = stage.clock.now() + SignedDuration::from_secs(30);
            let handled = work::handle(&stage.ports, &delivery.message, deadline);
            handled.await.unwrap();
            stage.queue.ack(delivery.receipt);
            let (read, written) = rows.since();
            let job = stored(&stage, &id).await;
            let pages = (job.total - before).div_ceil(PAGE);
            assert!(read <= HELD, "{read} read back of {before} items");
            assert!(written <= HELD + 3 * pages, "{written} for {pages} pages");
            if job.state == State::Planning {
                falls_asleep(&stage, &id).await;
            }
        }
        let job = stored(&stage, &id).await;
        assert!(job.earlier.len() > 3, "{:?}", job.earlier);
        assert_eq!(job.schema, 2);
        let whole = in_one_go(Operation::Archive(Archive {})).await;
        assert_eq!((job.state, job.total), (State::Draft, MAILS));
        assert_eq!(job.manifest_hash, Some(whole.manifest_hash.unwrap()));
        stage.confirm(&id).await.unwrap();
        assert_eq!(stage.run_to_end(&id).await.counts.succeeded, MAILS);
        let undo = children::undo(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        messages(&stage).await;
        stage.confirm(&undo).await.unwrap();
        assert_eq!(stage.run_to_end(&undo).await.counts.succeeded, MAILS);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 2));
    });
}

/// Freezes everything, with the planner's row as this makes it after each message. Says how many pages were read.
async fn with(changed: fn(&mut Value)) -> (JobRecord, u64) {
    let mut stage = slow(None).await;
    let pages = noting_pages(&mut stage);
    let id = ask(&stage, Operation::Archive(Archive {})).await;
    // Each planner reads a page at least, or none of them ever comes to the end.
    for _ in 0..=PAGES {
        let Some(delivery) = stage.queue.receive() else {
            break;
        };
        let deadline = stage.clock.now() + SignedDuration::from_secs(60);
        let handled = work::handle(&stage.ports, &delivery.message, deadline);
        handled.await.unwrap();
        stage.queue.ack(delivery.receipt);
        let job = stored(&stage, &id).await;
        if job.state == State::Planning {
            let mut body = serde_json::to_value(&job).unwrap();
            changed(&mut body["put_down"]);
            store(&stage, &id, &body).await;
        }
    }
    let job = stored(&stage, &id).await;
    (job, pages.load(Ordering::Relaxed))
}

#[test]
fn what_was_put_down_without_a_hash_to_go_on_with_is_read_back_whole() {
    block_on(async {
        let whole = in_one_go(Operation::Archive(Archive {})).await;
        let rows: [fn(&mut Value); 4] = [
            // By a version that did not keep it.
            |put_down| drop(put_down.as_object_mut().unwrap().remove("hash_so_far")),
            // By a library that writes it otherwise.
            |put_down| put_down["hash_so_far"] = json!("2:af10"),
            // By a planner that slept.
            |put_down| {
                drop(put_down.as_object_mut().unwrap().remove("hash_so_far"));
                put_down["taken"] = json!(true);
            },
            // One after the other.
            |put_down| {
                let odd = put_down["hash"].as_str().unwrap().as_bytes()[0] % 2 == 1;
                put_down["taken"] = json!(true);
                if odd {
                    put_down["hash_so_far"] = Value::Null;
                }
            },
        ];
        for changed in rows {
            let (job, pages) = with(changed).await;
            assert_eq!((job.state, job.total), (State::Draft, MAILS));
            assert_eq!(pages, PAGES, "nothing is searched again");
            assert_eq!(job.manifest_hash, whole.manifest_hash);
        }
    });
}

/// A plan that a message has put down, as by a version that did not keep what a hash goes on with: so it is read
/// back whole.
async fn put_down_without_hash() -> (Stage, JobId) {
    let stage = slow(None).await;
    let id = ask(&stage, Operation::Archive(Archive {})).await;
    stage.step().await.unwrap();
    let mut body = serde_json::to_value(stored(&stage, &id).await).unwrap();
    let put_down = body["put_down"].as_object_mut().unwrap();
    assert!(put_down.remove("hash_so_far").is_some());
    store(&stage, &id, &body).await;
    (stage, id)
}

#[test]
fn a_little_that_was_put_down_is_read_back_however_late_it_is() {
    block_on(async {
        let (stage, id) = put_down_without_hash().await;
        let before = stored(&stage, &id).await;
        // Fewer than are read between two looks at the clock.
        assert!(before.chunks() < 100);
        let soon = stage.clock.now() + SignedDuration::from_secs(3);
        let plan = Message::Plan { job: id.clone() };
        work::handle(&stage.ports, &plan, soon).await.unwrap();
        let after = stored(&stage, &id).await;
        assert_eq!(
            (after.state, after.total),
            (State::Planning, before.total + PAGE)
        );
        assert_eq!(after.plan_troubles, before.plan_troubles);
    });
}

#[test]
fn what_was_put_down_and_is_as_much_but_not_the_same_is_planned_anew() {
    block_on(async {
        let (stage, id) = put_down_without_hash().await;
        let generation = stored(&stage, &id).await.generation;
        let row = async |chunk| {
            let key = names::manifest(&id, generation, chunk);
            stage.table.get(&key).await.unwrap().unwrap()
        };
        // Two chunks have changed their places.
        let (first, second) = (row(0).await, row(1).await);
        let changed = [(&first, &second), (&second, &first)].map(|(place, other)| {
            let row = Row {
                body: other.body.clone(),
                ..place.clone()
            };
            Write::Put(row, Expect::Anything)
        });
        stage.table.write(changed.into()).await.unwrap();
        messages(&stage).await;
        let job = stored(&stage, &id).await;
        let whole = in_one_go(Operation::Archive(Archive {})).await;
        assert_eq!((job.state, job.total), (State::Draft, MAILS));
        assert_eq!(job.manifest_hash, whole.manifest_hash);
    });
}

#[test]
fn what_was_put_down_is_read_back_before_the_deadline_or_not_at_all() {
    block_on(async {
        let stage = slow(None).await;
        let id = ask(&stage, Operation::Archive(Archive {})).await;
        // Until there is more to read back than between two looks at the clock.
        while stored(&stage, &id).await.total <= 505 {
            stage.step().await.unwrap();
        }
        // By a version that did not keep what a hash goes on with.
        let mut body = serde_json::to_value(stored(&stage, &id).await).unwrap();
        drop(
            body["put_down"]
                .as_object_mut()
                .unwrap()
                .remove("hash_so_far"),
        );
        store(&stage, &id, &body).await;
        let before = stored(&stage, &id).await;
        assert_eq!(before.state, State::Planning);
        let plan = Message::Plan { job: id.clone() };
        for _ in 0..4 {
            let soon = stage.clock.now() + SignedDuration::from_secs(3);
            work::handle(&stage.ports, &plan, soon).await.unwrap();
            let job = stored(&stage, &id).await;
            assert_eq!(job.state, State::Planning);
            assert_eq!(job.put_down, before.put_down);
            assert_eq!(job.planning_until, None);
        }
        // Nobody comes any farther: that ends with a reason.
        let soon = stage.clock.now() + SignedDuration::from_secs(3);
        work::handle(&stage.ports, &plan, soon).await.unwrap();
        let job = stage.job(&id).await.unwrap();
        let why = Some(StateReason::PlanFailed);
        assert_eq!((job.state, job.reason), (State::Failed, why));
    });
}
