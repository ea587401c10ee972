//! How people sign in.

use serde::{Deserialize, Serialize};

/// The header in which the app sends the key of its session.
pub const SESSION_KEY: &str = "x-bulkhead-key";
/// What stands before the code in the fragment of the address that the server prints. A fragment stays in
/// the browser: no server, log or referrer has it.
pub const SIGN_IN_FRAGMENT: &str = "sign-in=";

/// How people sign in here: `GET /sign-in`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SignIn {
    /// With the address that the server printed, or its token.
    Token {},
    /// On pages of a hosted sign-in: authorization code with PKCE (RFC 7636), no client secret.
    Hosted {
        /// Where the browser is sent to sign in.
        authorize: String,
        /// Where a code or a refresh token is traded for tokens.
        token: String,
        /// Where the browser is sent to sign out.
        logout: String,
        /// The app's client id.
        client: String,
        /// The scope to ask for.
        scope: String,
    },
}

/// `POST /sign-in`: what lets a browser in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BringCode {
    /// The code of the printed address, or the token.
    pub code: String,
}

/// What a session needs beside its cookie.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionKey {
    /// Goes into the header `x-bulkhead-key` of each request.
    pub key: String,
}

impl std::fmt::Debug for BringCode {
    /// Never what it is (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BringCode").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionKey").finish_non_exhaustive()
    }
}
