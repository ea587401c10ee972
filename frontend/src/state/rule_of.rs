//! A suggestion as a rule: what would be done once is done again and again. It is tested on the past like any other.

use bulkhead_shared::api::{Group, Suggestion};
use bulkhead_shared::class::Class;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::rules::{BY_ITSELF_DEFAULT, NAME_CHARS, RuleWords, SEARCH_BYTES, When};

use crate::copy::advice::whose;

/// The hour at which such a rule runs, until its owner says another one: before most people look at their mail.
const HOUR: u8 = 7;

/// The rule, by the clocks of this time zone; none where nothing would be done, or its search is too long for a rule.
pub fn rule_of(suggestion: &Suggestion, zone: &str) -> Option<RuleWords> {
    // What only asks somebody is done once, and by no rule.
    let changes = |operation: &Operation| operation.target().is_some();
    let operation = suggestion.operation.clone().filter(changes)?;
    let class = Class::named(&suggestion.class).unwrap_or(Class::Other);
    let name = format!("{}: {}", class.label(), whose(suggestion));
    daily(&name, &suggestion.query, operation, zone)
}

/// The rule that archives what a sender or list still writes; none where no search finds just that.
pub fn rule_of_group(group: &Group, zone: &str) -> Option<RuleWords> {
    let name = match group.name.is_empty() {
        true => &group.key,
        false => &group.name,
    };
    daily(name, group.query.as_ref()?, Archive {}.into(), zone)
}

fn daily(name: &str, search: &str, operation: Operation, zone: &str) -> Option<RuleWords> {
    (search.len() <= SEARCH_BYTES).then(|| RuleWords {
        name: name.chars().take(NAME_CHARS).collect(),
        search: search.to_owned(),
        classes: Vec::new(),
        percent: 90,
        older_days: None,
        senders: Vec::new(),
        operation,
        when: When::Daily {
            hour: HOUR,
            zone: zone.to_owned(),
        },
        by_itself_most: BY_ITSELF_DEFAULT,
    })
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::advice::Action;
    use bulkhead_shared::api::{SuggestedSource, SuggestionState};

    use super::*;

    #[test]
    fn what_still_comes_becomes_a_rule_that_can_be_stored() {
        let group: Group = serde_json::from_value(serde_json::json!({
            "key": "news.example", "name": "", "mails": 3, "bytes": 1, "unread": 3, "starred": 0, "answered": 0,
            "list_mails": 3, "earliest": "2026-01-01T00:00:00Z", "latest": "2026-02-01T00:00:00Z", "query": "list:news.example",
        }))
        .unwrap();
        let rule = rule_of_group(&group, "Europe/Berlin").unwrap();
        assert_eq!(rule.validate("rule"), Ok(()));
        let found = rule.query().map(|query| query.looks_in().len());
        assert_eq!((rule.name.as_str(), found), ("news.example", Some(1)));
        let nobody = Group {
            query: None,
            ..group
        };
        assert_eq!(rule_of_group(&nobody, "UTC"), None);
    }

    #[test]
    fn what_is_suggested_once_becomes_a_rule_that_can_be_stored() {
        let source = SuggestedSource {
            source: "list:news.example".to_owned(),
            name: "News".to_owned(),
            mails: 40,
            bytes: 1,
            percent: 90,
            why: String::new(),
            unsubscribed: None,
        };
        let mut suggestion = Suggestion {
            id: "sug_1".to_owned(),
            action: Action::Archive,
            class: Class::Newsletter.name().to_owned(),
            operation: Action::Archive.operation(Class::Newsletter),
            query: "in:inbox list:news.example".to_owned(),
            percent: 90,
            mails: 40,
            bytes: 1,
            reasons: Vec::new(),
            sources: vec![source],
            sample: Vec::new(),
            state: SuggestionState::Open,
            job: None,
        };
        let rule = rule_of(&suggestion, "Europe/Berlin").unwrap();
        assert_eq!(rule.validate("rule"), Ok(()));
        assert_eq!(rule.name, "Newsletter: News");
        suggestion.query = "x".repeat(SEARCH_BYTES + 1);
        assert_eq!(rule_of(&suggestion, "UTC"), None);
        suggestion.operation = None;
        assert_eq!(rule_of(&suggestion, "UTC"), None);
    }
}
