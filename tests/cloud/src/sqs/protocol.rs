//! SQS over JSON: `X-Amz-Target: AmazonSQS.<Action>`, a JSON body, errors with the code of the old
//! query protocol in a header.

use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::message::{Received, Sent};
use super::refusal::Refusal;
use super::requests::{
    Batch, ChangeMessageVisibility, CreateQueue, DeleteMessage, GetQueueAttributes, GetQueueUrl,
    ListQueues, ReceiveMessage, SendMessage, SetQueueAttributes,
};
use super::settings::MOST_BYTES;
use super::stored::message_bytes;
use super::{ACCOUNT, Faults, Sqs};

/// An answer to put on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: StatusCode,
    /// The header `x-amzn-query-error`, for errors.
    pub query_error: Option<String>,
    /// Its JSON.
    pub body: Vec<u8>,
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let fault = match refusal.senders_fault() {
            true => "Sender",
            false => "Receiver",
        };
        let body = json!({"__type": refusal.shape(), "message": refusal.to_string()});
        Self {
            status: refusal.status(),
            query_error: Some(format!("{};{fault}", refusal.query_code())),
            body: body.to_string().into_bytes(),
        }
    }
}

impl Sqs {
    /// Answers a call. Queue URLs in answers begin with `base`, such as `http://127.0.0.1:4566`.
    pub async fn answer(&self, action: &str, body: &[u8], base: &str) -> Answer {
        let (throttled, broken, lost) = {
            let Faults {
                throttled,
                broken,
                lost_answers,
                ..
            } = &mut self.state().faults;
            (
                throttled.strikes(),
                broken.strikes(),
                lost_answers.strikes(),
            )
        };
        if throttled {
            return Refusal::RequestThrottled.into();
        }
        if broken {
            return Refusal::InternalFailure.into();
        }
        match self.act(action, body, base).await {
            Ok(_) if lost => Refusal::InternalFailure.into(),
            Ok(answer) => Answer {
                status: StatusCode::OK,
                query_error: None,
                body: answer.to_string().into_bytes(),
            },
            Err(refusal) => refusal.into(),
        }
    }

    async fn act(&self, action: &str, body: &[u8], base: &str) -> Result<Value, Refusal> {
        let url = |queue: &str| format!("{base}/{ACCOUNT}/{queue}");
        match action {
            "CreateQueue" => {
                let asked: CreateQueue = read(body)?;
                self.create(&asked.queue_name, &asked.attributes)?;
                return Ok(json!({"QueueUrl": url(&asked.queue_name)}));
            }
            "GetQueueUrl" => {
                let asked: GetQueueUrl = read(body)?;
                self.depth(&asked.queue_name)?;
                return Ok(json!({"QueueUrl": url(&asked.queue_name)}));
            }
            "ListQueues" => {
                let asked: ListQueues = read(body)?;
                let names = self.queues().into_iter();
                let urls: Vec<String> = names
                    .filter(|name| name.starts_with(&asked.queue_name_prefix))
                    .map(|name| url(&name))
                    .collect();
                return Ok(json!({"QueueUrls": urls}));
            }
            _ => {}
        }
        let queue = queue(body)?;
        let nothing = |()| json!({});
        match action {
            "GetQueueAttributes" => self.shown_attributes(&queue, &read(body)?),
            "SetQueueAttributes" => {
                let asked: SetQueueAttributes = read(body)?;
                self.set(&queue, &asked.attributes).map(nothing)
            }
            "SendMessage" => {
                let asked: SendMessage = read(body)?;
                self.send(&queue, asked.message()?).map(|sent| show(&sent))
            }
            "SendMessageBatch" => self.send_batch(&queue, read(body)?),
            "ReceiveMessage" => self.receive_shown(&queue, &read(body)?).await,
            "DeleteMessage" => self.delete_one(&queue, &read(body)?).map(nothing),
            "DeleteMessageBatch" => self.batch(&queue, read(body)?, |entry: DeleteMessage| {
                self.delete_one(&queue, &entry).map(nothing)
            }),
            "ChangeMessageVisibility" => self.hide_one(&queue, &read(body)?).map(nothing),
            "ChangeMessageVisibilityBatch" => {
                self.batch(&queue, read(body)?, |entry: ChangeMessageVisibility| {
                    self.hide_one(&queue, &entry).map(nothing)
                })
            }
            "PurgeQueue" => self.purge(&queue).map(nothing),
            other => Err(Refusal::UnsupportedOperation(other.to_owned())),
        }
    }

    fn shown_attributes(&self, queue: &str, asked: &GetQueueAttributes) -> Result<Value, Refusal> {
        let all = self.attributes(queue)?;
        let wanted = |name: &String| {
            let names = &asked.attribute_names;
            names.contains(name) || names.iter().any(|name| name == "All")
        };
        let shown: Map<String, Value> = all
            .into_iter()
            .filter(|(name, _)| wanted(name))
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        Ok(json!({"Attributes": shown}))
    }

    async fn receive_shown(&self, queue: &str, asked: &ReceiveMessage) -> Result<Value, Refusal> {
        let mut messages = self.receive(queue, asked.receive()?).await?;
        for message in &mut messages {
            keep_wanted(message, asked);
        }
        match messages.is_empty() {
            true => Ok(json!({})),
            false => Ok(json!({"Messages": messages})),
        }
    }

    fn delete_one(&self, queue: &str, asked: &DeleteMessage) -> Result<(), Refusal> {
        self.delete(queue, &asked.receipt_handle)
    }

    fn hide_one(&self, queue: &str, asked: &ChangeMessageVisibility) -> Result<(), Refusal> {
        self.hide(queue, &asked.receipt_handle, asked.visibility()?)
    }

    fn send_batch(&self, queue: &str, batch: Batch<SendMessage>) -> Result<Value, Refusal> {
        let mut bytes = 0;
        let mut entries = Vec::new();
        for one in batch.entries {
            let message = one.entry.message();
            bytes += message.as_ref().map_or(0, message_bytes);
            entries.push((one.id, message));
        }
        if bytes > MOST_BYTES {
            return Err(Refusal::BatchRequestTooLong(bytes));
        }
        self.each(queue, entries, |message| {
            self.send(queue, message?).map(|sent| show(&sent))
        })
    }

    fn batch<Entry>(
        &self,
        queue: &str,
        batch: Batch<Entry>,
        act: impl Fn(Entry) -> Result<Value, Refusal>,
    ) -> Result<Value, Refusal> {
        let entries = batch.entries.into_iter();
        let entries = entries.map(|one| (one.id, one.entry)).collect();
        self.each(queue, entries, act)
    }

    /// Does one thing for each entry of a batch: "the result of the action on each entry is reported
    /// individually", so a call can succeed though some entries failed.
    fn each<Entry>(
        &self,
        queue: &str,
        entries: Vec<(String, Entry)>,
        act: impl Fn(Entry) -> Result<Value, Refusal>,
    ) -> Result<Value, Refusal> {
        self.depth(queue)?;
        check_ids(entries.iter().map(|(id, _)| id.as_str()))?;
        let mut successful = Vec::new();
        let mut failed = Vec::new();
        for (id, entry) in entries {
            let struck = self.state().faults.failed_entries.strikes();
            let done = match struck {
                true => Err(Refusal::InternalFailure),
                false => act(entry),
            };
            match done {
                Ok(mut result) => {
                    result["Id"] = Value::String(id);
                    successful.push(result);
                }
                Err(refusal) => failed.push(json!({
                    "Id": id,
                    "SenderFault": refusal.senders_fault(),
                    "Code": refusal.query_code(),
                    "Message": refusal.to_string(),
                })),
            }
        }
        let mut answer = json!({"Successful": successful});
        if !failed.is_empty() {
            answer["Failed"] = Value::Array(failed);
        }
        Ok(answer)
    }
}

/// The rules for a batch as a whole.
fn check_ids<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> Result<(), Refusal> {
    let count = ids.len();
    if count == 0 {
        return Err(Refusal::EmptyBatchRequest);
    }
    if count > 10 {
        return Err(Refusal::TooManyEntriesInBatchRequest(count));
    }
    let mut seen = Vec::new();
    for id in ids {
        if !super::is_name(id) {
            return Err(Refusal::InvalidBatchEntryId);
        }
        if seen.contains(&id) {
            return Err(Refusal::BatchEntryIdsNotDistinct(id.to_owned()));
        }
        seen.push(id);
    }
    Ok(())
}

/// Attributes are sent only to who asks for them; their MD5 is over those.
fn keep_wanted(message: &mut Received, asked: &ReceiveMessage) {
    message.attributes.retain(|name, _| asked.wants(name));
    let names = &asked.message_attribute_names;
    message.message_attributes.retain(|name, _| {
        names.iter().any(|asked| match asked.strip_suffix(".*") {
            Some(prefix) => name.starts_with(prefix),
            None => asked == "All" || asked == name,
        })
    });
    message.md5_of_attributes = super::checksum::of_attributes(&message.message_attributes)
        .ok()
        .flatten();
}

fn show(sent: &Sent) -> Value {
    let mut shown = json!({"MessageId": sent.id, "MD5OfMessageBody": sent.md5_of_body});
    if let Some(md5) = &sent.md5_of_attributes {
        shown["MD5OfMessageAttributes"] = Value::String(md5.clone());
    }
    shown
}

/// The queue's name: the last part of its URL. The host does not matter.
fn queue(body: &[u8]) -> Result<String, Refusal> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Asked {
        #[serde(default)]
        queue_url: String,
    }
    let Asked { queue_url } = read(body)?;
    match queue_url.rsplit('/').next() {
        Some(name) if !name.is_empty() => Ok(name.to_owned()),
        _ => Err(Refusal::MissingParameter("QueueUrl")),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::InvalidParameterValue(error.to_string()))
}
