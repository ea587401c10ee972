//! A function that does as the event says, for tests of the stand-in itself.

#![allow(
    clippy::print_stdout,
    clippy::panic,
    reason = "an event may ask for it"
)]

use std::time::Duration;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(obey)).await
}

/// `{"sleep": ms}`, `{"print": text}`, `{"later": ms}` (print after the answer), `{"fail": text}`,
/// `{"exit": code}`, `{"long": bytes}`; a list of messages fails those whose body says `fail`;
/// anything else is answered as it came.
async fn obey(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let (wish, context) = event.into_parts();
    if let Some(records) = wish["Records"].as_array() {
        return messages(records).await;
    }
    if let Some(text) = wish["print"].as_str() {
        println!("{text}");
    }
    if let Some(milliseconds) = wish["sleep"].as_u64() {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    if let Some(milliseconds) = wish["later"].as_u64() {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            println!("later");
        });
    }
    if let Some(reason) = wish["fail"].as_str() {
        return Err(reason.to_owned().into());
    }
    if let Some(code) = wish["exit"].as_i64() {
        std::process::exit(i32::try_from(code).unwrap_or(1));
    }
    if let Some(bytes) = wish["long"].as_u64() {
        return Ok(json!("x".repeat(usize::try_from(bytes)?)));
    }
    if wish["version"] == "2.0" {
        return Ok(json!({
            "statusCode": 200,
            "headers": {"content-type": "application/json"},
            "cookies": ["a=1", "b=2"],
            "body": wish.to_string(),
        }));
    }
    Ok(
        json!({"event": wish, "function": context.invoked_function_arn, "process": std::process::id()}),
    )
}

/// Bodies: `{"fail": true}` is listed as failed, `{"sleep": ms}` takes its time, `{"crash": true}`
/// ends the process, `{"answer": …}` is the whole batch's answer.
async fn messages(records: &[Value]) -> Result<Value, Error> {
    let mut failed = Vec::new();
    for record in records {
        let body = record["body"].as_str().unwrap_or_default();
        let wish: Value = serde_json::from_str(body).unwrap_or_default();
        println!("{body}");
        if let Some(milliseconds) = wish["sleep"].as_u64() {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        }
        if wish["crash"] == true {
            std::process::exit(1);
        }
        if let Some(answer) = wish.get("answer") {
            return Ok(answer.clone());
        }
        if wish["fail"] == true {
            failed.push(json!({"itemIdentifier": record["messageId"]}));
        }
    }
    Ok(json!({"batchItemFailures": failed}))
}
