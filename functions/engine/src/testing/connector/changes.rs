//! Rules about changing: there and back, and never over somebody else's change.

use bulkhead_shared::outcome::ItemReason;

use super::under_test::{TAG, UnderTest, all, changes, done, places, state_of, way_back};
use crate::kinds::mail::Effect;
use crate::kinds::mail::Place;
use crate::kinds::mail::{FLAGGED, SEEN};

/// Applies a change to the named letters, checks that it took effect on them and on nothing else,
/// takes it back, and checks that everything is as it was.
async fn there_and_back<T: UnderTest>(under_test: &T, names: &[&str], change: impl Fn(&mut Place)) {
    let connector = under_test.connector();
    let before = places(under_test).await;
    let mut expected = before.clone();
    for name in names {
        change(expected.get_mut(*name).unwrap());
    }

    let there = changes(under_test, names, &change).await;
    let effects = connector.change(&there, TAG).await.unwrap();
    assert_eq!(places(under_test).await, expected, "after the change");

    let back = way_back(&there, effects);
    for change in &back {
        let state = connector
            .states(std::slice::from_ref(&change.id))
            .await
            .unwrap();
        assert_eq!(
            state,
            [Some(change.from.clone())],
            "the effect's state is not the mail's"
        );
    }
    for effect in connector.change(&back, "b1b2b3b4b5b6").await.unwrap() {
        done(effect);
    }
    assert_eq!(places(under_test).await, before, "after the way back");
}

pub(super) async fn flags_change_and_go_back<T: UnderTest>(under_test: &T) {
    there_and_back(under_test, &["apple", "fig", "iris", "kiwi"], |place| {
        place.flags.insert(SEEN.to_owned());
    })
    .await;
    there_and_back(under_test, &["banana", "date", "hazel", "lemon"], |place| {
        place.flags.remove(SEEN);
    })
    .await;
}

pub(super) async fn labels_change_and_go_back<T: UnderTest>(under_test: &T) {
    there_and_back(under_test, &["apple", "elder", "fig", "juniper"], |place| {
        place.flags.insert("later".to_owned());
        place.flags.remove("todo");
    })
    .await;
}

pub(super) async fn folders_change_and_go_back<T: UnderTest>(under_test: &T) {
    // From one folder and from several, each with its own flags.
    there_and_back(under_test, &["apple", "date", "fig"], |place| {
        place.folder = "Archive".to_owned();
    })
    .await;
    there_and_back(under_test, &["banana", "iris", "kiwi"], |place| {
        place.folder = "Trash".to_owned();
    })
    .await;
}

pub(super) async fn folder_and_flags_change_at_once<T: UnderTest>(under_test: &T) {
    there_and_back(under_test, &["apple", "cherry", "fig"], |place| {
        place.folder = "Work".to_owned();
        place.flags = [SEEN.to_owned(), "later".to_owned()].into();
    })
    .await;
}

pub(super) async fn the_version_differs_after_a_change<T: UnderTest>(under_test: &T) {
    let before = state_of(under_test, "apple").await;
    let mut place = before.state.clone();
    place.flags.insert(FLAGGED.to_owned());
    under_test.change_as_somebody_else("apple", &place).await;
    let theirs = state_of(under_test, "apple").await;
    assert_eq!(theirs.state, place);
    assert_ne!(theirs.version, before.version, "somebody else's change");

    let change = changes(under_test, &["apple"], |place| {
        place.flags.insert(SEEN.to_owned());
    })
    .await;
    let effects = under_test.connector().change(&change, TAG).await.unwrap();
    let (_, ours) = done(effects.into_iter().next().unwrap());
    assert_ne!(ours.version, theirs.version, "our change");
}

pub(super) async fn does_not_touch_what_somebody_changed<T: UnderTest>(under_test: &T) {
    let ours = changes(under_test, &["apple", "cherry", "grape"], |place| {
        place.flags.insert(SEEN.to_owned());
    })
    .await;
    let mut theirs = ours[1].from.state.clone();
    theirs.flags.remove(FLAGGED);
    theirs.flags.insert("theirs".to_owned());
    under_test.change_as_somebody_else("cherry", &theirs).await;

    let effects = under_test.connector().change(&ours, TAG).await.unwrap();
    assert!(
        matches!(effects[0], Effect::Done { .. }),
        "{:?}",
        effects[0]
    );
    assert_eq!(effects[1], Effect::Changed);
    assert!(
        matches!(effects[2], Effect::Done { .. }),
        "{:?}",
        effects[2]
    );
    assert_eq!(state_of(under_test, "cherry").await.state, theirs);
}

pub(super) async fn says_what_is_gone<T: UnderTest>(under_test: &T) {
    let ours = changes(under_test, &["apple", "banana", "cherry"], |place| {
        place.folder = "Archive".to_owned();
    })
    .await;
    under_test.delete_as_somebody_else("banana").await;
    let effects = under_test.connector().change(&ours, TAG).await.unwrap();
    assert!(
        matches!(effects[0], Effect::Done { .. }),
        "{:?}",
        effects[0]
    );
    assert_eq!(effects[1], Effect::Missing);
    assert!(
        matches!(effects[2], Effect::Done { .. }),
        "{:?}",
        effects[2]
    );
    assert!(!all(under_test).await.contains_key("banana"));
}

pub(super) async fn leaves_what_somebody_moved<T: UnderTest>(under_test: &T) {
    let ours = changes(under_test, &["apple"], |place| {
        place.folder = "Archive".to_owned();
    })
    .await;
    let mut theirs = ours[0].from.state.clone();
    theirs.folder = "Work".to_owned();
    under_test.change_as_somebody_else("apple", &theirs).await;
    let effects = under_test.connector().change(&ours, TAG).await.unwrap();
    assert!(
        matches!(effects[0], Effect::Changed | Effect::Missing),
        "{:?}",
        effects[0]
    );
    assert_eq!(state_of(under_test, "apple").await.state, theirs);
}

pub(super) async fn refuses_a_folder_that_is_not_there<T: UnderTest>(under_test: &T) {
    let before = places(under_test).await;
    let ours = changes(under_test, &["apple"], |place| {
        place.folder = "No Such Folder".to_owned();
    })
    .await;
    let effects = under_test.connector().change(&ours, TAG).await.unwrap();
    assert_eq!(effects, [Effect::Refused(ItemReason::NoSuchFolder)]);
    assert_eq!(places(under_test).await, before);
}

pub(super) async fn invariant_9_undo_leaves_what_somebody_changed_since<T: UnderTest>(
    under_test: &T,
) {
    let connector = under_test.connector();
    let before = places(under_test).await;
    let there = changes(under_test, &["apple", "banana"], |place| {
        place.folder = "Archive".to_owned();
        place.flags.insert("ours".to_owned());
    })
    .await;
    let effects = connector.change(&there, TAG).await.unwrap();
    let back = way_back(&there, effects);

    let mut theirs = there[0].to.clone();
    theirs.flags.insert("theirs".to_owned());
    under_test.change_as_somebody_else("apple", &theirs).await;

    let effects = connector.change(&back, "b1b2b3b4b5b6").await.unwrap();
    assert_eq!(effects[0], Effect::Changed);
    assert!(
        matches!(effects[1], Effect::Done { .. }),
        "{:?}",
        effects[1]
    );
    let after = places(under_test).await;
    assert_eq!(after["apple"], theirs);
    assert_eq!(after["banana"], before["banana"]);
}
