//! Tables by the template, and each failure on demand.

use super::*;

/// A table as the template has it.
fn properties() -> Value {
    json!({
        "BillingMode": "PAY_PER_REQUEST",
        "OnDemandThroughput": {"MaxReadRequestUnits": "1000", "MaxWriteRequestUnits": "500"},
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
            {"AttributeName": "o", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "GlobalSecondaryIndexes": [{
            "IndexName": "owner",
            "KeySchema": [{"AttributeName": "o", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
            "OnDemandThroughput": {"MaxReadRequestUnits": "1000"},
        }],
        "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": true},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true},
        "SSESpecification": {"SSEEnabled": true, "SSEType": "KMS"},
        "DeletionProtectionEnabled": true,
        "Tags": [{"Key": "stage", "Value": "dev"}],
    })
}

fn dynamo(faults: Faults) -> Dynamo {
    let dynamo = Dynamo::memory().unwrap();
    dynamo.create("rows", &properties()).unwrap();
    dynamo.misbehave(faults);
    dynamo
}

fn ask(dynamo: &Dynamo, operation: &str, asked: Value) -> (u16, Value) {
    let answer = dynamo.answer(operation, asked.to_string().as_bytes());
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

fn ok(dynamo: &Dynamo, operation: &str, asked: Value) -> Value {
    let (status, answer) = ask(dynamo, operation, asked);
    assert_eq!(status, 200, "{answer}");
    answer
}

fn row(n: usize) -> Value {
    json!({"pk": {"S": "p"}, "sk": {"S": n.to_string()}})
}

fn put() -> Value {
    json!({"TableName": "rows", "Item": row(0)})
}

fn rows(dynamo: &Dynamo) -> u64 {
    let asked = json!({
        "TableName": "rows",
        "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "p"}},
    });
    ok(dynamo, "Query", asked)["Count"].as_u64().unwrap()
}

#[test]
fn makes_a_table_as_the_template_says() {
    let dynamo = dynamo(Faults::default());
    let table = &ok(&dynamo, "DescribeTable", json!({"TableName": "rows"}))["Table"];
    assert_eq!(
        table["BillingModeSummary"]["BillingMode"],
        "PAY_PER_REQUEST"
    );
    assert_eq!(table["SSEDescription"]["SSEType"], "KMS");
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(table["OnDemandThroughput"]["MaxWriteRequestUnits"], 500);
    let expires = ok(&dynamo, "DescribeTimeToLive", json!({"TableName": "rows"}));
    assert_eq!(expires["TimeToLiveDescription"]["AttributeName"], "ttl");
    assert_eq!(dynamo.partition_key("rows", None).unwrap(), "pk");
    assert_eq!(dynamo.partition_key("rows", Some("owner")).unwrap(), "o");
    assert_eq!(dynamo.partition_key("none", None), None);
}

#[test]
fn a_property_that_is_not_known_is_an_error() {
    let dynamo = Dynamo::memory().unwrap();
    let mut properties = properties();
    properties["Colour"] = json!("red");
    let error = dynamo.create("rows", &properties).unwrap_err();
    assert!(error.to_string().contains("Colour"));
}

#[test]
fn throttles_and_fails_before_anything_is_done() {
    let dynamo = dynamo(Faults {
        throttled: Often::Next(1),
        ..Faults::default()
    });
    let (status, answer) = ask(&dynamo, "PutItem", put());
    assert_eq!(status, 400);
    let kind = answer["__type"].as_str().unwrap();
    assert!(kind.ends_with("#ProvisionedThroughputExceededException"));
    dynamo.misbehave(Faults {
        broken: Often::Next(1),
        ..Faults::default()
    });
    assert_eq!(ask(&dynamo, "PutItem", put()).0, 500);
    assert_eq!(rows(&dynamo), 0);
    // The table itself can always be described.
    dynamo.misbehave(Faults {
        broken: Often::Share(1.0),
        ..Faults::default()
    });
    ok(&dynamo, "DescribeTable", json!({"TableName": "rows"}));
}

#[test]
fn loses_the_answer_of_what_was_done() {
    let dynamo = dynamo(Faults {
        lost_answers: Often::Next(1),
        ..Faults::default()
    });
    assert_eq!(rows(&dynamo), 0);
    assert_eq!(ask(&dynamo, "PutItem", put()).0, 500);
    assert_eq!(rows(&dynamo), 1);
}

#[test]
fn hands_half_of_a_batch_back() {
    let dynamo = dynamo(Faults {
        unprocessed: Often::Next(2),
        ..Faults::default()
    });
    let requests: Vec<Value> = (0..5)
        .map(|n| json!({"PutRequest": {"Item": row(n)}}))
        .collect();
    let asked = json!({"RequestItems": {"rows": requests}});
    let answer = ok(&dynamo, "BatchWriteItem", asked);
    let left = &answer["UnprocessedItems"]["rows"];
    assert_eq!(*left, json!(requests[2..]));
    assert_eq!(rows(&dynamo), 2);
    let one = json!({"RequestItems": {"rows": [left[0]]}});
    let answer = ok(&dynamo, "BatchWriteItem", one);
    assert_eq!(answer["UnprocessedItems"]["rows"][0], left[0]);
    assert_eq!(rows(&dynamo), 2);
}

#[test]
fn meets_other_transactions() {
    let dynamo = dynamo(Faults {
        conflicts: Often::Next(2),
        ..Faults::default()
    });
    let items = [0, 1].map(|n| json!({"Put": {"TableName": "rows", "Item": row(n)}}));
    let asked = json!({"TransactItems": items});
    let (status, answer) = ask(&dynamo, "TransactWriteItems", asked.clone());
    assert_eq!(status, 400);
    assert_eq!(
        answer["CancellationReasons"][0]["Code"],
        "TransactionConflict"
    );
    assert_eq!(answer["CancellationReasons"][1]["Code"], "None");
    let (_, answer) = ask(&dynamo, "PutItem", put());
    let kind = answer["__type"].as_str().unwrap();
    assert!(kind.ends_with("#TransactionConflictException"));
    assert_eq!(rows(&dynamo), 0);
    ok(&dynamo, "TransactWriteItems", asked);
    assert_eq!(rows(&dynamo), 2);
}
