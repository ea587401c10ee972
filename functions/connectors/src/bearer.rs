//! Signing in by a token, whatever server takes it: OAUTHBEARER (RFC 7628) or XOAUTH2, which was there before it.
//!
//! A token that is refused is told in two steps: the server says in JSON what is wrong and waits for one more line,
//! and only after that line the command ends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulkhead_engine::ports::CallError;
use serde::Deserialize;

/// A way to show a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mechanism {
    OAuthBearer,
    XOAuth2,
}

impl Mechanism {
    /// Its name (RFC 4422, section 3.1).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OAuthBearer => "OAUTHBEARER",
            Self::XOAuth2 => "XOAUTH2",
        }
    }

    /// What shows the token of a user to the server that was meant to be reached, in base64.
    pub(crate) fn shown(self, user: &str, (host, port): (&str, u16), token: &str) -> String {
        STANDARD.encode(match self {
            // RFC 7628, section 3.1. RFC 5801, section 4: a name in it has no bare commas and equals signs.
            Self::OAuthBearer => {
                let user = user.replace('=', "=3D").replace(',', "=2C");
                format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01")
            }
            Self::XOAuth2 => format!("user={user}\x01auth=Bearer {token}\x01\x01"),
        })
    }

    /// The line after which a refusal ends.
    pub(crate) fn heard(self) -> &'static str {
        match self {
            Self::OAuthBearer => "AQ==",
            Self::XOAuth2 => "",
        }
    }
}

/// What is wrong with a token (RFC 7628, section 3.2.2).
#[derive(Deserialize)]
struct Wrong {
    #[serde(default)]
    status: String,
}

/// What a refusal means, by what the server says of it in base64.
pub(crate) fn meaning(said: &[u8]) -> CallError {
    let json = STANDARD.decode(said.trim_ascii()).unwrap_or_default();
    let wrong: Option<Wrong> = serde_json::from_slice(&json).ok();
    match wrong.map(|wrong| wrong.status).unwrap_or_default().as_str() {
        "insufficient_scope" | "403" => CallError::Unsupported(
            "The consent does not cover mail; give it again, for reading, changing and sending mail.".to_owned(),
        ),
        "500" | "503" | "temporarily_unavailable" => {
            CallError::Unavailable("it cannot check the token for now".to_owned())
        }
        // It has ended, or is somebody else's.
        _ => CallError::SignIn,
    }
}
