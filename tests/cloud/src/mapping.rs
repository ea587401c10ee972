//! What calls a function without a person: messages of a queue (an event source mapping) and the
//! clock (a schedule).
//!
//! The rules are those of the Lambda developer guide, "Using Lambda with Amazon SQS": when a batch is
//! handed over, what is deleted after it, and that nothing is made visible early. Left out is how
//! slowly AWS adds pollers: here the maximum is there at once, which is harder on the function.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::REGION;
use crate::lambda::{Function, LARGEST_PAYLOAD};
use crate::sqs::{self, Receive, Received, Sqs};

/// How long one receive waits for a message.
const LONG_POLL: Duration = Duration::from_secs(20);

/// What the template says of a mapping (`AWS::Lambda::EventSourceMapping`).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(from = "Properties")]
pub struct Settings {
    /// The most messages in one batch.
    pub batch: usize,
    /// How long the first message of a batch waits for others.
    pub window: Duration,
    /// Whether the answer may list single messages as failed.
    pub partial: bool,
    /// How many batches are handed over side by side.
    pub concurrency: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    batch_size: Option<Number>,
    maximum_batching_window_in_seconds: Option<Number>,
    #[serde(default)]
    function_response_types: Vec<String>,
    scaling_config: Option<Scaling>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Scaling {
    maximum_concurrency: Number,
}

/// What stands for a parameter is text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(u32),
    Text(String),
}

impl Number {
    fn get(self) -> usize {
        match self {
            Self::Plain(number) => number as usize,
            Self::Text(text) => text.parse().unwrap(),
        }
    }
}

impl From<Properties> for Settings {
    fn from(given: Properties) -> Self {
        let window = given.maximum_batching_window_in_seconds;
        let window = window.map_or(0, Number::get);
        let reports = "ReportBatchItemFailures".to_owned();
        Self {
            batch: given.batch_size.map_or(10, Number::get),
            window: Duration::from_secs(window as u64),
            partial: given.function_response_types.contains(&reports),
            // Without a maximum a mapping begins with five.
            concurrency: given
                .scaling_config
                .map_or(5, |it| it.maximum_concurrency.get()),
        }
    }
}

/// What a mapping does with the queue under the function's own role.
pub const ACTIONS: [&str; 3] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
];

/// A queue that calls a function, for as long as this is kept.
pub struct Mapping {
    shared: Arc<Shared>,
    _pollers: JoinSet<()>,
}

struct Shared {
    sqs: Sqs,
    queue: String,
    function: Function,
    settings: Settings,
    batches: Mutex<Vec<Batch>>,
}

/// A batch that was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// How many messages it held.
    pub messages: usize,
    /// How many of them are to come again.
    pub failed: usize,
}

impl Mapping {
    /// Begins to poll.
    ///
    /// # Panics
    /// Where AWS refuses such a mapping.
    #[must_use]
    pub fn start(sqs: &Sqs, queue: &str, function: &Function, settings: Settings) -> Self {
        let attributes = sqs.attributes(queue).unwrap();
        let visibility: u64 = attributes["VisibilityTimeout"].parse().unwrap();
        assert!(
            visibility >= function.timeout().as_secs(),
            "the queue's visibility timeout has to be as long as the function's timeout"
        );
        assert!(
            settings.batch <= 10 || settings.window >= Duration::from_secs(1),
            "a batch of more than ten needs a window of a second"
        );
        let shared = Arc::new(Shared {
            sqs: sqs.clone(),
            queue: queue.to_owned(),
            function: function.clone(),
            settings,
            batches: Mutex::default(),
        });
        let mut pollers = JoinSet::new();
        for _ in 0..settings.concurrency {
            let shared = Arc::clone(&shared);
            pollers.spawn(async move {
                loop {
                    shared.hand_over().await;
                }
            });
        }
        Self {
            shared,
            _pollers: pollers,
        }
    }

    /// All batches that were handed over and answered, in order.
    #[must_use]
    pub fn batches(&self) -> Vec<Batch> {
        self.shared.batches.lock().unwrap().clone()
    }
}

impl Shared {
    /// Collects one batch, hands it over, and deletes what is done.
    async fn hand_over(&self) {
        let messages = self.collect().await;
        let records: Vec<Value> = messages.iter().map(|it| self.record(it)).collect();
        let answer = self.function.invoke(&json!({ "Records": records })).await;
        let ids: HashSet<&str> = messages.iter().map(|it| it.message_id.as_str()).collect();
        let failed = match answer {
            Ok(_) if !self.settings.partial => HashSet::new(),
            Ok(answer) => failed_ids(&answer, &ids).unwrap_or_else(|| owned(&ids)),
            Err(_) => owned(&ids),
        };
        let done = messages
            .iter()
            .filter(|it| !failed.contains(&it.message_id));
        for message in done {
            // A message that comes again is no harm; one that is lost would be.
            let _ = self.sqs.delete(&self.queue, &message.receipt_handle);
        }
        self.batches.lock().unwrap().push(Batch {
            messages: messages.len(),
            failed: failed.len(),
        });
    }

    /// Waits for a first message, then for as many as the window brings.
    async fn collect(&self) -> Vec<Received> {
        let mut messages = self.receive(self.settings.batch, LONG_POLL).await;
        while messages.is_empty() {
            messages = self.receive(self.settings.batch, LONG_POLL).await;
        }
        let end = Instant::now() + self.settings.window;
        loop {
            let room = self.settings.batch - messages.len();
            let bytes: usize = messages.iter().map(|it| it.body.len()).sum();
            let left = end.saturating_duration_since(Instant::now());
            if room == 0 || left.is_zero() || 2 * bytes > LARGEST_PAYLOAD {
                return messages;
            }
            messages.append(&mut self.receive(room, left.min(LONG_POLL)).await);
        }
    }

    async fn receive(&self, most: usize, wait: Duration) -> Vec<Received> {
        let receive = Receive {
            most: most.min(10),
            wait: Some(wait),
            visibility: None,
        };
        self.sqs.receive(&self.queue, receive).await.unwrap()
    }

    /// A message as the function sees it.
    fn record(&self, message: &Received) -> Value {
        let attributes = message.message_attributes.iter().map(|(name, value)| {
            let value = json!({
                "dataType": value.data_type,
                "stringValue": value.string_value,
                "binaryValue": value.binary_value,
                "stringListValues": [],
                "binaryListValues": [],
            });
            (name.clone(), value)
        });
        json!({
            "messageId": message.message_id,
            "receiptHandle": message.receipt_handle,
            "body": message.body,
            "attributes": message.attributes,
            "messageAttributes": attributes.collect::<Map<_, _>>(),
            "md5OfBody": message.md5_of_body,
            "eventSource": "aws:sqs",
            "eventSourceARN": sqs::arn(&self.queue),
            "awsRegion": REGION,
        })
    }
}

/// Which messages the answer lists as failed; none where the answer fails the whole batch.
fn failed_ids(answer: &[u8], ids: &HashSet<&str>) -> Option<HashSet<String>> {
    if answer.is_empty() {
        return Some(HashSet::new());
    }
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let listed = match &answer["batchItemFailures"] {
        Value::Null => return Some(HashSet::new()),
        Value::Array(listed) => listed,
        _ => return None,
    };
    let known = |failure: &Value| {
        let id = failure["itemIdentifier"].as_str()?;
        ids.contains(id).then(|| id.to_owned())
    };
    listed.iter().map(known).collect()
}

fn owned(ids: &HashSet<&str>) -> HashSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// A clock that calls a function, for as long as this is kept.
pub struct Schedule {
    _task: JoinSet<()>,
}

impl Schedule {
    /// Calls it now and then each time so much time has passed since the last answer.
    #[must_use]
    pub fn every(interval: Duration, function: &Function) -> Self {
        let function = function.clone();
        let mut task = JoinSet::new();
        task.spawn(async move {
            loop {
                // What failed is tried again with the next round.
                let _ = function.invoke(&occasion()).await;
                tokio::time::sleep(interval).await;
            }
        });
        Self { _task: task }
    }
}

/// What a scheduled function is given.
#[must_use]
pub fn occasion() -> Value {
    json!({
        "version": "0",
        "source": "aws.scheduler",
        "detail-type": "Scheduled Event",
        "detail": "{}",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(answer: &str) -> Option<usize> {
        let ids = HashSet::from(["a", "b"]);
        failed_ids(answer.as_bytes(), &ids).map(|failed| failed.len())
    }

    #[test]
    fn nothing_listed_is_success() {
        for answer in ["", "null", "{}", r#"{"batchItemFailures":null}"#] {
            assert_eq!(failed(answer), Some(0), "{answer}");
        }
        assert_eq!(failed(r#"{"batchItemFailures":[]}"#), Some(0));
    }

    #[test]
    fn what_is_listed_fails_alone() {
        let answer = r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#;
        assert_eq!(failed(answer), Some(1));
    }

    #[test]
    fn a_list_that_makes_no_sense_fails_the_batch() {
        for item in [
            r#"{"itemIdentifier":""}"#,
            r#"{"itemIdentifier":null}"#,
            r#"{"itemIdentifier":"c"}"#,
            r#"{"id":"a"}"#,
        ] {
            let answer = format!(r#"{{"batchItemFailures":[{{"itemIdentifier":"a"}},{item}]}}"#);
            assert_eq!(failed(&answer), None, "{answer}");
        }
        assert_eq!(failed("no JSON"), None);
        assert_eq!(failed(r#"{"batchItemFailures":"a"}"#), None);
    }

    #[test]
    fn reads_what_the_template_says() {
        let settings: Settings = serde_json::from_value(json!({
            "BatchSize": 20,
            "MaximumBatchingWindowInSeconds": 1,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": {"MaximumConcurrency": "8"},
            "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
        }))
        .unwrap();
        assert_eq!((settings.batch, settings.concurrency), (20, 8));
        assert_eq!(settings.window, Duration::from_secs(1));
        assert!(settings.partial);
    }
}
