//! Exact duplicates: one of each group stays, and only while it is there is another one deleted.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_engine::jobs::{children, draft, preview::preview, results};
use bulkhead_engine::testing::address_book::{MemoryAddressBook, address};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{ConfirmBy, Job, NewJob, RiskLevel};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{MergeContacts, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use futures::executor::block_on;

use crate::deaths::live_and_die;
use crate::world::{all, card, cards, found, these};

/// 1 and 13 give way to 7, whose REV is the earliest; 8 to 12 to the first of their pairs. 14 is alone, and what
/// 15 and 16 say is not understood.
const GO: [u64; 7] = [1, 8, 9, 10, 11, 12, 13];
const GROUPS: u64 = 6;

fn twin(number: u64, of: u64, more: &str) -> Vec<u8> {
    let text = String::from_utf8(card(of)).unwrap();
    let uid = format!("UID:twin-{number}{more}");
    text.replace(&format!("UID:uid-{of}"), &uid).into_bytes()
}

fn mailbox() -> MemoryMailbox {
    let number = |number| match number {
        7 => twin(7, 1, "\r\nREV:2020-01-01T00:00:00Z"),
        8 => twin(8, 2, "\r\nPRODID:-//Another//EN"),
        9..=12 => twin(number, number - 6, ""),
        13 => twin(13, 1, "\r\nREV:20210101T000000Z"),
        15 | 16 => b"rubbish".to_vec(),
        number => card(number),
    };
    let book = MemoryAddressBook::of((1..=16).map(number));
    MemoryMailbox::new(2).with_contacts(book)
}

async fn stage() -> Stage {
    Stage::new(mailbox()).await.unwrap()
}

fn merge() -> Operation {
    Operation::MergeContacts(MergeContacts {})
}

fn merged(before: &BTreeMap<ItemId, Vec<u8>>) -> BTreeMap<ItemId, Vec<u8>> {
    let mut after = before.clone();
    GO.iter().for_each(|&number| {
        after.remove(&address(number));
    });
    after
}

async fn ended(stage: &Stage, id: &JobId, outcome: Outcome) -> BTreeSet<ItemId> {
    let page = results::items(&stage.ports, &stage.user, id, None, None, 50).await;
    let items = page.unwrap().items.into_iter();
    let items = items.filter(|item| item.outcome == Some(outcome));
    items.map(|item| item.id).collect()
}

fn reasons(job: &Job) -> Vec<(ItemReason, u64)> {
    let reasons = job.reasons.iter();
    reasons.map(|it| (it.reason, it.count)).collect()
}

#[test]
fn one_of_each_group_stays_and_undo_brings_the_others_back() {
    block_on(async {
        let stage = stage().await;
        let before = cards(&stage);
        let id = stage.draft(merge(), all(), JobOptions::default()).await;
        let id = id.unwrap();
        let shown = preview(&stage.ports, &stage.user, &id).await.unwrap();
        assert_eq!((shown.total, shown.groups), (7, Some(GROUPS)));
        assert_eq!(shown.drift, None);
        assert_eq!(shown.risk.level, RiskLevel::Medium, "{:?}", shown.risk);
        let go: BTreeSet<ItemId> = GO.into_iter().map(address).collect();
        assert_eq!(shown.sample.len(), 7);
        assert!(shown.sample.iter().all(|card| go.contains(&card.id)));
        // What comes after the preview is no part of it, and no reason to ask again.
        let book = stage.mailbox.address_book();
        book.act(&address(17), Some(twin(17, 14, "")));
        let again = preview(&stage.ports, &stage.user, &id).await.unwrap();
        assert_eq!(again.drift, None, "nor do those that are no duplicates");
        stage.confirm(&id).await.unwrap();
        book.act(&address(17), None);
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 7));
        assert_eq!(cards(&stage), merged(&before));
        let undo = stage.undo(&id).await.unwrap();
        assert_eq!(undo.counts.succeeded, 7);
        assert_eq!(cards(&stage), before);
    });
}

#[test]
fn only_what_is_selected_is_compared() {
    block_on(async {
        let stage = stage().await;
        for (selection, groups, go) in [
            (these(1..=6), 0, vec![]),
            (these([14]), 0, vec![]),
            (these([2, 8, 14, 15, 16]), 1, vec![8]),
            (these([13, 1]), 1, vec![1]),
            (found("\"Person 02\""), 1, vec![8]),
            (found("nobody"), 0, vec![]),
        ] {
            let id = stage.draft(merge(), selection, JobOptions::default());
            let id = id.await.unwrap();
            let shown = preview(&stage.ports, &stage.user, &id).await.unwrap();
            assert_eq!(shown.groups, Some(groups));
            let sample: Vec<ItemId> = shown.sample.into_iter().map(|card| card.id).collect();
            assert_eq!(sample, go.into_iter().map(address).collect::<Vec<_>>());
            assert_eq!(shown.total, sample.len() as u64);
        }
    });
}

#[test]
fn what_goes_is_always_shown_first() {
    block_on(async {
        let stage = stage().await;
        let new = NewJob {
            confirm: Some(ConfirmBy::IfReversible),
            ..stage.request(merge(), these([2, 8]), JobOptions::default())
        };
        let id = draft::create(&stage.ports, &stage.user, None, new, limits::OPEN_JOBS);
        let id = id.await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Draft);
    });
}

#[test]
fn nothing_goes_for_one_that_somebody_edited_or_deleted() {
    block_on(async {
        let stage = stage().await;
        let id = stage.draft(merge(), all(), JobOptions::default()).await;
        let id = id.unwrap();
        let book = stage.mailbox.address_book();
        book.act(&address(7), Some(card(99)));
        stage.confirm(&id).await.unwrap();
        book.act(&address(2), None);
        // Written anew, and it still says the same.
        book.act(&address(3), Some(twin(3, 3, "\r\nREV:20260101T000000Z")));
        // The one that was to go is another one now.
        book.act(&address(12), Some(card(98)));
        let before = cards(&stage);
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.skipped), (3, 4));
        assert_eq!(reasons(&job), [(ItemReason::ChangedSince, 4)]);
        let stays: BTreeSet<ItemId> = [1, 8, 12, 13].map(address).into();
        assert_eq!(ended(&stage, &id, Outcome::Skipped).await, stays);
        let mut after = before;
        for number in [9, 10, 11] {
            after.remove(&address(number));
        }
        assert_eq!(cards(&stage), after);
    });
}

#[test]
fn two_jobs_over_the_same_leave_one() {
    block_on(async {
        let stage = stage().await;
        let before = cards(&stage);
        let mut ids = Vec::new();
        for selection in [these([1, 13]), these([1, 7]), these([7, 13]), all()] {
            let id = stage.draft(merge(), selection, JobOptions::default());
            let id = id.await.unwrap();
            ids.push(id);
        }
        for id in &ids {
            stage.confirm_with_drift(id).await.unwrap();
        }
        stage.run().await.unwrap();
        assert_eq!(cards(&stage), merged(&before));
    });
}

#[test]
fn what_failed_is_tried_again_by_the_same_rule() {
    block_on(async {
        let stage = stage().await;
        let book = stage.mailbox.address_book();
        book.trouble(|trouble| trouble.refuse = [8, 9].map(address).into());
        let job = stage.complete(merge(), all(), JobOptions::default()).await;
        let job = job.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.failed), (5, 2));
        book.trouble(|trouble| trouble.refuse.clear());
        book.act(&address(2), Some(card(99)));
        let most = limits::OPEN_JOBS;
        let retry = children::retry(&stage.ports, &stage.user, &job.id, most).await;
        let retry = retry.unwrap();
        stage.run().await.unwrap();
        stage.confirm(&retry).await.unwrap();
        stage.run().await.unwrap();
        let retry = stage.job(&retry).await.unwrap();
        assert_eq!(reasons(&retry), [(ItemReason::ChangedSince, 1)]);
        assert!(cards(&stage).contains_key(&address(8)));
        assert!(!cards(&stage).contains_key(&address(9)));
    });
}

#[test]
fn a_lost_answer_deletes_nothing_twice() {
    block_on(async {
        let stage = stage().await;
        let before = cards(&stage);
        let book = stage.mailbox.address_book();
        book.trouble(|trouble| trouble.lose_answers = 1);
        let job = stage.complete(merge(), all(), JobOptions::default()).await;
        assert_eq!(job.unwrap().counts.succeeded, 7);
        assert_eq!(cards(&stage), merged(&before));
        assert!(book.touches().values().all(|&times| times == 1));
    });
}

/// The process ends before and after each single write, send and provider call; if `edits`, somebody then edits
/// the one that stays of the largest group.
fn dies_everywhere(edits: bool) {
    let (mut step, mut lives_on) = (0, false);
    while !lives_on {
        block_on(async {
            let fuse = Fuse::new();
            let stage = Stage::with_fuse(mailbox(), Some(fuse.clone())).await;
            let stage = stage.unwrap();
            let mut before = cards(&stage);
            let id = stage.draft(merge(), all(), JobOptions::default()).await;
            let id = id.unwrap();
            fuse.blow_at(step);
            let _ = stage.confirm(&id).await;
            let _ = stage.run().await;
            let (died, at_death) = (fuse.is_blown(), cards(&stage));
            fuse.replace();
            if died && edits {
                let book = stage.mailbox.address_book();
                book.act(&address(7), Some(card(99)));
                before.insert(address(7), card(99));
            }
            let (job, _) = live_and_die(&stage, &fuse, &id, u32::MAX, false).await;
            let context = format!("died at step {step}: {job:?}");
            assert_eq!(job.state, State::Completed, "invariant 4: {context}");
            let mut after = merged(&before);
            if died && edits {
                // What was not gone by then stays.
                for number in [1, 13] {
                    if let Some(card) = at_death.get(&address(number)) {
                        after.insert(address(number), card.clone());
                    }
                }
            }
            assert_eq!(cards(&stage), after, "{context}");
            let gone = before.len() - after.len();
            assert_eq!(job.counts.succeeded, gone as u64, "{context}");
            assert_eq!(job.counts.skipped, 7 - gone as u64, "{context}");
            let touches = stage.mailbox.address_book().touches();
            assert!(touches.values().all(|&times| times == 1), "{context}");
            assert_eq!(touches.len(), gone, "invariant 3: {context}");
            let undo = stage.undo(&id).await.unwrap();
            assert_eq!(undo.counts.succeeded, gone as u64, "{context}");
            assert_eq!(cards(&stage), before, "{context}");
            lives_on = !died;
        });
        step += 1;
    }
    assert!(step > 20, "it took only {step} steps");
}

#[test]
fn it_ends_the_same_wherever_it_dies() {
    dies_everywhere(false);
}

#[test]
fn wherever_it_dies_nothing_goes_for_one_that_was_edited_then() {
    dies_everywhere(true);
}

#[test]
fn it_is_frozen_the_same_wherever_its_planner_dies() {
    let (mut step, mut lives_on) = (0, false);
    while !lives_on {
        block_on(async {
            let fuse = Fuse::new();
            let stage = Stage::with_fuse(mailbox(), Some(fuse.clone())).await;
            let stage = stage.unwrap();
            let new = stage.request(merge(), all(), JobOptions::default());
            let id = draft::create(&stage.ports, &stage.user, None, new, limits::OPEN_JOBS);
            let id = id.await.unwrap();
            fuse.blow_at(step);
            let _ = stage.run().await;
            lives_on = !fuse.is_blown();
            fuse.replace();
            for _ in 0..10 {
                let _ = stage.run().await;
                stage.sweep().await.unwrap();
            }
            let shown = preview(&stage.ports, &stage.user, &id).await;
            let shown = shown.unwrap_or_else(|error| panic!("died at step {step}: {error}"));
            assert_eq!((shown.total, shown.groups), (7, Some(GROUPS)), "{step}");
        });
        step += 1;
    }
    assert!(step > 5, "it took only {step} steps");
}
