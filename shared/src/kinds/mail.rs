//! A mail: where it can be, and how a list shows it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::ItemId;
use crate::unsearched::Unsearched;

/// The flag of a mail that was read (RFC 9051, section 2.3.2).
pub const SEEN: &str = "\\Seen";
/// The flag of a mail with a star.
pub const FLAGGED: &str = "\\Flagged";

/// A folder of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Folder {
    /// Full name; what `move` and `in:` take.
    pub name: String,
    /// What it is for: by what the server says, else by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Other people see it too. Searched only where `in:` names it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// Mails in it, where the server tells cheaply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Unread mails in it, where the server tells cheaply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<u64>,
}

/// What a folder is for (RFC 6154 SPECIAL-USE, and the inbox).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum Role {
    Inbox,
    Archive,
    Trash,
    Sent,
    Drafts,
    Spam,
}

/// All folders and labels of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Folders {
    /// Folders, those with a role first.
    pub folders: Vec<Folder>,
    /// Labels in use.
    pub labels: Vec<String>,
}

/// A mail as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// The sender as written: name and address.
    pub from: String,
    /// The first recipients as written.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
    /// The first words of the text; empty where the provider does not tell cheaply.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub snippet: String,
    /// When it was received.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub date: Timestamp,
    /// Bytes.
    pub size: u64,
    /// The folder it is in.
    pub folder: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Not read yet.
    pub unread: bool,
    /// Marked with a star.
    pub starred: bool,
    /// Has an attachment, as far as the provider tells cheaply.
    pub has_attachment: bool,
}

/// A page of mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Items {
    /// Newest first.
    pub items: Vec<Item>,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// All that match, where the provider can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// What the search could not look at: the total does not count it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsearched: Vec<Unsearched>,
}
