//! What every [`ContactStore`](crate::ports::ContactStore) has to do; adapters run [`conforms`] in their tests on an address book
//! that holds [`cards`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changes;
mod lost;
mod reading;
mod under_test;

pub use under_test::ContactsUnderTest;

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
