//! Policies written here, and what follows from them.

use serde_json::{Value, json};

use super::*;

const TABLE: &str = "arn:aws:dynamodb:eu-central-1:123456789012:table/t";

/// Policies of the one function `Status` with these statements.
fn policies(statements: Value) -> Result<Policies, PolicyError> {
    let template = Template::new(json!({"Resources": {
        "Status": {"Type": "AWS::Lambda::Function", "Properties": {
            "Role": {"Fn::GetAtt": ["StatusRole", "Arn"]}}},
        "StatusRole": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [
            {"PolicyName": "own", "PolicyDocument": {"Statement": statements}}]}},
    }}));
    Policies::of(&template.with("Table.Arn", TABLE))
}

fn allows(statements: Value, access: &Access) -> bool {
    policies(statements).unwrap().allow("status", access)
}

fn get() -> Access {
    Access::new("dynamodb:GetItem", TABLE)
}

fn allow(action: &str, resource: Value) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

#[test]
fn allows_what_is_written_and_nothing_else() {
    let written = || {
        json!([allow(
            "dynamodb:GetItem",
            json!({"Fn::GetAtt": ["Table", "Arn"]})
        )])
    };
    assert!(allows(written(), &get()));
    assert!(!allows(written(), &Access::new("dynamodb:PutItem", TABLE)));
    assert!(!allows(json!([]), &get()));
    assert!(!policies(written()).unwrap().allow("worker", &get()));
    // An index is a resource of its own.
    let index = Access::new("dynamodb:Query", format!("{TABLE}/index/due"));
    let query = |resource: Value| json!([allow("dynamodb:Query", resource)]);
    assert!(!allows(query(json!({"Fn::GetAtt": "Table.Arn"})), &index));
    assert!(allows(
        query(json!({"Fn::Sub": "${Table.Arn}/index/*"})),
        &index
    ));
    assert!(!allows(
        query(json!({"Fn::Sub": "${Table.Arn}/index/owner"})),
        &index
    ));
    let joined = json!({"Fn::Join": ["/", [{"Fn::GetAtt": ["Table", "Arn"]}, "index", "due"]]});
    assert!(allows(query(joined), &index));
}

#[test]
fn knows_wildcards() {
    assert!(allows(json!([allow("dynamodb:*", json!("*"))]), &get()));
    assert!(allows(
        json!([allow("DynamoDB:get????", json!("*"))]),
        &get()
    ));
    assert!(!allows(
        json!([allow("dynamodb:get???", json!("*"))]),
        &get()
    ));
    assert!(!allows(
        json!([allow("dynamodb:GetItem", json!("*/T"))]),
        &get()
    ));
    for (pattern, text, like) in [
        ("", "", true),
        ("*", "", true),
        ("?", "", false),
        ("a*b*c", "aXbXbYc", true),
        ("a*b*c", "aXbXbY", false),
        ("*RATE#", "RATE#u", false),
        ("RATE#*", "RATE#u", true),
        ("a", "ab", false),
    ] {
        assert_eq!(is_like(pattern, text), like, "{pattern} {text}");
    }
}

#[test]
fn an_explicit_refusal_wins() {
    let deny = json!({"Effect": "Deny", "Action": "dynamodb:Get*", "Resource": "*"});
    let all = || allow("*", json!("*"));
    assert!(!allows(json!([all(), deny]), &get()));
    assert!(!allows(json!([deny, all()]), &get()));
    let other = json!({"Effect": "Deny", "Action": "dynamodb:PutItem", "Resource": "*"});
    assert!(allows(json!([all(), other]), &get()));
}

#[test]
fn holds_writes_to_their_partitions() {
    let put = |keys: &[&str]| {
        let access = Access::new("dynamodb:PutItem", TABLE);
        access.with("dynamodb:LeadingKeys", keys.iter().copied())
    };
    let written = || {
        json!([{
            "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": TABLE,
            "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["RATE#*"]}},
        }])
    };
    assert!(allows(written(), &put(&["RATE#anna"])));
    assert!(!allows(written(), &put(&["USER#anna"])));
    assert!(!allows(written(), &put(&["RATE#anna", "USER#anna"])));
    // IAM's own trap: all of nothing.
    assert!(allows(written(), &Access::new("dynamodb:PutItem", TABLE)));
}

#[test]
fn asks_for_what_a_key_is_used_with() {
    let decrypt = || Access::new("kms:Decrypt", "key");
    let with = |condition: Value| {
        json!([{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "key",
                "Condition": condition}])
    };
    let sealed = decrypt()
        .with("kms:EncryptionContextKeys", ["account"])
        .with("kms:EncryptionContext:account", ["a-1"]);
    let some = json!({"Null": {"kms:EncryptionContextKeys": "false"}});
    assert!(allows(with(some.clone()), &sealed));
    assert!(!allows(with(some), &decrypt()));
    let this = json!({"StringEquals": {"kms:EncryptionContext:account": "a-1"}});
    assert!(allows(with(this.clone()), &sealed));
    assert!(!allows(with(this), &decrypt()));
    let via = json!({"StringEquals": {"kms:ViaService": "dynamodb.eu-central-1.amazonaws.com"}});
    assert!(!allows(with(via), &sealed));
    let not = json!({"StringNotEquals": {"kms:EncryptionContext:account": "a-1"}});
    assert!(!allows(with(not.clone()), &sealed));
    assert!(allows(with(not), &decrypt()));
    let if_there = json!({"StringEqualsIfExists": {"kms:EncryptionContext:account": "b"}});
    assert!(allows(with(if_there.clone()), &decrypt()));
    assert!(!allows(with(if_there), &sealed));
}

#[test]
fn what_is_not_understood_is_an_error() {
    let with = |name: &str, value: Value| {
        let mut statement = allow("dynamodb:GetItem", json!("*"));
        statement[name] = value;
        policies(json!(statement)).unwrap_err()
    };
    for (name, value) in [
        ("NotAction", json!("x")),
        ("Principal", json!("*")),
        ("Effect", json!("Perhaps")),
        ("Resource", json!("arn:${aws:username}")),
        (
            "Condition",
            json!({"DateGreaterThan": {"kms:ViaService": "x"}}),
        ),
        ("Condition", json!({"StringEquals": {"aws:SourceIp": "x"}})),
        (
            "Condition",
            json!({"StringEquals": {"kms:ViaService": "${aws:x}"}}),
        ),
    ] {
        let error = with(name, value);
        assert!(
            matches!(error, PolicyError::NotUnderstood { .. }),
            "{error}"
        );
    }
}

#[test]
fn tells_what_nobody_needed() {
    let policies = policies(json!([
        {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"],
         "Resource": [TABLE, format!("{TABLE}/index/due")]},
    ]))
    .unwrap();
    let needed = [
        get(),
        Access::new("dynamodb:Query", format!("{TABLE}/index/due")),
    ];
    let unused = policies.unused("status", &needed);
    let index = format!("{TABLE}/index/due");
    let expected = [
        ("dynamodb:GetItem", index.as_str()),
        ("dynamodb:Query", TABLE),
    ];
    assert_eq!(
        unused,
        expected.map(|(a, r)| (a.to_owned(), r.to_owned())).into()
    );
}

#[test]
fn functions_have_their_names() {
    assert_eq!(kebab("DeadLetter"), "dead-letter");
    assert_eq!(kebab("Submit"), "submit");
}
