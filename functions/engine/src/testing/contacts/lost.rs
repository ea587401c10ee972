//! Rules about answers that never came: looking tells what happened, and repeats nothing.

use bulkhead_shared::vcard::Edit;

use super::under_test::{
    ContactsUnderTest, TAG, all, assert_same, change, create, delete, done, edited, edits, now,
    way_back,
};
use crate::kinds::contact::Change;
use crate::kinds::contact::Effect;
use crate::kinds::contact::Found;
use crate::ports::CallError;

/// One of each: made, edited, deleted.
async fn one_of_each<T: ContactsUnderTest>(under_test: &T) -> Vec<Change> {
    let mut ours = edits(under_test, &["apple"], &Edit::Title("Ours".to_owned())).await;
    ours.push(create(under_test, "new-4").await);
    ours.push(delete(under_test, "banana").await);
    ours
}

async fn lose<T: ContactsUnderTest>(under_test: &T, ours: &[Change]) -> bool {
    if !under_test.lose_answers(true).await {
        return false;
    }
    match under_test.store().change(ours, TAG).await {
        Err(CallError::Unavailable(_)) => {}
        Ok(effects) => assert!(
            effects.iter().all(|effect| *effect == Effect::Unknown),
            "{effects:?}"
        ),
        Err(other) => panic!("lost, but answered {other:?}"),
    }
    under_test.lose_answers(false).await;
    true
}

pub(super) async fn invariant_3_a_lost_answer_is_found_done<T: ContactsUnderTest>(under_test: &T) {
    let ours = one_of_each(under_test).await;
    let before = all(under_test).await;
    if !lose(under_test, &ours).await {
        return;
    }
    let store = under_test.store();
    let then = all(under_test).await;
    assert_ne!(then, before, "they did not take effect");
    let found = store.reconcile(&ours, TAG).await.unwrap();
    assert_eq!(store.reconcile(&ours, TAG).await.unwrap(), found);
    assert_eq!(all(under_test).await, then, "looking changed something");
    let mut back = Vec::new();
    for (change, found) in ours.iter().zip(found) {
        let Found::Done { id, state } = found else {
            panic!("done, but found {found:?}");
        };
        assert_eq!(now(under_test, &change.id).await, state);
        back.extend(way_back(
            std::slice::from_ref(change),
            &[Effect::Done { id, state }],
        ));
    }
    // What was found is good enough for an undo.
    for effect in change(under_test, &back).await {
        done(&effect);
    }
    let after = all(under_test).await;
    for ((id, one), (id_after, other)) in before.iter().zip(&after) {
        assert_eq!(id, id_after);
        assert_same(under_test.keeps_bytes(), one, other);
    }
}

pub(super) async fn invariant_3_what_never_happened_is_found_not_done<T: ContactsUnderTest>(
    under_test: &T,
) {
    let ours = one_of_each(under_test).await;
    let found = under_test.store().reconcile(&ours, TAG).await.unwrap();
    for (change, found) in ours.iter().zip(found) {
        let (id, state) = (change.id.clone(), change.from.clone());
        assert_eq!(found, Found::NotDone { id, state });
    }
    for effect in change(under_test, &ours).await {
        done(&effect);
    }
}

pub(super) async fn what_is_gone_is_found_missing<T: ContactsUnderTest>(under_test: &T) {
    let ours = edits(under_test, &["apple"], &Edit::Title("Ours".to_owned())).await;
    under_test.write_as_somebody_else(&ours[0].id, None).await;
    let found = under_test.store().reconcile(&ours, TAG).await.unwrap();
    assert_eq!(found, [Found::Missing]);
}

pub(super) async fn what_somebody_wrote_over_it_is_unclear<T: ContactsUnderTest>(under_test: &T) {
    let mut ours = edits(under_test, &["apple"], &Edit::Title("Ours".to_owned())).await;
    ours.push(create(under_test, "new-5").await);
    if !lose(under_test, &ours).await {
        return;
    }
    for change in &ours {
        let theirs = edited(
            change.to.as_deref().unwrap(),
            &Edit::Note("Theirs".to_owned()),
        );
        under_test
            .write_as_somebody_else(&change.id, Some(theirs))
            .await;
    }
    let found = under_test.store().reconcile(&ours, TAG).await.unwrap();
    assert_eq!(found, [Found::Unclear, Found::Unclear]);
}
