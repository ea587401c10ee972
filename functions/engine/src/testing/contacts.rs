//! What every [`ContactStore`] has to do; adapters run [`conforms`] in their tests on an address book
//! that holds [`cards`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changes;
mod lost;
mod reading;

use async_trait::async_trait;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::vcard::Search;

use crate::kinds::contact::{ContactChange, ContactEffect, ContactState, Present, says_the_same};
use crate::ports::ContactStore;

/// A store on an address book with [`cards`], and somebody else who uses the same one.
#[async_trait]
pub trait ContactsUnderTest: Send + Sync {
    /// What is tested.
    fn store(&self) -> &dyn ContactStore;

    /// Whether the server keeps cards like [`cards`] byte for byte.
    fn keeps_bytes(&self) -> bool;

    /// Somebody else writes a card, or deletes it, whatever is there.
    async fn write_as_somebody_else(&self, id: &ItemId, card: Option<Vec<u8>>);

    /// From now on changes take effect and their answers do not arrive, or they arrive again. False:
    /// cannot be done here.
    async fn lose_answers(&self, lose: bool) -> bool;
}

/// Runs the whole suite, each rule on a new address book. `new` fills one with the cards it is given.
pub async fn conforms<T: ContactsUnderTest>(new: impl AsyncFn(Vec<Vec<u8>>) -> T) {
    macro_rules! each {
        ($($module:ident :: $rule:ident),+ $(,)?) => {$(
            let under_test = new(cards()).await;
            $module::$rule(&under_test).await;
        )+};
    }
    each!(
        reading::lists_by_name_in_pages_that_join,
        reading::jumps_to_any_place,
        reading::finds_by_words,
        reading::answers_in_the_order_asked,
        reading::takes_nothing_and_nonsense,
        reading::a_list_shows_what_changed_since,
        reading::the_token_changes_with_changes,
        changes::makes_a_card_once,
        changes::an_edit_changes_what_it_is_about_and_goes_back,
        changes::a_deleted_card_comes_back_where_it_was,
        changes::does_not_touch_what_somebody_changed,
        changes::makes_nothing_over_what_somebody_made,
        changes::says_what_is_gone,
        changes::without_a_version_what_it_says_counts,
        changes::refuses_what_is_no_card_and_goes_nowhere_else,
        changes::invariant_9_undo_leaves_what_somebody_changed_since,
        lost::invariant_3_a_lost_answer_is_found_done,
        lost::invariant_3_what_never_happened_is_found_not_done,
        lost::what_is_gone_is_found_missing,
        lost::what_somebody_wrote_over_it_is_unclear,
    );
}

/// Names of [`cards`], as they are listed.
const NAMES: [&str; 7] = ["apple", "banana", "cherry", "date", "elder", "fig", "grape"];

/// Cards that differ in all that matters, in a spelling that servers which write cards anew leave as it
/// is but for the order of lines.
#[must_use]
pub fn cards() -> Vec<Vec<u8>> {
    let card = |name: &str, lines: &str| {
        let name_lines = format!("FN:{name}\nN:{name};;;;\n");
        let text =
            format!("BEGIN:VCARD\nVERSION:3.0\nUID:uid-{name}\n{name_lines}{lines}END:VCARD\n");
        text.replace('\n', "\r\n").into_bytes()
    };
    // Longer than a line, with characters of two bytes around the place where it has to be cut.
    let note = format!("NOTE:{}\\nend\n", "ü".repeat(20));
    vec![
        card(
            "apple",
            "ORG:Acme;Lab\nTITLE:Head\nTEL;TYPE=work:0049 30 1\nEMAIL:apple@x.example\n",
        ),
        card("banana", "ORG:Acme;Sales\nCATEGORIES:fruit,long\n"),
        card(
            "cherry",
            "X-UNKNOWN:kept\nitem1.TEL:+49 1\nitem1.X-ABLABEL:Boat\n",
        ),
        card("date", &note),
        card("elder", "ADR:;;Street 1\\, left;City;;1;D\n"),
        card("fig", "EMAIL:fig@x.example\n"),
        card("grape", "TEL:030 1\n"),
    ]
}

/// Names the job in changes, as the engine would: short, letters and digits.
const TAG: &str = "a1b2c3d4e5f6";

async fn id_of<T: ContactsUnderTest>(under_test: &T, name: &str) -> ItemId {
    let page = under_test
        .store()
        .list(&Search::words(""), None, 500)
        .await
        .unwrap();
    let row = page.rows.into_iter().find(|row| row.shown.title == name);
    row.unwrap_or_else(|| panic!("{name} is gone")).id
}

async fn now<T: ContactsUnderTest>(under_test: &T, id: &ItemId) -> ContactState {
    let states = under_test.store().read(std::slice::from_ref(id)).await;
    states.unwrap().remove(0)
}

async fn present<T: ContactsUnderTest>(under_test: &T, id: &ItemId) -> Present {
    match now(under_test, id).await {
        ContactState::Present(present) => present,
        ContactState::Absent => panic!("{id} is gone"),
    }
}

/// Everything that is there, byte for byte.
async fn all<T: ContactsUnderTest>(under_test: &T) -> Vec<(ItemId, Vec<u8>)> {
    let page = under_test
        .store()
        .list(&Search::words(""), None, 500)
        .await
        .unwrap();
    let ids: Vec<ItemId> = page.rows.into_iter().map(|row| row.id).collect();
    let states = under_test.store().read(&ids).await.unwrap();
    let states = states.into_iter().map(|state| match state {
        ContactState::Present(present) => present.card,
        ContactState::Absent => panic!("listed and not there"),
    });
    let mut all: Vec<(ItemId, Vec<u8>)> = ids.into_iter().zip(states).collect();
    all.sort();
    all
}

/// Edits of named contacts, from what they are now.
async fn edits<T: ContactsUnderTest>(
    under_test: &T,
    names: &[&str],
    edit: &bulkhead_shared::vcard::Edit,
) -> Vec<ContactChange> {
    let mut changes = Vec::new();
    for name in names {
        let id = id_of(under_test, name).await;
        let seen = present(under_test, &id).await;
        let to = Some(edited(&seen.card, edit));
        let from = ContactState::Present(seen);
        changes.push(ContactChange { id, from, to });
    }
    changes
}

fn edited(card: &[u8], edit: &bulkhead_shared::vcard::Edit) -> Vec<u8> {
    let mut card = bulkhead_shared::vcard::Card::read(card).unwrap();
    assert_eq!(edit.apply(&mut card), Ok(true));
    card.bytes()
}

async fn delete<T: ContactsUnderTest>(under_test: &T, name: &str) -> ContactChange {
    let id = id_of(under_test, name).await;
    let from = now(under_test, &id).await;
    ContactChange { id, from, to: None }
}

async fn create<T: ContactsUnderTest>(under_test: &T, uid: &str) -> ContactChange {
    let books = under_test.store().books().await.unwrap();
    let text = format!("BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\nFN:{uid}\nN:{uid};;;;\nEND:VCARD\n");
    ContactChange {
        id: under_test.store().new_id(&books[0], uid).unwrap(),
        from: ContactState::Absent,
        to: Some(text.replace('\n', "\r\n").into_bytes()),
    }
}

async fn change<T: ContactsUnderTest>(
    under_test: &T,
    changes: &[ContactChange],
) -> Vec<ContactEffect> {
    let effects = under_test.store().change(changes, TAG).await.unwrap();
    assert_eq!(effects.len(), changes.len());
    effects
}

/// What a change that was done left.
#[track_caller]
fn done(effect: &ContactEffect) -> ContactState {
    match effect {
        ContactEffect::Done(state) => state.clone(),
        other => panic!("not done but {other:?}"),
    }
}

/// The way back of changes that were all done.
fn way_back(changes: &[ContactChange], effects: &[ContactEffect]) -> Vec<ContactChange> {
    let back = changes
        .iter()
        .zip(effects)
        .map(|(change, effect)| ContactChange {
            id: change.id.clone(),
            from: done(effect),
            to: match &change.from {
                ContactState::Present(seen) => Some(seen.card.clone()),
                ContactState::Absent => None,
            },
        });
    back.collect()
}

/// Both are the same bytes where the server keeps them, and say the same everywhere.
#[track_caller]
fn assert_same(keeps_bytes: bool, one: &[u8], other: &[u8]) {
    let text = |card: &[u8]| String::from_utf8_lossy(card).into_owned();
    if keeps_bytes {
        assert_eq!(text(one), text(other));
    } else {
        assert!(says_the_same(one, other), "{} {}", text(one), text(other));
    }
}
