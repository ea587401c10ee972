//! Connected accounts, and how they are reached.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Connection;
use crate::abilities::Abilities;
use crate::ids::AccountId;
use crate::kinds::Kind;

/// A connected account. Credentials go in and never come out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    pub id: AccountId,
    /// What the person calls it.
    pub name: String,
    /// What kind of account it is.
    pub kind: AccountKind,
    /// What kinds of items it has, and what can be done with each: as it was when it was last opened.
    pub stores: BTreeMap<Kind, Abilities>,
    /// When it was connected.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub created_at: Timestamp,
}

impl Account {
    /// What can be done with its items of this kind; none if it has no such items.
    pub fn abilities(&self, kind: Kind) -> Option<&Abilities> {
        self.stores.get(&kind)
    }
}

/// The kinds of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AccountKind {
    /// The simulated mailbox.
    Sandbox,
    /// A mailbox on an IMAP server.
    Imap,
    /// Address books on a CardDAV server.
    Dav,
    /// The mailboxes of a Cyrus mail system.
    Cyrus,
    /// The mailboxes of an Exchange Online organisation.
    Exchange,
}

/// All accounts of the caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accounts {
    /// In the order they were connected.
    pub accounts: Vec<Account>,
}

/// `POST /accounts`: connect one. It is tested first, and kept only if the test passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAccount {
    /// What the person calls it; the host and user if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is and how to get in.
    pub connection: Connection,
}

/// What `POST /accounts/{account}/test` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountTest {
    /// Whether the account can be used now.
    pub ok: bool,
    /// What was found, in a sentence.
    #[serde(deserialize_with = "crate::prose::read")]
    pub message: String,
}
