//! Contacts: those of the sandbox, and those on a real server.

use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::{Connection, DavConnection, NewAccount, NewJob};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::CardFact;
use bulkhead_shared::operations::{
    ContactFormat, CreateContacts, DeleteContacts, ExportContacts, Operation, UpdateContacts,
};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::problem::Code;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::driver::{Bulkhead, Options};
use bulkhead_tests::servers::radicale::Radicale;
use serde_json::json;

const CONTACTS: u32 = 400;

async fn with_contacts() -> Bulkhead {
    Bulkhead::start(Options {
        mails: 10,
        contacts: CONTACTS,
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn lists_and_searches_the_contacts_of_the_sandbox() {
    let server = with_contacts().await;
    let account = server.api.sandbox().await;
    let books = server.api.books(&account).await;
    assert!(books.len() == 1 && books[0].writable, "{books:?}");

    let all = server.api.contacts(&account, "").await;
    assert_eq!(all.len(), CONTACTS as usize);
    let names: Vec<String> = all.iter().map(|card| card.title.to_lowercase()).collect();
    assert!(names.is_sorted());

    // A search finds what the list shows, and nothing else.
    let fact = |fact: &&CardFact| fact.name == "organisation";
    let mut organisations = all.iter().filter_map(|card| card.facts.iter().find(fact));
    let word = organisations.next().unwrap().value.to_lowercase();
    let word = word.split([',', ' ']).next().unwrap();
    let found = server.api.contacts(&account, &format!("org:{word}")).await;
    let expected = all.iter().filter(|card| {
        let organisations = card.facts.iter().filter(fact);
        organisations
            .map(|fact| fact.value.to_lowercase())
            .any(|name| name.contains(word))
    });
    assert_eq!(
        found.iter().collect::<Vec<_>>(),
        expected.collect::<Vec<_>>()
    );
    assert!(!found.is_empty() && found.len() < all.len());

    let path = format!("/accounts/{account}/contacts");
    let refused = server.api.get(&format!("{path}?limit=501")).await.problem();
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (Code::Invalid, Some("limit"))
    );
    let refused = server
        .api
        .get(&format!("{path}?q=in:inbox"))
        .await
        .problem();
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (Code::Invalid, Some("q"))
    );
    server.stop().await;
}

#[tokio::test]
async fn connects_an_address_book_on_a_server_and_keeps_its_password_to_itself() {
    let radicale = Radicale::start();
    let other = radicale.user(0).await;
    for number in 0..3 {
        let card = format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{number}\r\nFN:Person {number}\r\nEND:VCARD\r\n"
        );
        other
            .put(&format!("{}{number}.vcf", other.book), card.into_bytes())
            .await;
    }
    let server = Bulkhead::with_mails(10).await;
    let new = |password: &str| NewAccount {
        name: None,
        connection: Connection::Dav(DavConnection {
            url: other.server.clone(),
            user: other.user.clone(),
            password: password.to_owned(),
        }),
    };
    // Not right is not kept.
    let refused = server.api.post("/accounts", &new("wrong")).await.problem();
    assert_eq!(refused.code, Code::SignInNeeded);
    assert_eq!(server.api.accounts().await.len(), 1);
    let nowhere = NewAccount {
        name: None,
        connection: Connection::Dav(DavConnection {
            url: "ftp://example.org".to_owned(),
            user: "a".to_owned(),
            password: "b".to_owned(),
        }),
    };
    let refused = server.api.post("/accounts", &nowhere).await.problem();
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (Code::Invalid, Some("connection"))
    );

    let account = server.api.connect(&new(&other.password)).await;
    assert_eq!(
        account.name,
        format!("user0@127.0.0.1:{} (not encrypted)", radicale.port)
    );
    let tested = server.api.test(&account.id).await;
    assert!(
        tested.ok && tested.message == "1 address book with 3 contacts.",
        "{tested:?}"
    );
    let names = server.api.contacts(&account.id, "person").await;
    let names: Vec<&str> = names.iter().map(|card| card.title.as_str()).collect();
    assert_eq!(names, ["Person 0", "Person 1", "Person 2"]);
    assert_eq!(server.api.books(&account.id).await[0].name, "People");
    // The same place again is the same account.
    assert_eq!(
        server.api.connect(&new(&other.password)).await.id,
        account.id
    );
    let items = server
        .api
        .get(&format!("/accounts/{}/items", account.id))
        .await;
    assert_eq!(items.problem().code, Code::NotFound);

    let log = server.log();
    for secret in [other.password.as_str(), "Person 1"] {
        assert!(!log.contains(secret), "private in the log");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_deletes_and_adds_contacts_and_takes_it_all_back() {
    let server = with_contacts().await;
    let api = &server.api;
    let account = api.sandbox().await;
    let before = whole(&server, &account).await;

    let edit = Operation::UpdateContacts(UpdateContacts {
        organisation: Some("Newco".to_owned()),
        add_categories: vec!["2026".to_owned()],
        ..UpdateContacts::default()
    });
    let draft = api
        .draft_query(&account, edit, "", JobOptions::default())
        .await;
    assert_eq!(
        (draft.state, draft.total),
        (State::Draft, u64::from(CONTACTS))
    );
    let preview = api.preview(&draft.id).await;
    assert_eq!(preview.reversibility.kind, Reversibility::Exact);
    assert!(!preview.sample.is_empty() && preview.sample.iter().all(|card| !card.title.is_empty()));
    api.confirm(&draft.id).await;
    let edited = api.wait_for_end(&draft.id).await;
    assert_eq!(edited.counts.succeeded, u64::from(CONTACTS), "{edited:#?}");
    assert_eq!(
        api.contacts(&account, "\"org:newco\"").await.len(),
        CONTACTS as usize
    );
    api.undo(&edited.id).await;
    assert_eq!(whole(&server, &account).await, before);

    let found = api.contacts(&account, "a").await;
    let deleted = api
        .run(&account, Operation::DeleteContacts(DeleteContacts {}), "a")
        .await;
    assert_eq!(deleted.counts.succeeded, found.len() as u64);
    assert!(api.contacts(&account, "a").await.is_empty());
    let outcomes = api.outcomes(&deleted.id, None).await;
    assert_eq!(outcomes.len(), found.len());
    let undone = api.undo(&deleted.id).await;
    assert_eq!(undone.counts.succeeded, found.len() as u64);
    assert_eq!(whole(&server, &account).await, before);

    let row = |name: &str| json!({"Name": name, "E-mail": "new@example.org"});
    let new = NewJob {
        account: account.clone(),
        operation: Operation::CreateContacts(CreateContacts::default()),
        selection: Selection::Rows {
            rows: vec![row("Zoe One"), row("Zoe Two")],
        },
        options: JobOptions::default(),
        confirm: None,
    };
    let draft = api.draft(&new).await;
    let preview = api.preview(&draft.id).await;
    let titles: Vec<&str> = preview
        .sample
        .iter()
        .map(|card| card.title.as_str())
        .collect();
    assert_eq!(titles, ["Zoe One", "Zoe Two"]);
    api.confirm(&draft.id).await;
    let made = api.wait_for_end(&draft.id).await;
    assert_eq!(made.counts.succeeded, 2);
    assert_eq!(api.contacts(&account, "zoe").await.len(), 2);
    api.undo(&made.id).await;
    assert_eq!(whole(&server, &account).await, before);
    server.stop().await;
}

/// Every card of the account, as an export in their own version has them.
async fn whole(server: &Bulkhead, account: &AccountId) -> Vec<u8> {
    let export = Operation::ExportContacts(ExportContacts {
        format: ContactFormat::Vcard3,
    });
    let job = server.api.run(account, export, "").await;
    assert_eq!(job.counts.succeeded, u64::from(CONTACTS));
    server.api.export(&job.id).await.body
}
