//! Functions: what they run on, how long, and what they are told.

use serde_json::Value;

use super::template::{Rules, Template, names};

/// All functions.
pub(super) const ALL: [&str; 6] = [
    "Submit",
    "Browse",
    "Status",
    "Worker",
    "Sweep",
    "DeadLetter",
];
/// Those behind the API.
pub(super) const API: [&str; 3] = ["Submit", "Browse", "Status"];
/// Seconds after which the API gives up on a function.
const API_PATIENCE: u64 = 30;
/// Names in an environment that are ours.
const OURS: &str = "BULKHEAD_";

pub(super) fn check(template: &Template<'_>, rules: &mut Rules) {
    let mut ids: Vec<&str> = template
        .all("AWS::Lambda::Function")
        .map(|it| it.0)
        .collect();
    let mut expected = ALL;
    ids.sort_unstable();
    expected.sort_unstable();
    rules.expect(ids == expected, "the functions are the known ones");
    for (id, function) in template.all("AWS::Lambda::Function") {
        check_function(template, id, function, rules);
    }
    for id in ["Worker", "Browse", "Sweep"] {
        let reserved = &template.properties(id)["ReservedConcurrentExecutions"];
        rules.expect(
            !reserved.is_null(),
            format!("{id} has concurrency of its own"),
        );
    }
    let schedules: Vec<&Value> = template
        .all("AWS::Scheduler::Schedule")
        .map(|it| it.1)
        .collect();
    rules.expect(
        matches!(schedules[..], [schedule] if schedule["ScheduleExpression"] == "rate(1 minute)"
            && names(&schedule["Target"], "Sweep")),
        "the sweep runs each minute",
    );
}

fn check_function(template: &Template<'_>, id: &str, function: &Value, rules: &mut Rules) {
    rules.expect(
        function["Architectures"] == serde_json::json!(["arm64"])
            && function["Runtime"] == "provided.al2023"
            && function["Handler"] == "bootstrap",
        format!("{id} runs on arm64 and Amazon Linux 2023"),
    );
    let timeout = function["Timeout"].as_u64().unwrap_or(u64::MAX);
    rules.expect(
        !API.contains(&id) || timeout < API_PATIENCE,
        format!("{id} answers before the API gives up"),
    );
    rules.expect(
        id != "Sweep" || timeout < 60,
        "a sweep ends before the next one",
    );
    let group = function["LoggingConfig"]["LogGroup"]["Ref"]
        .as_str()
        .unwrap_or_default();
    rules.expect(
        group == format!("{id}Logs") && template.resource(group)["Type"] == "AWS::Logs::LogGroup",
        format!("{id} has a log group of its own"),
    );
    rules.expect(
        function["LoggingConfig"]["LogFormat"] == "JSON",
        format!("{id} logs JSON"),
    );
    let variables = function["Environment"]["Variables"].as_object();
    let mut variables = variables
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str());
    rules.expect(
        variables.all(|name| name == "RUST_LOG" || name.starts_with(OURS))
            && function["Environment"]["Variables"]["BULKHEAD_PRIVATE_HOSTS"].is_null(),
        format!("{id} is told nothing but its settings"),
    );
}
