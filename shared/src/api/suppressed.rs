//! The list of those who get no mail from an account.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::address::{Address, Mailbox};
use crate::ids::JobId;
use crate::limits;
use crate::problem::Invalid;
use crate::suppression::Suppression;
use crate::words;

/// An address that gets no mail from an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuppressedAddress {
    /// As it was written when it came onto the list.
    pub address: String,
    pub why: Suppression,
    /// When it came onto the list.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// What its server said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The job whose mail came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
}

/// A page of the list, in the order of the addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuppressedAddresses {
    pub addresses: Vec<SuppressedAddress>,
    /// All that are on the list.
    pub total: u64,
    /// Those of them that have what is searched for in them.
    pub matching: u64,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Addresses that are to get no more mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suppress {
    /// Each alone, or with its name: `Ann Lee <ann@example.org>`.
    pub addresses: Vec<String>,
    /// Why; `by_hand` if left out.
    #[serde(default)]
    pub why: Suppression,
}

impl Suppress {
    /// The addresses, or the first that is none.
    pub fn read(&self) -> Result<Vec<Address>, Invalid> {
        let most = limits::SUPPRESSED_PER_REQUEST;
        if self.addresses.is_empty() || self.addresses.len() > most {
            let text = words::suppress_addresses(&most.to_string());
            return Err(Invalid::new("addresses", text));
        }
        let read = self.addresses.iter().enumerate().map(|(place, text)| {
            let read = Mailbox::read(text).map(|mailbox| mailbox.address);
            read.map_err(|why| Invalid::new(format!("addresses[{place}]"), why.to_string()))
        });
        read.collect()
    }
}

/// What came of putting addresses onto the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuppressReport {
    /// Those that came onto it.
    pub added: u64,
    /// Those that were on it already, or were named twice. They stay as they were.
    pub known: u64,
}

/// A row that gets no mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeftOutRow {
    /// The row, counted from 1.
    pub row: u32,
    pub address: String,
    pub why: Suppression,
}

/// The rows of a job that get no mail, because their addresses were on the account's list when it was drafted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeftOutRows {
    /// How many there are.
    pub total: u64,
    /// The first thousand of them.
    pub rows: Vec<LeftOutRow>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_first_that_is_no_address_is_named() {
        let of = |addresses: &[&str]| Suppress {
            addresses: addresses.iter().map(|&it| it.to_owned()).collect(),
            why: Suppression::ByHand,
        };
        let read = of(&["Ann <Ann@Example.org>", "bo@example.org"]).read();
        assert_eq!(read.unwrap()[0].to_string(), "Ann@Example.org");
        let wrong = of(&["bo@example.org", "bo", "cy"]).read().unwrap_err();
        assert_eq!(wrong.field, "addresses[1]");
        assert_eq!(of(&[]).read().unwrap_err().field, "addresses");
        let many = vec!["bo@example.org"; limits::SUPPRESSED_PER_REQUEST + 1];
        assert_eq!(of(&many).read().unwrap_err().field, "addresses");
    }
}
