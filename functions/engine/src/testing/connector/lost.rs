//! Rules about answers that never came: looking tells what happened, and repeats nothing.

use super::under_test::{TAG, UnderTest, changes, done, places};
use crate::kinds::mail::Change;
use crate::kinds::mail::Effect;
use crate::kinds::mail::Place;
use crate::kinds::mail::{FLAGGED, Found, SEEN};
use crate::ports::CallError;

pub(super) async fn invariant_3_a_lost_answer_is_found_done<T: UnderTest>(under_test: &T) {
    let connector = under_test.connector();
    let change_flags = |place: &mut Place| {
        place.flags.insert("later".to_owned());
    };
    let change_folder = |place: &mut Place| {
        place.folder = "Archive".to_owned();
    };
    let by_flags = changes(under_test, &["apple", "juniper"], change_flags).await;
    let by_folder = changes(under_test, &["cherry", "kiwi"], change_folder).await;
    for ours in [by_flags, by_folder] {
        under_test.lose_next_answer().await;
        let answer = connector.change(&ours, TAG).await;
        match answer {
            Err(CallError::Unavailable(_)) => {}
            Ok(effects) => assert!(
                effects.iter().all(|effect| *effect == Effect::Unknown),
                "{effects:?}"
            ),
            Err(other) => panic!("lost, but answered {other:?}"),
        }
        let looked_once = connector.reconcile(&ours, TAG).await.unwrap();
        let places_then = places(under_test).await;
        let looked_again = connector.reconcile(&ours, TAG).await.unwrap();
        let looked = looked_once.into_iter().chain(looked_again);
        for (change, found) in ours.iter().chain(&ours).zip(looked) {
            let Found::Done { id, state } = found else {
                panic!("done, but found {found:?}");
            };
            assert_eq!(state.state, change.to);
            let now = connector.states(&[id]).await.unwrap();
            assert_eq!(now, [Some(state)], "what was found is not what is there");
        }
        assert_eq!(
            places(under_test).await,
            places_then,
            "looking changed something"
        );
    }
}

pub(super) async fn invariant_3_what_never_happened_is_found_not_done<T: UnderTest>(
    under_test: &T,
) {
    let connector = under_test.connector();
    let ours = changes(under_test, &["apple", "cherry", "kiwi"], |place| {
        place.folder = "Archive".to_owned();
        place.flags.insert(SEEN.to_owned());
    })
    .await;
    let mut theirs = ours[1].from.state.clone();
    theirs.flags.remove(FLAGGED);
    under_test.change_as_somebody_else("cherry", &theirs).await;
    let before = places(under_test).await;

    let found = connector.reconcile(&ours, TAG).await.unwrap();
    let mut again = Vec::new();
    for ((change, found), name) in ours.iter().zip(found).zip(["apple", "cherry", "kiwi"]) {
        let Found::NotDone { id, state } = found else {
            panic!("{name} never happened, but found {found:?}");
        };
        assert_eq!(state.state, before[name]);
        again.push(Change {
            id,
            from: state,
            to: change.to.clone(),
        });
    }
    assert_eq!(
        places(under_test).await,
        before,
        "looking changed something"
    );

    for effect in connector.change(&again, TAG).await.unwrap() {
        done(effect);
    }
}

pub(super) async fn what_is_gone_is_found_missing<T: UnderTest>(under_test: &T) {
    let ours = changes(under_test, &["apple"], |place| {
        place.flags.insert(SEEN.to_owned());
    })
    .await;
    under_test.delete_as_somebody_else("apple").await;
    let found = under_test.connector().reconcile(&ours, TAG).await.unwrap();
    assert_eq!(found, [Found::Missing]);
}
