//! How one gets into a mail server: by a password, or by a token that is renewed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What shows a mail server whose mailbox it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A password, or one for this program alone.
    Password(String),
    /// A consent of the person (OAuth 2.0).
    OAuth(OAuth),
}

/// A consent that a provider keeps: it gives tokens that let in for an hour or so (RFC 6749, section 6).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OAuth {
    /// Where tokens are given out: an address that begins with `https://`.
    pub token_endpoint: String,
    /// As what program Bulkhead is known there.
    pub client_id: String,
    /// The program's own secret, where the provider gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Stands for the consent. Goes in, is sealed, and never comes out.
    pub refresh_token: String,
    /// The token that was given out last. Left out, one is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessToken>,
}

/// A token that lets in for a while.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessToken {
    pub token: String,
    /// When it ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub until: Timestamp,
}

impl std::fmt::Debug for Credentials {
    /// Says which kind, never what (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password(_) => "Password",
            Self::OAuth(_) => "OAuth",
        })
    }
}

impl std::fmt::Debug for OAuth {
    /// Nothing of it (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuth").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AccessToken {
    /// Until when, never what it is (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}
