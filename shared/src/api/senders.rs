//! Who fills a mailbox: the headers of all its mails, counted by sender, list, domain, year or size.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::unsubscribe::Unsubscribed;

/// By what mails are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum GroupBy {
    /// By the sender's address.
    #[default]
    Sender,
    /// By mailing list; what is no list mail is left out.
    List,
    /// By the domain of the sender's address.
    Domain,
    /// By the year of arrival, in UTC.
    Year,
    /// By size, in five steps.
    Size,
}

/// In which order groups come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum GroupOrder {
    /// The most mails first.
    #[default]
    Mails,
    /// The most unread mails first.
    Unread,
    /// The largest share of unread mails first.
    UnreadShare,
    /// The most bytes first.
    Bytes,
    /// The last mail that came first.
    Latest,
    /// By name, or from the smallest year or size on.
    Name,
}

/// How far the scan of an account's headers is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ScanState {
    /// Under way.
    Running,
    /// All headers were read.
    Done,
    /// Given up; what was read before is still there.
    Failed,
}

/// The scan of an account's headers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scan {
    pub state: ScanState,
    /// Mails whose headers are known.
    pub scanned: u64,
    /// Mails there are, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// When this was last so.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// Why it was given up, as a sentence for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "crate::prose::read_optional")]
    pub problem: Option<String>,
}

/// Mails that have a sender, a list, a domain, a year or a size in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    /// What they have in common: an address, the id of a list, a domain, a year, a step of sizes.
    pub key: String,
    /// The same for a person: a sender's name; empty where there is no other name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub mails: u64,
    pub unread: u64,
    /// With a star.
    pub starred: u64,
    pub answered: u64,
    /// Of mailing lists and newsletters.
    pub list_mails: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// When the first one arrived.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub earliest: Timestamp,
    /// When the last one arrived.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub latest: Timestamp,
    /// The search that finds them; none where no search does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// That it was asked to write no more; none if it was not, or if these are not the mails of one sender or list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribed: Option<Unsubscribed>,
}

/// Who fills a mailbox, as far as its headers were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Senders {
    /// How far that is; none if nobody has asked for it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<Scan>,
    /// The first groups in the order asked for.
    pub groups: Vec<Group>,
    /// Groups there are in all.
    pub total: u64,
    /// Mails in all of them.
    pub mails: u64,
    /// Bytes in all of them.
    pub bytes: u64,
}
