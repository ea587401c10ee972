//! Whole mailboxes, as the administrator of a mail system sees them in its directory.

mod address;
pub mod blockers;
mod conflict;
mod guid;
pub mod rows;
pub mod search;
pub mod search_words;
pub mod sheet;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Card, CardFact};
use crate::ids::ItemId;

pub use address::{Address, NotAnAddress};
pub use blockers::Blocker;
pub use conflict::ConflictRule;
pub use guid::{Cleaned, Guid, NotAGuid};
pub use search::Search;

/// A mailbox as its directory knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mailbox {
    /// Names it as long as the directory knows it.
    pub guid: Guid,
    /// Whom it belongs to, or belonged to.
    pub profile: Profile,
    /// In use, or deleted and kept.
    #[cfg_attr(feature = "openapi", schema(value_type = StatusFields))]
    pub status: Status,
    /// Messages in it; none where the directory does not say.
    pub items: Option<u64>,
    /// Bytes of it; none where the directory does not say.
    pub bytes: Option<u64>,
    /// Bytes it may have at the most; none where there is no limit or the directory does not say.
    pub quota_bytes: Option<u64>,
    /// Whether a hold or a retention by law lies on it.
    pub on_hold: bool,
}

/// Whom a mailbox belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// What its person signs in with.
    pub upn: String,
    /// The address that its mail is sent from.
    pub smtp: String,
    pub display_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub department: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub company: String,
}

/// Whether a mailbox is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StatusFields", into = "StatusFields")]
pub enum Status {
    /// Somebody uses it.
    Active,
    /// Deleted, and kept for now.
    Inactive {
        /// When it was deleted; none where the directory does not say.
        deleted_at: Option<Timestamp>,
        /// Until then it can be recovered; none where it is kept without an end, or nobody knows.
        retained_until: Option<Timestamp>,
    },
}

/// A status as it is sent and stored.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct StatusFields {
    /// Whether it is deleted and kept, and not in use.
    inactive: bool,
    /// When it was deleted; none where it was not, or the directory does not say.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    deleted_at: Option<Timestamp>,
    /// Until then it can be recovered; none where it is kept without an end, or nobody knows.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    retained_until: Option<Timestamp>,
}

impl From<StatusFields> for Status {
    fn from(fields: StatusFields) -> Self {
        match fields.inactive {
            false => Self::Active,
            true => Self::Inactive {
                deleted_at: fields.deleted_at,
                retained_until: fields.retained_until,
            },
        }
    }
}

impl From<Status> for StatusFields {
    fn from(status: Status) -> Self {
        let (inactive, deleted_at, retained_until) = match status {
            Status::Active => (false, None, None),
            Status::Inactive {
                deleted_at,
                retained_until,
            } => (true, deleted_at, retained_until),
        };
        Self {
            inactive,
            deleted_at,
            retained_until,
        }
    }
}

/// How a row names a mailbox: by its GUID, or by an address or sign-in name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum MailboxName {
    /// By its GUID.
    Guid(Guid),
    /// By an address or a sign-in name, of an active mailbox.
    Address(Address),
}

/// One restore: the content of one mailbox in another one. Names an item, so that the same content is not
/// copied there twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Restoration {
    /// The inactive mailbox.
    pub source: Guid,
    /// The active one that its content goes into.
    pub target: MailboxName,
}

/// What the one who is signed in may do in a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rights {
    /// Make inactive mailboxes active, and take that back.
    pub recover: bool,
    /// Copy into mailboxes, and take that back.
    pub restore: bool,
}

/// What stands between source and target in a [`Restoration`]'s id; no part of a GUID or an address.
const INTO: char = '>';

impl Mailbox {
    /// Whether it is deleted and kept.
    pub fn is_inactive(&self) -> bool {
        matches!(self.status, Status::Inactive { .. })
    }

    /// Whether it is over at this time: it may be gone at any moment.
    pub fn is_over(&self, now: Timestamp) -> bool {
        match self.status {
            Status::Active => false,
            Status::Inactive { retained_until, .. } => {
                retained_until.is_some_and(|until| until <= now)
            }
        }
    }

    /// The mailbox as lists show it.
    pub fn card(&self) -> Card {
        let mut facts = Vec::new();
        let mut fact = |name: &str, value: String| facts.push(CardFact::new(name, value));
        if let Some(items) = self.items {
            fact("messages", items.to_string());
        }
        if let Some(bytes) = self.bytes {
            fact("bytes", bytes.to_string());
        }
        if !self.profile.department.is_empty() {
            fact("department", self.profile.department.clone());
        }
        let mut marks = Vec::new();
        let mut time = None;
        match self.status {
            Status::Active => marks.push("active".to_owned()),
            Status::Inactive {
                deleted_at,
                retained_until,
            } => {
                marks.push("inactive".to_owned());
                time = deleted_at;
                if let Some(until) = retained_until {
                    fact("kept until", until.to_string());
                }
            }
        }
        if self.on_hold {
            marks.push("on hold".to_owned());
        }
        fact("guid", self.guid.to_string());
        Card {
            id: self.id(),
            title: self.profile.name().to_owned(),
            second: self.profile.smtp.clone(),
            facts,
            time,
            marks,
        }
    }

    /// The mailbox as an item.
    pub fn id(&self) -> ItemId {
        self.guid.item_id()
    }
}

impl Profile {
    /// Whether both are the same person's. Case means nothing in addresses, and directories take blanks off.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let addresses = [(&self.upn, &other.upn), (&self.smtp, &other.smtp)];
        let names = [
            (&self.display_name, &other.display_name),
            (&self.first_name, &other.first_name),
            (&self.last_name, &other.last_name),
            (&self.department, &other.department),
            (&self.company, &other.company),
        ];
        addresses
            .iter()
            .all(|(one, other)| one.to_lowercase() == other.to_lowercase())
            && names.iter().all(|(one, other)| one.trim() == other.trim())
    }

    /// What a person calls it: its display name, or its address where it has none.
    pub fn name(&self) -> &str {
        match self.display_name.is_empty() {
            true => &self.smtp,
            false => &self.display_name,
        }
    }
}

impl MailboxName {
    /// The name that a cell holds, GUIDs of any spelling among them.
    pub fn read(cell: &str) -> Result<Self, NotAnAddress> {
        match Guid::read(cell) {
            Ok((guid, _)) => Ok(Self::Guid(guid)),
            Err(_) => Address::read(cell).map(Self::Address),
        }
    }
}

impl TryFrom<String> for MailboxName {
    type Error = NotAnAddress;
    fn try_from(text: String) -> Result<Self, NotAnAddress> {
        Self::read(&text)
    }
}

impl From<MailboxName> for String {
    fn from(name: MailboxName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for MailboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guid(guid) => guid.fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}

impl Restoration {
    /// The restore as an item. An address is in lower case in it: case means nothing.
    pub fn id(&self) -> Option<ItemId> {
        let target = self.target.to_string().to_lowercase();
        ItemId::try_from(format!("{}{INTO}{target}", self.source)).ok()
    }

    /// The restore that an item is; none if it is none.
    pub fn of(id: &ItemId) -> Option<Self> {
        let (source, target) = id.as_str().split_once(INTO)?;
        Some(Self {
            source: source.parse().ok()?,
            target: MailboxName::read(target).ok()?,
        })
    }
}

impl Guid {
    /// The mailbox that an item is; none if it is none.
    pub fn of_item(id: &ItemId) -> Option<Self> {
        id.as_str().parse().ok()
    }

    /// The mailbox as an item.
    pub fn item_id(&self) -> ItemId {
        ItemId::known(self.to_string())
    }
}
