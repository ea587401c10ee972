//! Alarms: for everything that has to be noticed there is one, and each one tells.

use serde_json::Value;

use super::functions::{ALL, API};
use super::template::{Rules, Template, names};

pub(super) fn check(template: &Template<'_>, rules: &mut Rules) {
    let alarms: Vec<(&str, &Value)> = template.all("AWS::CloudWatch::Alarm").collect();
    for (id, alarm) in &alarms {
        rules.expect(
            names(&alarm["AlarmActions"], "Alerts"),
            format!("{id} tells somebody"),
        );
    }
    let watched = |metric: &str, of: &str| {
        alarms.iter().any(|(_, alarm)| {
            metrics(alarm).any(|it| it["MetricName"] == metric && names(&it["Dimensions"], of))
        })
    };
    let mut needed: Vec<(&str, &str)> = vec![
        ("ApproximateNumberOfMessagesVisible", "DeadLetters"),
        ("ApproximateAgeOfOldestMessage", "Queue"),
        ("ReadThrottleEvents", "Table"),
        ("WriteThrottleEvents", "Table"),
        ("5xx", "Api"),
        ("RequestsRefused", "Stage"),
        ("MessagesBuried", "Stage"),
    ];
    needed.extend(
        ALL.iter()
            .flat_map(|id| [("Errors", *id), ("Throttles", *id)]),
    );
    needed.extend(API.map(|id| ("Duration", id)));
    for (metric, of) in needed {
        rules.expect(
            watched(metric, of),
            format!("there is an alarm for {metric} of {of}"),
        );
    }
    for (id, group) in template.all("AWS::Logs::LogGroup") {
        rules.expect(
            names(&group["RetentionInDays"], "LogDays"),
            format!("{id} are kept so long and no longer"),
        );
    }
    let budget = template.resource("Budget");
    rules.expect(budget["Condition"] == "HasBudget", "there may be a budget");
}

/// The metrics that an alarm looks at: one in its own properties, or several for an expression.
fn metrics(alarm: &Value) -> impl Iterator<Item = &Value> {
    let several = alarm["Metrics"].as_array().into_iter().flatten();
    several
        .map(|metric| &metric["MetricStat"]["Metric"])
        .chain([alarm])
}
