//! What every [`MailStore`](crate::ports::MailStore) has to do; adapters run [`conforms`] in their tests on a mailbox that
//! holds [`letters`].
//!
//! It asks for no more than IMAP can give: ids may change when a mail moves, versions may be no
//! more than a hash of the place, and a mail moved by somebody else may look like one that is gone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changes;
mod classes;
mod drafts;
mod letters;
mod lost;
mod reading;
mod searches;
mod under_test;

pub use letters::{Letter, letters};
pub use searches::{Undecoded, search_letters, searches};
pub use under_test::UnderTest;

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
        reading::tells_the_header_of_every_mail,
        reading::fetches_the_bytes_that_were_loaded,
        reading::fetches_beginnings_of_what_was_loaded,
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
        drafts::a_draft_is_there_once_however_often_it_is_put,
        drafts::a_draft_is_what_was_put,
        drafts::a_draft_goes_out_of_sight_and_comes_back,
        lost::invariant_3_a_lost_answer_is_found_done,
        lost::invariant_3_what_never_happened_is_found_not_done,
        lost::what_is_gone_is_found_missing,
    );
}
