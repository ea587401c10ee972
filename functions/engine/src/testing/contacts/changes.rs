//! Rules about changing: there and back, and never over somebody else's change.

use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vcard::{Card, Edit};

use super::under_test::{
    ContactsUnderTest, NAMES, all, assert_same, change, create, delete, done, edited, edits, now,
    present, way_back,
};
use crate::kinds::contact::Change;
use crate::kinds::contact::Effect;
use crate::kinds::contact::ItemState;

/// Makes changes, takes them back, and checks that everything is as it was.
async fn there_and_back<T: ContactsUnderTest>(under_test: &T, there: &[Change]) {
    let before = all(under_test).await;
    let effects = change(under_test, there).await;
    for (change, effect) in there.iter().zip(&effects) {
        assert_eq!(
            done(effect),
            now(under_test, &change.id).await,
            "not what it says"
        );
    }
    let back = way_back(there, &effects);
    for effect in change(under_test, &back).await {
        done(&effect);
    }
    let after = all(under_test).await;
    assert_eq!(before.len(), after.len());
    for ((id, one), (id_after, other)) in before.iter().zip(&after) {
        assert_eq!(id, id_after);
        assert_same(under_test.keeps_bytes(), one, other);
    }
}

pub(super) async fn makes_a_card_once<T: ContactsUnderTest>(under_test: &T) {
    let made = create(under_test, "new-1").await;
    let effects = change(under_test, std::slice::from_ref(&made)).await;
    let new = done(&effects[0]);
    assert!(new.version.is_some());
    assert_same(
        under_test.keeps_bytes(),
        new.state.as_deref().unwrap(),
        made.to.as_deref().unwrap(),
    );
    let again = change(under_test, std::slice::from_ref(&made)).await;
    assert_eq!(again, [Effect::Changed]);
    assert_eq!(all(under_test).await.len(), 8);
    // Taken back.
    let back = way_back(std::slice::from_ref(&made), &effects);
    assert_eq!(
        done(&change(under_test, &back).await[0]),
        ItemState::absent()
    );
    assert_eq!(all(under_test).await.len(), 7);
}

pub(super) async fn an_edit_changes_what_it_is_about_and_goes_back<T: ContactsUnderTest>(
    under_test: &T,
) {
    let edit = Edit::Organisation("New; Ünit, Co".to_owned());
    let ours = edits(under_test, &["apple", "banana", "cherry", "date"], &edit).await;
    let effects = change(under_test, &ours).await;
    for (change, effect) in ours.iter().zip(&effects) {
        let after = done(effect).state.unwrap();
        assert_same(
            under_test.keeps_bytes(),
            &after,
            change.to.as_deref().unwrap(),
        );
        let card = Card::read(&after).unwrap();
        assert_eq!(card.main("ORG").unwrap().parts(';')[0], "New; Ünit, Co");
    }
    let cherry = present(under_test, &ours[2].id).await.state.unwrap();
    let cherry = Card::read(&cherry).unwrap();
    assert_eq!(cherry.text("X-UNKNOWN"), "kept");
    assert_eq!(cherry.main("TEL").unwrap().group.as_deref(), Some("item1"));
    for effect in change(under_test, &way_back(&ours, &effects)).await {
        done(&effect);
    }
    let prefix = Edit::TelephonePrefix {
        from: "0049".to_owned(),
        to: "+49".to_owned(),
    };
    there_and_back(under_test, &edits(under_test, &["apple"], &prefix).await).await;
    let note = Edit::Note("long ü ".repeat(200));
    there_and_back(
        under_test,
        &edits(under_test, &["date", "grape"], &note).await,
    )
    .await;
}

pub(super) async fn a_deleted_card_comes_back_where_it_was<T: ContactsUnderTest>(under_test: &T) {
    let mut ours = Vec::new();
    for name in NAMES {
        ours.push(delete(under_test, name).await);
    }
    there_and_back(under_test, &ours[..3]).await;
    // Versions may be new now.
    let mut again = Vec::new();
    for name in NAMES {
        again.push(delete(under_test, name).await);
    }
    there_and_back(under_test, &again).await;
}

pub(super) async fn does_not_touch_what_somebody_changed<T: ContactsUnderTest>(under_test: &T) {
    let edit = Edit::Title("Ours".to_owned());
    let mut ours = edits(under_test, &["apple", "banana", "cherry"], &edit).await;
    ours.push(delete(under_test, "date").await);
    let mut theirs = Vec::new();
    for change in [&ours[1], &ours[3]] {
        let seen = change.from.state.as_deref().unwrap();
        let card = edited(seen, &Edit::Title("Theirs".to_owned()));
        under_test
            .write_as_somebody_else(&change.id, Some(card))
            .await;
        theirs.push(present(under_test, &change.id).await);
    }
    let effects = change(under_test, &ours).await;
    done(&effects[0]);
    assert_eq!(effects[1], Effect::Changed);
    done(&effects[2]);
    assert_eq!(effects[3], Effect::Changed);
    assert_eq!(present(under_test, &ours[1].id).await, theirs[0]);
    assert_eq!(present(under_test, &ours[3].id).await, theirs[1]);
}

pub(super) async fn makes_nothing_over_what_somebody_made<T: ContactsUnderTest>(under_test: &T) {
    let ours = create(under_test, "new-2").await;
    let mut card = Card::read(ours.to.as_deref().unwrap()).unwrap();
    Edit::Title("Theirs".to_owned()).apply(&mut card).unwrap();
    under_test
        .write_as_somebody_else(&ours.id, Some(card.bytes()))
        .await;
    let theirs = present(under_test, &ours.id).await;
    let effects = change(under_test, std::slice::from_ref(&ours)).await;
    assert_eq!(effects, [Effect::Changed]);
    assert_eq!(present(under_test, &ours.id).await, theirs);
}

pub(super) async fn says_what_is_gone<T: ContactsUnderTest>(under_test: &T) {
    let edit = Edit::Title("Ours".to_owned());
    let mut ours = edits(under_test, &["apple", "banana"], &edit).await;
    ours.push(delete(under_test, "cherry").await);
    for gone in &ours[1..] {
        under_test.write_as_somebody_else(&gone.id, None).await;
    }
    let effects = change(under_test, &ours).await;
    done(&effects[0]);
    assert_eq!(effects[1..], [Effect::Missing, Effect::Missing]);
    assert_eq!(now(under_test, &ours[1].id).await, ItemState::absent());
}

pub(super) async fn without_a_version_what_it_says_counts<T: ContactsUnderTest>(under_test: &T) {
    let edit = Edit::Title("Ours".to_owned());
    let mut ours = edits(under_test, &["apple", "banana", "cherry"], &edit).await;
    for change in &mut ours {
        change.from.version = None;
    }
    let banana = present(under_test, &ours[1].id).await;
    let theirs = edited(
        banana.state.as_deref().unwrap(),
        &Edit::Title("Theirs".to_owned()),
    );
    under_test
        .write_as_somebody_else(&ours[1].id, Some(theirs))
        .await;
    under_test.write_as_somebody_else(&ours[2].id, None).await;
    let effects = change(under_test, &ours).await;
    done(&effects[0]);
    assert_eq!(effects[1..], [Effect::Changed, Effect::Missing]);
}

pub(super) async fn refuses_what_is_no_card_and_goes_nowhere_else<T: ContactsUnderTest>(
    under_test: &T,
) {
    let before = all(under_test).await;
    let mut rubbish = create(under_test, "rubbish").await;
    rubbish.to = Some(b"rubbish".to_vec());
    let good = create(under_test, "good").await;
    let mut nowhere = good.clone();
    nowhere.id = "/no/such/book/x.vcf".parse().unwrap();
    let mut elsewhere = delete(under_test, "apple").await;
    elsewhere.id = "//example.org/x.vcf".parse().unwrap();
    let effects = change(under_test, &[rubbish, nowhere, elsewhere, good.clone()]).await;
    assert_eq!(
        effects[..3],
        [
            Effect::Refused(ItemReason::Refused),
            Effect::Refused(ItemReason::NoSuchFolder),
            Effect::Missing,
        ]
    );
    let back = way_back(&[good], &effects[3..]);
    done(&change(under_test, &back).await[0]);
    assert_eq!(all(under_test).await, before);
}

pub(super) async fn invariant_9_undo_leaves_what_somebody_changed_since<T: ContactsUnderTest>(
    under_test: &T,
) {
    let edit = Edit::Title("Ours".to_owned());
    let mut ours = edits(under_test, &["apple", "banana"], &edit).await;
    ours.push(create(under_test, "new-3").await);
    ours.push(delete(under_test, "cherry").await);
    let effects = change(under_test, &ours).await;
    let back = way_back(&ours, &effects);
    // Somebody edits one that was edited, edits the new one, and makes the deleted one anew.
    let mut theirs = Vec::new();
    for change in [&ours[0], &ours[2], &ours[3]] {
        let card = change.to.as_deref().or(change.from.state.as_deref());
        let card = edited(card.unwrap(), &Edit::Note("Theirs".to_owned()));
        under_test
            .write_as_somebody_else(&change.id, Some(card))
            .await;
        theirs.push(present(under_test, &change.id).await);
    }
    let effects = change(under_test, &back).await;
    assert_eq!(effects[0], Effect::Changed);
    done(&effects[1]);
    assert_eq!(effects[2..], [Effect::Changed, Effect::Changed]);
    for (change, theirs) in [&ours[0], &ours[2], &ours[3]].into_iter().zip(&theirs) {
        assert_eq!(present(under_test, &change.id).await, *theirs);
    }
}
