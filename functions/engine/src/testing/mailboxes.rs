//! What every [`MailboxStore`](crate::ports::MailboxStore) has to do; adapters run [`conforms`] in their tests on a
//! directory with these mailboxes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changes;
mod lost;
mod reading;
mod under_test;

pub use under_test::{Made, MailboxesUnderTest};

/// Runs the whole suite, each rule on a new directory. `new` makes one that holds exactly what it is given.
pub async fn conforms<T: MailboxesUnderTest>(new: impl AsyncFn(Vec<Made>) -> T) {
    macro_rules! each {
        ($($module:ident :: $rule:ident),+ $(,)?) => {$(
            let under_test = new(mailboxes()).await;
            $module::$rule(&under_test).await;
        )+};
    }
    each!(
        reading::lists_by_name_and_jumps_to_any_place,
        reading::finds_inactive_and_active_ones_by_words,
        reading::looks_and_finds_in_the_order_asked,
        reading::takes_nothing_and_nonsense,
        reading::the_token_changes_with_changes,
        changes::an_inactive_mailbox_becomes_active_and_inactive_again,
        changes::a_recovered_mailbox_has_what_was_in_it,
        changes::an_address_that_somebody_has_is_refused,
        changes::what_somebody_recovered_is_not_touched,
        changes::what_is_gone_is_missing,
        changes::a_restore_copies_by_each_rule_and_takes_back_exactly_that,
        changes::a_restore_goes_into_the_folder_that_is_named,
        changes::mail_that_came_since_stays,
        changes::a_restore_is_made_once,
        changes::a_restore_without_a_target_is_refused,
        lost::invariant_3_a_lost_recovery_is_found_done,
        lost::invariant_3_a_lost_restore_is_found_done_and_can_be_taken_back,
        lost::invariant_3_what_never_happened_is_found_not_done,
    );
}

/// Three mailboxes that were deleted and two that are in use. In `ada` and `eve` is one message that both have,
/// changed later in `ada`; in `cleo` and `eve` one that was changed later in `eve`.
#[must_use]
pub fn mailboxes() -> Vec<Made> {
    vec![
        Made::inactive(
            "ada",
            &[
                ("INBOX", "<a1@x>", 10),
                ("Work", "<a2@x>", 20),
                ("INBOX", "<both@x>", 50),
            ],
        ),
        Made::inactive("bob", &[]),
        Made::inactive(
            "cleo",
            &[("INBOX", "<c1@x>", 10), ("INBOX", "<late@x>", 10)],
        ),
        Made::active("dora", &[("INBOX", "<d1@x>", 10)]),
        Made::active(
            "eve",
            &[
                ("INBOX", "<e1@x>", 10),
                ("INBOX", "<both@x>", 40),
                ("INBOX", "<late@x>", 60),
            ],
        ),
    ]
}
