//! How the items of a job ended, and where files are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, JobId};
use crate::kinds::Card;
use crate::outcome::{ItemReason, ItemResult, Outcome};

/// How one item ended, or where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemOutcome {
    /// The item.
    pub id: ItemId,
    /// None while it has not ended.
    pub outcome: Option<Outcome>,
    /// Why, where it did not succeed.
    pub reason: Option<ItemReason>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub at: Option<Timestamp>,
    /// When the call began that did it; none where none did.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub started_at: Option<Timestamp>,
    /// The number of the row that brought it, where rows have numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// What was found of it, where something is computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ItemResult>,
    /// Something was found of it, and what that was cannot be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub result_unreadable: bool,
    /// It is being handed over at this moment, or was when its worker was last heard of.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub under_way: bool,
    /// What is known of a mail that may have arrived or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// The item as lists show it, while the provider still knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
}

/// What is known of a mail that was handed over and never answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// Its Message-ID, without brackets: whoever has its recipient's mailbox finds it by that.
    pub message_id: ItemId,
    /// The SHA-256 of all its bytes, in hexadecimal digits.
    pub sha256: String,
    /// What a person said of it since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
}

/// What a person said of a mail that may have arrived or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Said {
    /// It arrived.
    Arrived {
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        #[serde(deserialize_with = "crate::moment::read")]
        at: Timestamp,
    },
    /// It is to be sent once more.
    SendAgain {
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        #[serde(deserialize_with = "crate::moment::read")]
        at: Timestamp,
        /// The job that sends it, a draft at first.
        job: JobId,
    },
}

/// `POST /jobs/{job}/arrived` and `POST /jobs/{job}/again`: which mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenMail {
    /// As the page of outcomes names it.
    pub item: ItemId,
}

/// `GET /jobs/{job}/rows`: what was brought for each of a job's items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobRows {
    /// An object of columns for each, in the order in which they were brought.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<serde_json::Value>))]
    pub rows: Vec<serde_json::Value>,
}

/// A page of outcomes, in the order of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemOutcomes {
    pub items: Vec<ItemOutcome>,
    /// Items that belong between these and are left out, because their records cannot be read. The job's
    /// counts have them.
    #[serde(default, skip_serializing_if = "crate::omitted::zero")]
    pub unreadable: u64,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Where a browser gets a file from: a link cannot carry a token in a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// The file's address. It may hold a secret of its own: not to be kept or shown.
    pub url: String,
    /// Until then it works; none: as long as the file is kept.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub until: Option<Timestamp>,
}
