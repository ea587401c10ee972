//! What rules say in words.

use bulkhead_shared::api::{Rule, RuleLook};
use bulkhead_shared::class::Class;
use bulkhead_shared::rules::{RUN_MOST, RuleWords};

use super::numbers::{counted, thousands};

/// Which mails a rule is about: “newsletters that are surely so to 90 %, from x.example, older than 7 days”.
pub fn conditions(rule: &RuleWords) -> String {
    let mut parts = Vec::new();
    if !rule.classes.is_empty() {
        let labels = rule.classes.iter();
        let labels: Vec<&str> = labels
            .filter_map(|class| Class::named(class).map(Class::label))
            .collect();
        parts.push(format!("{}, {} % sure", labels.join(" or "), rule.percent));
    }
    if !rule.senders.is_empty() {
        parts.push(format!("from {}", rule.senders.join(" or ")));
    }
    if let Some(days) = rule.older_days {
        parts.push(format!("older than {}", counted(days.into(), "day")));
    }
    if !rule.search.is_empty() {
        parts.push(rule.search.clone());
    }
    parts.join(" · ")
}

/// What a rule does with them, as an order.
pub fn deed(rule: &RuleWords) -> String {
    rule.operation.order("them")
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
        };
        let all =
            "Newsletter or Promotion, 90 % sure · from x.example · older than 1 day · is:unread";
        assert_eq!(conditions(&rule), all);
        assert_eq!(deed(&rule), "Archive them");
        rule.classes.clear();
        rule.senders.clear();
        rule.older_days = None;
        assert_eq!(conditions(&rule), "is:unread");
    }
}
