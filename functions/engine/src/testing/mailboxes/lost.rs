//! Rules about answers that never come.

use bulkhead_shared::kinds::mailbox::ConflictRule;

use super::under_test::{
    MailboxesUnderTest, TAG, change, done, messages, named, recovery, restore,
};
use crate::kinds::mailbox::{Change, Effect, Found, MailboxState};
use crate::ports::CallError;

async fn reconciled<T: MailboxesUnderTest>(under_test: &T, change: &Change) -> Found {
    let changes = std::slice::from_ref(change);
    let mut found = under_test.store().reconcile(changes, TAG).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// Asks for a change whose answer is lost. False: that cannot be done here.
async fn lost<T: MailboxesUnderTest>(under_test: &T, change: &Change) -> bool {
    if !under_test.lose_answers(true).await {
        return false;
    }
    let changes = std::slice::from_ref(change);
    match under_test.store().change(changes, TAG).await {
        Err(CallError::Unavailable(_)) => {}
        Ok(effects) => assert_eq!(effects, [Effect::Unknown]),
        Err(other) => panic!("{other:?}"),
    }
    under_test.lose_answers(false).await;
    true
}

pub(super) async fn invariant_3_a_lost_recovery_is_found_done<T: MailboxesUnderTest>(
    under_test: &T,
) {
    let bob = named(under_test, "bob").await;
    let there = recovery(&bob, "bob");
    if !lost(under_test, &there).await {
        return;
    }
    let Found::Done { id, state } = reconciled(under_test, &there).await else {
        panic!("not found done");
    };
    assert!(matches!(state.state, Some(MailboxState::Active(_))));
    let back = Change {
        id,
        from: state,
        to: there.from.state.clone(),
    };
    done(&back, &change(under_test, &back).await);
}

pub(super) async fn invariant_3_a_lost_restore_is_found_done_and_can_be_taken_back<
    T: MailboxesUnderTest,
>(
    under_test: &T,
) {
    let (ada, eve) = (
        named(under_test, "ada").await,
        named(under_test, "eve").await,
    );
    let before = messages(under_test, &eve).await;
    let there = restore(&ada, &eve, ConflictRule::KeepBoth, None);
    if !lost(under_test, &there).await {
        return;
    }
    let Found::Done { id, state } = reconciled(under_test, &there).await else {
        panic!("not found done");
    };
    assert_eq!(messages(under_test, &eve).await.len(), before.len() + 3);
    let back = Change {
        id,
        from: state,
        to: there.from.state.clone(),
    };
    done(&back, &change(under_test, &back).await);
    assert_eq!(messages(under_test, &eve).await, before);
}

pub(super) async fn invariant_3_what_never_happened_is_found_not_done<T: MailboxesUnderTest>(
    under_test: &T,
) {
    let (ada, eve) = (
        named(under_test, "ada").await,
        named(under_test, "eve").await,
    );
    for never in [
        recovery(&ada, "ada"),
        restore(&ada, &eve, ConflictRule::KeepTarget, None),
    ] {
        let Found::NotDone { id, state } = reconciled(under_test, &never).await else {
            panic!("not found not done");
        };
        let again = Change {
            id,
            from: state,
            ..never
        };
        let (_, back) = done(&again, &change(under_test, &again).await);
        done(&back, &change(under_test, &back).await);
    }
    under_test.purge(&ada.guid).await;
    assert_eq!(
        reconciled(under_test, &recovery(&ada, "ada")).await,
        Found::Missing
    );
}
