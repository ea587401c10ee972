//! Taking back: exactly, and never over what somebody did since.

use bulkhead_engine::jobs::preview::preview;
use bulkhead_engine::jobs::{children, results};
use bulkhead_engine::testing::address_book::address;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_shared::api::UndoPreview;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::RiskLevel;
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemReason;
use futures::executor::block_on;

use crate::world::*;

#[test]
fn deleted_contacts_come_back_byte_for_byte_and_go_again() {
    block_on(async {
        let stage = stage().await;
        let before = cards(&stage);
        let id = stage
            .draft(delete(), all(), JobOptions::default())
            .await
            .unwrap();
        let shown = preview(&stage.ports, &stage.user, &id).await.unwrap();
        assert_eq!(
            shown.risk.level,
            RiskLevel::High,
            "it is every contact: {:?}",
            shown.risk
        );
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        assert!(cards(&stage).is_empty());
        // Who is gone is named all the same, by what the job knows of them.
        let page = results::items(&stage.ports, &stage.user, &id, None, None, 50).await;
        let names = page
            .unwrap()
            .items
            .into_iter()
            .map(|item| item.card.unwrap().title);
        let expected = (1..=CONTACTS).map(|number| format!("Person {number:02}"));
        assert_eq!(names.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        let undo = stage.undo(&id).await.unwrap();
        assert_eq!(
            (undo.state, undo.counts.succeeded),
            (State::Completed, CONTACTS)
        );
        assert_eq!(cards(&stage), before);
        // An undo is a job like any other: it can be taken back.
        let redo = stage.undo(&undo.id).await.unwrap();
        assert_eq!(redo.counts.succeeded, CONTACTS);
        assert!(cards(&stage).is_empty());
    });
}

#[test]
fn invariant_9_what_somebody_did_since_stays() {
    block_on(async {
        let stage = stage().await;
        let before = cards(&stage);
        let book = stage.mailbox.address_book();
        let deleted = stage
            .complete(delete(), these(1..=4), JobOptions::default())
            .await
            .unwrap();
        let edited = stage
            .complete(update(), these(5..=8), JobOptions::default())
            .await
            .unwrap();
        let theirs = card(99);
        // Somebody made another one where one was, edited one, deleted one.
        book.act(&address(1), Some(theirs.clone()));
        book.act(&address(5), Some(theirs.clone()));
        book.act(&address(6), None);

        let undo = children::undo(&stage.ports, &stage.user, &edited.id);
        let undo = undo.await.unwrap();
        stage.run().await.unwrap();
        let shown = preview(&stage.ports, &stage.user, &undo).await.unwrap();
        let expected = UndoPreview {
            can_go_back: 2,
            changed_since: 1,
            gone: 1,
            ..UndoPreview::default()
        };
        assert_eq!(shown.undo, Some(expected));
        stage.confirm(&undo).await.unwrap();
        stage.run().await.unwrap();
        let undo = stage.job(&undo).await.unwrap();
        assert_eq!((undo.counts.succeeded, undo.counts.skipped), (2, 2));

        let undo = stage.undo(&deleted.id).await.unwrap();
        assert_eq!((undo.counts.succeeded, undo.counts.skipped), (3, 1));
        let reasons: Vec<ItemReason> = undo.reasons.iter().map(|it| it.reason).collect();
        assert_eq!(reasons, [ItemReason::ChangedSince]);

        let mut expected = before;
        expected.insert(address(1), theirs.clone());
        expected.insert(address(5), theirs);
        expected.remove(&address(6));
        assert_eq!(cards(&stage), expected);
    });
}

/// A card as a server has it that writes anew what it is given: the same properties in another order.
fn written_anew(card: &[u8]) -> Vec<u8> {
    let card = String::from_utf8(card.to_vec()).unwrap();
    let mut lines: Vec<&str> = card.split_inclusive('\n').collect();
    let uid = lines.iter().position(|line| line.starts_with("UID:"));
    let uid = lines.remove(uid.unwrap());
    lines.insert(lines.len() - 1, uid);
    lines.concat().into_bytes()
}

#[test]
fn what_was_never_answered_and_is_written_anew_by_the_server_is_taken_back() {
    block_on(async {
        let mut stage = stage().await;
        let before = cards(&stage);
        let book = stage.mailbox.address_book().clone();
        book.trouble(|trouble| trouble.lose_answers = 1);
        let open = stage.ports.connectors.clone();
        stage.ports.connectors = intercept::connectors(
            open.clone(),
            &intercept::by(|_, call| match call {
                Call::Reconcile(_) => Err(Failure::Unavailable),
                _ => Ok(()),
            }),
        );
        let edited = stage
            .complete(update(), these(1..=4), JobOptions::default())
            .await
            .unwrap();
        assert_eq!(edited.counts.uncertain, 4, "{edited:?}");
        stage.ports.connectors = open;
        for (id, card) in cards(&stage).into_iter().take(4) {
            assert_eq!(card, updated(&before[&id]));
            book.act(&id, Some(written_anew(&card)));
        }
        let undo = stage.undo(&edited.id).await.unwrap();
        assert_eq!((undo.total, undo.counts.succeeded), (4, 4), "{undo:?}");
        assert_eq!(cards(&stage), before);
    });
}
