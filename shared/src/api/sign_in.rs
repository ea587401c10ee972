//! How people sign in.

use serde::{Deserialize, Serialize};

/// How people sign in here: `GET /sign-in`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SignIn {
    /// With the token in the address that the server printed.
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
