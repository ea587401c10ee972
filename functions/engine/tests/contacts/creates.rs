//! Making contacts of rows: each once, and away again.

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::preview::preview;
use bulkhead_engine::testing::address_book::address;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{CreateContacts, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::selection::Selection;
use bulkhead_shared::vcard::Card;
use futures::executor::block_on;
use serde_json::{Value, json};

use crate::world::*;

pub(crate) fn create() -> Operation {
    Operation::CreateContacts(CreateContacts::default())
}

/// So many rows of a table, after one card that brings an id.
pub(crate) fn rows(count: u64) -> Selection {
    let card = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:own\r\nFN:Own\r\nX-Y:z\r\nEND:VCARD\r\n";
    let rows = (1..count).map(|row| json!({"Name": format!("New {row:02}"), "Phone": "1"}));
    Selection::Rows {
        rows: [json!(card)].into_iter().chain(rows).collect(),
    }
}

#[test]
fn what_is_brought_is_shown_made_and_taken_away_again() {
    block_on(async {
        let stage = stage().await;
        let before = cards(&stage);
        let id = stage
            .draft(create(), rows(10), JobOptions::default())
            .await
            .unwrap();
        let shown = preview(&stage.ports, &stage.user, &id).await.unwrap();
        assert_eq!((shown.total, shown.drift), (10, None));
        let titles: Vec<&str> = shown
            .sample
            .iter()
            .map(|card| card.title.as_str())
            .collect();
        assert_eq!(titles[..3], ["Own", "New 01", "New 02"]);
        assert_eq!(cards(&stage), before, "nothing is touched yet");

        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 10));
        let made = cards(&stage);
        assert_eq!(made.len() as u64, CONTACTS + 10);
        let made = made.iter().filter(|(id, _)| !before.contains_key(*id));
        let made: Vec<Card> = made.map(|(_, card)| Card::read(card).unwrap()).collect();
        assert!(made.iter().all(|card| card.uid().is_some()));
        assert!(made.iter().any(|card| card.text("X-Y") == "z"));

        let undo = stage.undo(&id).await.unwrap();
        assert_eq!(undo.counts.succeeded, 10);
        assert_eq!(cards(&stage), before);
    });
}

#[test]
fn what_is_there_already_is_not_made_again() {
    block_on(async {
        let stage = stage().await;
        let first = stage
            .complete(create(), rows(1), JobOptions::default())
            .await
            .unwrap();
        assert_eq!(first.counts.succeeded, 1);
        let second = stage
            .complete(create(), rows(1), JobOptions::default())
            .await
            .unwrap();
        assert_eq!((second.state, second.counts.skipped), (State::Completed, 1));
        assert_eq!(second.reasons[0].reason, ItemReason::AlreadyDone);
        // Nothing of the first one goes with the second.
        assert!(stage.undo(&second.id).await.is_err());
        assert_eq!(cards(&stage).len() as u64, CONTACTS + 1);
    });
}

#[test]
fn a_wrong_row_is_named_and_nothing_is_drafted() {
    block_on(async {
        let stage = stage().await;
        let own = json!("BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:A\nEND:VCARD\n");
        let cases: [(Vec<Value>, &str); 4] = [
            (vec![own.clone(), json!("no card")], "selection.rows[1]"),
            (
                vec![json!({"Name": "A"}), json!({"Shoe size": "43"})],
                "selection.rows[1]",
            ),
            (vec![own.clone(), own], "selection.rows[1]"),
            (vec![], "selection.rows"),
        ];
        for (rows, field) in cases {
            let refused = stage
                .draft(create(), Selection::Rows { rows }, JobOptions::default())
                .await;
            let Err(Error::Invalid(invalid)) = refused else {
                panic!("{refused:?}")
            };
            assert_eq!(invalid.field, field);
        }
        let of_rows = stage.draft(delete(), rows(2), JobOptions::default()).await;
        assert!(matches!(of_rows, Err(Error::Invalid(_))));
        let of_search = stage.draft(create(), all(), JobOptions::default()).await;
        assert!(matches!(of_search, Err(Error::Invalid(_))));
        let elsewhere = Operation::CreateContacts(CreateContacts {
            book: Some("/theirs/".to_owned()),
        });
        let elsewhere = stage.draft(elsewhere, rows(2), JobOptions::default()).await;
        assert!(matches!(elsewhere, Err(Error::Invalid(_))));
    });
}

#[test]
fn lost_answers_make_nothing_twice() {
    block_on(async {
        let stage = stage().await;
        stage.mailbox.address_book().trouble(|trouble| {
            trouble.lose_answers = 1;
            trouble.half_way = 1;
            trouble.break_off = 1;
        });
        let job = stage
            .complete(create(), rows(10), JobOptions::default())
            .await
            .unwrap();
        assert_eq!(job.counts.succeeded, 10);
        let touches = stage.mailbox.address_book().touches();
        assert!(touches.len() == 10 && touches.values().all(|&times| times == 1));
        assert!(!touches.contains_key(&address(1)));
    });
}
