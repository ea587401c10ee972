//! Finding the mail server of an address.

use serde::{Deserialize, Serialize};

use super::{ConsentOffer, Security, Submission};

/// `POST /accounts/discover`: whose server is to be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailAddress {
    /// An address such as `ann@example.com`. Only what follows the `@` is looked up.
    pub address: String,
}

/// What is known of an address's mail server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Discovered {
    /// What the provider is called; none if it is none of those that are known.
    pub provider: Option<String>,
    /// How it is reached; none if that has to be asked for.
    pub server: Option<MailServer>,
    /// What takes its mails to be sent, with the same user; none if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission: Option<Submission>,
    /// The ways in that the provider has, the usual one first; none if it is not known.
    pub ways: Vec<WayIn>,
    /// Where tokens are given out, where a consent is a way in.
    pub token_endpoint: Option<String>,
    /// Where a consent is given, where this server is known there as a program; none: the consent has to be
    /// brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentOffer>,
    /// What a person should know before, in sentences.
    #[serde(deserialize_with = "crate::prose::read_all")]
    pub notes: Vec<String>,
}

/// A mail server, and whoever signs in there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The user's name there.
    pub user: String,
}

impl std::fmt::Debug for MailServer {
    /// Says how, never where or who (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailServer")
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

/// What a provider wants to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WayIn {
    /// The password of the mailbox.
    Password,
    /// A password made for this program alone.
    AppPassword,
    /// A consent.
    Oauth,
}
