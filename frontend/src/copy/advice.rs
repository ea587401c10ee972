//! What suggestions say in words.

use bulkhead_shared::advice::{Action, Decision, label};
use bulkhead_shared::api::{HandHabit, Leaning, Suggestion};
use bulkhead_shared::class::Class;

use crate::words;

/// What so many mails of a class are called.
fn mails(class: &str, number: u64) -> String {
    match Class::named(class) {
        Some(Class::Newsletter) => words::count_newsletter(number),
        Some(Class::Promotion) => words::count_promotion(number),
        Some(Class::Notification) => words::count_notification(number),
        Some(Class::ListDiscussion) => words::count_list_discussion(number),
        Some(Class::Delivery) => words::count_delivery(number),
        Some(Class::Receipt) => words::count_receipt(number),
        Some(Class::Spam) => words::count_spam(number),
        _ => words::count_mails(number),
    }
}

/// A suggestion as an order: “Archive 3,012 newsletters”.
pub fn order(suggestion: &Suggestion) -> String {
    let Suggestion {
        action,
        class,
        mails: number,
        ..
    } = suggestion;
    let what = mails(class, *number);
    match action {
        Action::Archive => words::advice_archive(&what),
        Action::Trash => words::advice_trash(&what),
        Action::Unsubscribe => words::advice_unsubscribe(suggestion.sources.len() as u64),
        Action::Label => {
            let label = Class::named(class).and_then(label).unwrap_or_default();
            words::advice_label(*number, label)
        }
        Action::Keep => words::advice_keep(suggestion.sources.len() as u64),
    }
}

/// What can be done in place of a suggestion, and what that is called; none where nothing stands in for it.
pub fn instead(action: Action) -> Option<(Action, &'static str)> {
    match action {
        Action::Archive => Some((Action::Trash, words::advice_trash_instead())),
        Action::Trash => Some((Action::Archive, words::advice_archive_instead())),
        Action::Unsubscribe | Action::Label | Action::Keep => None,
    }
}

/// Whose mails they are: the first ones by name.
pub fn whose(suggestion: &Suggestion) -> String {
    const NAMED: usize = 3;
    let names = suggestion.sources.iter().take(NAMED);
    let names: Vec<&str> = names.map(|source| source.name.as_str()).collect();
    let others = suggestion.sources.len().saturating_sub(NAMED);
    match others {
        0 => names.join(", "),
        others => words::advice_and_more(&names.join(", "), others as u64),
    }
}

/// What all that is open would do; none if that is nothing.
pub fn sum(suggestions: &[Suggestion]) -> Option<String> {
    let acts = suggestions.iter().filter(|it| it.action != Action::Keep);
    let number = acts.clone().count() as u64;
    let hides = acts.filter(|it| it.action.hides());
    let mails: u64 = hides.map(|it| it.mails).sum();
    match (number, mails) {
        (0, _) => None,
        (_, 0) => Some(words::advice_sum(number)),
        _ => Some(words::advice_sum_hides(number, mails)),
    }
}

/// What was decided, as the middle of a sentence about whose mails they are.
pub fn decided(action: Action, decision: Decision) -> &'static str {
    match (decision, action) {
        (Decision::Keep, _) => words::advice_stays(),
        (Decision::Accepted, Action::Archive) => words::advice_archived(),
        (Decision::Accepted, Action::Trash) => words::advice_trashed(),
        (Decision::Accepted, Action::Unsubscribe) => words::advice_unsubscribed(),
        (Decision::Accepted, Action::Label) => words::advice_labelled(),
        (Decision::Accepted, Action::Keep) => words::advice_kept(),
        (Decision::LeftOut, _) => words::advice_left_out(),
        (Decision::Dismissed, Action::Archive) => words::advice_not_archived(),
        (Decision::Dismissed, Action::Trash) => words::advice_not_trashed(),
        (Decision::Dismissed, Action::Unsubscribe) => words::advice_not_unsubscribed(),
        (Decision::Dismissed, Action::Label) => words::advice_not_labelled(),
        (Decision::Dismissed, Action::Keep) => words::advice_not_kept(),
        (Decision::Undone, _) => words::advice_undone(),
    }
}

/// What is done by hand with the mails of a sender or list.
pub fn habit_words(habit: &HandHabit) -> String {
    words::advice_habit(habit.put_away, habit.recent)
}

/// What was learned of suggestions of a kind, in a sentence.
pub fn leaning(leaning: &Leaning) -> String {
    let doing = match leaning.action {
        Action::Archive => words::leaning_archiving(),
        Action::Trash => words::leaning_trashing(),
        Action::Unsubscribe => words::leaning_unsubscribing(),
        Action::Label => words::leaning_labelling(),
        Action::Keep => words::leaning_keeping(),
    };
    let class = Class::named(&leaning.class).unwrap_or(Class::Other);
    let percent = |shift: i8| u64::try_from(80 + i16::from(shift)).unwrap_or(0);
    let so = match leaning.shift {
        0 => words::leaning_nothing().to_owned(),
        shift @ 1.. => words::leaning_surer(percent(shift)),
        shift => words::leaning_less(percent(shift)),
    };
    words::leaning(
        doing,
        class.label(),
        leaning.accepted,
        leaning.dismissed,
        leaning.undone,
        &so,
    )
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::api::{SuggestedSource, SuggestionState};

    use super::*;

    fn suggestion(action: Action, class: Class, mails: u64, sources: usize) -> Suggestion {
        let source = |number| SuggestedSource {
            source: format!("from:{number}"),
            name: format!("Sender {number}"),
            mails: 1,
            bytes: 1,
            percent: 90,
            why: String::new(),
            unsubscribed: None,
        };
        Suggestion {
            id: "sug_1".to_owned(),
            action,
            class: class.name().to_owned(),
            operation: action.operation(class),
            query: String::new(),
            percent: 90,
            mails,
            bytes: 1,
            reasons: Vec::new(),
            sources: (1..=sources).map(source).collect(),
            sample: Vec::new(),
            state: SuggestionState::Open,
            job: None,
        }
    }

    #[test]
    fn a_suggestion_reads_as_an_order() {
        let told = |action, class, mails| order(&suggestion(action, class, mails, 2));
        assert_eq!(
            told(Action::Archive, Class::Newsletter, 3_012),
            "Archive 3,012 newsletters"
        );
        assert_eq!(
            told(Action::Trash, Class::Promotion, 1),
            "Move 1 promotion to Trash"
        );
        assert_eq!(
            told(Action::Label, Class::Receipt, 40),
            "Label 40 mails “receipts”"
        );
        assert_eq!(
            told(Action::Keep, Class::Personal, 40),
            "Keep 2 people in the inbox"
        );
    }

    #[test]
    fn a_sum_counts_what_leaves_the_inbox() {
        let all = [
            suggestion(Action::Archive, Class::Newsletter, 3_000, 2),
            suggestion(Action::Label, Class::Receipt, 40, 2),
            suggestion(Action::Keep, Class::Personal, 9, 2),
        ];
        assert_eq!(
            sum(&all).unwrap(),
            "2 suggestions would take 3,000 mails out of the inbox."
        );
        assert_eq!(sum(&all[1..]).unwrap(), "1 suggestion.");
        assert_eq!(sum(&all[2..]), None);
    }

    #[test]
    fn whose_it_is_names_the_first_ones() {
        let whose = |sources| whose(&suggestion(Action::Archive, Class::Spam, 1, sources));
        assert_eq!(whose(2), "Sender 1, Sender 2");
        assert_eq!(whose(5), "Sender 1, Sender 2, Sender 3 and 2 more");
    }
}
