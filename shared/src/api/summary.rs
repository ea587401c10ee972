//! What is in the mails of a draft: who sent them, from when they are, how large they are and how they are marked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::kinds::Card;

/// What is in the mails of a draft, as they were when it was frozen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// Not read yet.
    pub unread: u64,
    /// With a star.
    pub starred: u64,
    /// Answered.
    pub answered: u64,
    /// Bytes of all of them; none where that is not known of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// When the oldest one was received; none where that is not known of each.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub oldest: Option<Timestamp>,
    /// When the newest one was received; none where that is not known of each.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub newest: Option<Timestamp>,
    /// Who sent them; none where that is not known of any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub senders: Option<SendersInside>,
    /// The newest, the oldest and the largest one, as they are now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stand_out: Vec<StandsOut>,
}

/// Who sent the mails of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendersInside {
    /// Mails whose sender is known: of a large draft in some mailboxes the first ones only.
    pub of: u64,
    /// Different senders of those.
    pub count: u64,
    /// There were too many to count them all: there are at least so many, and those of the top have about so many
    /// mails.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub about: bool,
    /// Those with the most mails, at most five.
    pub top: Vec<TopSender>,
}

/// A sender of many mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopSender {
    /// As a mail program shows them; empty if they have no name.
    pub name: String,
    /// The bare address in small letters; empty if none can be read.
    pub address: String,
    /// Mails of theirs.
    pub mails: u64,
}

/// A mail that stands out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandsOut {
    /// By what.
    pub by: StandOut,
    /// The mail.
    pub card: Card,
}

/// What a mail stands out by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum StandOut {
    Newest,
    Oldest,
    Largest,
}

/// Protected mails that match and are no part of a job, each counted once, for the first of these reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptOut {
    /// They have a star.
    pub starred: u64,
    /// They were answered.
    pub answered: u64,
    /// Their sender or list is one that was said to be always kept (`PUT /accounts/{account}/learned`).
    #[serde(default)]
    pub of_senders: u64,
    /// They have a label that was said to be always kept, as the source `label:…`.
    #[serde(default)]
    pub labelled: u64,
}

impl KeptOut {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.starred + self.answered + self.of_senders + self.labelled
    }
}
