//! Rules about reading.

use super::under_test::{
    ContactsUnderTest, NAMES, TAG, all, change, create, done, edited, edits, id_of, present,
};
use crate::kinds::contact::ItemState;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::vcard::{Edit, Search};

pub(super) async fn lists_by_name_in_pages_that_join<T: ContactsUnderTest>(under_test: &T) {
    let store = under_test.store();
    let whole = store.list(&Search::words(""), None, 100).await.unwrap();
    assert_eq!((whole.total, whole.next.as_ref()), (7, None));
    let names: Vec<&str> = whole
        .rows
        .iter()
        .map(|row| row.shown.title.as_str())
        .collect();
    assert_eq!(names, NAMES);
    for limit in [1, 3, 7, 8] {
        let (mut rows, mut cursor) = (Vec::new(), None);
        loop {
            let page = store
                .list(&Search::words(""), cursor.as_deref(), limit)
                .await
                .unwrap();
            assert!(page.rows.len() <= limit as usize);
            assert_eq!(page.total, 7);
            rows.extend(page.rows);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(rows, whole.rows, "pages of {limit}");
    }
    for row in whole.rows {
        assert_eq!(present(under_test, &row.id).await.version, row.version);
    }
}

pub(super) async fn jumps_to_any_place<T: ContactsUnderTest>(under_test: &T) {
    let store = under_test.store();
    for (place, expected) in [
        (0, &NAMES[..3]),
        (2, &NAMES[2..5]),
        (6, &NAMES[6..]),
        (9, &[]),
    ] {
        let page = store.list_at(&Search::words(""), place, 3).await.unwrap();
        let names: Vec<String> = page.rows.into_iter().map(|row| row.shown.title).collect();
        assert_eq!(names, expected, "{place}");
        assert_eq!(page.total, 7);
    }
}

pub(super) async fn finds_by_words<T: ContactsUnderTest>(under_test: &T) {
    for (words, expected) in [
        ("ACME", vec!["apple", "banana"]),
        ("acme head", vec!["apple"]),
        ("category:fruit", vec!["banana"]),
        ("phone:+491", vec!["cherry"]),
        ("nobody at all", vec![]),
    ] {
        let page = under_test
            .store()
            .list(&Search::words(words), None, 100)
            .await
            .unwrap();
        let names: Vec<String> = page.rows.into_iter().map(|row| row.shown.title).collect();
        assert_eq!(names, expected, "{words}");
        assert_eq!(page.total, expected.len() as u64);
    }
}

pub(super) async fn answers_in_the_order_asked<T: ContactsUnderTest>(under_test: &T) {
    let store = under_test.store();
    let (fig, apple) = (
        id_of(under_test, "fig").await,
        id_of(under_test, "apple").await,
    );
    let missing = create(under_test, "missing").await.id;
    let ids = [fig.clone(), missing, apple.clone(), fig.clone()];
    let states = store.read(&ids).await.unwrap();
    assert_eq!(states.len(), 4);
    let uid = |seen: &ItemState| {
        let card = seen.state.as_deref()?;
        bulkhead_shared::vcard::Card::read(card).unwrap().uid()
    };
    let uids: Vec<Option<String>> = states.iter().map(uid).collect();
    let expected = [Some("uid-fig"), None, Some("uid-apple"), Some("uid-fig")];
    assert_eq!(uids, expected.map(|uid| uid.map(str::to_owned)));
}

pub(super) async fn takes_nothing_and_nonsense<T: ContactsUnderTest>(under_test: &T) {
    let store = under_test.store();
    assert_eq!(store.read(&[]).await.unwrap(), []);
    assert_eq!(store.change(&[], TAG).await.unwrap(), []);
    assert_eq!(store.reconcile(&[], TAG).await.unwrap(), []);
    for nonsense in [
        "s1",
        "/",
        "//example.org/x.vcf",
        "../../etc/passwd",
        "ü",
        "%",
    ] {
        let id: ItemId = nonsense.parse().unwrap();
        assert_eq!(
            store.read(&[id]).await.unwrap(),
            [ItemState::absent()],
            "{nonsense}"
        );
    }
    assert!(
        store
            .list(&Search::words(""), Some("nonsense"), 10)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
    assert!(!store.test().await.unwrap().is_empty());
}

pub(super) async fn a_list_shows_what_changed_since<T: ContactsUnderTest>(under_test: &T) {
    let store = under_test.store();
    let before = store.list(&Search::words(""), None, 100).await.unwrap();
    let (apple, fig) = (
        id_of(under_test, "apple").await,
        id_of(under_test, "fig").await,
    );
    let card = present(under_test, &apple).await.state.unwrap();
    let theirs = edited(&card, &Edit::FullName("zebra".to_owned()));
    under_test
        .write_as_somebody_else(&apple, Some(theirs))
        .await;
    under_test.write_as_somebody_else(&fig, None).await;
    let made = create(under_test, "kiwi").await;
    done(&change(under_test, std::slice::from_ref(&made)).await[0]);

    let page = store.list(&Search::words(""), None, 100).await.unwrap();
    let names: Vec<&str> = page
        .rows
        .iter()
        .map(|row| row.shown.title.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "banana", "cherry", "date", "elder", "grape", "kiwi", "zebra"
        ]
    );
    let unchanged = page.rows.iter().filter(|row| before.rows.contains(row));
    assert_eq!(unchanged.count(), 5);
}

pub(super) async fn the_token_changes_with_changes<T: ContactsUnderTest>(under_test: &T) {
    let store = under_test.store();
    let first = store.sync_token().await.unwrap();
    assert!(first.is_some(), "all of our servers have one");
    all(under_test).await;
    assert_eq!(
        store.sync_token().await.unwrap(),
        first,
        "reading changed it"
    );
    let ours = edits(under_test, &["apple"], &Edit::Title("Tail".to_owned())).await;
    done(&change(under_test, &ours).await[0]);
    let second = store.sync_token().await.unwrap();
    assert_ne!(second, first);
    let grape = id_of(under_test, "grape").await;
    under_test.write_as_somebody_else(&grape, None).await;
    assert_ne!(store.sync_token().await.unwrap(), second);
}
