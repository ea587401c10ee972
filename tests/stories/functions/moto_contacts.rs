//! Contacts on Radicale through the functions: connected, searched, edited and taken back, looked through, added,
//! and handed out as a file.

use std::collections::BTreeMap;

use bulkhead_shared::api::{Connection, DavConnection, NewAccount, NewJob};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{
    CheckContacts, ContactFormat, CreateContacts, ExportContacts, Operation, UpdateContacts,
};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::functions::{Cloud, Expected, Wishes};
use bulkhead_tests::servers::dav::DavClient;
use bulkhead_tests::servers::radicale::Radicale;
use reqwest::StatusCode;
use serde_json::json;

/// Few enough that the minute's allowance lasts for all that is done with them.
const CONTACTS: usize = 40;
/// What is in the cards and in what people send, and may be in no log.
const SECRETS: [&str; 6] = [
    "zebra",
    "elephant",
    "example.com",
    "pw secret",
    "eyJ",
    "X-Amz-Signature",
];

#[tokio::test(flavor = "multi_thread")]
async fn contacts_go_there_and_back_through_the_functions() {
    let radicale = Radicale::start();
    let other = radicale.user(0).await;
    for number in 0..CONTACTS {
        let path = format!("{}{number}.vcf", other.book);
        other.put(&path, card(number)).await;
    }
    let before = cards(&other).await;
    let cloud = Cloud::start(Wishes::default()).await;
    let api = cloud.api("zebra-keeper");
    let account = api.connect(&connection(&other)).await.id;
    assert_eq!(api.contacts(&account, "org:zoo").await.len(), CONTACTS / 2);

    let edit = Operation::UpdateContacts(UpdateContacts {
        organisation: Some("Reserve".to_owned()),
        add_categories: vec!["elephants".to_owned()],
        ..UpdateContacts::default()
    });
    let job = api.run(&account, edit, "org:zoo").await;
    let half = CONTACTS as u64 / 2;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, half),
        "{job:#?}"
    );
    assert_eq!(
        api.contacts(&account, "org:reserve").await.len(),
        CONTACTS / 2
    );
    let undone = api.undo(&job.id).await;
    assert_eq!(undone.counts.succeeded, half, "{undone:#?}");
    assert_eq!(cards(&other).await, before);

    let job = api
        .run(&account, Operation::CheckContacts(CheckContacts {}), "")
        .await;
    assert_eq!(job.counts.succeeded, CONTACTS as u64, "{job:#?}");
    let results = api.outcomes(&job.id, Some("succeeded")).await;
    let classes = results.iter().filter_map(|item| item.result.as_ref());
    let complete = classes.filter(|result| result.class == "complete").count();
    assert_eq!(complete, CONTACTS);
    let csv = api
        .get(&format!("/jobs/{}/results.csv", job.id))
        .await
        .success()
        .text();
    assert_eq!(csv.matches(",shown,").count(), CONTACTS, "{csv}");
    assert_eq!(csv.matches(",complete,").count(), CONTACTS, "{csv}");

    let new = NewJob {
        account: account.clone(),
        operation: Operation::CreateContacts(CreateContacts::default()),
        selection: Selection::Rows {
            rows: vec![json!({"Name": "Young zebra", "E-mail": "young@example.com"})],
        },
        options: JobOptions::default(),
        confirm: None,
    };
    let draft = api.draft(&new).await;
    api.confirm(&draft.id).await;
    let made = api.wait_for_end(&draft.id).await;
    assert_eq!(made.counts.succeeded, 1, "{made:#?}");

    let format = ContactFormat::Vcard4;
    let export = Operation::ExportContacts(ExportContacts { format });
    let job = api.run(&account, export, "").await;
    let file = api.export(&job.id).await.text();
    assert_eq!(file.matches("BEGIN:VCARD").count(), CONTACTS + 1);

    // Invariant 6: what is somebody else's is answered like what does not exist.
    let theirs = cloud.api("giraffe-keeper");
    for path in [
        format!("/accounts/{account}/contacts"),
        format!("/accounts/{account}/address-books"),
        format!("/jobs/{}/items", job.id),
        format!("/jobs/{}/results.csv", job.id),
    ] {
        assert_eq!(
            theirs.get(&path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    cloud.stop(&SECRETS, Expected::default()).await;
}

fn connection(other: &DavClient) -> NewAccount {
    NewAccount {
        name: Some("The elephant's people".to_owned()),
        connection: Connection::Dav(DavConnection {
            url: other.server.clone(),
            user: other.user.clone(),
            password: other.password.clone(),
        }),
    }
}

fn card(number: usize) -> Vec<u8> {
    let organisation = if number.is_multiple_of(2) {
        "Zoo"
    } else {
        "Park"
    };
    format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{number}\r\nFN:zebra {number:02}\r\nORG:{organisation}\r\n\
         EMAIL:keeper{number}@example.com\r\nX-UNKNOWN:kept\r\nEND:VCARD\r\n"
    )
    .into_bytes()
}

/// What the server has, byte for byte.
async fn cards(other: &DavClient) -> BTreeMap<usize, String> {
    let mut cards = BTreeMap::new();
    for number in 0..CONTACTS {
        let card = other.get(&format!("{}{number}.vcf", other.book)).await;
        cards.insert(number, String::from_utf8(card.unwrap()).unwrap());
    }
    cards
}
