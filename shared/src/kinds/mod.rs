//! What an item is.

pub mod contact;
pub mod mail;
pub mod mailbox;
pub mod recipient;

use std::ops::RangeInclusive;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::ItemId;
use crate::limits;
use crate::words;

/// The kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Kind {
    /// A message in a mailbox.
    Mail,
    /// A card in an address book.
    Contact,
    /// A whole mailbox in a directory.
    Mailbox,
    /// Whoever gets a mail that is to be sent.
    Recipient,
}

impl Kind {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Mail, Self::Contact, Self::Mailbox, Self::Recipient];

    /// One such item, in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Mail => words::kind_mail(),
            Self::Contact => words::kind_contact(),
            Self::Mailbox => words::kind_mailbox(),
            Self::Recipient => words::kind_recipient(),
        }
    }

    /// Any other number of them, in a sentence.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Mail => words::kind_mail_many(),
            Self::Contact => words::kind_contact_many(),
            Self::Mailbox => words::kind_mailbox_many(),
            Self::Recipient => words::kind_recipient_many(),
        }
    }

    /// What so many of them are called.
    pub fn word(self, items: u64) -> &'static str {
        match items {
            1 => self.noun(),
            _ => self.plural(),
        }
    }

    /// Where they are, in a sentence.
    pub fn home(self) -> &'static str {
        match self {
            Self::Mail => words::kind_mail_home(),
            Self::Contact => words::kind_contact_home(),
            Self::Mailbox => words::kind_mailbox_home(),
            Self::Recipient => words::kind_recipient_home(),
        }
    }

    /// What an empty search finds of them, in a sentence.
    pub fn everything(self) -> &'static str {
        match self {
            Self::Mail => words::kind_mail_everything(),
            Self::Contact => words::kind_contact_everything(),
            Self::Mailbox => words::kind_mailbox_everything(),
            Self::Recipient => words::kind_recipient_everything(),
        }
    }

    /// So many of them may be a batch.
    pub fn batch_sizes(self) -> RangeInclusive<u32> {
        match self {
            Self::Mail | Self::Mailbox => limits::BATCH_SIZE,
            Self::Contact => 1..=limits::CONTACT_BATCH_SIZE_MOST,
            Self::Recipient => limits::RECIPIENT_BATCH_SIZE,
        }
    }

    /// Further attempts unless a job says otherwise.
    pub fn max_retries(self) -> u32 {
        match self {
            Self::Mail | Self::Contact | Self::Recipient => limits::MAX_RETRIES_DEFAULT,
            Self::Mailbox => limits::MAILBOX_RETRIES_DEFAULT,
        }
    }

    /// So many of them, in a sentence: “1 mail”, “12 mails”.
    pub fn counted(self, items: u64) -> String {
        format!("{items} {}", self.word(items))
    }
}

/// An item as every list, sample and result shows it, whatever its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Card {
    /// The item.
    pub id: ItemId,
    /// Who or what it is: the sender of a mail.
    pub title: String,
    /// What is most worth knowing besides: the subject of a mail.
    pub second: String,
    /// More about it, the most telling first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<CardFact>,
    /// The time it is known by: when a mail was received.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub time: Option<Timestamp>,
    /// What is to be seen at a glance, each in a word: `unread`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
}

/// Something that is known about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardFact {
    /// What it is: `folder`.
    pub name: String,
    /// As a person reads it.
    #[serde(deserialize_with = "crate::prose::read_value")]
    pub value: String,
}

impl CardFact {
    /// A fact by its name.
    pub fn new(name: &str, value: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_words_and_numbers_of_its_own() {
        let told = Kind::ALL.iter().map(|kind| {
            let words = [kind.counted(1), kind.counted(12), kind.counted(0)];
            (words.join(", "), kind.home(), kind.everything())
        });
        let expected = [
            (
                "1 mail, 12 mails, 0 mails",
                "mailbox",
                "every mail outside trash and spam",
            ),
            (
                "1 contact, 12 contacts, 0 contacts",
                "address book",
                "every contact",
            ),
            (
                "1 mailbox, 12 mailboxes, 0 mailboxes",
                "directory",
                "every mailbox, active and inactive",
            ),
            (
                "1 recipient, 12 recipients, 0 recipients",
                "list of recipients",
                "every recipient",
            ),
        ];
        let expected = expected.map(|(words, home, all)| (words.to_owned(), home, all));
        assert_eq!(told.collect::<Vec<_>>(), expected);
        let numbers = Kind::ALL
            .iter()
            .map(|kind| (kind.batch_sizes(), kind.max_retries()));
        let expected = [(1..=1_000, 2), (1..=50, 2), (1..=1_000, 3), (1..=25, 2)];
        assert_eq!(numbers.collect::<Vec<_>>(), expected);
    }
}
