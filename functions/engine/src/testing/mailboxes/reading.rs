//! Rules about reading: lists, searches, looks.

use bulkhead_shared::kinds::mailbox::{Address, Guid, MailboxName, Search};

use super::under_test::{MailboxesUnderTest, address, all, change, guid, named, recovery};

const NAMES: [&str; 5] = ["ada", "bob", "cleo", "dora", "eve"];

fn name_of(address: &str) -> &str {
    address.split('@').next().unwrap()
}

pub(super) async fn lists_by_name_and_jumps_to_any_place<T: MailboxesUnderTest>(under_test: &T) {
    let everything = Search::All(Vec::new());
    for place in 0..7 {
        let page = under_test
            .store()
            .list(&everything, place, 2)
            .await
            .unwrap();
        assert_eq!(page.total, 5);
        let names: Vec<&str> = page
            .rows
            .iter()
            .map(|row| name_of(&row.profile.smtp))
            .collect();
        let expected = NAMES.iter().copied().skip(place as usize).take(2);
        assert_eq!(names, expected.collect::<Vec<_>>());
    }
}

pub(super) async fn finds_inactive_and_active_ones_by_words<T: MailboxesUnderTest>(under_test: &T) {
    let found = async |search: Search| {
        let page = under_test.store().list(&search, 0, 50).await.unwrap();
        let names = page
            .rows
            .iter()
            .map(|row| name_of(&row.profile.smtp).to_owned());
        names.collect::<Vec<String>>()
    };
    assert_eq!(found(Search::Inactive(true)).await, NAMES[..3]);
    assert_eq!(found(Search::Inactive(false)).await, NAMES[3..]);
    assert_eq!(found(Search::Text("cle".to_owned())).await, ["cleo"]);
    let both = Search::Any(vec![
        Search::Text("ada@".to_owned()),
        Search::Text("eve@".to_owned()),
    ]);
    assert_eq!(found(both).await, ["ada", "eve"]);
    for row in all(under_test).await {
        let is_inactive = NAMES[..3].contains(&name_of(&row.profile.smtp));
        assert_eq!(row.is_inactive(), is_inactive, "{row:?}");
        assert!(row.items.is_none_or(|items| items <= 3));
    }
}

pub(super) async fn looks_and_finds_in_the_order_asked<T: MailboxesUnderTest>(under_test: &T) {
    let (ada, eve) = (guid(under_test, "ada").await, guid(under_test, "eve").await);
    let nobody = Guid::of_bytes([0xee; 16]);
    let found = under_test
        .store()
        .look(&[eve.clone(), nobody, ada.clone()])
        .await
        .unwrap();
    let guids: Vec<Option<Guid>> = found.into_iter().map(|row| Some(row?.guid)).collect();
    assert_eq!(guids, [Some(eve.clone()), None, Some(ada.clone())]);
    let called = |name: &str| MailboxName::Address(Address::read(&address(name)).unwrap());
    let names = [
        called("EVE"),
        MailboxName::Guid(ada.clone()),
        called("ada"),
        called("nobody"),
    ];
    let found = under_test.store().find(&names).await.unwrap();
    let guids: Vec<Option<Guid>> = found.into_iter().map(|row| Some(row?.guid)).collect();
    // An address finds active ones only: whose it was is not whose it is.
    assert_eq!(guids, [Some(eve), Some(ada), None, None]);
}

pub(super) async fn takes_nothing_and_nonsense<T: MailboxesUnderTest>(under_test: &T) {
    let store = under_test.store();
    assert!(store.look(&[]).await.unwrap().is_empty());
    assert!(store.find(&[]).await.unwrap().is_empty());
    assert!(store.restored(&[]).await.unwrap().is_empty());
    assert!(store.change(&[], "tag").await.unwrap().is_empty());
    assert!(store.reconcile(&[], "tag").await.unwrap().is_empty());
    assert!(!store.test().await.unwrap().is_empty());
    assert!(!store.rules().is_empty());
    let rights = store.rights().await.unwrap();
    assert!(rights.recover && rights.restore);
}

pub(super) async fn the_token_changes_with_changes<T: MailboxesUnderTest>(under_test: &T) {
    let Some(before) = under_test.store().sync_token().await.unwrap() else {
        return;
    };
    assert_eq!(
        under_test.store().sync_token().await.unwrap().as_ref(),
        Some(&before)
    );
    let bob = named(under_test, "bob").await;
    change(under_test, &recovery(&bob, "bob")).await;
    assert_ne!(under_test.store().sync_token().await.unwrap(), Some(before));
}
