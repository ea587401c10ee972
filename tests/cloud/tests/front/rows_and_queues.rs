//! Tables and queues behind a role's policy, and what goes wrong on demand.

use std::time::{Duration, Instant};

use bulkhead_cloud::aws::{ADMINISTRATOR, Aws, Trouble};
use bulkhead_cloud::dynamo::Dynamo;
use bulkhead_cloud::often::Often;
use bulkhead_cloud::policy::{Access, Policies};
use bulkhead_cloud::sqs::Sqs;
use serde_json::{Value, json};

use crate::client::{call, template};

const PUT: &str = "DynamoDB_20120810.PutItem";
const SEND: &str = "AmazonSQS.SendMessage";

async fn aws(statements: Value) -> Aws {
    let dynamo = Dynamo::memory().unwrap();
    let aws = Aws::start(dynamo, Sqs::default(), None).await.unwrap();
    let template = aws.deploy(template(&statements)).await.unwrap();
    aws.enforce(Policies::of(&template).unwrap());
    aws
}

fn put(key: &str) -> Value {
    json!({"TableName": "rows", "Item": {"pk": {"S": key}}})
}

fn send(aws: &Aws) -> Value {
    json!({"QueueUrl": aws.queue_url("bulkhead-test-Queue"), "MessageBody": "x"})
}

fn may(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": {"Fn::GetAtt": [resource, "Arn"]}})
}

#[tokio::test]
async fn lets_a_function_do_what_its_role_allows() {
    let statements = json!([
        may("dynamodb:PutItem", "Table"),
        may("sqs:SendMessage", "Queue")
    ]);
    let aws = aws(statements).await;
    let (status, answer) = call(&aws, "worker", PUT, put("a")).await;
    assert_eq!(status, 200, "{answer}");
    let (status, answer) = call(&aws, "worker", SEND, send(&aws)).await;
    assert_eq!(status, 200, "{answer}");
    assert!(aws.denied().is_empty());
    assert!(aws.unused("worker").is_empty());
}

#[tokio::test]
async fn refuses_everything_else() {
    let aws = aws(json!([may("dynamodb:GetItem", "Table")])).await;
    let (status, answer) = call(&aws, "worker", PUT, put("a")).await;
    assert_eq!(status, 400);
    let kind = answer["__type"].as_str().unwrap();
    assert!(kind.ends_with("#AccessDeniedException"));
    let (status, answer) = call(&aws, "worker", SEND, send(&aws)).await;
    assert_eq!(status, 403);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .contains("sqs:SendMessage")
    );
    assert!(aws.sqs().depth("bulkhead-test-Queue").unwrap().is_empty());
    // Others have no role at all, and the test may do everything.
    assert_eq!(call(&aws, "stranger", PUT, put("a")).await.0, 400);
    assert_eq!(call(&aws, ADMINISTRATOR, PUT, put("a")).await.0, 200);
    let denied: Vec<(String, String)> = aws.denied().into_iter().map(|it| (it.0, it.1)).collect();
    let expected = [
        ("stranger", "dynamodb:PutItem"),
        ("worker", "dynamodb:PutItem"),
        ("worker", "sqs:SendMessage"),
    ];
    assert_eq!(
        denied,
        expected.map(|(who, what)| (who.to_owned(), what.to_owned()))
    );
    let unused: Vec<String> = aws.unused("worker").into_iter().map(|it| it.0).collect();
    assert_eq!(unused, ["dynamodb:GetItem"]);
}

#[tokio::test]
async fn a_transaction_needs_every_part_of_it() {
    let aws = aws(json!([may("dynamodb:PutItem", "Table")])).await;
    let write = "DynamoDB_20120810.TransactWriteItems";
    let put = json!({"Put": put("a")});
    let both = json!({"TransactItems": [put, {"ConditionCheck": {
        "TableName": "rows", "Key": {"pk": {"S": "b"}},
        "ConditionExpression": "attribute_not_exists(pk)"}}]});
    let (status, answer) = call(&aws, "worker", write, both).await;
    assert_eq!(status, 400);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .contains("ConditionCheckItem")
    );
    let (status, answer) = call(&aws, "worker", write, json!({"TransactItems": [put]})).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn holds_a_function_to_its_rows() {
    let mut own = may("dynamodb:PutItem", "Table");
    own["Condition"] = json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["RATE#*"]}});
    let aws = aws(json!([own])).await;
    assert_eq!(call(&aws, "worker", PUT, put("RATE#anna")).await.0, 200);
    assert_eq!(call(&aws, "worker", PUT, put("USER#anna")).await.0, 400);
}

#[tokio::test]
async fn makes_one_functions_calls_slow_or_fail() {
    let aws = aws(json!([may("dynamodb:*", "Table"), may("sqs:*", "Queue")])).await;
    let trouble = |actions: &str| Trouble {
        actions: actions.to_owned(),
        ..Trouble::default()
    };
    aws.trouble(
        "worker",
        Trouble {
            broken: Often::Next(1),
            ..trouble("dynamodb:*")
        },
    );
    assert_eq!(call(&aws, "worker", SEND, send(&aws)).await.0, 200);
    assert_eq!(call(&aws, ADMINISTRATOR, PUT, put("a")).await.0, 200);
    assert_eq!(call(&aws, "worker", PUT, put("a")).await.0, 500);
    assert_eq!(call(&aws, "worker", PUT, put("a")).await.0, 200);
    aws.trouble(
        "worker",
        Trouble {
            lost_answers: Often::Next(1),
            ..trouble("sqs:SendMessage")
        },
    );
    assert_eq!(call(&aws, "worker", SEND, send(&aws)).await.0, 500);
    assert_eq!(aws.sqs().depth("bulkhead-test-Queue").unwrap().visible, 2);
    aws.trouble(
        "worker",
        Trouble {
            throttled: Often::Share(1.0),
            ..trouble("sqs:*")
        },
    );
    let (status, answer) = call(&aws, "worker", SEND, send(&aws)).await;
    assert_eq!(status, 403);
    assert_eq!(answer["__type"], "com.amazonaws.sqs#RequestThrottled");
    aws.calm();
    let delay = Duration::from_millis(300);
    aws.trouble(
        "worker",
        Trouble {
            delay,
            ..trouble("*")
        },
    );
    let began = Instant::now();
    assert_eq!(call(&aws, "worker", SEND, send(&aws)).await.0, 200);
    assert!(began.elapsed() >= delay);
}

#[tokio::test]
async fn notes_what_does_not_come_over_http() {
    let aws = aws(json!([may("sqs:ReceiveMessage", "Queue")])).await;
    let queue = bulkhead_cloud::sqs::arn("bulkhead-test-Queue");
    assert!(aws.permit("worker", Access::new("sqs:ReceiveMessage", queue.clone())));
    assert!(!aws.permit("worker", Access::new("sqs:DeleteMessage", queue)));
    assert_eq!(aws.calls().len(), 2);
    aws.forget_calls();
    assert!(aws.calls().is_empty());
}

#[tokio::test]
async fn there_are_no_files_without_moto() {
    let aws = aws(json!([])).await;
    let request = crate::client::signed(&aws, ADMINISTRATOR, "s3", reqwest::Method::GET, "/b/k");
    assert_eq!(request.send().await.unwrap().status(), 501);
}
