//! What rules say in words.

use bulkhead_shared::api::{RanByItself, Rule, RuleLook};
use bulkhead_shared::class::Class;
use bulkhead_shared::rules::{RUN_MOST, RuleWords};

use super::numbers::{counted, thousands};

/// What a rule says, in one line: “Archive newsletter mails, 90 % sure, older than 30 days, each Monday at 7:00”.
pub fn words(rule: &RuleWords) -> String {
    let classes = rule.classes.iter();
    let classes: Vec<String> = classes
        .filter_map(|class| Class::named(class).map(|class| class.label().to_lowercase()))
        .collect();
    let mails = match classes.is_empty() {
        true => "mails".to_owned(),
        false => format!("{} mails", classes.join(" or ")),
    };
    let mut parts = vec![rule.operation.order(&mails)];
    if !classes.is_empty() {
        parts.push(format!("{} % sure", rule.percent));
    }
    if !rule.senders.is_empty() {
        parts.push(format!("from {}", rule.senders.join(" or ")));
    }
    if let Some(days) = rule.older_days {
        parts.push(format!("older than {}", counted(days.into(), "day")));
    }
    if !rule.search.is_empty() {
        parts.push(format!("found by {}", rule.search));
    }
    parts.push(rule.when.text());
    parts.join(", ")
}

/// What came of the last time that a rule ran by itself.
pub fn by_itself(ran: &RanByItself, at: &str) -> String {
    match (&ran.problem, &ran.job, ran.found) {
        (Some(problem), _, _) => format!("By itself {at}: {}.", problem.trim_end_matches('.')),
        (None, None, _) if ran.looked == 0 => format!("By itself {at}: nothing new."),
        (None, None, _) => format!("By itself {at}: nothing to do."),
        (None, Some(_), found) => format!("By itself {at}: {}.", counted(found, "mail")),
    }
}

/// What became of a rule's runs.
pub fn runs(rule: &Rule) -> String {
    match rule.runs {
        0 => "Never ran.".to_owned(),
        runs => {
            let mails = counted(rule.mails, "mail");
            let undone = match rule.undone {
                0 => String::new(),
                undone => format!(", taken back {}", counted(undone.into(), "time")),
            };
            format!("Ran {}: {mails}{undone}.", counted(runs, "time"))
        }
    }
}

/// What a run found, where there is nothing to draft.
pub fn nothing_found(look: &RuleLook) -> String {
    match look.looked {
        0 => "Nothing to do: no mail matches this rule now.".to_owned(),
        looked => format!(
            "Nothing to do. {} looked at: they are another rule’s, protected, not sure enough, or done already.",
            counted(looked, "mail")
        ),
    }
}

/// How far a look is.
pub fn looked(look: &RuleLook) -> String {
    match look.total {
        Some(total) => format!(
            "Looked at {} of {}",
            thousands(look.looked.min(total)),
            counted(total, "mail")
        ),
        None => format!("Looked at {}", counted(look.looked, "mail")),
    }
}

/// That a run holds no more.
pub fn is_full(look: &RuleLook) -> Option<String> {
    (look.found >= RUN_MOST as u64).then(|| {
        format!(
            "A run takes {} at most. Run it again for the rest.",
            counted(RUN_MOST as u64, "mail")
        )
    })
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::operations::Archive;
    use bulkhead_shared::rules::{BY_ITSELF_DEFAULT, Weekday, When};

    use super::*;

    #[test]
    fn a_rule_is_one_line() {
        let mut rule = RuleWords {
            name: "News".to_owned(),
            search: "is:unread".to_owned(),
            classes: vec!["newsletter".to_owned(), "promotion".to_owned()],
            percent: 90,
            older_days: Some(1),
            senders: vec!["x.example".to_owned()],
            operation: Archive {}.into(),
            when: When::Weekly {
                day: Weekday::Monday,
                hour: 7,
                zone: "Europe/Berlin".to_owned(),
            },
            by_itself_most: BY_ITSELF_DEFAULT,
        };
        let all = "Archive newsletter or promotion mails, 90 % sure, from x.example, older than 1 day, found by is:unread, each Monday at 7:00";
        assert_eq!(words(&rule), all);
        rule.classes.clear();
        rule.senders.clear();
        rule.older_days = None;
        rule.when = When::ByHand {};
        assert_eq!(
            words(&rule),
            "Archive mails, found by is:unread, when you say so"
        );
    }

    #[test]
    fn what_came_of_a_turn_is_told() {
        let ran = RanByItself {
            at: jiff::Timestamp::UNIX_EPOCH,
            looked: 0,
            found: 0,
            job: None,
            problem: None,
        };
        assert_eq!(by_itself(&ran, "today"), "By itself today: nothing new.");
        let looked = RanByItself { looked: 3, ..ran };
        assert_eq!(
            by_itself(&looked, "today"),
            "By itself today: nothing to do."
        );
    }
}
