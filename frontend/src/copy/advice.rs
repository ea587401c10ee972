//! What suggestions say in words.

use bulkhead_shared::advice::{Action, Decision, label};
use bulkhead_shared::api::{HandHabit, Leaning, Suggestion};
use bulkhead_shared::class::Class;

use super::numbers::{counted, thousands};

/// What so many mails of a class are called.
fn mails(class: &str, number: u64) -> String {
    let (one, many) = match Class::named(class) {
        Some(Class::Newsletter) => ("newsletter", "newsletters"),
        Some(Class::Promotion) => ("promotion", "promotions"),
        Some(Class::Notification) => ("notification", "notifications"),
        Some(Class::ListDiscussion) => ("mail of discussions", "mails of discussions"),
        Some(Class::Delivery) => ("parcel notice", "parcel notices"),
        Some(Class::Receipt) => ("receipt", "receipts"),
        Some(Class::Spam) => ("spam mail", "spam mails"),
        _ => ("mail", "mails"),
    };
    format!(
        "{} {}",
        thousands(number),
        if number == 1 { one } else { many }
    )
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
        Action::Archive => format!("Archive {what}"),
        Action::Trash => format!("Move {what} to Trash"),
        Action::Unsubscribe => {
            let lists = suggestion.sources.len() as u64;
            format!("Unsubscribe from {}", counted(lists, "list"))
        }
        Action::Label => {
            let label = Class::named(class).and_then(label).unwrap_or_default();
            format!("Label {} “{label}”", counted(*number, "mail"))
        }
        Action::Keep => {
            let people = suggestion.sources.len() as u64;
            let people_word = if people == 1 { "person" } else { "people" };
            format!("Keep {} {people_word} in the inbox", thousands(people))
        }
    }
}

/// What can be done in place of a suggestion, and what that is called; none where nothing stands in for it.
pub fn instead(action: Action) -> Option<(Action, &'static str)> {
    match action {
        Action::Archive => Some((Action::Trash, "Move to Trash instead…")),
        Action::Trash => Some((Action::Archive, "Archive instead…")),
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
        others => format!("{} and {} more", names.join(", "), thousands(others as u64)),
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
        (_, 0) => Some(format!("{}.", counted(number, "suggestion"))),
        _ => Some(format!(
            "{} would take {} out of the inbox.",
            counted(number, "suggestion"),
            counted(mails, "mail")
        )),
    }
}

/// What was decided, as the middle of a sentence about whose mails they are.
pub fn decided(action: Action, decision: Decision) -> &'static str {
    match (decision, action) {
        (Decision::Keep, _) => "Stays in the inbox, whatever is suggested",
        (Decision::Accepted, Action::Archive) => "Archived as suggested",
        (Decision::Accepted, Action::Trash) => "Moved to Trash as suggested",
        (Decision::Accepted, Action::Unsubscribe) => "Unsubscribed from as suggested",
        (Decision::Accepted, Action::Label) => "Labelled as suggested",
        (Decision::Accepted, Action::Keep) => "Kept",
        (Decision::LeftOut, _) => "Left out when others were accepted",
        (Decision::Dismissed, Action::Archive) => "Not to be archived",
        (Decision::Dismissed, Action::Trash) => "Not to be moved to Trash",
        (Decision::Dismissed, Action::Unsubscribe) => "Not to be unsubscribed from",
        (Decision::Dismissed, Action::Label) => "Not to be labelled",
        (Decision::Dismissed, Action::Keep) => "Not chosen to stay",
        (Decision::Undone, _) => "Accepted, and taken back",
    }
}

/// What is done by hand with the mails of a sender or list.
pub fn habit_words(habit: &HandHabit) -> String {
    format!(
        "{} of its last {} are out of the inbox already, so the others are suggested to follow.",
        thousands(habit.put_away),
        counted(habit.recent, "mail"),
    )
}

/// What was learned of suggestions of a kind, in a sentence.
pub fn leaning(leaning: &Leaning) -> String {
    let doing = match leaning.action {
        Action::Archive => "Archiving",
        Action::Trash => "Moving to Trash",
        Action::Unsubscribe => "Unsubscribing",
        Action::Label => "Labelling",
        Action::Keep => "Keeping",
    };
    let class = Class::named(&leaning.class).unwrap_or(Class::Other);
    let so = match leaning.shift {
        0 => "which changes nothing".to_owned(),
        shift @ 1.. => format!(
            "so the next ones are surer: 80 % become {} %",
            80 + i16::from(shift)
        ),
        shift => format!(
            "so the next ones are less sure: 80 % become {} %",
            80 + i16::from(shift)
        ),
    };
    format!(
        "{doing}, class “{}”: {} accepted, {} dismissed, {} taken back, {so}.",
        class.label(),
        thousands(leaning.accepted),
        thousands(leaning.dismissed),
        thousands(leaning.undone),
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
