//! A mail: where it can be, and how a list shows it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Card, CardFact};
use crate::ids::ItemId;
use crate::unsearched::Unsearched;
use crate::words;

/// The flag of a mail that was read (RFC 9051, section 2.3.2).
pub const SEEN: &str = "\\Seen";
/// The flag of a mail with a star.
pub const FLAGGED: &str = "\\Flagged";

/// The flag of a mail that was answered.
pub const ANSWERED: &str = "\\Answered";

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

/// A folder as people call it: the inbox has no other name on any server than this one, shouted.
pub fn folder_name(name: &str) -> &str {
    if name.eq_ignore_ascii_case("INBOX") {
        words::mail_inbox()
    } else {
        name
    }
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
    #[serde(deserialize_with = "crate::moment::read")]
    pub date: Timestamp,
    /// Bytes.
    pub size: u64,
    /// The folder it is in.
    pub folder: String,
    pub labels: Vec<String>,
    /// Not read yet.
    pub unread: bool,
    /// Marked with a star.
    pub starred: bool,
    /// Has an attachment, as far as the provider tells cheaply.
    pub has_attachment: bool,
    /// What it is about, if somebody has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ItemClass>,
}

/// What a mail is about, as it was found when somebody looked at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemClass {
    /// The name of the class, as `class:` takes it.
    pub class: String,
    /// How sure that is; none where the model did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    pub by: ToldBy,
}

/// Who told what a mail is about. What a person said is not changed by a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ToldBy {
    /// The model that is built in.
    BuiltIn,
    /// The model that the person chose.
    Endpoint,
    /// The person.
    Person,
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

impl From<&Item> for Card {
    fn from(item: &Item) -> Self {
        let marks = [
            (item.unread, "unread"),
            (item.starred, "starred"),
            (item.has_attachment, "attachment"),
        ];
        let marks = marks.into_iter().filter(|(is, _)| *is);
        Self {
            id: item.id.clone(),
            title: sender(&item.from),
            second: subject(&item.subject),
            facts: vec![
                CardFact::new("folder", item.folder.clone()),
                CardFact::new("size", size(item.size)),
            ],
            time: Some(item.date),
            marks: marks.map(|(_, mark)| mark.to_owned()).collect(),
        }
    }
}

/// The sender's name, or the address where there is no name.
pub fn sender(from: &str) -> String {
    let name = from
        .split('<')
        .next()
        .unwrap_or(from)
        .trim()
        .trim_matches('"');
    if name.is_empty() {
        from.trim_matches(['<', '>', ' ']).to_owned()
    } else {
        name.to_owned()
    }
}

/// The subject, or what stands in for it.
pub fn subject(subject: &str) -> String {
    if subject.trim().is_empty() {
        words::mail_no_subject().to_owned()
    } else {
        subject.to_owned()
    }
}

/// Bytes in the largest unit that leaves at least one before the point.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1_000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    let value = bulkhead_words::decimal(value, u8::from(value < 9.95));
    format!("{value} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_a_name_or_else_an_address() {
        assert_eq!(sender("\"Ann Lee\" <ann@example.org>"), "Ann Lee");
        assert_eq!(sender("<ann@example.org>"), "ann@example.org");
        assert_eq!(sender("ann@example.org"), "ann@example.org");
        assert_eq!(subject("  "), "(no subject)");
    }

    #[test]
    fn sizes_have_the_largest_unit_that_fits() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_000), "1.0 KB");
        assert_eq!(size(48_213), "48 KB");
        assert_eq!(size(999_900), "1.0 MB");
        assert_eq!(size(20_400_000), "20 MB");
        assert_eq!(size(9_949), "9.9 KB");
        assert_eq!(size(9_950), "10 KB");
        assert_eq!(size(999_499), "999 KB");
        assert_eq!(size(999_500), "1.0 MB");
        assert_eq!(size(1_500_000_000), "1.5 GB");
        assert_eq!(size(999_500_000_000), "1.0 TB");
        assert_eq!(size(u64::MAX), "18,446,744 TB");
    }

    #[test]
    fn the_inbox_is_called_what_people_call_it() {
        assert_eq!(folder_name("INBOX"), "Inbox");
        assert_eq!(folder_name("inbox"), "Inbox");
        assert_eq!(folder_name("INBOX/Work"), "INBOX/Work");
    }

    #[test]
    fn a_mail_is_shown_by_sender_and_subject_and_what_is_to_be_seen_at_a_glance() {
        let mut item = Item {
            id: ItemId::known("1".to_owned()),
            from: "Ann <ann@example.org>".to_owned(),
            to: String::new(),
            subject: String::new(),
            snippet: String::new(),
            date: Timestamp::UNIX_EPOCH,
            size: 1_500,
            folder: "Work".to_owned(),
            labels: Vec::new(),
            unread: true,
            starred: false,
            has_attachment: true,
            class: None,
        };
        let card = Card::from(&item);
        assert_eq!(
            (card.title.as_str(), card.second.as_str()),
            ("Ann", "(no subject)")
        );
        let facts = [
            CardFact::new("folder", "Work"),
            CardFact::new("size", "1.5 KB"),
        ];
        assert_eq!(card.facts, facts);
        assert_eq!(card.time, Some(Timestamp::UNIX_EPOCH));
        assert_eq!(card.marks, ["unread", "attachment"]);
        item.starred = true;
        item.unread = false;
        assert_eq!(Card::from(&item).marks, ["starred", "attachment"]);
    }
}
