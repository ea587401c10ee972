//! Calls as a function's SDK makes them, but for the signature, which is not checked.

use bulkhead_cloud::aws::Aws;
use bulkhead_cloud::http_client;
use bulkhead_cloud::template::Template;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// A template of one function, `Worker`, with these statements, and all that it may be about.
pub(crate) fn template(statements: &Value) -> Template {
    Template::new(json!({"Resources": {
        "Worker": {"Type": "AWS::Lambda::Function", "Properties": {
            "Role": {"Fn::GetAtt": ["WorkerRole", "Arn"]}}},
        "WorkerRole": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [
            {"PolicyName": "own", "PolicyDocument": {"Statement": statements}}]}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
        "Files": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {
            "TableName": "rows",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        }},
    }}))
}

/// A request of somebody to a service.
pub(crate) fn signed(
    aws: &Aws,
    who: &str,
    service: &str,
    method: Method,
    path: &str,
) -> RequestBuilder {
    let credential = format!("{who}/20261121/eu-central-1/{service}/aws4_request");
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0");
    http_client::plain()
        .request(method, format!("{}{path}", aws.url()))
        .header("authorization", authorization)
}

/// Somebody calls an operation such as `AmazonSQS.SendMessage`: status and answer.
pub(crate) async fn call(aws: &Aws, who: &str, target: &str, asked: Value) -> (u16, Value) {
    let service = match target.split_once('.').unwrap().0 {
        "AmazonSQS" => "sqs",
        "TrentService" => "kms",
        _ => "dynamodb",
    };
    let request = signed(aws, who, service, Method::POST, "/");
    let request = request
        .header("x-amz-target", target)
        .body(asked.to_string());
    read(request.send().await.unwrap()).await
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}
