//! Dies at every moment: the process ends before and after each single write, send and provider call of
//! a job over contacts and of its undo. After each death a new process goes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use bulkhead_engine::jobs::children;
use bulkhead_engine::testing::address_book::address;
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::Job;
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;

use crate::creates::{create, rows};
use crate::world::*;

async fn ready(operation: &Operation) -> (Stage, Arc<Fuse>, JobId) {
    let fuse = Fuse::new();
    let selection = match operation.makes_items() {
        true => rows(CONTACTS),
        false => all(),
    };
    let stage = Stage::with_fuse(mailbox(), Some(fuse.clone()))
        .await
        .unwrap();
    let id = stage
        .draft(operation.clone(), selection, JobOptions::default())
        .await
        .unwrap();
    (stage, fuse, id)
}

/// Confirms and works until the fuse blows or the job has ended, then goes on as a new process.
pub(crate) async fn live_and_die(
    stage: &Stage,
    fuse: &Fuse,
    id: &JobId,
    step: u32,
    queue_is_lost: bool,
) -> (Job, bool) {
    fuse.blow_at(step);
    let _ = stage.confirm(id).await;
    let _ = stage.run().await;
    let died = fuse.is_blown();
    fuse.replace();
    if died && queue_is_lost {
        stage.queue.clear();
    }
    let job = stage.run_to_end(id).await;
    if job.state != State::Draft {
        return (job, died);
    }
    // It died before the confirmation was stored: the yes is said again.
    stage.confirm(id).await.unwrap();
    (stage.run_to_end(id).await, died)
}

fn after(operation: &Operation, before: &BTreeMap<ItemId, Vec<u8>>) -> BTreeMap<ItemId, Vec<u8>> {
    match operation {
        Operation::DeleteContacts(_) => BTreeMap::new(),
        _ => before
            .iter()
            .map(|(id, card)| (id.clone(), updated(card)))
            .collect(),
    }
}

#[test]
fn invariants_1_to_5_hold_wherever_a_job_over_contacts_dies() {
    for operation in [update(), delete()] {
        for queue_is_lost in [false, true] {
            let (mut step, mut lives_on) = (0, false);
            while !lives_on {
                block_on(async {
                    let (stage, fuse, id) = ready(&operation).await;
                    let before = cards(&stage);
                    let (job, died) = live_and_die(&stage, &fuse, &id, step, queue_is_lost).await;
                    let context = format!("{operation:?}, died at step {step}: {job:?}");
                    assert_eq!(job.state, State::Completed, "invariant 4: {context}");
                    assert_eq!(job.counts.succeeded, CONTACTS, "invariant 3: {context}");
                    assert_eq!(cards(&stage), after(&operation, &before), "{context}");
                    let touches = stage.mailbox.address_book().touches();
                    assert_eq!(touches.len() as u64, CONTACTS, "{context}");
                    assert!(
                        touches.values().all(|&times| times == 1),
                        "invariant 3: {context}"
                    );
                    lives_on = !died;
                });
                step += 1;
            }
            assert!(step > 20, "{operation:?} took only {step} steps");
        }
    }
}

#[test]
fn invariants_3_4_and_9_hold_wherever_its_undo_dies() {
    for operation in [update(), delete()] {
        let (mut step, mut lives_on) = (0, false);
        while !lives_on {
            block_on(async {
                let (stage, fuse, id) = ready(&operation).await;
                let before = cards(&stage);
                stage.confirm(&id).await.unwrap();
                stage.run().await.unwrap();
                // Somebody changes one of them, or makes another in its place: that stays.
                let theirs = card(99);
                stage
                    .mailbox
                    .address_book()
                    .act(&address(1), Some(theirs.clone()));
                let undo = children::undo(&stage.ports, &stage.user, &id)
                    .await
                    .unwrap();
                stage.run().await.unwrap();
                let (job, died) = live_and_die(&stage, &fuse, &undo, step, false).await;
                let context = format!("undo of {operation:?}, died at step {step}: {job:?}");
                assert_eq!(
                    (job.state, job.counts.succeeded, job.counts.skipped),
                    (State::Completed, CONTACTS - 1, 1),
                    "{context}"
                );
                let mut expected = before;
                expected.insert(address(1), theirs);
                assert_eq!(cards(&stage), expected, "invariant 9: {context}");
                for (id, times) in stage.mailbox.address_book().touches() {
                    let expected = if id == address(1) { 1 } else { 2 };
                    assert_eq!(times, expected, "invariant 3, {id}: {context}");
                }
                lives_on = !died;
            });
            step += 1;
        }
        assert!(
            step > 20,
            "the undo of {operation:?} took only {step} steps"
        );
    }
}

#[test]
fn invariant_3_nothing_is_made_twice_wherever_a_job_that_makes_contacts_dies() {
    for queue_is_lost in [false, true] {
        let (mut step, mut lives_on) = (0, false);
        while !lives_on {
            block_on(async {
                let (stage, fuse, id) = ready(&create()).await;
                let before = cards(&stage);
                let (job, died) = live_and_die(&stage, &fuse, &id, step, queue_is_lost).await;
                let context = format!("died at step {step}: {job:?}");
                assert_eq!(job.state, State::Completed, "invariant 4: {context}");
                assert_eq!(job.counts.succeeded, CONTACTS, "invariant 3: {context}");
                let touches = stage.mailbox.address_book().touches();
                assert_eq!(touches.len() as u64, CONTACTS, "{context}");
                assert!(touches.values().all(|&times| times == 1), "{context}");
                assert_eq!(
                    cards(&stage).len(),
                    before.len() + touches.len(),
                    "{context}"
                );
                let undo = stage.undo(&id).await.unwrap();
                assert_eq!(undo.counts.succeeded, CONTACTS, "{context}");
                assert_eq!(cards(&stage), before, "{context}");
                lives_on = !died;
            });
            step += 1;
        }
        assert!(step > 20, "it took only {step} steps");
    }
}
