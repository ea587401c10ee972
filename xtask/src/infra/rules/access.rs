//! Who may do what: each function has a role of its own with single actions on our own resources.
//! That no action is missing and none is too many is seen when the real binaries run.

use serde_json::{Value, json};

use super::functions::ALL;
use super::template::{Rules, Template, each, names};

/// What changes the table.
const WRITES: [&str; 5] = [
    "dynamodb:PutItem",
    "dynamodb:DeleteItem",
    "dynamodb:UpdateItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:TransactWriteItems",
];
/// Functions that only read, with what they may write all the same: the bucket of somebody's requests, that
/// they downloaded something, and credentials of theirs that a provider handed out anew.
const READERS: [(&str, &[&str]); 2] = [
    ("Browse", &["RATE#*", "AUDIT#*", "USER#*"]),
    ("Status", &["RATE#*"]),
];

pub(super) fn check(template: &Template<'_>, rules: &mut Rules) {
    for id in ALL {
        let role = format!("{id}Role");
        rules.expect(
            names(&template.properties(id)["Role"], &role),
            format!("{id} has a role of its own"),
        );
        let managed = &template.properties(&role)["ManagedPolicyArns"];
        rules.expect(managed.is_null(), format!("{id} has no policy of others"));
    }
    for (role, properties) in template.all("AWS::IAM::Role") {
        for statement in statements(properties) {
            check_statement(role, statement, rules);
        }
    }
    for (id, written) in READERS {
        let role = template.properties(&format!("{id}Role"));
        let writes = statements(role).filter(|it| actions(it).any(|it| WRITES.contains(&it)));
        for statement in writes {
            rules.expect(
                statement["Condition"]
                    == json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": written}}),
                format!("{id} writes nothing but {}", written.join(" and ")),
            );
        }
    }
    let status = template.properties("StatusRole");
    let only = |action: &str| action.starts_with("dynamodb:") || action.starts_with("logs:");
    rules.expect(
        statements(status).flat_map(actions).all(only),
        "Status needs nothing but the table",
    );
    for (service, allowed) in [
        ("kms:", &["Submit", "Browse", "Worker"][..]),
        ("s3:", &["Browse", "Worker"]),
        ("sqs:", &["Submit", "Worker", "Sweep", "DeadLetter"]),
        ("ses:", &["Browse", "Worker"]),
        ("ses:Send", &["Worker"]),
    ] {
        for id in ALL.iter().filter(|id| !allowed.contains(id)) {
            let role = template.properties(&format!("{id}Role"));
            let uses = statements(role)
                .flat_map(actions)
                .any(|it| it.starts_with(service));
            rules.expect(!uses, format!("{id} has nothing to do with {service}"));
        }
    }
}

/// Actions for which AWS knows no resource (service authorization reference).
const OF_NO_RESOURCE: [&str; 1] = ["ses:GetAccount"];

fn check_statement(role: &str, statement: &Value, rules: &mut Rules) {
    rules.expect(
        statement["Effect"] == "Allow" && statement["NotAction"].is_null(),
        format!("{role} says what it may"),
    );
    for action in actions(statement) {
        rules.expect(
            !action.contains('*'),
            format!("{role} has single actions, not {action}"),
        );
        rules.expect(
            !action.starts_with("kms:") || !statement["Condition"].is_null(),
            format!("{role} uses the key for sealed things only"),
        );
    }
    for resource in each(&statement["Resource"]) {
        // A name as text is none of ours; "/*" of a bucket is a Fn::Sub.
        let mut actions = actions(statement);
        let is_known = resource.is_object() || actions.all(|it| OF_NO_RESOURCE.contains(&it));
        rules.expect(
            is_known,
            format!("{role} names our own resources, not {resource}"),
        );
    }
}

fn statements(role: &Value) -> impl Iterator<Item = &Value> {
    let statements =
        each(&role["Policies"]).flat_map(|policy| each(&policy["PolicyDocument"]["Statement"]));
    statements.flat_map(either_way)
}

/// A statement that stands under a condition counts as if it were met.
fn either_way(statement: &Value) -> Vec<&Value> {
    match statement["Fn::If"].as_array() {
        Some(parts) => {
            let parts = parts.iter().skip(1);
            parts.filter(|part| part["Ref"] != "AWS::NoValue").collect()
        }
        None => vec![statement],
    }
}

fn actions(statement: &Value) -> impl Iterator<Item = &str> {
    each(&statement["Action"]).filter_map(Value::as_str)
}
