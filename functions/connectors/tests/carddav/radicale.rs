//! Two hundred contacts on a real Radicale.

use bulkhead_connectors::dav::Dav;
use bulkhead_connectors::imap::Reach;
use bulkhead_engine::kinds::contact::{Change, says_the_same};
use bulkhead_engine::ports::{CallError, ContactStore};
use bulkhead_shared::vcard::Search;
use bulkhead_tests::servers::radicale::Radicale;
use jiff::Timestamp;
use std::sync::Arc;

use crate::support::{change, connection, creations, ids, open, states};

#[tokio::test]
async fn two_hundred_cards_made_deleted_and_back() {
    let server = Radicale::start();
    let user = server.user(0).await;
    let dav = open(&connection(server.port, &user)).await;
    let made = creations(&dav, 200).await;
    let unmake = change(&dav, &made).await;
    for (made, unmake) in made.iter().zip(&unmake) {
        let now = unmake.from.state.as_deref().unwrap();
        // Radicale sorts the lines: what is kept is what it has, not what was sent.
        assert_eq!(user.get(made.id.as_str()).await.unwrap(), now);
        assert!(says_the_same(now, made.to.as_deref().unwrap()));
    }
    let all = ids(&dav).await;
    assert_eq!(all.len(), 200);
    let before = states(&dav, &all).await;
    let deletions: Vec<Change> = all
        .iter()
        .zip(&before)
        .map(|(id, from)| Change {
            id: id.clone(),
            from: from.clone(),
            to: None,
        })
        .collect();
    let back = change(&dav, &deletions).await;
    assert_eq!(
        dav.list(&Search::words(""), None, 1).await.unwrap().total,
        0
    );
    change(&dav, &back).await;
    // Bytes and ETags are those of before: Radicale's follow from what a card says.
    assert_eq!(states(&dav, &all).await, before);
}

#[tokio::test]
async fn the_same_id_twice_is_refused_and_no_address_book_is_said() {
    let server = Radicale::start();
    let user = server.user(0).await;
    let dav = open(&connection(server.port, &user)).await;
    let mut made = creations(&dav, 2).await;
    made[1].to = made[0].to.clone();
    let one = dav.change(&made[..1], "tag").await.unwrap();
    let other = dav.change(&made[1..], "tag").await.unwrap();
    assert!(matches!(
        one[0],
        bulkhead_engine::kinds::contact::Effect::Done { .. }
    ));
    assert_eq!(
        other,
        [bulkhead_engine::kinds::contact::Effect::Refused(
            bulkhead_shared::outcome::ItemReason::Refused
        )]
    );
    user.delete(&user.book).await;
    let to = connection(server.port, &user);
    let none = Dav::open(&to, Reach::Anywhere, Arc::new(Timestamp::now));
    assert!(matches!(none.await.err(), Some(CallError::Unsupported(_))));
}
