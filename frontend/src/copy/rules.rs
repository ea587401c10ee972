//! What rules say in words.

use bulkhead_shared::api::{RanByItself, Rule, RuleLook};
use bulkhead_shared::class::Class;
use bulkhead_shared::rules::{RUN_MOST, RuleWords};

use super::in_sentence;
use crate::words;

/// What a rule says, in one line: “Archive newsletter mails, 90 % sure, older than 30 days, each Monday at 7:00”.
pub fn words(rule: &RuleWords) -> String {
    let classes = rule.classes.iter();
    let classes: Vec<String> = classes
        .filter_map(|class| Class::named(class).map(|class| in_sentence(class.label())))
        .collect();
    let mails = match classes.is_empty() {
        true => words::rule_of_mails().to_owned(),
        false => words::rule_of_classes(&either(&classes)),
    };
    let mut parts = vec![rule.operation.order(&mails)];
    if !classes.is_empty() {
        parts.push(words::rule_sure(rule.percent.into()));
    }
    if !rule.senders.is_empty() {
        parts.push(words::rule_from(&either(&rule.senders)));
    }
    if let Some(days) = rule.older_days {
        parts.push(words::rule_older(days.into()));
    }
    if !rule.search.is_empty() {
        parts.push(words::rule_found_by(&rule.search));
    }
    parts.push(rule.when.text());
    parts.join(", ")
}

/// “x, or y, or z”.
fn either(all: &[String]) -> String {
    let joined = all.iter().cloned();
    let joined = joined.reduce(|some, another| words::rule_or(&some, &another));
    joined.unwrap_or_default()
}

/// What came of the last time that a rule ran by itself.
pub fn by_itself(ran: &RanByItself, at: &str) -> String {
    match (&ran.problem, &ran.job, ran.found) {
        (Some(problem), _, _) => words::rule_by_itself(at, problem.trim_end_matches('.')),
        (None, None, _) if ran.looked == 0 => words::rule_nothing_new(at),
        (None, None, _) => words::rule_nothing(at),
        (None, Some(_), found) => words::rule_by_itself(at, &words::count_mails(found)),
    }
}

/// What became of a rule's runs.
pub fn runs(rule: &Rule) -> String {
    match rule.runs {
        0 => words::rule_never().to_owned(),
        runs if rule.undone == 0 => words::rule_runs(runs, rule.mails),
        runs => words::rule_runs_undone(runs, rule.mails, rule.undone.into()),
    }
}

/// What a run found, where there is nothing to draft.
pub fn nothing_found(look: &RuleLook) -> String {
    match look.looked {
        0 => words::rule_no_match().to_owned(),
        looked => words::rule_looked_in_vain(looked),
    }
}

/// How far a look is.
pub fn looked(look: &RuleLook) -> String {
    match look.total {
        Some(total) => words::rule_looked_of(look.looked.min(total), total),
        None => words::rule_looked(look.looked),
    }
}

/// That a run holds no more.
pub fn is_full(look: &RuleLook) -> Option<String> {
    (look.found >= RUN_MOST as u64).then(|| words::rule_full(RUN_MOST as u64))
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
