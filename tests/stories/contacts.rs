//! Contacts: those of the sandbox, and those on a real server.

use bulkhead_shared::api::{Connection, DavConnection, NewAccount};
use bulkhead_shared::kinds::CardFact;
use bulkhead_shared::problem::Code;
use bulkhead_tests::driver::{Bulkhead, Options};
use bulkhead_tests::servers::radicale::Radicale;

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
    let found = server
        .api
        .contacts(&account, &format!("\"org:{word}\""))
        .await;
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
