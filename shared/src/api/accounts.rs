//! Connected accounts, and how they are reached.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::credentials::{Credentials, ImapFields};
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

/// How to reach an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Connection {
    /// The simulated mailbox of this server.
    Sandbox {},
    /// A mailbox on an IMAP server.
    Imap(ImapConnection),
    /// Address books on a CardDAV server.
    Dav(DavConnection),
}

/// An IMAP mailbox and its credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ImapFields", into = "ImapFields")]
pub struct ImapConnection {
    /// The server's name.
    pub host: String,
    /// 993 for TLS from the first byte, 143 for STARTTLS or no encryption.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The user's name on that server.
    pub user: String,
    /// Go in, are sealed, and never come out.
    pub credentials: Credentials,
}

impl std::fmt::Debug for ImapConnection {
    /// Says where, never who or how (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImapConnection")
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

/// A person's address books on a CardDAV server (RFC 6352), and their credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DavConnection {
    /// An address book, what holds address books, or the server alone: the rest is found out
    /// (RFC 6764, section 6). `https://` where it does not begin so.
    pub url: String,
    /// The user's name on that server.
    pub user: String,
    /// Goes in, is sealed, and never comes out.
    pub password: String,
}

impl std::fmt::Debug for DavConnection {
    /// Neither where nor who (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DavConnection").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sandbox {} => f.write_str("Sandbox"),
            Self::Imap(imap) => imap.fmt(f),
            Self::Dav(dav) => dav.fmt(f),
        }
    }
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// Plain first, then STARTTLS before the password.
    StartTls,
    /// None: only to this machine itself.
    None,
}

/// What `POST /accounts/{account}/test` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountTest {
    /// Whether the account can be used now.
    pub ok: bool,
    /// What was found, in a sentence.
    pub message: String,
}
