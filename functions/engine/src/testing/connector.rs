//! What every [`MailStore`] has to do; adapters run [`conforms`] in their tests on a mailbox that
//! holds [`letters`].
//!
//! It asks for no more than IMAP can give: ids may change when a mail moves, versions may be no
//! more than a hash of the place, and a mail moved by somebody else may look like one that is gone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changes;
mod letters;
mod lost;
mod reading;
mod searches;

use std::collections::BTreeMap;

use async_trait::async_trait;
use bulkhead_shared::api::Item;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

pub use letters::{Letter, letters};
pub use searches::{Undecoded, search_letters, searches};

use crate::kinds::mail::{Change, Effect, ItemState, Place};
use crate::ports::{Account, MailStore};

/// A connector on a mailbox with [`letters`], and somebody else who uses the same mailbox.
#[async_trait]
pub trait UnderTest: Send + Sync {
    /// The account that is tested.
    fn account(&self) -> &dyn Account;

    /// Its mails.
    fn connector(&self) -> &dyn MailStore;

    /// Somebody else brings the letter with this name to another place.
    async fn change_as_somebody_else(&self, name: &str, to: &Place);

    /// Somebody else deletes the letter with this name for good.
    async fn delete_as_somebody_else(&self, name: &str);

    /// The next change takes effect, but its answer does not arrive. False: cannot be done here.
    async fn lose_next_answer(&self);
}

/// Runs the whole suite, each rule on a new mailbox. `new` fills one with the letters it is given.
pub async fn conforms<T: UnderTest>(new: impl AsyncFn(Vec<Letter>) -> T) {
    macro_rules! each {
        ($($module:ident :: $rule:ident),+ $(,)?) => {$(
            let under_test = new(letters()).await;
            $module::$rule(&under_test).await;
        )+};
    }
    each!(
        reading::declares_what_it_can_do,
        reading::finds_the_folder_for_each_role,
        reading::list_and_matches_agree_with_the_query,
        reading::pages_join_into_the_whole_list,
        reading::matches_are_stable_and_paged,
        reading::answers_in_the_order_asked,
        reading::takes_nothing_and_nonsense,
        reading::the_mark_changes_with_changes,
        reading::fetches_the_bytes_that_were_loaded,
        changes::flags_change_and_go_back,
        changes::labels_change_and_go_back,
        changes::folders_change_and_go_back,
        changes::folder_and_flags_change_at_once,
        changes::the_version_differs_after_a_change,
        changes::does_not_touch_what_somebody_changed,
        changes::says_what_is_gone,
        changes::leaves_what_somebody_moved,
        changes::refuses_a_folder_that_is_not_there,
        changes::invariant_9_undo_leaves_what_somebody_changed_since,
        lost::invariant_3_a_lost_answer_is_found_done,
        lost::invariant_3_what_never_happened_is_found_not_done,
        lost::what_is_gone_is_found_missing,
    );
}

/// Names the job in changes, as the engine would: short, letters and digits.
const TAG: &str = "a1b2c3d4e5f6";

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn query(text: &str) -> Query {
    Query::parse(text).unwrap()
}

/// The letter's name, which begins its subject.
fn name(item: &Item) -> String {
    item.subject.split(' ').next().unwrap().to_owned()
}

/// All mails by name.
async fn all<T: UnderTest>(under_test: &T) -> BTreeMap<String, Item> {
    let connector = under_test.connector();
    let everything = query("in:anywhere");
    let page = connector.list(&everything, now(), None, 100).await.unwrap();
    page.items
        .into_iter()
        .map(|item| (name(&item), item))
        .collect()
}

async fn id_of<T: UnderTest>(under_test: &T, name: &str) -> ItemId {
    all(under_test)
        .await
        .remove(name)
        .unwrap_or_else(|| panic!("{name} is gone"))
        .id
}

async fn state_of<T: UnderTest>(under_test: &T, name: &str) -> ItemState {
    let id = id_of(under_test, name).await;
    let states = under_test.connector().states(&[id]).await.unwrap();
    states.into_iter().next().unwrap().unwrap()
}

/// Where each mail is and how marked, by name: what an undo has to bring back.
async fn places<T: UnderTest>(under_test: &T) -> BTreeMap<String, Place> {
    let all = all(under_test).await;
    let ids: Vec<ItemId> = all.values().map(|item| item.id.clone()).collect();
    let states = under_test.connector().states(&ids).await.unwrap();
    all.into_keys()
        .zip(states)
        .map(|(name, state)| (name, state.unwrap().place))
        .collect()
}

/// Changes of the named letters from where they are now.
async fn changes<T: UnderTest>(
    under_test: &T,
    names: &[&str],
    change: impl Fn(&mut Place),
) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in names {
        let from = state_of(under_test, name).await;
        let mut to = from.place.clone();
        change(&mut to);
        let id = id_of(under_test, name).await;
        changes.push(Change { id, from, to });
    }
    changes
}

/// Where a change that was done left the mail.
#[track_caller]
fn done(effect: Effect) -> (ItemId, ItemState) {
    match effect {
        Effect::Done { id, state } => (id, state),
        other => panic!("not done but {other:?}"),
    }
}

/// The way back of changes that were all done.
fn way_back(changes: &[Change], effects: Vec<Effect>) -> Vec<Change> {
    assert_eq!(changes.len(), effects.len());
    changes
        .iter()
        .zip(effects)
        .map(|(change, effect)| {
            let (id, from) = done(effect);
            assert_eq!(from.place, change.to);
            let to = change.from.place.clone();
            Change { id, from, to }
        })
        .collect()
}
