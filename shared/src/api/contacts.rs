//! What is in an account's address books.

use serde::{Deserialize, Serialize};

use crate::kinds::Card;
use crate::kinds::contact::AddressBook;

/// A page of contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contacts {
    /// By name.
    pub contacts: Vec<Card>,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// All that match.
    pub total: u64,
}

/// All address books of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddressBooks {
    /// The one for new contacts first.
    pub books: Vec<AddressBook>,
}
