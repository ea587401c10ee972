//! A message: as it is sent, as it lies in a queue, as it is received.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What somebody sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewMessage {
    /// The text itself.
    pub body: String,
    /// Before it can be received; the queue's own delay if none.
    pub delay: Option<Duration>,
    /// Whose it is: on a standard queue, what fair queues go by.
    pub group: Option<String>,
    /// Typed values beside the body.
    pub attributes: BTreeMap<String, AttributeValue>,
}

impl NewMessage {
    /// A message of this text and nothing else.
    pub fn of(body: impl Into<String>) -> Self {
        Self {
            body: body.into(),
            ..Self::default()
        }
    }
}

/// A typed value that travels with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttributeValue {
    /// `String`, `Number` or `Binary`, perhaps with `.something` of the sender's.
    pub data_type: String,
    /// Of a string or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    /// Of binary data, in Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary_value: Option<String>,
}

/// What the sender is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The message's id, the same in the dead-letter queue.
    pub id: String,
    /// MD5 of the body, in hex.
    pub md5_of_body: String,
    /// MD5 of the attributes, in hex, where there are some.
    pub md5_of_attributes: Option<String>,
}

/// A message in somebody's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Received {
    /// The message's id.
    pub message_id: String,
    /// What deletes it. Every receive gives a new one.
    pub receipt_handle: String,
    /// The text.
    pub body: String,
    /// MD5 of the body, in hex.
    #[serde(rename = "MD5OfBody")]
    pub md5_of_body: String,
    /// What the queue knows: `ApproximateReceiveCount`, `SentTimestamp`, `MessageGroupId` …
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// MD5 of the attributes, in hex, where there are some.
    #[serde(
        rename = "MD5OfMessageAttributes",
        skip_serializing_if = "Option::is_none"
    )]
    pub md5_of_attributes: Option<String>,
    /// What the sender put beside the body.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub message_attributes: BTreeMap<String, AttributeValue>,
}

/// How a queue is asked for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receive {
    /// At most so many, 1 to 10.
    pub most: usize,
    /// Waits so long for the first one, at most 20 seconds; the queue's own time if none.
    pub wait: Option<Duration>,
    /// Nobody else sees them for so long; the queue's own time if none.
    pub visibility: Option<Duration>,
}

impl Default for Receive {
    fn default() -> Self {
        Self {
            most: 10,
            wait: Some(Duration::ZERO),
            visibility: None,
        }
    }
}

/// How many messages a queue holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Can be received now.
    pub visible: usize,
    /// Received and not deleted yet.
    pub in_flight: usize,
    /// Not to be received yet.
    pub delayed: usize,
}

impl Depth {
    /// Nothing at all is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
