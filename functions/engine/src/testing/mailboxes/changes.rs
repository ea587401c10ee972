//! Rules about changing: there and back, never over somebody else's, and nothing twice.

use bulkhead_shared::kinds::mailbox::{ConflictRule, Guid, MailboxName, Restoration};
use bulkhead_shared::outcome::ItemReason;

use super::under_test::{
    MailboxesUnderTest, change, done, messages, named, profile, recovery, restoration, restore,
};
use crate::kinds::mailbox::{Change, Effect, MailboxState};

pub(super) async fn an_inactive_mailbox_becomes_active_and_inactive_again<T: MailboxesUnderTest>(
    under_test: &T,
) {
    let bob = named(under_test, "bob").await;
    let there = recovery(&bob, "bob.new");
    let (state, back) = done(&there, &change(under_test, &there).await);
    let MailboxState::Active(is) = &state else {
        panic!("{state:?}");
    };
    assert!(is.says_the_same(&profile("bob.new")), "{is:?}");
    let now = named(under_test, "bob.new").await;
    assert!(!now.is_inactive());
    assert_eq!(
        (now.profile, now.guid.item_id()),
        (is.clone(), back.id.clone())
    );
    let (state, _) = done(&back, &change(under_test, &back).await);
    assert_eq!(state, MailboxState::Inactive);
    // Under this name, or again under the one it was deleted with.
    let guid = Guid::of_item(&back.id).unwrap();
    let again = under_test.store().look(&[guid]).await.unwrap().remove(0);
    assert!(again.unwrap().is_inactive());
}

pub(super) async fn a_recovered_mailbox_has_what_was_in_it<T: MailboxesUnderTest>(under_test: &T) {
    let ada = named(under_test, "ada").await;
    let before = messages(under_test, &ada).await;
    assert_eq!(before.len(), 3);
    let there = recovery(&ada, "ada");
    let (_, back) = done(&there, &change(under_test, &there).await);
    let active = named(under_test, "ada").await;
    assert_eq!(messages(under_test, &active).await, before);
    done(&back, &change(under_test, &back).await);
    let again = named(under_test, "ada").await;
    assert_eq!(messages(under_test, &again).await, before);
}

pub(super) async fn an_address_that_somebody_has_is_refused<T: MailboxesUnderTest>(under_test: &T) {
    let ada = named(under_test, "ada").await;
    let effect = change(under_test, &recovery(&ada, "EVE")).await;
    assert_eq!(effect, Effect::Refused(ItemReason::AddressTaken));
    assert!(named(under_test, "ada").await.is_inactive());
}

pub(super) async fn what_somebody_recovered_is_not_touched<T: MailboxesUnderTest>(under_test: &T) {
    let bob = named(under_test, "bob").await;
    let theirs = recovery(&bob, "bob.theirs");
    let (_, back) = done(&theirs, &change(under_test, &theirs).await);
    let ours = Change {
        id: back.id.clone(),
        ..recovery(&bob, "bob.ours")
    };
    assert_eq!(change(under_test, &ours).await, Effect::Changed);
    // Nor is it made inactive as if it were ours.
    let wrong = Change {
        from: crate::kinds::mailbox::ItemState::present(MailboxState::Active(profile("bob.ours"))),
        ..back
    };
    assert_eq!(change(under_test, &wrong).await, Effect::Changed);
    assert!(!named(under_test, "bob.theirs").await.is_inactive());
}

pub(super) async fn what_is_gone_is_missing<T: MailboxesUnderTest>(under_test: &T) {
    let (bob, eve) = (
        named(under_test, "bob").await,
        named(under_test, "eve").await,
    );
    under_test.purge(&bob.guid).await;
    assert_eq!(
        under_test
            .store()
            .look(std::slice::from_ref(&bob.guid))
            .await
            .unwrap(),
        [None]
    );
    assert_eq!(
        change(under_test, &recovery(&bob, "bob")).await,
        Effect::Missing
    );
    let copy = restore(&bob, &eve, under_test.store().rules()[0], None);
    assert_eq!(change(under_test, &copy).await, Effect::Missing);
}

pub(super) async fn a_restore_copies_by_each_rule_and_takes_back_exactly_that<
    T: MailboxesUnderTest,
>(
    under_test: &T,
) {
    let eve = named(under_test, "eve").await;
    let before = messages(under_test, &eve).await;
    let count = |messages: &[(String, String)], id: &str| {
        messages.iter().filter(|(_, other)| other == id).count()
    };
    for name in ["ada", "cleo"] {
        let source = named(under_test, name).await;
        let of_source = messages(under_test, &source).await;
        for rule in ConflictRule::ALL {
            let there = restore(&source, &eve, rule, None);
            if !under_test.store().rules().contains(&rule) {
                let refused = change(under_test, &there).await;
                assert!(
                    matches!(refused, Effect::Refused(_)),
                    "{rule:?} {refused:?}"
                );
                continue;
            }
            let (state, back) = done(&there, &change(under_test, &there).await);
            let after = messages(under_test, &eve).await;
            let MailboxState::Restored(restored) = &state else {
                panic!("{state:?}");
            };
            assert!(state.says_the_same(there.to.as_ref().unwrap()));
            let shared = if name == "ada" {
                "<both@x>"
            } else {
                "<late@x>"
            };
            let is_both = rule == ConflictRule::KeepBoth;
            assert_eq!(
                count(&after, shared),
                if is_both { 2 } else { 1 },
                "{rule:?}"
            );
            let is_copied = match rule {
                ConflictRule::KeepTarget => false,
                ConflictRule::KeepSource | ConflictRule::KeepBoth => true,
                ConflictRule::KeepNewer => name == "ada",
            };
            let copied = of_source.len() - usize::from(!is_copied);
            assert_eq!(restored.copied, copied as u64, "{rule:?}");
            for (folder, id) in &of_source {
                assert!(
                    after.iter().any(|(at, is)| (at, is) == (folder, id)),
                    "{id} in {folder}"
                );
            }
            // The source stays as it is.
            assert_eq!(messages(under_test, &source).await, of_source);
            let (state, _) = done(&back, &change(under_test, &back).await);
            assert_eq!(state, MailboxState::NotRestored);
            assert_eq!(messages(under_test, &eve).await, before, "{rule:?} {name}");
        }
    }
}

pub(super) async fn a_restore_goes_into_the_folder_that_is_named<T: MailboxesUnderTest>(
    under_test: &T,
) {
    let (ada, dora) = (
        named(under_test, "ada").await,
        named(under_test, "dora").await,
    );
    let there = restore(&ada, &dora, ConflictRule::KeepTarget, Some("Restored/2026"));
    let (_, back) = done(&there, &change(under_test, &there).await);
    let after = messages(under_test, &dora).await;
    let inside = after
        .iter()
        .filter(|(folder, _)| folder.starts_with("Restored/2026"));
    assert_eq!((inside.count(), after.len()), (3, 4), "{after:?}");
    done(&back, &change(under_test, &back).await);
    assert_eq!(messages(under_test, &dora).await.len(), 1);
}

pub(super) async fn mail_that_came_since_stays<T: MailboxesUnderTest>(under_test: &T) {
    let (ada, dora) = (
        named(under_test, "ada").await,
        named(under_test, "dora").await,
    );
    let there = restore(&ada, &dora, ConflictRule::KeepTarget, None);
    let (_, back) = done(&there, &change(under_test, &there).await);
    under_test.deliver(&dora.guid, "<new@x>").await;
    done(&back, &change(under_test, &back).await);
    let ids: Vec<String> = messages(under_test, &dora)
        .await
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    assert_eq!(ids, ["<d1@x>", "<new@x>"]);
}

pub(super) async fn a_restore_is_made_once<T: MailboxesUnderTest>(under_test: &T) {
    let (ada, dora) = (
        named(under_test, "ada").await,
        named(under_test, "dora").await,
    );
    let named = restoration(&ada, &dora);
    let known = async || {
        under_test
            .store()
            .restored(std::slice::from_ref(&named))
            .await
            .unwrap()
    };
    assert_eq!(known().await, [None]);
    let there = restore(&ada, &dora, ConflictRule::KeepBoth, None);
    let (_, back) = done(&there, &change(under_test, &there).await);
    let restored = known().await.remove(0).unwrap();
    assert_eq!(
        (restored.rule, restored.folder),
        (ConflictRule::KeepBoth, None)
    );
    let after = messages(under_test, &dora).await;
    assert_eq!(change(under_test, &there).await, Effect::Changed);
    assert_eq!(messages(under_test, &dora).await, after);
    done(&back, &change(under_test, &back).await);
    assert_eq!(known().await, [None]);
}

pub(super) async fn a_restore_without_a_target_is_refused<T: MailboxesUnderTest>(under_test: &T) {
    let (ada, bob) = (
        named(under_test, "ada").await,
        named(under_test, "bob").await,
    );
    let nobody = Restoration {
        source: ada.guid.clone(),
        target: MailboxName::Guid(Guid::of_bytes([0xee; 16])),
    };
    let nowhere = Change {
        id: nobody.id().unwrap(),
        ..restore(&ada, &bob, ConflictRule::KeepTarget, None)
    };
    let effect = change(under_test, &nowhere).await;
    assert_eq!(effect, Effect::Refused(ItemReason::NoSuchTarget));
    let deleted = restore(&ada, &bob, ConflictRule::KeepTarget, None);
    let effect = change(under_test, &deleted).await;
    assert_eq!(effect, Effect::Refused(ItemReason::NoSuchTarget));
}
