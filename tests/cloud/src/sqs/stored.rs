//! A message as it lies in a queue.

use std::collections::BTreeMap;

use super::checksum;
use super::message::{AttributeValue, NewMessage, Received, Sent};
use super::receipt::Receipt;
use super::refusal::Refusal;

/// Who sent every message, as SQS would name them.
const SENDER: &str = "AROASTANDINSTANDINST:bulkhead";

/// A message in a queue.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    id: String,
    body: String,
    attributes: BTreeMap<String, AttributeValue>,
    md5_of_attributes: Option<String>,
    first_received_ms: Option<i64>,
    pub(crate) group: Option<String>,
    pub(crate) sent_ms: i64,
    pub(crate) received_ms: i64,
    /// "Across all queues": it goes on counting in the dead-letter queue.
    pub(crate) receives: u32,
    /// How often it was received from this queue, which is what the redrive policy counts.
    pub(crate) receives_here: u32,
    pub(crate) place: Place,
    /// The queue it was taken out of after too many receives.
    pub(crate) source: Option<String>,
    /// The second of a message delivered twice; it is not doubled again.
    pub(crate) copy: bool,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Ready,
    Delayed { until_ms: i64 },
    InFlight { until_ms: i64 },
}

impl Stored {
    /// A message that somebody sends now.
    pub(crate) fn new(
        message: NewMessage,
        id: String,
        place: Place,
        now_ms: i64,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            id,
            body: message.body,
            md5_of_attributes: checksum::of_attributes(&message.attributes)?,
            attributes: message.attributes,
            first_received_ms: None,
            group: message.group,
            sent_ms: now_ms,
            received_ms: now_ms,
            receives: 0,
            receives_here: 0,
            place,
            source: None,
            copy: false,
        })
    }

    /// What its sender is told.
    pub(crate) fn sent(&self) -> Sent {
        Sent {
            id: self.id.clone(),
            md5_of_body: checksum::of_text(&self.body),
            md5_of_attributes: self.md5_of_attributes.clone(),
        }
    }

    /// Hands it to somebody now.
    pub(crate) fn receive(&mut self, number: u64, queue: &str, now_ms: i64) -> Received {
        self.receives += 1;
        self.receives_here += 1;
        self.received_ms = now_ms;
        self.first_received_ms.get_or_insert(now_ms);
        let receipt = Receipt {
            queue: queue.to_owned(),
            number,
            receives: self.receives,
        };
        Received {
            message_id: self.id.clone(),
            receipt_handle: receipt.to_string(),
            body: self.body.clone(),
            md5_of_body: checksum::of_text(&self.body),
            attributes: self.known(),
            md5_of_attributes: self.md5_of_attributes.clone(),
            message_attributes: self.attributes.clone(),
        }
    }

    /// The attributes that the queue adds.
    fn known(&self) -> BTreeMap<String, String> {
        let first_ms = self.first_received_ms.unwrap_or(self.received_ms);
        let known = [
            ("SenderId", Some(SENDER.to_owned())),
            ("SentTimestamp", Some(self.sent_ms.to_string())),
            ("ApproximateReceiveCount", Some(self.receives.to_string())),
            (
                "ApproximateFirstReceiveTimestamp",
                Some(first_ms.to_string()),
            ),
            ("MessageGroupId", self.group.clone()),
            ("DeadLetterQueueSourceArn", self.source.clone()),
        ];
        let known = known.into_iter();
        known
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}

/// A message's size: body, and the attributes' names, types and values.
pub(crate) fn message_bytes(message: &NewMessage) -> usize {
    let size = |(name, attribute): (&String, &AttributeValue)| {
        let text = attribute.string_value.as_ref().map_or(0, String::len);
        let base64 = attribute.binary_value.as_ref().map_or(0, String::len);
        name.len() + attribute.data_type.len() + text + base64 / 4 * 3
    };
    message.body.len() + message.attributes.iter().map(size).sum::<usize>()
}
