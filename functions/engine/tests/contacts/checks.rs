//! What is found of contacts is kept with the job, and the contacts stay as they are.

use bulkhead_engine::jobs::{download, results};
use bulkhead_engine::ports::{Expect, Table, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::testing::address_book::{MemoryAddressBook, address};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{CheckContacts, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::Outcome;
use futures::executor::block_on;

use crate::world::*;

fn check() -> Operation {
    Operation::CheckContacts(CheckContacts {})
}

#[test]
fn invariant_8_checking_keeps_the_allowance() {
    block_on(async {
        let book = MemoryAddressBook::of((1..=CONTACTS).map(card)).limited_to(5, 60);
        let stage = Stage::new(MemoryMailbox::new(2).with_contacts(book)).await;
        let stage = stage.unwrap();
        let began = stage.ports.clock.now();
        let job = stage.complete(check(), all(), JobOptions::default()).await;
        assert_eq!(job.unwrap().counts.succeeded, CONTACTS);
        let took = stage.ports.clock.now().duration_since(began);
        assert_eq!(took.as_secs(), 120, "14 at 5 a minute");
    });
}

#[test]
fn every_contact_has_a_result_and_stays_as_it_is() {
    block_on(async {
        let stage = stage().await;
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:3\r\nFN:Ann\r\nEND:VCARD\r\n";
        let book = stage.mailbox.address_book();
        book.act(&address(3), Some(text.as_bytes().to_vec()));
        book.act(&address(4), Some(b"rubbish".to_vec()));
        let before = cards(&stage);
        let id = stage
            .draft(check(), all(), JobOptions::default())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        book.act(&address(5), None);
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        let counts = (job.counts.succeeded, job.counts.skipped);
        assert_eq!((job.state, counts), (State::Completed, (CONTACTS - 1, 1)));
        let page = results::items(&stage.ports, &stage.user, &id, None, None, 50).await;
        for item in page.unwrap().items {
            let class = item.result.map(|result| result.class);
            let expected = match &item.id {
                id if *id == address(3) => Some("unreachable"),
                id if *id == address(4) => Some("unreadable"),
                id if *id == address(5) => None,
                _ => Some("complete"),
            };
            assert_eq!(class.as_deref(), expected, "{}", item.id);
            assert_eq!(item.outcome == Some(Outcome::Succeeded), expected.is_some());
        }
        let file = download::outcomes_csv(&stage.ports, &stage.user, &id).await;
        let mut file = file.unwrap();
        let mut text = String::new();
        while let Some(piece) = file.next().await.unwrap() {
            text.push_str(std::str::from_utf8(&piece).unwrap());
        }
        let lines: Vec<&str> = text.lines().collect();
        let card = "completed_at,item,title,second,facts,time,marks,result,percent,detail";
        assert!(lines[0].ends_with(card), "{}", lines[0]);
        let line = |number: u64| {
            let id = format!(",{},", address(number));
            lines.iter().find(|line| line.contains(&id)).unwrap()
        };
        let found = "unreachable,,It has neither an e-mail address nor a telephone number.";
        assert!(line(3).ends_with(found), "{}", line(3));
        assert!(line(3).contains(",shown,Ann,"), "{}", line(3));
        assert!(line(5).ends_with(",gone,,,,,,,,"), "{}", line(5));
        // Chunks are larger or smaller than batches: rows are numbered through.
        let numbers = (1..=CONTACTS).zip(&lines[1..]);
        for (number, line) in numbers {
            assert!(line.starts_with(&format!("{number},")), "{line}");
        }
        let mut after = before;
        after.remove(&address(5));
        assert_eq!(cards(&stage), after);
    });
}

#[test]
fn a_result_that_cannot_be_read_is_told_from_none() {
    block_on(async {
        let stage = stage().await;
        let options = JobOptions::default();
        let job = stage.complete(check(), all(), options).await.unwrap();
        let key = names::results(&job.id, 0);
        let mut row = stage.table.get(&key).await.unwrap().unwrap();
        row.body.truncate(10);
        let put = vec![Write::Put(row, Expect::Anything)];
        stage.table.write(put).await.unwrap();
        let page = results::items(&stage.ports, &stage.user, &job.id, None, None, 500).await;
        let page = page.unwrap();
        assert_eq!((page.items.len() as u64, page.unreadable), (CONTACTS, 0));
        let (lost, kept): (Vec<_>, Vec<_>) =
            page.items.iter().partition(|item| item.result_unreadable);
        assert!(!lost.is_empty());
        assert!(lost.iter().all(|item| item.result.is_none()));
        assert!(kept.iter().all(|item| item.result.is_some()));
        let file = download::outcomes_csv(&stage.ports, &stage.user, &job.id).await;
        let mut file = file.unwrap();
        let mut text = String::new();
        while let Some(piece) = file.next().await.unwrap() {
            text.push_str(std::str::from_utf8(&piece).unwrap());
        }
        let told = text.matches("What was found of it cannot be read.").count();
        assert_eq!(told, lost.len());
    });
}
