//! Files made of contacts.

use bulkhead_engine::jobs::download;
use bulkhead_engine::testing::address_book::address;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::operations::{ContactFormat, ExportContacts, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::vcard::{self, Version};
use futures::executor::block_on;

use crate::world::*;

fn export(format: ContactFormat) -> Operation {
    Operation::ExportContacts(ExportContacts { format })
}

async fn file(stage: &Stage, id: &JobId) -> (String, Vec<u8>) {
    let mut download = download::export(&stage.ports, &stage.user, id)
        .await
        .unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        bytes.extend(piece);
    }
    (download.file_name, bytes)
}

#[test]
fn every_contact_is_in_the_file_once_in_the_version_asked_for() {
    block_on(async {
        for (format, version) in [
            (ContactFormat::Vcard3, Version::V3_0),
            (ContactFormat::Vcard4, Version::V4_0),
        ] {
            let stage = stage().await;
            let before = cards(&stage);
            let job = stage
                .complete(export(format), all(), JobOptions::default())
                .await
                .unwrap();
            assert_eq!(job.counts.succeeded, CONTACTS);
            let (name, bytes) = file(&stage, &job.id).await;
            assert!(name.ends_with(".vcf"), "{name}");
            let read = vcard::cards(&bytes).unwrap();
            let read: Vec<vcard::Card> = read.into_iter().map(Result::unwrap).collect();
            let names: Vec<String> = read.iter().map(|card| card.text("FN")).collect();
            let expected = (1..=CONTACTS).map(|number| format!("Person {number:02}"));
            assert_eq!(names, expected.collect::<Vec<_>>());
            assert!(read.iter().all(|card| card.version() == version));
            assert!(
                read.iter()
                    .all(|card| card.text("X-UNKNOWN") == "kept, as it is")
            );
            assert_eq!(cards(&stage), before);
        }
    });
}

#[test]
fn cards_of_the_same_version_are_exported_as_they_are() {
    block_on(async {
        let stage = stage().await;
        let job = stage
            .complete(
                export(ContactFormat::Vcard3),
                these([1, 2]),
                JobOptions::default(),
            )
            .await
            .unwrap();
        let (_, bytes) = file(&stage, &job.id).await;
        assert_eq!(bytes, [card(1), card(2)].concat());
    });
}

#[test]
fn a_table_has_a_row_for_each_and_says_who_is_missing() {
    block_on(async {
        let stage = stage().await;
        let id = stage
            .draft(export(ContactFormat::Csv), all(), JobOptions::default())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        stage.mailbox.address_book().act(&address(2), None);
        stage
            .mailbox
            .address_book()
            .act(&address(3), Some(b"no card".to_vec()));
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        let counts = job.counts;
        assert_eq!(
            (counts.succeeded, counts.skipped, counts.failed),
            (CONTACTS - 2, 1, 1)
        );
        let (name, bytes) = file(&stage, &id).await;
        assert!(name.ends_with(".csv"), "{name}");
        let table = vcard::table::Table::read(&bytes).unwrap();
        assert_eq!(table.rows() as u64, CONTACTS - 2);
        assert!(table.unknown.is_empty());
        let first = table.card(0, "x").unwrap().unwrap();
        assert_eq!(first.text("FN"), "Person 01");
        assert_eq!(first.text("TEL"), "0049 30 1");
    });
}
