//! Requests and answers of the batch API, in its own words: see `functions/faces`. Times carry an offset.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::NotAnId;
use crate::problem::Invalid;
use crate::unsearched::Unsearched;
use crate::words;

/// Mails of one request that are classified.
pub const CLASSIFY_MOST: usize = 100;
/// Mails of one request that are processed.
pub const PROCESS_MOST: usize = 50;

/// A mail's id as this API has it: a UUID (RFC 9562) in its usual form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct EmailId(pub u128);

impl fmt::Display for EmailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = format!("{:032x}", self.0);
        let (a, rest) = hex.split_at(8);
        let (b, rest) = rest.split_at(4);
        let (c, rest) = rest.split_at(4);
        let (d, e) = rest.split_at(4);
        write!(f, "{a}-{b}-{c}-{d}-{e}")
    }
}

impl FromStr for EmailId {
    type Err = NotAnId;

    /// Letters may be capitals; nothing else may differ.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let no = || NotAnId::of("email");
        let dashes = [8, 13, 18, 23];
        let fits = text.len() == 36
            && text
                .bytes()
                .enumerate()
                .all(|(place, byte)| match dashes.contains(&place) {
                    true => byte == b'-',
                    false => byte.is_ascii_hexdigit(),
                });
        if !fits {
            return Err(no());
        }
        let number = u128::from_str_radix(&text.replace('-', ""), 16);
        number.map(Self).map_err(|_| no())
    }
}

impl TryFrom<String> for EmailId {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl From<EmailId> for String {
    fn from(id: EmailId) -> Self {
        id.to_string()
    }
}

/// What is asked for: these mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchRequest {
    /// Mails as `GET /emails` lists them, none twice.
    pub email_ids: Vec<EmailId>,
}

impl BatchRequest {
    /// Everything that can be checked without looking at any mail; `most` mails are allowed.
    pub fn validate(&self, most: usize) -> Result<(), Invalid> {
        let ids = &self.email_ids;
        let wrong = |text: String| Err(Invalid::new("email_ids", text));
        if ids.is_empty() {
            return wrong(words::batch_nothing().to_owned());
        }
        if ids.len() > most {
            return wrong(words::batch_too_many(
                &ids.len().to_string(),
                &most.to_string(),
            ));
        }
        let mut seen = BTreeSet::new();
        match ids.iter().find(|id| !seen.insert(**id)) {
            Some(twice) => wrong(words::batch_twice(&twice.to_string())),
            None => Ok(()),
        }
    }
}

/// Where a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BatchState {
    /// Accepted, waiting to start.
    Queued,
    /// Being worked on.
    Processing,
    /// All mails are handled; some may have failed.
    Completed,
    /// All mails failed.
    Failed,
}

impl BatchState {
    /// Whether nothing will happen any more.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// The answer to a batch that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchAccepted {
    /// `cls_` or `prc_`, and sixteen hexadecimal digits.
    pub job_id: String,
    pub status: BatchState,
    /// Mails in the batch.
    pub total: u64,
    /// Mails that are handled.
    pub processed: u64,
    /// For a person.
    #[serde(deserialize_with = "crate::prose::read")]
    pub message: String,
}

/// A batch as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchStatus {
    pub job_id: String,
    pub status: BatchState,
    /// Mails in the batch.
    pub total: u64,
    /// Mails that are handled: always those that succeeded and those that failed.
    pub processed: u64,
    pub succeeded: u64,
    pub failed: u64,
    /// Null until there are some.
    pub errors: Option<Vec<BatchError>>,
    #[serde(with = "offset")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub created_at: Timestamp,
    #[serde(with = "offset")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub updated_at: Timestamp,
    #[serde(with = "offset::maybe")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub completed_at: Option<Timestamp>,
}

/// Why a mail of a batch failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchError {
    pub email_id: EmailId,
    /// For a person.
    #[serde(deserialize_with = "crate::prose::read")]
    pub error: String,
    #[serde(with = "offset")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub timestamp: Timestamp,
}

/// How a mail stands that was processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EmailStatus {
    /// A batch, or a job that was given it, works on it and has not ended.
    Processing,
    /// It was processed, and nothing waits.
    Processed,
    /// It waits for a person.
    NeedsReview,
    /// The reply that was drafted to it is among the sent mails; or left the drafts, and the mail is marked as answered.
    Sent,
}

/// A mail in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Email {
    pub email_id: EmailId,
    /// The sender as written.
    pub from: String,
    pub subject: String,
    /// When it was received.
    #[serde(with = "offset")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub received_at: Timestamp,
    pub folder: String,
    pub unread: bool,
    /// How it stands; null where nothing is known of it, or not any more.
    #[serde(default)]
    pub status: Option<EmailStatus>,
}

/// A page of mails, newest first within each account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Emails {
    pub emails: Vec<Email>,
    /// Hand it back for the next page; null at the end.
    pub next_cursor: Option<String>,
    /// What the search could not look at on this page: mails that nobody has classified, where it asks for a class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsearched: Vec<Unsearched>,
}

/// Times of whole seconds with their offset, which is always that of UTC: `2026-02-19T10:30:00+00:00`.
mod offset {
    use jiff::Timestamp;
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&time.strftime("%Y-%m-%dT%H:%M:%S+00:00"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        crate::moment::read(from)
    }

    /// The same where there may be none.
    pub(super) mod maybe {
        use super::*;

        pub(in super::super) fn serialize<S: Serializer>(
            time: &Option<Timestamp>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match time {
                Some(time) => super::serialize(time, to),
                None => to.serialize_none(),
            }
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<Timestamp>, D::Error> {
            crate::moment::read_optional(from)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_batch_has_ended_once_nothing_of_it_is_open_however_it_went() {
        for (state, is_ended) in [
            (BatchState::Queued, false),
            (BatchState::Processing, false),
            (BatchState::Completed, true),
            (BatchState::Failed, true),
        ] {
            assert_eq!(state.is_ended(), is_ended, "{state:?}");
        }
    }

    /// Every answer in the document of this API, as it stands there.
    const ANSWERS: [&str; 2] = [
        r#"{"job_id": "cls_a1b2c3d4e5f67890", "status": "processing", "total": 3, "processed": 1, "succeeded": 1,
            "failed": 0, "errors": null, "created_at": "2026-02-19T10:30:00+00:00",
            "updated_at": "2026-02-19T10:30:05+00:00", "completed_at": null}"#,
        r#"{"job_id": "cls_a1b2c3d4e5f67890", "status": "completed", "total": 3, "processed": 3, "succeeded": 2,
            "failed": 1, "errors": [{"email_id": "550e8400-e29b-41d4-a716-446655440002",
            "error": "Classification failed: API rate limit exceeded", "timestamp": "2026-02-19T10:30:15+00:00"}],
            "created_at": "2026-02-19T10:30:00+00:00", "updated_at": "2026-02-19T10:30:15+00:00",
            "completed_at": "2026-02-19T10:30:15+00:00"}"#,
    ];

    #[test]
    fn the_documents_answers_are_read_and_written_the_same() {
        for text in ANSWERS {
            let value: Value = serde_json::from_str(text).unwrap();
            let status: BatchStatus = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(serde_json::to_value(status).unwrap(), value);
        }
    }

    #[test]
    fn an_id_is_a_uuid_and_nothing_else() {
        let text = "550e8400-e29b-41d4-a716-446655440000";
        let id: EmailId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(text.to_uppercase().parse(), Ok(id));
        for bad in [
            "",
            "550e8400e29b41d4a716446655440000",
            "550e8400-e29b-41d4-a716-44665544000",
            "{550e8400}",
            "550e8400-e29b-41d4-a716-44665544000g",
            "+50e8400-e29b-41d4-a716-446655440000",
        ] {
            assert!(bad.parse::<EmailId>().is_err(), "{bad}");
        }
        let request = json!({"email_ids": [text], "priority": 1});
        assert!(serde_json::from_value::<BatchRequest>(request).is_err());
    }
}
