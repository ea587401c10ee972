//! Many contacts on a real Cyrus.

use std::time::Instant;

use bulkhead_connectors::dav::{Dav, DavConnection};
use bulkhead_connectors::imap::Reach;
use bulkhead_engine::kinds::contact::{Change, ItemState};
use bulkhead_engine::ports::{CallError, ContactStore};
use bulkhead_shared::vcard::{Card, Edit, Search};
use bulkhead_tests::servers::cyrus::Cyrus;
use jiff::Timestamp;
use std::sync::Arc;

use crate::support::{change, connection, creations, ids, open, states};

#[tokio::test]
async fn a_thousand_cards_made_edited_deleted_and_back() {
    let server = Cyrus::start();
    let user = server.user(0);
    let dav = open(&connection(server.port, &user)).await;
    let clocked = |what: &str, since: Instant| println!("{what}: {:?}", since.elapsed());

    let made = creations(&dav, 1_000).await;
    let start = Instant::now();
    let unmake = change(&dav, &made).await;
    clocked("made 1,000", start);

    let start = Instant::now();
    let all = ids(&dav).await;
    clocked("listed 1,000 for the first time", start);
    assert_eq!(all.len(), 1_000);
    let start = Instant::now();
    assert_eq!(
        dav.list(&Search::words("phone:004930999"), None, 10)
            .await
            .unwrap()
            .total,
        1
    );
    clocked("searched again", start);

    let before = states(&dav, &all).await;
    let edit = Edit::TelephonePrefix {
        from: "0049".to_owned(),
        to: "+49".to_owned(),
    };
    let edits: Vec<Change> = all
        .iter()
        .zip(&before)
        .map(|(id, state)| {
            let mut card = Card::read(state.state.as_deref().unwrap()).unwrap();
            assert_eq!(edit.apply(&mut card), Ok(true));
            Change {
                id: id.clone(),
                from: state.clone(),
                to: Some(card.bytes()),
            }
        })
        .collect();
    let start = Instant::now();
    let back = change(&dav, &edits).await;
    clocked("edited 1,000", start);
    change(&dav, &back).await;
    assert_eq!(
        cards(&states(&dav, &all).await),
        cards(&before),
        "not byte for byte"
    );

    let now = states(&dav, &all).await;
    let deletions: Vec<Change> = all
        .iter()
        .zip(now)
        .map(|(id, from)| Change {
            id: id.clone(),
            from,
            to: None,
        })
        .collect();
    let start = Instant::now();
    let back = change(&dav, &deletions).await;
    clocked("deleted 1,000", start);
    assert_eq!(
        dav.list(&Search::words(""), None, 10).await.unwrap().total,
        0
    );
    let start = Instant::now();
    change(&dav, &back).await;
    clocked("brought back 1,000", start);
    assert_eq!(ids(&dav).await, all);
    let after = states(&dav, &all).await;
    assert_eq!(cards(&after), cards(&before), "not byte for byte");
    // And as somebody else sees it.
    for (id, state) in all.iter().zip(&before).step_by(97) {
        assert_eq!(user.get(id.as_str()).await, state.state);
    }
    // The versions are new: the undo of having made them leaves them alone.
    let effects = dav.change(&unmake[..50], "tag").await.unwrap();
    assert!(
        effects
            .iter()
            .all(|e| *e == bulkhead_engine::kinds::contact::Effect::Changed)
    );
}

fn cards(states: &[ItemState]) -> Vec<String> {
    states
        .iter()
        .map(|contact| String::from_utf8(contact.state.clone().unwrap()).unwrap())
        .collect()
}

#[tokio::test]
async fn is_found_from_any_of_its_addresses_and_refuses_strangers() {
    let server = Cyrus::start();
    let user = server.user(0);
    for path in [
        "",
        "/",
        "/dav/addressbooks",
        "/dav/principals/user/user0/",
        "/dav/addressbooks/user/user0/",
        "/dav/addressbooks/user/user0/Default",
    ] {
        let to = DavConnection {
            url: format!("http://127.0.0.1:{}{path}", server.port),
            ..connection(server.port, &user)
        };
        let dav = open(&to).await;
        let books = dav.books().await.unwrap();
        assert_eq!(books.len(), 1, "{path}");
        assert_eq!(books[0].id, user.book, "{path}");
        assert!(books[0].writable);
    }
    let wrong = DavConnection {
        password: "wrong".to_owned(),
        ..connection(server.port, &user)
    };
    let refused = Dav::open(&wrong, Reach::Anywhere, Arc::new(Timestamp::now)).await;
    assert!(matches!(refused.err(), Some(CallError::SignIn)));
    // Nobody's own network is a way to ours.
    let to = connection(server.port, &user);
    let inside = Dav::open(&to, Reach::Public, Arc::new(Timestamp::now));
    assert!(matches!(
        inside.await.err(),
        Some(CallError::Unsupported(_))
    ));
}
