//! Editing: what it changes, what it leaves alone, and who was faster.

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::preview::preview;
use bulkhead_engine::testing::address_book::address;
use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::Gate;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Operation, UpdateContacts};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemReason;
use futures::executor::block_on;

use crate::world::*;

#[test]
fn an_edit_changes_what_it_is_about_and_not_a_byte_else() {
    block_on(async {
        let stage = stage().await;
        let before = cards(&stage);
        let id = stage
            .draft(update(), all(), JobOptions::default())
            .await
            .unwrap();
        let shown = preview(&stage.ports, &stage.user, &id).await.unwrap();
        // The search is empty: it is every contact.
        assert_eq!((shown.total, shown.gate), (CONTACTS, Gate::TypeCount));
        assert_eq!(shown.reversibility.kind, Reversibility::Exact);
        assert_eq!(shown.sample[0].title, "Person 01");
        assert_eq!(shown.sample[0].second, "Acme, Lab");
        assert_eq!(cards(&stage), before, "nothing is touched yet");

        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.state, job.counts.succeeded),
            (State::Completed, CONTACTS)
        );
        for (id, was) in &before {
            assert_eq!(cards(&stage)[id], updated(was), "{id}");
        }
        let undo = stage.undo(&id).await.unwrap();
        assert_eq!(undo.counts.succeeded, CONTACTS);
        assert_eq!(cards(&stage), before);
    });
}

#[test]
fn what_already_is_so_is_left_alone() {
    block_on(async {
        let stage = stage().await;
        let before = cards(&stage);
        let same = Operation::UpdateContacts(UpdateContacts {
            organisation: Some("Acme".to_owned()),
            add_categories: vec!["Friends".to_owned()],
            ..UpdateContacts::default()
        });
        let job = stage
            .complete(same, all(), JobOptions::default())
            .await
            .unwrap();
        assert_eq!(
            (job.state, job.counts.skipped),
            (State::Completed, CONTACTS)
        );
        assert_eq!(job.reasons[0].reason, ItemReason::AlreadyDone);
        assert_eq!(cards(&stage), before);
        assert!(stage.mailbox.address_book().touches().is_empty());
    });
}

#[test]
fn a_search_selects_and_picks_select_the_same_way() {
    block_on(async {
        for selection in [
            found("phone:+493012"),
            found("\"phone:0049307\""),
            found("phone:0049307"),
            these([7]),
        ] {
            let stage = stage().await;
            let job = stage
                .complete(update(), selection.clone(), JobOptions::default())
                .await
                .unwrap();
            let touched = stage.mailbox.address_book().touches();
            // Written with 0049, so the first search finds nobody.
            let expected = u64::from(selection != found("phone:+493012"));
            assert_eq!(job.total, expected, "{selection:?}");
            assert_eq!(touched.len() as u64, expected, "{selection:?}");
        }
        let stage = stage().await;
        // What contacts do not have is told at once.
        let refused = stage
            .draft(update(), found("in:inbox"), JobOptions::default())
            .await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    });
}

#[test]
fn somebody_who_was_faster_is_not_overwritten() {
    block_on(async {
        let stage = stage().await;
        let id = stage
            .draft(update(), all(), JobOptions::default())
            .await
            .unwrap();
        let theirs = card(99);
        let book = stage.mailbox.address_book();
        book.act(&address(1), Some(theirs.clone()));
        book.act(&address(2), None);
        let shown = preview(&stage.ports, &stage.user, &id).await.unwrap();
        let drift = shown.drift.unwrap();
        assert_eq!((drift.changed, drift.left), (1, 1));
        let unseen = stage.confirm(&id).await;
        assert!(matches!(unseen, Err(Error::Drifted(_))), "{unseen:?}");
        // Seen and confirmed: the changed one is edited as it is now, the one that left is skipped.
        stage.confirm_with_drift(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.counts.succeeded, job.counts.skipped),
            (CONTACTS - 1, 1)
        );
        assert_eq!(cards(&stage)[&address(1)], updated(&theirs));
        assert!(!cards(&stage).contains_key(&address(2)));
    });
}

#[test]
fn what_cannot_be_read_or_is_refused_fails_and_is_tried_again() {
    block_on(async {
        let stage = stage().await;
        let book = stage.mailbox.address_book();
        book.act(&address(3), Some(b"no card".to_vec()));
        book.trouble(|trouble| trouble.refuse.extend([address(4)]));
        let job = stage
            .complete(update(), all(), JobOptions::default())
            .await
            .unwrap();
        assert_eq!(job.counts.succeeded, CONTACTS - 2);
        assert_eq!(job.counts.failed + job.counts.skipped, 2, "{job:?}");
        book.trouble(|trouble| trouble.refuse.clear());
        let retry = bulkhead_engine::jobs::children::retry(
            &stage.ports,
            &stage.user,
            &job.id,
            bulkhead_shared::limits::OPEN_JOBS,
        );
        let retry = retry.await.unwrap();
        stage.run().await.unwrap();
        stage.confirm(&retry).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&retry).await.unwrap().counts.succeeded, 1);
        assert_eq!(cards(&stage)[&address(4)], updated(&card(4)));
        assert_eq!(cards(&stage)[&address(3)], b"no card");
    });
}

#[test]
fn lost_answers_are_looked_for_and_nothing_is_done_twice() {
    block_on(async {
        for operation in [update(), delete()] {
            let stage = stage().await;
            let before = cards(&stage);
            let book = stage.mailbox.address_book();
            book.trouble(|trouble| {
                trouble.lose_answers = 1;
                trouble.half_way = 1;
                trouble.break_off = 1;
            });
            let job = stage
                .complete(operation.clone(), all(), JobOptions::default())
                .await
                .unwrap();
            assert_eq!(job.counts.succeeded, CONTACTS, "{operation:?}");
            assert!(book.touches().values().all(|&times| times == 1));
            assert_eq!(book.touches().len() as u64, CONTACTS);
            let undo = stage.undo(&job.id).await.unwrap();
            assert_eq!(undo.counts.succeeded, CONTACTS, "{operation:?}");
            assert_eq!(cards(&stage), before, "{operation:?}");
        }
    });
}

#[test]
fn batches_are_twenty_and_at_most_fifty() {
    block_on(async {
        let stage = stage().await;
        let of = |batch_size| JobOptions {
            batch_size: Some(batch_size),
            ..JobOptions::default()
        };
        let refused = stage.draft(delete(), all(), of(51)).await.unwrap_err();
        let Error::Invalid(invalid) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(invalid.field, "options.batch_size");
        assert!(stage.draft(delete(), all(), of(50)).await.is_ok());
    });
}
