//! What a job's transitions cost, in write units as DynamoDB reports them: with indexes, and twice for what is written
//! as one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use bulkhead_engine::jobs::{control, draft, preview};
use bulkhead_engine::work;
use bulkhead_shared::api::{Confirm, NewJob};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use jiff::{SignedDuration, Timestamp};

use super::large::World;

/// A job's costs, step by step.
struct Bill {
    world: World,
    paid: f64,
    lines: Vec<(&'static str, f64)>,
}

impl Bill {
    fn pay(&mut self, what: &'static str) {
        let paid = self.world.table.units().write.total;
        self.lines.push((what, paid - self.paid));
        self.paid = paid;
    }

    async fn drafted(&mut self) -> JobId {
        let World {
            answering,
            user,
            account,
            ..
        } = &self.world;
        let new = NewJob {
            account: account.clone(),
            operation: Operation::Archive(Archive {}),
            selection: Selection::Query {
                query: "in:inbox".to_owned(),
                except: Vec::new(),
            },
            options: JobOptions::default(),
            confirm: None,
        };
        let id = draft::create(answering, user, None, new, limits::OPEN_JOBS).await;
        id.unwrap()
    }

    async fn confirmed(&mut self, id: &JobId) {
        let World {
            answering, user, ..
        } = &self.world;
        let shown = preview::preview(answering, user, id).await.unwrap();
        let yes = Confirm {
            manifest_hash: shown.manifest_hash,
            drift_hash: None,
        };
        control::confirm(answering, user, id, &yes).await.unwrap();
    }

    async fn message(&mut self) {
        let message = self.world.queue.take().unwrap();
        let deadline = Timestamp::now() + SignedDuration::from_secs(60);
        work::handle(&self.world.ports, &message, deadline)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transition_costs_a_stated_number_of_write_units() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(folder.path(), 1_000).await;
    let paid = world.table.units().write.total;
    let mut bill = Bill {
        world,
        paid,
        lines: Vec::new(),
    };
    let id = bill.drafted().await;
    bill.pay("drafted");
    bill.message().await;
    bill.pay("frozen");
    bill.confirmed(&id).await;
    bill.pay("confirmed");
    let (ports, user) = (bill.world.answering.clone(), bill.world.user.clone());
    control::pause(&ports, &user, &id).await.unwrap();
    bill.pay("paused");
    control::resume(&ports, &user, &id).await.unwrap();
    bill.pay("resumed");
    while bill.world.queue.pending() > 0 {
        bill.message().await;
    }
    bill.pay("started, all chunks, ended");
    let other = bill.drafted().await;
    bill.message().await;
    bill.pay("another one, frozen");
    control::discard(&ports, &user, &other).await.unwrap();
    bill.pay("discarded");
    for (what, units) in &bill.lines {
        eprintln!("{what:<28}{units:>6.1}");
    }
    // Rows written as one, so each counts twice: the job, its line in the trail, its event and the news; and what
    // the indexes have of them. A draft that is discarded tells of two things.
    let dearest = bill
        .lines
        .iter()
        .filter(|(what, _)| ["confirmed", "paused", "resumed", "discarded"].contains(what));
    for (what, units) in dearest {
        assert!(*units <= MOST, "{what}: {units}");
    }
}

/// Units of a transition, most.
const MOST: f64 = 20.0;
