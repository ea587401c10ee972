//! A queue's attributes: what may be set, within which bounds, and what they mean.
//! Bounds are those of SetQueueAttributes in the SQS API reference.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde::Deserialize;

use super::refusal::Refusal;

/// The longest a message may be hidden after it was received: 12 hours.
pub(crate) const MOST_HIDDEN: Duration = Duration::from_secs(43_200);
/// The longest a message may be delayed when it is sent: 15 minutes.
pub(crate) const MOST_DELAYED: Duration = Duration::from_secs(900);
/// The longest a receive may wait.
pub(crate) const MOST_WAITED: Duration = Duration::from_secs(20);
/// The longest message, and the longest batch: 1 MiB since August 2025.
pub(crate) const MOST_BYTES: usize = 1_048_576;

/// Attributes that are kept as they are and change nothing here.
const KEPT: [&str; 5] = [
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "Policy",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
];

/// What a queue goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) delay: Duration,
    pub(crate) visibility: Duration,
    pub(crate) wait: Duration,
    pub(crate) retention: Duration,
    pub(crate) most_bytes: usize,
    pub(crate) redrive: Option<Redrive>,
    kept: BTreeMap<String, String>,
}

/// Where messages go that are received too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Redrive {
    pub(crate) target: String,
    pub(crate) most_receives: u32,
    /// As it was set.
    text: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            delay: Duration::ZERO,
            visibility: Duration::from_secs(30),
            wait: Duration::ZERO,
            retention: Duration::from_secs(345_600),
            most_bytes: MOST_BYTES,
            redrive: None,
            kept: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Takes over what is given and leaves the rest.
    pub(crate) fn set(&mut self, given: &BTreeMap<String, String>) -> Result<(), Refusal> {
        let mut new = self.clone();
        for (name, value) in given {
            new.set_one(name, value)?;
        }
        *self = new;
        Ok(())
    }

    fn set_one(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let within = |bounds: RangeInclusive<u64>| {
            let number = value.parse().ok();
            number
                .filter(|number| bounds.contains(number))
                .ok_or_else(|| Refusal::InvalidAttributeValue(name.to_owned()))
        };
        let seconds = |bounds| within(bounds).map(Duration::from_secs);
        match name {
            "DelaySeconds" => self.delay = seconds(0..=900)?,
            "VisibilityTimeout" => self.visibility = seconds(0..=43_200)?,
            "ReceiveMessageWaitTimeSeconds" => self.wait = seconds(0..=20)?,
            "MessageRetentionPeriod" => self.retention = seconds(60..=1_209_600)?,
            "MaximumMessageSize" => {
                let most = within(1_024..=MOST_BYTES as u64)?;
                self.most_bytes = usize::try_from(most).unwrap_or(MOST_BYTES);
            }
            // An empty policy takes the old one away.
            "RedrivePolicy" if value.is_empty() => self.redrive = None,
            "RedrivePolicy" => self.redrive = Some(Redrive::read(value)?),
            kept if KEPT.contains(&kept) => {
                self.kept.insert(name.to_owned(), value.to_owned());
            }
            unknown => return Err(Refusal::InvalidAttributeName(unknown.to_owned())),
        }
        Ok(())
    }

    /// As GetQueueAttributes shows them.
    pub(crate) fn shown(&self) -> BTreeMap<String, String> {
        let mut shown = self.kept.clone();
        let numbers = [
            ("DelaySeconds", self.delay.as_secs()),
            ("VisibilityTimeout", self.visibility.as_secs()),
            ("ReceiveMessageWaitTimeSeconds", self.wait.as_secs()),
            ("MessageRetentionPeriod", self.retention.as_secs()),
            ("MaximumMessageSize", self.most_bytes as u64),
        ];
        shown.extend(numbers.map(|(name, number)| (name.to_owned(), number.to_string())));
        if let Some(redrive) = &self.redrive {
            shown.insert("RedrivePolicy".to_owned(), redrive.text.clone());
        }
        shown
    }
}

impl Redrive {
    fn read(text: &str) -> Result<Self, Refusal> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Policy {
            dead_letter_target_arn: String,
            max_receive_count: Count,
        }
        // Both are seen: CloudFormation writes a number, the console a string.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Count {
            Number(u32),
            Text(String),
        }
        let wrong = || Refusal::InvalidAttributeValue("RedrivePolicy".to_owned());
        let policy: Policy = serde_json::from_str(text).map_err(|_| wrong())?;
        let most_receives = match policy.max_receive_count {
            Count::Number(number) => Some(number),
            Count::Text(text) => text.parse().ok(),
        };
        Ok(Self {
            target: policy.dead_letter_target_arn,
            most_receives: most_receives
                .filter(|most| (1..=1_000).contains(most))
                .ok_or_else(wrong)?,
            text: text.to_owned(),
        })
    }
}
