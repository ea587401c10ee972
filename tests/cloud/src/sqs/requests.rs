//! The requests of the SQS API, as the SDKs write them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::message::{AttributeValue, NewMessage, Receive};
use super::refusal::Refusal;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateQueue {
    pub(crate) queue_name: String,
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetQueueUrl {
    pub(crate) queue_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListQueues {
    #[serde(default)]
    pub(crate) queue_name_prefix: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetQueueAttributes {
    #[serde(default)]
    pub(crate) attribute_names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SetQueueAttributes {
    pub(crate) attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SendMessage {
    #[serde(default)]
    message_body: String,
    delay_seconds: Option<i64>,
    message_group_id: Option<String>,
    #[serde(default)]
    message_attributes: BTreeMap<String, AttributeValue>,
}

impl SendMessage {
    pub(crate) fn message(self) -> Result<NewMessage, Refusal> {
        Ok(NewMessage {
            body: self.message_body,
            delay: seconds("DelaySeconds", self.delay_seconds)?,
            group: self.message_group_id,
            attributes: self.message_attributes,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReceiveMessage {
    max_number_of_messages: Option<i64>,
    wait_time_seconds: Option<i64>,
    visibility_timeout: Option<i64>,
    /// The old name of the next one.
    #[serde(default)]
    attribute_names: Vec<String>,
    #[serde(default)]
    message_system_attribute_names: Vec<String>,
    #[serde(default)]
    pub(crate) message_attribute_names: Vec<String>,
}

impl ReceiveMessage {
    pub(crate) fn receive(&self) -> Result<Receive, Refusal> {
        Ok(Receive {
            most: self.max_number_of_messages.map_or(1, |most| {
                // Out of bounds either way, and refused as such.
                usize::try_from(most).unwrap_or(0)
            }),
            wait: seconds("WaitTimeSeconds", self.wait_time_seconds)?,
            visibility: seconds("VisibilityTimeout", self.visibility_timeout)?,
        })
    }

    pub(crate) fn wants(&self, system_attribute: &str) -> bool {
        let mut names = self
            .attribute_names
            .iter()
            .chain(&self.message_system_attribute_names);
        names.any(|name| name == "All" || name == system_attribute)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeleteMessage {
    pub(crate) receipt_handle: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ChangeMessageVisibility {
    pub(crate) receipt_handle: String,
    visibility_timeout: Option<i64>,
}

impl ChangeMessageVisibility {
    pub(crate) fn visibility(&self) -> Result<Duration, Refusal> {
        seconds("VisibilityTimeout", self.visibility_timeout)?
            .ok_or(Refusal::MissingParameter("VisibilityTimeout"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Batch<Entry> {
    #[serde(default = "Vec::new")]
    pub(crate) entries: Vec<BatchEntry<Entry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct BatchEntry<Entry> {
    pub(crate) id: String,
    #[serde(flatten)]
    pub(crate) entry: Entry,
}

fn seconds(parameter: &str, value: Option<i64>) -> Result<Option<Duration>, Refusal> {
    let duration = |value: i64| {
        u64::try_from(value).map(Duration::from_secs).map_err(|_| {
            Refusal::InvalidParameterValue(format!(
                "Value {value} for parameter {parameter} is invalid."
            ))
        })
    };
    value.map(duration).transpose()
}
