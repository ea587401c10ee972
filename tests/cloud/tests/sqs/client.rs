//! A client as plain as possible: it shows what is on the wire.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use bulkhead_cloud::clock::Clock;
use http::Request;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// An SQS server under test.
pub(crate) struct Service {
    url: String,
    /// Its clock, if time can be moved there.
    clock: Option<Clock>,
    client: Client<HttpConnector, Body>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) query_error: String,
    pub(crate) body: Value,
}

impl Service {
    pub(crate) fn new(url: &str, clock: Option<Clock>) -> Self {
        Self {
            url: url.to_owned(),
            clock,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    /// Lets so much time pass: at once where the clock can be moved.
    pub(crate) async fn pass(&self, seconds: u64) {
        let time = Duration::from_secs(seconds);
        match &self.clock {
            Some(clock) => clock.advance(time),
            None => tokio::time::sleep(time + Duration::from_millis(50)).await,
        }
    }

    pub(crate) async fn call(&self, action: &str, body: Value) -> Reply {
        let request = Request::post(&self.url)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("AmazonSQS.{action}"))
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=suite/20260101/eu-central-1/sqs/aws4_request, \
                 SignedHeaders=host, Signature=0",
            )
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = self.client.request(request).await.unwrap();
        let status = response.status().as_u16();
        let query_error = response
            .headers()
            .get("x-amzn-query-error")
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let body = Body::new(response.into_body());
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status,
            query_error,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    /// A call that has to succeed.
    pub(crate) async fn ok(&self, action: &str, body: Value) -> Value {
        let reply = self.call(action, body).await;
        assert_eq!(reply.status, 200, "{action}: {reply:?}");
        reply.body
    }

    /// A call that has to be refused with this code of the query protocol.
    pub(crate) async fn refused(&self, action: &str, body: Value, code: &str) {
        let reply = self.call(action, body).await;
        assert_ne!(reply.status, 200, "{action} should be {code}: {reply:?}");
        let got = reply.query_error.split(';').next().unwrap();
        assert_eq!(got, code, "{action}: {reply:?}");
    }

    /// Makes a queue and gives its URL.
    pub(crate) async fn create(&self, name: &str, attributes: Value) -> String {
        let asked = json!({"QueueName": name, "Attributes": attributes});
        let made = self.ok("CreateQueue", asked).await;
        made["QueueUrl"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn send(&self, queue: &str, body: &str) -> Value {
        let asked = json!({"QueueUrl": queue, "MessageBody": body});
        self.ok("SendMessage", asked).await
    }

    /// Receives up to ten, without waiting, with everything there is to know.
    pub(crate) async fn receive(&self, queue: &str) -> Vec<Value> {
        self.receive_with(queue, json!({})).await
    }

    pub(crate) async fn receive_with(&self, queue: &str, more: Value) -> Vec<Value> {
        let mut asked = json!({
            "QueueUrl": queue,
            "MaxNumberOfMessages": 10,
            "WaitTimeSeconds": 0,
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        });
        for (name, value) in more.as_object().unwrap() {
            asked[name] = value.clone();
        }
        let answer = self.ok("ReceiveMessage", asked).await;
        answer["Messages"].as_array().cloned().unwrap_or_default()
    }

    pub(crate) async fn delete(&self, queue: &str, message: &Value) {
        let asked = json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]});
        self.ok("DeleteMessage", asked).await;
    }

    pub(crate) async fn attributes(&self, queue: &str) -> Value {
        let asked = json!({"QueueUrl": queue, "AttributeNames": ["All"]});
        self.ok("GetQueueAttributes", asked).await["Attributes"].clone()
    }

    /// Visible, in flight and delayed.
    pub(crate) async fn depth(&self, queue: &str) -> [u64; 3] {
        let attributes = self.attributes(queue).await;
        ["", "NotVisible", "Delayed"].map(|suffix| {
            let name = format!("ApproximateNumberOfMessages{suffix}");
            attributes[name].as_str().unwrap().parse().unwrap()
        })
    }
}

/// The bodies of messages, sorted.
pub(crate) fn bodies(messages: &[Value]) -> Vec<String> {
    let mut bodies: Vec<String> = messages
        .iter()
        .map(|message| message["Body"].as_str().unwrap().to_owned())
        .collect();
    bodies.sort();
    bodies
}
