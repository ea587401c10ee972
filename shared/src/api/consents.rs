//! Connecting by a consent that a person gives at the provider (RFC 6749, section 4.1, with RFC 7636).

use serde::{Deserialize, Serialize};

/// Where a person gives a consent, and as what program this server asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentOffer {
    /// The provider's page. What is asked for is added behind it.
    pub authorize: String,
    /// As what program this server is known there.
    pub client_id: String,
    /// What the consent has to cover.
    pub scope: String,
}

/// `POST /accounts/consents`: a consent that was just given, and whose mailbox it opens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consent {
    /// What the account is called. Left out, it is named after the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The mailbox's address. Its provider is found as by `POST /accounts/discover`.
    pub address: String,
    /// What the provider's page answered. Good once, for a few minutes.
    pub code: String,
    /// Proves that the code was asked for by who brings it (RFC 7636).
    pub verifier: String,
    /// Where the provider's page sent the person back to, to the letter.
    pub redirect_uri: String,
}

impl std::fmt::Debug for Consent {
    /// Nothing of it (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consent").finish_non_exhaustive()
    }
}
